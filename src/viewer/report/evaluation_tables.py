"""Figures of an evaluation as the cells of a page's tables."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from viewer.evaluation import classification
from viewer.evaluation.bootstrap import Figure, Name
from viewer.evaluation.evaluate import Evaluation
from viewer.evaluation.figures import AVERAGES
from viewer.present.wording import class_word, percent

_TITLES = {
    "accuracy": "Accuracy: share of right answers",
    "balanced_accuracy": "Balanced accuracy: every class weighs alike",
    "kappa": "Cohen's κ: agreement beyond chance",
    "loss": "Loss: negative log-likelihood, nats",
    "ece": "ECE: how far confidence misses the share right",
    "brier": "Brier score, 0 to 2",
}
_SHARES = ("accuracy", "balanced_accuracy", "ece")
_PER_CLASS = ("precision", "recall", "f1")
_TRUSTS = ("auroc_f", "aurc", "e_aurc", "augrc", "fpr_at_95_tpr")


def share_words(figure: Figure) -> str:
    """A share like `78 % (75 % to 81 %)`."""
    if np.isnan(figure.value):
        return "–"
    if np.isnan(figure.low):
        return percent(figure.value)
    return f"{percent(figure.value)} ({percent(figure.low)} to {percent(figure.high)})"


def number_words(figure: Figure, digits: int = 3) -> str:
    """A number like `0.214 (0.190 to 0.240)`."""
    if np.isnan(figure.value):
        return "–"
    value, low, high = (f"{part:.{digits}f}" for part in (figure.value, figure.low, figure.high))
    return value if np.isnan(figure.low) else f"{value} ({low} to {high})"


def figure_rows(evaluation: Evaluation) -> list[tuple[str, str]]:
    """The figures of all answers."""
    return [
        (_TITLES[name[0]], share_words(figure) if name[0] in _SHARES else number_words(figure))
        for name, figure in evaluation.figures.items()
        if len(name) == 1
    ]


def confusion_table(evaluation: Evaluation) -> dict[str, object]:
    """Confusion matrix and figures of every class, with their averages."""
    table, figures = evaluation.table, evaluation.figures
    counts = classification.confusion_matrix(table.true, table.answer, len(table.classes)).astype(int)
    rows = []
    for k, name in enumerate(table.classes):
        support = int(counts[k].sum())
        cells = [(int(n), n / support if support else 0.0, j == k) for j, n in enumerate(counts[k].tolist())]
        found = [number_words(figures["per_class", name, figure]) for figure in _PER_CLASS]
        rows.append({"name": class_word(name), "support": support, "cells": cells, "figures": found})
    averages = [
        (f"{name} average", len(table), [number_words(figures["average", name, figure]) for figure in _PER_CLASS])
        for name in AVERAGES
    ]
    return {"classes": [class_word(name) for name in table.classes], "rows": rows, "averages": averages}


def trust_table(evaluation: Evaluation) -> dict[str, object]:
    """One row for every column of trust, the best (least AUGRC) first."""
    figures = evaluation.figures
    columns = list(dict.fromkeys(name[1] for name in figures if name[0] == "trust"))
    columns.sort(key=lambda column: figures["trust", column, "augrc"].value)
    read = list(dict.fromkeys(name[2:] for name in figures if name[0] == "trust" and len(name) == 4))
    header = ["AUROC_f", "AURC", "e-AURC", "AUGRC", "FPR@95TPR", *(_asked(name) for name in read)]
    return {"header": header, "rows": [(column, list(_cells(figures, column, read))) for column in columns]}


def _cells(figures: Mapping[Name, Figure], column: str, read: Sequence[Name]) -> Iterator[str]:
    yield from (number_words(figures["trust", column, figure]) for figure in _TRUSTS)
    yield from (share_words(figures[("trust", column, *name)]) for name in read)


def _asked(name: Name) -> str:
    what = "accepted at risk" if name[0] == "coverage_at_risk" else "risk, accepting"
    return f"{what} {percent(float(name[1]))}"
