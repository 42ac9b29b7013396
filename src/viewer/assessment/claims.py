"""From labelled answers of the fit and the certify groups to everything a certificate claims."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.certify import (
    ORDER_SEED,
    Decisions,
    Grid,
    certified_thresholds,
    declare,
    numbered,
    spread,
)
from viewer.assessment.pvalues import groups_needed
from viewer.assessment.suitability import FEWEST_GROUPS
from viewer.domain.certificate import Claim, Test

UNRELIABLE = 0.5
"""Share of errors that red certifies at least."""

NEARLY_SINGLE = 1.5
"""Answers per group, on average, up to which one of each group is drawn."""

FEWEST_MORE = 0.1
"""Of the groups there are: so many at least are missing where they did not suffice, however good the rest looks."""

FIT_SHARE = 0.6
"""Fit groups for each certify group, as in the division 15 : 25."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked for.

    Attributes:
        risk: r, share of errors among green answers.
        delta: δ, chance of each claim to be certified though it is false.
        critical_risk: Share of critical cases among green answers for other classes.
    """

    risk: float = 0.10
    delta: float = 0.05
    critical_risk: float = 0.05

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if not all(0 < value < UNRELIABLE for value in (self.risk, self.delta, self.critical_risk)):
            raise ValueError("risks and 1 − confidence lie between 0 and 0.5")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """Answers of one part of the groups.

    Attributes:
        trust: Combined trust, float64 (n,); NaN where there is none.
        typical: Whether the answer may be green, whatever its trust, bool (n,): the picture is of the kind the model
            knows, and reached it as it should.
        labels, final: True and final class, str (n,).
        groups: str (n,).
    """

    trust: NDArray[np.float64]
    typical: NDArray[np.bool_]
    labels: NDArray[np.str_]
    final: NDArray[np.str_]
    groups: NDArray[np.str_]

    def decisions(self) -> Decisions:
        """As the tests see them: an answer is wrong where its final class is not the true one."""
        return Decisions(trust=self.trust, wrong=self.labels != self.final, groups=numbered(self.groups))

    def drawn(self) -> "Answers":
        """One answer of every group, drawn by lot without regard to any outcome."""
        order = np.random.default_rng(ORDER_SEED).permutation(len(self.groups))
        _, first = np.unique(self.groups[order], return_index=True)
        kept = np.sort(order[first])
        return Answers(
            trust=self.trust[kept],
            typical=self.typical[kept],
            labels=self.labels[kept],
            final=self.final[kept],
            groups=self.groups[kept],
        )

    @property
    def group_count(self) -> int:
        """Number of groups."""
        return len(np.unique(self.groups))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the certify groups allow to claim; fields as in `Certificate`."""

    test: Test
    groups: int
    decisions: int
    green: Claim | None
    red: Claim | None
    by_class: Mapping[str, Claim]
    missed: Claim | None
    missed_cases: int
    benign_green: int
    more_groups: int | None


@dataclass(frozen=True, slots=True, eq=False)
class _Both:
    """The same view of the certify and the fit groups."""

    certify: Decisions
    fit: Decisions

    def passed(self, grid: Grid, risk: float, delta: float) -> tuple[float, ...]:
        return certified_thresholds(self.certify, self.fit, grid, risk=risk, delta=delta)

    def where(self, certify: NDArray[np.bool_], fit: NDArray[np.bool_]) -> "_Both":
        return _Both(self.certify.where(certify), self.fit.where(fit))


def establish_claims(
    certify: Answers, fit: Answers, terms: Terms, *, classes: Sequence[str], critical: Sequence[str]
) -> Claims:
    """Test everything that may be claimed; each claim holds with confidence 1−δ of its own.

    The thresholds are declared on the fit groups. Green takes the loosest certified one, and only answers that are
    `typical` come under it. The claims by class and on missed critical cases are tested by sequences of their own
    over the same thresholds, and hold where that sequence certifies the very threshold of green. Red takes every
    answer that has a trust.

    Where most certify groups have a single answer, one answer of each group is drawn and counts, so that the exact
    binomial can be used: what it gains is more than what the other answers would add.
    """
    if len(certify.groups) <= NEARLY_SINGLE * certify.group_count:
        certify = certify.drawn()
    every = _Both(certify.decisions(), fit.decisions())
    both = every.where(certify.typical, fit.typical)
    grid = declare(both.fit, terms.risk)
    passed = both.passed(grid, terms.risk, terms.delta)
    lowest = min(passed) if passed else None
    green = _claim(both.certify, lowest)
    by_class = {}
    for name in classes:
        of_class = both.where(certify.final == name, fit.final == name)
        claim = _claim_at(of_class, lowest, grid, terms.risk, terms.delta)
        by_class.update({name: claim} if claim is not None else {})
    benign = _missing(both, certify, fit, critical)
    shown = _under(benign.certify, lowest)
    return Claims(
        test="exact binomial" if both.certify.single else "betting",
        groups=certify.group_count,
        decisions=len(certify.trust),
        green=green,
        red=_red(every, terms.delta, lowest),
        by_class=by_class,
        missed=_claim_at(benign, lowest, grid, terms.critical_risk, terms.delta) if critical else None,
        missed_cases=int((shown & benign.certify.wrong).sum()) if critical else 0,
        benign_green=int(shown.sum()) if critical else 0,
        more_groups=None if green is not None else more_groups(certify, fit, terms),
    )


def _missing(both: _Both, certify: Answers, fit: Answers, critical: Sequence[str]) -> _Both:
    """Answers for classes that are not critical, "wrong" where the true class is: a missed critical case."""
    return _Both(
        both.certify.where(~np.isin(certify.final, critical), wrong=np.isin(certify.labels, critical)),
        both.fit.where(~np.isin(fit.final, critical), wrong=np.isin(fit.labels, critical)),
    )


def _claim_at(view: _Both, threshold: float | None, grid: Grid, risk: float, delta: float) -> Claim | None:
    """The claim at the threshold of green, where this view's own sequence certifies it."""
    if threshold is None:
        return None
    own = declare(view.fit, risk, candidates=sorted(grid.thresholds, reverse=True))
    return _claim(view.certify, threshold) if threshold in view.passed(own, risk, delta) else None


def _red(both: _Both, delta: float, green: float | None) -> Claim | None:
    """The highest threshold at or below which at least half of the answers are certified to be wrong."""
    mirrored = _Both(both.certify.reversed(), both.fit.reversed())
    passed = mirrored.passed(declare(mirrored.fit, UNRELIABLE), UNRELIABLE, delta)
    below = [-threshold for threshold in passed if green is None or -threshold < green]
    if not below:
        return None
    under = both.certify.trust <= max(below)
    return _counted(both.certify, under, max(below)) if under.any() else None


def _claim(decisions: Decisions, threshold: float | None) -> Claim | None:
    under = _under(decisions, threshold)
    return _counted(decisions, under, threshold) if threshold is not None and under.any() else None


def _under(decisions: Decisions, threshold: float | None) -> NDArray[np.bool_]:
    return decisions.trust >= (np.inf if threshold is None else threshold)


def _counted(decisions: Decisions, under: NDArray[np.bool_], threshold: float) -> Claim:
    return Claim(
        threshold=threshold,
        decisions=int(under.sum()),
        groups=len(np.unique(decisions.groups[under])),
        errors=int((under & decisions.wrong).sum()),
        coverage=float(under.mean()),
    )


def more_groups(certify: Answers, fit: Answers, terms: Terms) -> int | None:
    """About how many more groups to label, 3 to fit for 5 to certify, would certify green were all as it looks here.

    The most favourable threshold of the trust counts, among the answers that may be green; where the gate has too few
    fit groups to tell, among all.

    Returns:
        None where no number would do: at no threshold the error lies clearly below r.
    """
    typical = np.concatenate([certify.typical, fit.typical])
    trust = np.concatenate([certify.trust, fit.trust])
    wrong = np.concatenate([certify.labels != certify.final, fit.labels != fit.final])
    known = np.where(typical | ~typical.any(), trust, np.nan)
    counts = []
    for threshold in spread(known):
        accepted = known >= threshold
        error = (int((accepted & wrong).sum()) + 0.5) / (int(accepted.sum()) + 1)
        count = groups_needed(float(accepted.mean()), error, terms.risk, terms.delta / 2)
        counts += [count] if count is not None else []
    if not counts:
        return None
    to_certify = (1 + FIT_SHARE) * (min(counts) - certify.group_count)
    to_fit = (1 + 1 / FIT_SHARE) * (FEWEST_GROUPS - fit.group_count)
    at_least = FEWEST_MORE * (certify.group_count + fit.group_count)
    return math.ceil(max(to_certify, to_fit, at_least))
