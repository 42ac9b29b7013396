"""Learn-then-Test: which thresholds of the trust are certified on groups that nothing was fitted on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.pvalues import betting_p_value, binomial_p_value, group_losses

GRID = 50
"""Most thresholds that are declared."""

STRICTER, STRICTER_SHARE = 0.6, 0.2
"""The first start lies at this share of the way to the most promising threshold, and owns this share of δ."""

ORDER_SEED = 20240501
"""Of the order in which groups are bet on: declared beforehand, the same for every bundle."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """Judged answers of known truth.

    Attributes:
        trust: float64 (n,); NaN for an answer that is never accepted: its trust is missing, or it is not of the
            kind a claim is about.
        wrong: bool (n,).
        groups: Number 0 … G−1 of every answer's group; groups are independent of each other.
    """

    trust: NDArray[np.float64]
    wrong: NDArray[np.bool_]
    groups: NDArray[np.intp]

    def __post_init__(self) -> None:
        """Check lengths."""
        if not self.trust.shape == self.wrong.shape == self.groups.shape or self.trust.ndim != 1:
            raise ValueError("trust, wrong and groups need one entry for each answer")

    @property
    def single(self) -> bool:
        """Whether every group has exactly one answer: then the binomial is exact."""
        return len(self.groups) > 0 and int(np.bincount(self.groups).max()) == 1

    def where(self, kept: NDArray[np.bool_], wrong: NDArray[np.bool_] | None = None) -> "Decisions":
        """The same groups, of whose answers only some may be accepted; `wrong` may mean something else."""
        trust = np.where(kept, self.trust, np.nan)
        return Decisions(trust=trust, wrong=self.wrong if wrong is None else wrong, groups=self.groups)

    def reversed(self) -> "Decisions":
        """The other end: low trust is accepted, and a right answer counts as an error."""
        return Decisions(trust=-self.trust, wrong=~self.wrong, groups=self.groups)


def numbered(groups: Sequence[str] | NDArray[np.str_]) -> NDArray[np.intp]:
    """Numbers of the groups, int (n,), in an order that is declared beforehand and depends on no outcome."""
    names, numbers = np.unique(np.asarray(groups, np.str_), return_inverse=True)
    return np.random.default_rng(ORDER_SEED).permutation(len(names))[numbers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Thresholds in the order in which they will be tested, declared before the certify groups are looked at.

    Attributes:
        thresholds: From strict to loose; may be none.
        shares: By position in `thresholds`, the share of δ of a start; they add up to 1.
    """

    thresholds: tuple[float, ...]
    shares: Mapping[int, float]

    def __post_init__(self) -> None:
        """Refuse to spend more than δ."""
        if sum(self.shares.values()) > 1 + 1e-12 or not set(self.shares) <= set(range(len(self.thresholds))):
            raise ValueError("the starts of a sequence share δ among them")


def declare(fit: Decisions, risk: float, candidates: Sequence[float] | None = None) -> Grid:
    """Declare thresholds and starts on the fit groups.

    The promise of a threshold is the evidence that the best bet would gather on the fit groups, to second order
    (Σg)²/Σg² of the gains g = r − L, with one wholly wrong group added: a threshold must not look good for want of
    answers. Beginning at the strictest threshold would stop at once, as it accepts too few. So the sequence begins
    at the most promising one and goes on to ever looser ones; and since the fit groups are few and may flatter, it
    begins before that at a stricter one, with a small share of δ that is handed on where all goes well.

    Args:
        fit: Answers of the fit groups.
        risk: Share r of errors among accepted answers that is to be certified.
        candidates: Thresholds to choose from, descending; by default trusts of fit answers at evenly spaced shares.

    Returns:
        Without thresholds where none is promising.
    """
    grid = spread(fit.trust) if candidates is None else np.array(candidates)
    promises = np.array([_promise(fit, threshold, risk) for threshold in grid])
    if not (promises > 0).any():
        return Grid(thresholds=(), shares={})
    best = int(promises.argmax())
    first = int(STRICTER * best)
    shares = {0: STRICTER_SHARE, best - first: 1 - STRICTER_SHARE} if first < best else {0: 1.0}
    return Grid(thresholds=tuple(float(threshold) for threshold in grid[first:]), shares=shares)


def certified_thresholds(
    certify: Decisions, fit: Decisions, grid: Grid, *, risk: float, delta: float
) -> tuple[float, ...]:
    """Thresholds of `grid` at which P(wrong | accepted) ≤ risk, all of them at once with confidence 1−δ.

    Fixed-sequence testing: thresholds are tested one after the other until one is not rejected; then testing goes
    on at the next start. Each start owns a share of δ, and inherits what the sequence before it arrived with
    (the fallback procedure, Wiens & Dmitrienko 2005); so the probability of any false certification is at most δ.

    Args:
        certify: Answers of the certify groups.
        fit: Answers of the fit groups, which the bets start from.
        grid: Declared on the fit groups.
        risk: r.
        delta: δ.

    Source: Angelopoulos, Bates, Candès, Jordan & Lei, "Learn then Test", arXiv:2110.01052.
    """
    passed: list[float] = []
    level = 0.0
    for position, threshold in enumerate(grid.thresholds):
        level += grid.shares.get(position, 0.0) * delta
        if level > 0 and p_value(certify, fit, threshold, risk) <= level:
            passed.append(threshold)
        else:
            level = 0.0
    return tuple(passed)


def p_value(certify: Decisions, fit: Decisions, threshold: float, risk: float) -> float:
    """A p-value of "P(wrong | trust ≥ threshold) > risk": exact binomial or betting, as the groups ask for."""
    if certify.single:
        accepted = certify.trust >= threshold
        return binomial_p_value(int((accepted & certify.wrong).sum()), int(accepted.sum()), risk)
    return betting_p_value(_losses(certify, threshold, risk), risk, _losses(fit, threshold, risk))


def spread(trust: NDArray[np.float64]) -> NDArray[np.float64]:
    """At most `GRID` different trusts at evenly spaced ranks, descending."""
    known: NDArray[np.float64] = np.unique(trust[np.isfinite(trust)])[::-1]
    ranks = np.linspace(0, len(known) - 1, min(GRID, len(known))).round().astype(np.intp)
    return known[np.unique(ranks)]


def _losses(decisions: Decisions, threshold: float, risk: float) -> NDArray[np.float64]:
    return group_losses(decisions.trust >= threshold, decisions.wrong, decisions.groups, risk)


def _promise(fit: Decisions, threshold: float, risk: float) -> float:
    gains = np.append(risk - _losses(fit, threshold, risk), risk - 1)
    return float(gains.sum() * abs(gains.sum()) / (gains**2).sum())
