"""What went wrong in the study of nine skin lesions, done on purpose: leaking splits, unscaled input, cut numbers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from bench_gate import Eye, Judged, outside_folders
from class_scores import engine_of
from isic9_runs import BOOTSTRAP, FOLDS, SEED, Json, Study, Variant, figure_of, say
from numpy.typing import NDArray

from viewer.api import Need
from viewer.assessment.suitability import OUTSIDE, TYPICAL
from viewer.cli import train
from viewer.datasets.split import Part
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import read_bundle
from viewer.evaluation.compare import compare
from viewer.evaluation.evaluate import evaluate
from viewer.evaluation.table import PredictionTable, read_predictions
from viewer.settings import Settings
from viewer.training.crossval_parts import fold_parts
from viewer.training.crossval_rows import joint_folder, judged_rows, write_rows
from viewer.training.pictures import Reader
from viewer.training.run import learn_members, make_bundle

Values = NDArray[np.float64]

FOLDERS_DRAWN = 200


def leak_by_picture(by_group: Path, by_picture: Path) -> Json:
    """The same pictures judged by networks that never saw their group, and by such that may have seen a copy."""
    compared = compare(read_predictions(by_group), regrouped(by_picture, by_group), BOOTSTRAP)
    wanted = (("accuracy",), ("trust", "trust_softmax", "auroc_f"))
    return {
        name[-1]: {
            "by_group": compared.differences[name].a,
            "by_picture": compared.differences[name].b,
            "difference": compared.differences[name].difference.value,
            "low": compared.differences[name].difference.low,
            "high": compared.differences[name].difference.high,
        }
        for name in wanted
    }


def regrouped(path: Path, groups_of: Path) -> PredictionTable:
    """A table in the order and with the groups of another about the same pictures, so that the two can be paired."""
    table, model = read_predictions(path), read_predictions(groups_of)
    place = {name: row for row, name in enumerate(table.keys["id"].tolist())}
    ordered = table.take(np.array([place[name] for name in model.keys["id"].tolist()], np.intp))
    return replace(ordered, groups=model.groups, group_names=model.group_names)


def original_split(study: Study, variant: Variant, by_group: Path) -> Json:
    """Trained and tested as the study divided the files; the training files are divided by picture, 80 : 10 : 10."""
    more = ("--split", "orig_split")
    args = study.parsed(variant, *more)
    plan, table = train.read_plan(args), study.table(variant, *more)
    learning = [sample for sample in table.samples if sample.split == "train"]
    order = np.random.default_rng(SEED).permutation(len(learning))
    eighty, ninety = round(0.8 * len(learning)), round(0.9 * len(learning))
    dealt = {
        Part.TRAIN: [learning[i] for i in order[:eighty]],
        Part.STOP: [learning[i] for i in order[eighty:ninety]],
        Part.FIT: [learning[i] for i in order[ninety:]],
        Part.CERTIFY: [sample for sample in table.samples if sample.split == "test"],
    }
    path = plan.out.with_suffix(".csv")
    if not path.exists():
        members = learn_members(plan, args.chosen, table, dealt, study.host, say)
        made = make_bundle(plan, args.chosen, table, dealt, members, Settings(), study.host, say)
        nothing = np.full(len(made.certified), np.nan)
        root = joint_folder(table.samples)
        write_rows(path, judged_rows(made.certified, made.bundle.rows("certify"), nothing, fold=1, root=root))
    judged = read_predictions(path)
    seen = {sample.group for sample in learning}
    root = joint_folder(table.samples)
    known = {s.path.relative_to(root).as_posix(): s.group in seen for s in dealt[Part.CERTIFY]}
    leaked = np.array([known[name] for name in judged.keys["id"].tolist()])
    honest = _same_pictures(read_predictions(by_group), judged)
    return {
        "trained_on": len(dealt[Part.TRAIN]),
        "tested_on": len(judged),
        "groups_seen_in_training": int(leaked.sum()),
        "all": _answers(judged),
        "group_seen": _answers(judged.take(leaked)),
        "group_not_seen": _answers(judged.take(~leaked)),
        "same_pictures_cross_validated": _answers(honest),
        "same_pictures_group_seen_cross_validated": _answers(honest.take(leaked)),
    }


def _same_pictures(table: PredictionTable, wanted: PredictionTable) -> PredictionTable:
    place = {name: row for row, name in enumerate(table.keys["id"].tolist())}
    return table.take(np.array([place[name] for name in wanted.keys["id"].tolist()], np.intp))


def _answers(table: PredictionTable) -> Json:
    found = evaluate(table, BOOTSTRAP)
    return {"pictures": len(table), "accuracy": figure_of(found, ("accuracy",))}


def faults(study: Study, variant: Variant) -> Json:
    """What went wrong in the study, done on purpose to the same networks and pictures."""
    table = study.table(variant)
    per_input: dict[str, list[tuple[Values, NDArray[np.intp], Judged, float]]] = {"0 to 1": [], "0 to 255": []}
    for fold in range(FOLDS):
        samples = fold_parts(table, folds=FOLDS, fold=fold, seed=SEED)[Part.CERTIFY]
        bundle = read_bundle(study.work / f"{variant.name}.work" / f"fold-{fold + 1}" / "predictions-bundle")
        reader = Reader(1, say)
        pictures = [picture for _, picture in reader.read(samples)]
        labels = np.array([item.sample.label for item in reader.items], np.intp)
        groups = [item.sample.group for item in reader.items]
        manifest = bundle.manifest
        # (x − m) / s of x in 0–255 is (x/255 − m/255) / (s/255).
        unscaled = replace(manifest, mean=_by_255(manifest.mean), std=_by_255(manifest.std))
        for name, prepared in (("0 to 1", manifest), ("0 to 255", unscaled)):
            eye, engine = Eye(bundle, study.host), engine_of(replace(bundle, manifest=prepared), study.host)
            p = [engine.evidence([picture], eye.needs | {Need.LOGITS}).probabilities[0] for picture in pictures]
            judged = eye.judge(engine, pictures, groups)
            per_input[name].append((np.array(p), labels, judged, outside_folders(judged, eye.keeper, FOLDERS_DRAWN)))
    right = per_input["0 to 1"]
    truncated = np.concatenate([p.astype(np.int64) for p, *_ in right])
    labels = np.concatenate([labels for _, labels, *_ in right])
    answered = truncated.argmax(axis=1)
    return {
        "inputs": {name: _fault_line(found) for name, found in per_input.items()},
        "truncated": {
            "rows_of_zeros_only": int((truncated.sum(axis=1) == 0).sum()),
            "first_class": table.classes[0],
            "answers_first_class": int((answered == 0).sum()),
            "accuracy": float((answered == labels).mean()),
            "refusal": _refusal(study.work / "truncated.csv", truncated, labels, table.classes),
        },
    }


def _by_255(values: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = (value / 255 for value in values)
    return red, green, blue


def _fault_line(found: Sequence[tuple[Values, NDArray[np.intp], Judged, float]]) -> Json:
    p = np.concatenate([one for one, *_ in found])
    labels = np.concatenate([one for _, one, *_ in found])
    fingerprint = np.concatenate([judged.fingerprint for *_, judged, _ in found])
    suitability = np.concatenate([judged.suitability for *_, judged, _ in found])
    predicted = p.argmax(axis=1)
    most = int(np.bincount(predicted).argmax())
    return {
        "pictures": len(p),
        "accuracy": float((predicted == labels).mean()),
        "mean_confidence": float(p.max(axis=1).mean()),
        "most_answered_share": float((predicted == most).mean()),
        "fingerprint_outside": float((fingerprint < OUTSIDE).mean()),
        "may_be_green": float(((fingerprint >= TYPICAL) & (suitability >= TYPICAL)).mean()),
        "folders_outside": float(np.mean([share for *_, share in found])) / 100,
    }


def _refusal(path: Path, truncated: NDArray[np.int64], labels: NDArray[np.intp], classes: Sequence[str]) -> str:
    """What `viewer evaluate` says to a table of truncated probabilities."""
    rows = [
        {"true": classes[label], "predicted": classes[int(p.argmax())]}
        | {f"p_{name}": str(value) for name, value in zip(classes, p.tolist(), strict=True)}
        for p, label in zip(truncated, labels.tolist(), strict=True)
    ]
    write_rows(path, rows)
    try:
        read_predictions(path)
    except ViewerError as error:
        return str(error).replace(str(path), path.name)
    return ""
