"""Figures in words: the tables that `viewer evaluate` and `viewer compare` print."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from viewer.domain.result import Light
from viewer.evaluation.bootstrap import Bootstrap, Figure, Name
from viewer.evaluation.compare import Comparison, Difference
from viewer.evaluation.evaluate import Evaluation
from viewer.evaluation.figures import AVERAGES
from viewer.evaluation.table import PredictionTable

_TITLES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "kappa": "Cohen's κ",
    "loss": "loss",
    "ece": "ECE",
    "brier": "Brier",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "auroc_f": "AUROC_f",
    "aurc": "AURC",
    "e_aurc": "e-AURC",
    "augrc": "AUGRC",
    "fpr_at_95_tpr": "FPR@95TPR",
    "coverage_at_risk": "coverage@risk",
    "risk_at_coverage": "risk@coverage",
    "share": "share",
    "error": "errors",
}


def evaluation_text(evaluation: Evaluation) -> str:
    """The whole evaluation, several lines."""
    table, figures = evaluation.table, evaluation.figures
    blocks = [
        [_heading(table.source, len(table), evaluation.groups, evaluation.bootstrap)],
        _aligned([_TITLES[name[0]], _words(figure)] for name, figure in figures.items() if len(name) == 1),
        _aligned(_class_rows(table, figures)),
        _aligned(_confusion_rows(table)),
        *(_aligned(_trust_rows(column, figures)) for column in _branches(figures, "trust")),
        _aligned(_light_rows(table, figures)) if table.lights is not None else [],
        [f"note: {note}" for note in evaluation.notes],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def comparison_text(comparison: Comparison) -> str:
    """The whole comparison, several lines; a gain is named only where the interval excludes 0."""
    a, b = comparison.sources
    heading = _heading(f"a = {a}\nb = {b}\nboth", comparison.rows, comparison.groups, comparison.bootstrap)
    rows = [["figure", "a", "b", "b − a", "better"]]
    rows += [[title_of(name), *_difference(found)] for name, found in comparison.differences.items()]
    blocks = [
        [f"{heading}; paired by {comparison.paired_by}"],
        _aligned(rows),
        [f"note: {note}" for note in comparison.notes],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _heading(source: str, rows: int, groups: int | None, bootstrap: Bootstrap) -> str:
    units = f"{rows} rows" if groups is None else f"{rows} rows in {groups} groups"
    drawn = "rows" if groups is None else "groups"
    how = f"{100 * bootstrap.level:g} % intervals from {bootstrap.draws} draws of {drawn}" if bootstrap.draws else ""
    return f"{source}: {units}; {how}".removesuffix("; ")


def _class_rows(table: PredictionTable, figures: Mapping[Name, Figure]) -> Iterator[Sequence[str]]:
    yield "class", "n", *(_TITLES[figure] for figure in ("precision", "recall", "f1"))
    for k, name in enumerate(table.classes):
        found = (_words(figures["per_class", name, figure]) for figure in ("precision", "recall", "f1"))
        yield name, str(int((table.true == k).sum())), *found
    for average in AVERAGES:
        found = (_words(figures["average", average, figure]) for figure in ("precision", "recall", "f1"))
        yield f"{average} average", str(len(table)), *found


def _confusion_rows(table: PredictionTable) -> Iterator[Sequence[str]]:
    yield "true \\ answer", *table.classes
    for k, name in enumerate(table.classes):
        answers = np.bincount(table.answer[table.true == k], minlength=len(table.classes))
        yield name, *map(str, answers.tolist())


def _trust_rows(column: str, figures: Mapping[Name, Figure]) -> Iterator[Sequence[str]]:
    yield column, ""
    for name, figure in figures.items():
        if name[:2] == ("trust", column):
            yield f"  {title_of(name[2:])}", _words(figure)


def _light_rows(table: PredictionTable, figures: Mapping[Name, Figure]) -> Iterator[Sequence[str]]:
    yield "light", "right", "wrong", "share", "errors"
    wrong = table.true != table.answer
    for number, light in enumerate(Light):
        shown = np.zeros(len(table), bool) if table.lights is None else table.lights == number
        counts = str(int((shown & ~wrong).sum())), str(int((shown & wrong).sum()))
        yield light.value, *counts, *(_words(figures["lights", light.value, what]) for what in ("share", "error"))


def _branches(figures: Mapping[Name, Figure], root: str) -> list[str]:
    return list(dict.fromkeys(name[1] for name in figures if name[0] == root))


def title_of(name: Name) -> str:
    """`trust_softmax: coverage@risk .1` of ("trust", "trust_softmax", "coverage_at_risk", "0.1")."""
    if name[0] == "average":
        return f"{name[1]} average: {title_of(name[2:])}"
    if name[0] in ("trust", "per_class", "lights"):
        return f"{name[1]}: {title_of(name[2:])}"
    return " ".join((_TITLES[name[0]], *name[1:]))


def _difference(found: Difference) -> Sequence[str]:
    return _short(found.a), _short(found.b), _words(found.difference), found.better or ""


def _words(figure: Figure) -> str:
    """Like `0.742 (0.690 to 0.790)`."""
    if np.isnan(figure.value):
        return "undefined"
    if np.isnan(figure.low):
        return _short(figure.value)
    return f"{_short(figure.value)} ({_short(figure.low)} to {_short(figure.high)})"


def _short(value: float) -> str:
    return "undefined" if np.isnan(value) else f"{round(value, 4) + 0.0:.4f}"


def _aligned(rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines whose columns begin under each other."""
    cells = list(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
