"""How well trust finds errors: the risk-coverage curve and what is read off it.

Rows are accepted in the order of falling trust. Rows of one trust value are **one step**: no threshold separates
them, so the curve has one point per distinct value, and nothing between two points is attainable by a threshold.

* Coverage c: accepted ÷ all. Selective risk R(c): errors among the accepted ÷ accepted. Generalised risk G(c): errors
  among the accepted ÷ all, which is R(c)·c.
* AURC is the step integral of R: every row counts with the risk of the step that accepts it, Σⱼ (cⱼ − cⱼ₋₁)·R(cⱼ).
  Without ties it is the mean of R(1/n), R(2/n) … R(1), as in Geifman et al. 2019. R(0) does not exist, so a trapezoid
  would have nowhere to start.
* AUGRC is the integral of G with straight lines between the points, beginning at (0, 0): a tie accepted in random
  order (Traub et al. 2024). With AUROC_f, where ties count half, AUGRC = (1 − AUROC_f)·acc·(1 − acc) + ½·(1 − acc)²
  exactly, with and without ties.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.weights import Floats, once, ratio

_ROUNDING = 1e-12
"""A share of counts misses its limit by rounding alone at most by this."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows sorted once, so that curves under many weights need no further sorting.

    Attributes:
        order: Indices of the rows by falling trust, (n,).
        wrong: 1 for a wrong answer, in that order, float64 (n,).
        ends: Position of the last row of every step, (m,).
        thresholds: Trust of every step, falling, (m,).
    """

    order: NDArray[np.intp]
    wrong: Floats
    ends: NDArray[np.intp]
    thresholds: Floats

    def curve(self, weights: Floats | None = None) -> "RiskCoverage":
        """The risk-coverage curve.

        Args:
            weights: How often each row counts, (…, n), in the rows' own order; None counts each once.
        """
        sorted_weights = (once(len(self.order)) if weights is None else weights)[..., self.order]
        accepted = np.cumsum(sorted_weights, axis=-1)
        errors = np.cumsum(sorted_weights * self.wrong, axis=-1)
        if len(self.ends) < len(self.order):
            accepted, errors = accepted[..., self.ends], errors[..., self.ends]
        return RiskCoverage(thresholds=self.thresholds, accepted=accepted, errors=errors)


def rank(trust: NDArray[np.floating], wrong: NDArray[np.bool_]) -> Ranking:
    """Sort rows by falling trust.

    Args:
        trust: Finite, higher is safer, (n,) with n ≥ 1.
        wrong: Whether each answer is wrong, (n,).

    Raises:
        ValueError: There are no rows, or a trust is not finite.
    """
    if not len(trust) or not np.isfinite(trust).all():
        raise ValueError("a ranking needs rows, each with a finite trust")
    order = np.argsort(-trust.astype(np.float64), kind="stable")
    falling = trust[order].astype(np.float64)
    ends = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
    return Ranking(order=order, wrong=wrong[order].astype(np.float64), ends=ends, thresholds=falling[ends])


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCoverage:
    """Counts at every threshold, trust falling: what is accepted where trust ≥ threshold.

    Attributes:
        thresholds: (m,).
        accepted: Number of accepted rows, (…, m).
        errors: Number of wrong ones among them, (…, m).
    """

    thresholds: Floats
    accepted: Floats
    errors: Floats

    @property
    def total(self) -> Floats:
        """Number of all rows, (…, 1)."""
        return self.accepted[..., -1:]

    @property
    def coverage(self) -> Floats:
        """Share of the rows that is accepted, (…, m)."""
        return ratio(self.accepted, self.total)

    @property
    def risk(self) -> Floats:
        """Selective risk: share of errors among the accepted, (…, m); NaN where nothing is accepted."""
        return ratio(self.errors, self.accepted)

    @property
    def generalised_risk(self) -> Floats:
        """Errors among the accepted as a share of all rows, (…, m)."""
        return ratio(self.errors, self.total)


def aurc(curve: RiskCoverage) -> Floats:
    """Area under the risk-coverage curve: mean over the rows of the risk of the step that accepts them, (…)."""
    steps = np.diff(curve.accepted, axis=-1, prepend=0)
    risk: Floats = np.sum(steps * np.nan_to_num(curve.risk), axis=-1)
    return ratio(risk, curve.total[..., 0])


def best_aurc(curve: RiskCoverage) -> Floats:
    """AURC of the best possible order of the same answers, every error last and no two trusts alike, (…).

    With N rows of which E are wrong, Σ (i − (N−E))/i over i = N−E+1 … N, divided by N.
    """
    total, errors = curve.total[..., 0], curve.errors[..., -1]
    right = total - errors
    harmonic = np.append(0.0, np.cumsum(1 / np.arange(1, int(total.max(initial=0)) + 1)))
    between = harmonic[total.astype(np.intp)] - harmonic[right.astype(np.intp)]
    return ratio(np.maximum(errors - right * between, 0), total)


def e_aurc(curve: RiskCoverage) -> Floats:
    """Excess AURC over the best possible order, ≥ 0 (Geifman et al. 2019), (…)."""
    excess: Floats = np.maximum(aurc(curve) - best_aurc(curve), 0)  # less than 0 only by rounding
    return excess


def augrc(curve: RiskCoverage) -> Floats:
    """Area under the generalised risk-coverage curve (Traub et al. 2024), straight between thresholds, (…)."""
    coverage, risk = _from_origin(curve.coverage), _from_origin(curve.generalised_risk)
    return _trapezoids(risk, coverage)


def failure_auroc(curve: RiskCoverage) -> Floats:
    """AUROC_f: probability that a right answer has higher trust than a wrong one, ties count half, (…).

    NaN where every answer is right or every answer is wrong.
    """
    wrong = _from_origin(curve.errors)
    right = _from_origin(curve.accepted - curve.errors)
    return 1 - ratio(_trapezoids(wrong, right), wrong[..., -1] * right[..., -1])


def fpr_at_tpr(curve: RiskCoverage, tpr: float = 0.95) -> Floats:
    """Share of the errors accepted by the highest threshold that accepts at least `tpr` of the right answers, (…).

    NaN where every answer is right or every answer is wrong.
    """
    right = curve.accepted - curve.errors
    shares = ratio(right, right[..., -1:])
    accepted = ratio(_at_first(curve.errors, shares >= tpr - _ROUNDING), curve.errors[..., -1])
    return np.where(right[..., -1] > 0, accepted, np.nan)


def coverage_at_risk(curve: RiskCoverage, risk: float) -> Floats:
    """Largest coverage of any threshold whose selective risk is at most `risk`, 0 where there is none, (…).

    Found on the data it is measured on: a description, not a promise; a promise needs a certificate.
    """
    safe = np.nan_to_num(curve.risk, nan=np.inf) <= risk + _ROUNDING
    coverage = np.max(np.where(safe, curve.coverage, 0), axis=-1)
    return np.where(curve.total[..., 0] > 0, coverage, np.nan)


def risk_at_coverage(curve: RiskCoverage, coverage: float) -> Floats:
    """Selective risk at the highest threshold that accepts at least the share `coverage` of the rows, (…)."""
    return _at_first(curve.risk, curve.coverage >= coverage - _ROUNDING)


def failure_roc(curve: RiskCoverage) -> tuple[Floats, Floats]:
    """Errors as what is to be found: what lies below a threshold is flagged, from nothing to everything.

    Returns:
        Share of the right answers that is flagged, and share of the errors that is, (…, m + 1) each; NaN without any
        right answer or any error. The area under it is AUROC_f.
    """
    accepted, errors = _from_origin(curve.accepted), _from_origin(curve.errors)
    right = accepted - errors
    flagged = 1 - ratio(right, right[..., -1:]), 1 - ratio(errors, errors[..., -1:])
    return flagged[0][..., ::-1], flagged[1][..., ::-1]


def failure_precision_recall(curve: RiskCoverage) -> tuple[Floats, Floats]:
    """Share of the errors that is flagged, and share of errors among the flagged, (…, m) each.

    Thresholds are those of `failure_roc` without the first, at which nothing is flagged.
    """
    accepted, errors = (_from_origin(counts)[..., :-1] for counts in (curve.accepted, curve.errors))
    found = curve.errors[..., -1:] - errors
    shares = ratio(found, curve.errors[..., -1:]), ratio(found, curve.total - accepted)
    return shares[0][..., ::-1], shares[1][..., ::-1]


def ideal(wrong: NDArray[np.bool_]) -> Ranking:
    """The best possible order of the same answers: every error last, no two trusts alike."""
    return rank(-np.arange(len(wrong), dtype=np.float64), np.sort(wrong))


def _from_origin(points: Floats) -> Floats:
    """The curve with its beginning, where nothing is accepted."""
    return np.concatenate([np.zeros((*points.shape[:-1], 1)), points], axis=-1)


def _trapezoids(heights: Floats, places: Floats) -> Floats:
    """Area under straight lines between points."""
    area: Floats = (np.diff(places, axis=-1) * (heights[..., 1:] + heights[..., :-1])).sum(axis=-1) / 2
    return area


def _at_first(values: Floats, holds: NDArray[np.bool_]) -> Floats:
    """The value at the first point where the condition holds."""
    first = np.argmax(holds, axis=-1)[..., None]
    value: Floats = np.take_along_axis(values, first, axis=-1)[..., 0]
    return value
