"""Every figure of a table of predictions, by name, for many bootstrap draws at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Light
from viewer.evaluation import classification, curves, probability
from viewer.evaluation.bootstrap import Name
from viewer.evaluation.table import PredictionTable
from viewer.evaluation.weights import Floats, ratio, tally

Indices = NDArray[np.intp]
Figures = Iterator[tuple[Name, Floats]]
Part = Callable[[Floats], Figures]
"""Some figures of one table under weights (draws, n), each (draws,)."""

HIGHER_IS_BETTER = {
    **dict.fromkeys(("accuracy", "balanced_accuracy", "kappa", "precision", "recall", "f1"), True),
    **dict.fromkeys(
        ("loss", "ece", "brier", "aurc", "e_aurc", "augrc", "fpr_at_95_tpr", "risk_at_coverage", "error"), False
    ),
    **dict.fromkeys(("auroc_f", "coverage_at_risk"), True),
}
"""Direction of the figures that have one, by the part of the name that says what it is."""

AVERAGES = ("micro", "macro", "weighted", "samples")
"""Averages of the classes' figures: over all rows, over classes, over classes by their rows, over each row's own."""

_FEW_GROUPS = 20
"""Percentile intervals of fewer are markedly too narrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What to read off risk-coverage curves.

    Attributes:
        risks: Selective risks for coverage@risk, each in [0, 1].
        coverages: Coverages for risk@coverage, each in (0, 1].
    """

    risks: tuple[float, ...] = (0.05, 0.1, 0.2)
    coverages: tuple[float, ...] = (0.5, 0.8, 0.9)


class TableMeasure:
    """All figures of one table; what needs sorting is sorted once.

    Trust columns without any value are left out; rows without a value are left out of that column's figures.
    """

    def __init__(self, table: PredictionTable, questions: Questions) -> None:
        wrong = table.true != table.answer
        parts: list[Part] = [_answers(table)]
        if table.probabilities is not None:
            parts.append(_probabilities(table.probabilities, table.true))
        if table.lights is not None:
            parts.append(_lights(table.lights, wrong))
        trusts = {name: values for name, values in table.trusts.items() if np.isfinite(values).any()}
        parts += [_trust(name, values, wrong, questions) for name, values in trusts.items()]
        self._parts = parts

    def __call__(self, weights: Floats) -> Mapping[Name, Floats]:
        """Compute every figure.

        Args:
            weights: How often each row counts, (draws, n).
        """
        return {name: value for part in self._parts for name, value in part(weights)}


def higher_is_better(name: Name) -> bool | None:
    """Whether more of a figure is better; None where it is neither."""
    known = [HIGHER_IS_BETTER[word] for word in (name[-1], *name[-2:-1]) if word in HIGHER_IS_BETTER]
    return known[0] if known and name[0] != "confusion" else None


def _answers(table: PredictionTable) -> Part:
    def figures(weights: Floats) -> Figures:
        confusion = classification.confusion_matrix(table.true, table.answer, len(table.classes), weights)
        yield ("accuracy",), classification.accuracy(confusion)
        yield ("balanced_accuracy",), classification.mean_recall(confusion)
        yield ("kappa",), classification.kappa(confusion)
        per_class = {
            "precision": classification.precision(confusion),
            "recall": classification.recall(confusion),
            "f1": classification.f1(confusion),
        }
        shares = ratio(confusion, classification.support(confusion)[..., None])
        for k, name in enumerate(table.classes):
            yield from ((("per_class", name, figure), values[..., k]) for figure, values in per_class.items())
            yield from ((("confusion", name, other), shares[..., k, j]) for j, other in enumerate(table.classes))
        for average in AVERAGES:
            yield from ((("average", average, f), _average(average, v, confusion)) for f, v in per_class.items())

    return figures


def _average(average: str, values: Floats, confusion: Floats) -> Floats:
    """Where a row has one class and one answer, precision, recall and F1 over all or over each row are accuracy."""
    if average == "macro":
        return classification.macro(values, confusion)
    if average == "weighted":
        return classification.weighted(values, confusion)
    return classification.accuracy(confusion)


def _probabilities(probabilities: Floats, true: Indices) -> Part:
    def figures(weights: Floats) -> Figures:
        yield ("loss",), probability.loss(probabilities, true, weights)
        yield ("ece",), probability.calibration_error(probabilities, true, weights)
        yield ("brier",), probability.brier(probabilities, true, weights)

    return figures


def _lights(lights: Indices, wrong: NDArray[np.bool_]) -> Part:
    shown = np.flatnonzero(lights >= 0)
    lights, wrong = lights[shown], wrong[shown]

    def figures(weights: Floats) -> Figures:
        counts = tally(weights[..., shown], lights, len(Light))
        errors = tally(weights[..., shown] * wrong, lights, len(Light))
        for number, light in enumerate(Light):
            yield ("lights", light.value, "share"), ratio(counts[..., number], counts.sum(axis=-1))
            yield ("lights", light.value, "error"), ratio(errors[..., number], counts[..., number])

    return figures


def _trust(column: str, trust: Floats, wrong: NDArray[np.bool_], questions: Questions) -> Part:
    rows = np.flatnonzero(np.isfinite(trust))
    ranking = curves.rank(trust[rows], wrong[rows])

    def figures(weights: Floats) -> Figures:
        curve = ranking.curve(weights if len(rows) == len(trust) else weights[..., rows])
        for name, value in _curve_figures(curve, questions):
            yield ("trust", column, *name), value

    return figures


def _curve_figures(curve: curves.RiskCoverage, questions: Questions) -> Figures:
    yield ("auroc_f",), curves.failure_auroc(curve)
    yield ("aurc",), curves.aurc(curve)
    yield ("e_aurc",), curves.e_aurc(curve)
    yield ("augrc",), curves.augrc(curve)
    yield ("fpr_at_95_tpr",), curves.fpr_at_tpr(curve, 0.95)
    yield from ((("coverage_at_risk", f"{r:g}"), curves.coverage_at_risk(curve, r)) for r in questions.risks)
    yield from ((("risk_at_coverage", f"{c:g}"), curves.risk_at_coverage(curve, c)) for c in questions.coverages)


def reservations(table: PredictionTable, groups: int) -> Iterator[str]:
    """What the table does not allow to be said, or only with reservations, one sentence each."""
    wrong = int((table.true != table.answer).sum())
    if table.groups is None:
        yield "no column 'group': intervals draw single rows, and are too narrow where rows belong together"
    if groups == 1:
        yield "only one group: no intervals"
    elif groups < _FEW_GROUPS:
        yield f"only {groups} groups: intervals this small tend to be too narrow"
    if table.probabilities is None:
        yield "no columns 'p_…': no loss, no ECE and no Brier score"
    elif table.columns["answer"] == "predicted":
        other = int((table.probabilities.argmax(axis=1) != table.answer).sum())
        if other:
            yield f"in {other} rows 'predicted' is not the most probable class, which ECE judges"
    if not table.trusts:
        yield "no column 'trust…': no figures of trust"
    for name, values in table.trusts.items():
        absent = int(np.isnan(values).sum())
        if absent == len(table):
            yield f"'{name}' has no values and is left out"
        elif absent:
            yield f"'{name}' has no value in {absent} of {len(table)} rows, which its figures leave out"
    if table.trusts and wrong in (0, len(table)):
        yield f"every answer is {'wrong' if wrong else 'right'}: AUROC_f and FPR@95TPR are undefined"
    if table.lights is None:
        yield "no column 'light': no table of lights"
    elif (table.lights < 0).any():
        unlit = int((table.lights < 0).sum())
        yield f"{unlit} of {len(table)} rows have no light; the table of lights leaves them out"
