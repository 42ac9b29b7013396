"""A finished cohort becomes a report with pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from viewer.domain.errors import ViewerError
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.compare import Comparison, with_trusts
from viewer.evaluation.evaluate import Evaluation, evaluate
from viewer.evaluation.figures import Questions
from viewer.evaluation.table import PredictionTable
from viewer.io.reader import open_source
from viewer.report.cohort import CASES, RECORD, Cohort, read_cohort, read_record
from viewer.report.comparison_page import Contest, write_comparison
from viewer.report.evaluation_cards import Illustrate, nothing
from viewer.report.evaluation_page import Pace, Subject, write_evaluation
from viewer.session.case_pictures import CasePictures

if TYPE_CHECKING:
    from viewer.session.session import Session


def report_cohort(
    cohort: Cohort,
    session: "Session",
    bootstrap: Bootstrap | None = None,
    questions: Questions | None = None,
    trusts: Sequence[str] | None = None,
) -> Evaluation:
    """Write `report.json` and `index.html` of a cohort whose model the session uses.

    Args:
        cohort: The cases.
        session: With the model in use, which explains the cases that are shown.
        bootstrap: How intervals are made.
        questions: What is read off the curves.
        trusts: Columns of trust; None for all.

    Returns:
        Every figure.

    Raises:
        ViewerError: There is no such column, or the report cannot be written.
    """
    evaluation = evaluate(_chosen(cohort.table, trusts), bootstrap, questions)
    pictures = CasePictures(evaluation.table, Path(cohort.record.root), session.open_file, session.assessor())
    write_evaluation(_subject(cohort, evaluation, pictures), cohort.folder)
    return evaluation


def report_table(path: Path, evaluation: Evaluation, folder: Path, root: Path | None) -> None:
    """Write `report.json` and `index.html` of a table of predictions.

    A table that lies in the folder of a cohort brings what is known of the model, the data and the pace along.

    Args:
        path: The table.
        evaluation: Its figures.
        folder: Where the report goes.
        root: What its files start from; None for the cohort's own, else the folder of the table. Cases are shown
            where the first file is there.

    Raises:
        ViewerError: The report, or the cohort that the table belongs to, does not allow it.
    """
    cohort = read_cohort(path.parent) if path.name == CASES and (path.parent / RECORD).exists() else None
    start = root or (path.parent if cohort is None else Path(cohort.record.root))
    pictures = CasePictures(evaluation.table, start, open_source)
    illustrate = pictures if pictures.can_show else nothing
    subject = Subject(evaluation=evaluation, illustrate=illustrate)
    write_evaluation(subject if cohort is None else _subject(cohort, evaluation, illustrate), folder)


def report_pair(comparison: Comparison, names: tuple[str, str], folder: Path, root: Path | None) -> None:
    """Write `report.json` and `index.html` of two models, or two trusts, on the same cases.

    Args:
        comparison: Every difference.
        names: What the two are called.
        folder: Where the report goes.
        root: What the files start from; None for that of the cohort the first table lies in, else its folder.

    Raises:
        ViewerError: The report cannot be written.
    """
    first = Path(comparison.sources[0])
    start = root or first.parent
    if root is None and (first.parent / RECORD).exists():
        start = Path(read_record(first.parent).root)
    pictures = CasePictures(comparison.tables[0], start, open_source)
    illustrate = pictures if pictures.can_show else nothing
    write_comparison(Contest(comparison=comparison, names=names, illustrate=illustrate), folder)


def _chosen(table: PredictionTable, trusts: Sequence[str] | None) -> PredictionTable:
    if trusts is None:
        return table
    for name in trusts:
        if name not in table.trusts:
            raise ViewerError(f"{table.source}: there is no column {name!r}; trusts are {', '.join(table.trusts)}")
    return with_trusts(table, {name: name for name in trusts})


def _subject(cohort: Cohort, evaluation: Evaluation, illustrate: Illustrate) -> Subject:
    return Subject(
        evaluation=evaluation,
        record=cohort.record,
        unread=cohort.unread,
        pace=pace_of(cohort),
        illustrate=illustrate,
    )


def pace_of(cohort: Cohort) -> Pace | None:
    """How long the cases took; None where their table does not tell."""
    decode, assess, bare = (
        np.array([float(row[name]) for row in cohort.rows if row.get(name)])
        for name in ("decode_ms", "assess_ms", "bare_ms")
    )
    if not len(decode) or not len(assess):
        return None
    return Pace(
        frames=len(assess),
        decode_ms=float(np.median(decode)),
        assess_ms=float(np.median(assess)),
        bare_ms=float(np.median(bare)) if len(bare) else None,
        per_second=1000 / float(decode.mean() + assess.mean()),
        device=cohort.record.device,
    )
