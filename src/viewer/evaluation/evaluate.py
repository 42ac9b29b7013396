"""One table of predictions → every figure with its interval, as data for JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Light
from viewer.evaluation import classification
from viewer.evaluation.bootstrap import Bootstrap, Figure, Name, estimate
from viewer.evaluation.figures import Questions, TableMeasure, reservations
from viewer.evaluation.table import PredictionTable, complete

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Every figure of one table.

    Attributes:
        table: The rows that were judged: all that have a truth and an answer.
        groups: Number of groups, None where the table names none.
        bootstrap: How the intervals were made.
        figures: By name.
        notes: What is missing, left out or to be taken with care, one sentence each.
    """

    table: PredictionTable
    groups: int | None
    bootstrap: Bootstrap
    figures: Mapping[Name, Figure]
    notes: tuple[str, ...]


def evaluate(
    table: PredictionTable, bootstrap: Bootstrap | None = None, questions: Questions | None = None
) -> Evaluation:
    """Compute every figure the table allows, with intervals over its groups, else over its rows.

    Raises:
        ViewerError: No row has both a truth and an answer.
    """
    table, bootstrap = complete(table), bootstrap or Bootstrap()
    units = units_of(table)
    return Evaluation(
        table=table,
        groups=None if table.groups is None else int(units.max()) + 1,
        bootstrap=bootstrap,
        figures=estimate(TableMeasure(table, questions or Questions()), units, bootstrap),
        notes=(*table.notes, *reservations(table, int(units.max()) + 1)),
    )


def units_of(table: PredictionTable) -> NDArray[np.intp]:
    """What is drawn: the group of every row, else every row by itself."""
    return np.arange(len(table)) if table.groups is None else table.groups


def as_json(evaluation: Evaluation) -> Json:
    """The evaluation as JSON values; its shape stands in docs/evaluation.md, an undefined number is null."""
    table = evaluation.table
    record: Json = {
        "table": table.source,
        "n": len(table),
        "groups": evaluation.groups,
        "bootstrap": bootstrap_json(evaluation.bootstrap),
        "columns": dict(table.columns),
        "classes": list(table.classes),
    }
    for name, figure in evaluation.figures.items():
        put(record, name, figure_json(figure))
    _count(record, table)
    return {**record, "notes": list(evaluation.notes)}


def bootstrap_json(bootstrap: Bootstrap) -> Json:
    """How intervals were made."""
    return {"draws": bootstrap.draws, "seed": bootstrap.seed, "level": bootstrap.level}


def figure_json(figure: Figure) -> Json:
    """A figure and its interval."""
    return {"value": number(figure.value), "low": number(figure.low), "high": number(figure.high)}


def number(value: float) -> float | None:
    """A number as JSON knows it."""
    return None if np.isnan(value) else value


def put(record: Json, name: Name, value: object) -> None:
    """Put a value where its name leads."""
    for part in name[:-1]:
        inner = record.setdefault(part, {})
        if not isinstance(inner, dict):
            raise ValueError(f"{part} of {name} is no branch")
        record = inner
    known = record.setdefault(name[-1], value)
    if isinstance(known, dict) and isinstance(value, dict):
        known.update(value)


def _count(record: Json, table: PredictionTable) -> None:
    """Numbers of rows beside the figures made of them."""
    wrong = table.true != table.answer
    confusion = classification.confusion_matrix(table.true, table.answer, len(table.classes)).astype(int)
    for k, name in enumerate(table.classes):
        put(record, ("per_class", name, "support"), int(confusion[k].sum()))
        for j, other in enumerate(table.classes):
            put(record, ("confusion", name, other), {"n": int(confusion[k, j])})
    for column, trust in table.trusts.items():
        known = int(np.isfinite(trust).sum())
        if known:
            put(record, ("trust", column, "n"), known)
    if table.lights is not None:
        shown = table.lights >= 0
        counts = [np.bincount(table.lights[shown & rows], minlength=len(Light)).tolist() for rows in (~wrong, wrong)]
        for light, right, errors in zip(Light, *counts, strict=True):
            put(record, ("lights", light.value), {"n": right + errors, "correct": right, "wrong": errors})
