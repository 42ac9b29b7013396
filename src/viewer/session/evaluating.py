"""Assess every labelled frame as the window does, and keep what was found as a cohort."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.report.cohort import (
    CASES,
    FEATURES,
    MAP,
    PAGE,
    RECORD,
    REPORT,
    Claimed,
    Cohort,
    CohortRecord,
    cohort_columns,
    read_cohort,
    write_features,
    write_map,
    write_record,
)
from viewer.report.growing_features import GrowingFeatures
from viewer.report.model_facts import model_facts
from viewer.report.rows import Table, writing
from viewer.session.batch import Totals, Watcher, run_record
from viewer.session.folder import LOOKING
from viewer.session.labelled import LabelledFiles, familiar, held_out, labelled_files
from viewer.session.labelled_run import GROWING, LabelledRun, Trial

if TYPE_CHECKING:
    from viewer.session.assessor import Assessor
    from viewer.session.session import Session


def evaluate_bundle(session: "Session", trial: Trial, watcher: Watcher) -> Cohort:
    """Assess every labelled frame and leave a finished cohort.

    Rows are on disk after every batch. Interrupt it at any time and call it again with the same trial: it goes on.

    Raises:
        ViewerError: Nothing can be assessed, or the folder holds another run, with one sentence.
    """
    session.host.load()
    bundle = session.use_bundle(trial.bundle, Modality.UNKNOWN)
    manifest = bundle.manifest
    files = labelled_files(trial.labels, manifest.classes, trial.names)
    files = held_out(files, bundle) if trial.held_out else familiar(files, bundle)
    trial = replace(trial, modality=manifest.modality if trial.modality is Modality.UNKNOWN else trial.modality)
    watcher.note(
        f"evaluating the model {manifest.name} {manifest.version} on {len(files.files)} labelled files, which show "
        f"{trial.modality}"
    )
    assessor = session.assessor().within(_folder(session, files, trial, watcher))
    columns = cohort_columns(manifest.classes, assessor.scorers)
    settings = {
        "modality": trial.modality.value,
        "frames_per_clip": str(trial.frames_per_clip),
        "labels": files.digest,
    }
    if trial.fresh:
        _clear(trial.out)
    run_record(session, assessor, CASES, columns, settings).begin(trial.out / CASES, fresh=trial.fresh)
    with ExitStack() as stack:
        table = stack.enter_context(Table(trial.out / CASES, columns))
        features = stack.enter_context(GrowingFeatures(trial.out / GROWING))
        run = LabelledRun(session, assessor, trial, files, watcher, table, features)
        run.recover()
        run.go()
        if run.totals.frames == 0:
            raise ViewerError(f"none of the {len(files.files)} labelled files could be read; is --image-root right?")
        write_features(trial.out, features.read())
        features.remove()
    record = _record(assessor, trial, files, run.totals)
    write_record(trial.out, record)
    cohort = read_cohort(trial.out)
    return _mapped(cohort, watcher) if trial.mapped else cohort


def _folder(session: "Session", files: LabelledFiles, trial: Trial, watcher: Watcher) -> str:
    """Why the files as a whole do not fit the model, said aloud once; `""` where they do."""

    def tell(done: int, total: int) -> None:
        if not done:
            watcher.note(f"{LOOKING} ({total} files)")

    fault = session.folder_fault(dict.fromkeys(file.path for file in files.files), trial.modality, tell=tell)
    if fault:
        watcher.note(f"every light will be grey: {fault}")
    return fault


def _clear(folder: Path) -> None:
    for name in (GROWING, FEATURES, MAP, RECORD, REPORT, PAGE):
        with writing(folder / name):
            (folder / name).unlink(missing_ok=True)


def _record(assessor: "Assessor", trial: Trial, files: LabelledFiles, totals: Totals) -> CohortRecord:
    bundle = assessor.bundle
    manifest = bundle.manifest
    folder = assessor.grounds.folder
    return CohortRecord(
        bundle=manifest.name,
        version=manifest.version,
        digest=bundle.digest,
        modality=manifest.modality.value,
        critical_classes=manifest.critical_classes,
        claimed=None if bundle.certificate is None else Claimed.of(bundle.certificate),
        facts=model_facts(bundle),
        data=trial.data,
        notes=files.notes,
        caveats=(*files.caveats, *([f"every light is grey: {folder}"] if folder else [])),
        root=str(files.root),
        rows=totals.frames,
        unread=totals.failed,
        made=datetime.now().astimezone().isoformat(timespec="seconds"),
        device=assessor.device,
    )


def _mapped(cohort: Cohort, watcher: Watcher) -> Cohort:
    """The cohort with its map, laid out once."""
    if cohort.map is not None or cohort.features is None:
        return cohort
    # Imported here: openTSNE and scikit-learn take a second, and only this needs them.
    from viewer.evaluation.embedding_map import fit_map

    watcher.note("laying the cases out on a map")
    write_map(cohort.folder, fit_map(cohort.features.astype(np.float32)))
    return read_cohort(cohort.folder)
