"""How many groups a certificate takes, asked before any case is labelled: the very test, on simulated studies."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from viewer.assessment.certify import Decisions, certified_thresholds, declare
from viewer.assessment.claims import Terms

FIT_SHARE = 0.6
"""Fit groups for each certify group, as in the division 15 : 25."""

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
    """

    accuracy: float
    auroc: float

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if not 0 < self.accuracy < 1 or not 0 < self.auroc < 1:
            raise ValueError("accuracy and AUROC lie between 0 and 1")

    def draw(self, groups: int, random: np.random.Generator) -> Decisions:
        """One decision for each of so many groups; the two normals are √2·Φ⁻¹(AUROC) apart."""
        wrong = random.random(groups) >= self.accuracy
        distance = np.sqrt(2) * _NORMAL.inv_cdf(self.auroc)
        trust = random.normal(size=groups) + np.where(wrong, 0.0, distance)
        return Decisions(trust=trust, wrong=wrong, groups=np.arange(groups))


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
    """Simulate studies of every size with one decision per group.

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
