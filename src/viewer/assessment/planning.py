"""How many groups a certificate takes, asked before any case is labelled: the very test, on simulated studies."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.certify import Decisions, certified_thresholds, declare
from viewer.assessment.claims import FIT_SHARE, Terms

SIZES = (30, 60, 100, 150, 240, 400, 600, 1000)
"""Numbers of certify groups that are tried."""

_NORMAL = NormalDist()
_ENDLESS = 200_000
"""Decisions that stand for an endless supply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustModel:
    """A binormal model of trust: normal among right and among wrong answers, of equal spread.

    Attributes:
        accuracy: Share of right answers, in (0, 1).
        auroc: How well trust tells right from wrong (AUROC_f), in (0, 1).
        frames: Decisions in every group, ≥ 1.
        correlation: Between two frames of a group, [0, 1]: of what decides whether an answer is right, and likewise
            of what is left of its trust.
    """

    accuracy: float
    auroc: float
    frames: int = 1
    correlation: float = 0.0

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if not 0 < self.accuracy < 1 or not 0 < self.auroc < 1:
            raise ValueError("accuracy and AUROC lie between 0 and 1")
        if self.frames < 1 or not 0 <= self.correlation <= 1:
            raise ValueError("a group has a frame at least, and frames correlate between 0 and 1")

    @property
    def distance(self) -> float:
        """Between the means of the two normals, in standard deviations: √2·Φ⁻¹(AUROC)."""
        return math.sqrt(2) * _NORMAL.inv_cdf(self.auroc)

    def draw(self, groups: int, random: np.random.Generator) -> Decisions:
        """All decisions of so many groups, independent between groups."""
        wrong = self._normal(groups, random) > _NORMAL.inv_cdf(self.accuracy)
        trust = self._normal(groups, random) + np.where(wrong, 0.0, self.distance)
        return Decisions(trust=trust, wrong=wrong, groups=np.repeat(np.arange(groups), self.frames))

    def coverage(self, threshold: float) -> float:
        """P(trust ≥ threshold), whatever the correlation."""
        right = self.accuracy * _NORMAL.cdf(self.distance - threshold)
        return right + (1 - self.accuracy) * _NORMAL.cdf(-threshold)

    def error(self, threshold: float) -> float:
        """P(wrong | trust ≥ threshold), whatever the correlation."""
        return (1 - self.accuracy) * _NORMAL.cdf(-threshold) / self.coverage(threshold)

    def _normal(self, groups: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Standard normal numbers, of which those of a group have a share in common, float64 (groups·frames,)."""
        own = random.normal(size=(groups, self.frames))
        common = random.normal(size=(groups, 1))
        return (math.sqrt(self.correlation) * common + math.sqrt(1 - self.correlation) * own).ravel()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What to expect of so many certify groups.

    Attributes:
        groups: Certify groups.
        fit_groups: Fit groups beside them.
        certified: Share of simulated studies in which green was certified.
        coverage: Mean share of cases that may be green, over those studies; 0 where there is none.
    """

    groups: int
    fit_groups: int
    certified: float
    coverage: float


def forecast(
    model: TrustModel, terms: Terms, *, sizes: Sequence[int] = SIZES, studies: int = 200, seed: int = 0
) -> tuple[Forecast, ...]:
    """Simulate studies of every size.

    Several frames per group add little where they agree with each other: it is groups that count.
    """
    return tuple(_simulate(model, terms, groups, studies, np.random.default_rng([seed, groups])) for groups in sizes)


def largest_coverage(model: TrustModel, terms: Terms) -> float:
    """Share of cases that could be green if the number of groups had no end: the error among them is just r."""
    endless = model.draw(_ENDLESS, np.random.default_rng(0))
    wrong = endless.wrong[np.argsort(-endless.trust)]
    errors = np.cumsum(wrong) / np.arange(1, _ENDLESS + 1)
    within = np.flatnonzero(errors <= terms.risk)
    return float(within[-1] + 1) / _ENDLESS if len(within) else 0.0


def _simulate(model: TrustModel, terms: Terms, groups: int, studies: int, random: np.random.Generator) -> Forecast:
    fit_groups = max(1, round(FIT_SHARE * groups))
    coverages = []
    for _ in range(studies):
        fit, certify = model.draw(fit_groups, random), model.draw(groups, random)
        grid = declare(fit, terms.risk)
        passed = certified_thresholds(certify, fit, grid, risk=terms.risk, delta=terms.delta)
        coverages += [float(np.mean(certify.trust >= min(passed)))] if passed else []
    return Forecast(
        groups=groups,
        fit_groups=fit_groups,
        certified=len(coverages) / studies,
        coverage=float(np.mean(coverages)) if coverages else 0.0,
    )
