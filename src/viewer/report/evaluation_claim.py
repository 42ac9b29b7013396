"""Did what the certificate claims hold among these cases? Tested by groups, as the certificate itself was."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.certify import ORDER_SEED
from viewer.assessment.claims import NEARLY_SINGLE
from viewer.assessment.pvalues import betting_p_value, binomial_p_value, group_losses
from viewer.domain.certificate import Test
from viewer.domain.result import Light
from viewer.evaluation.table import PredictionTable
from viewer.report.cohort import Claimed

Outcome = Literal["confirmed", "broken", "open", "empty"]
"""The interval lies wholly on the claimed side, wholly on the other, or on both; there are no such cases."""

LEVEL = 0.95
"""Of the interval; half of what it leaves out lies on each side."""

WORST = 0.5
"""Share of errors that red claims at least."""

_RISKS = np.linspace(0, 1, 401)[1:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One claim and what came of it here.

    Attributes:
        about: What is claimed, in words.
        limit: The claimed share.
        at_most: Whether the share is claimed to be at most the limit; else at least.
        errors, decisions, groups: How many were counted here.
        share: `errors` ÷ `decisions`; NaN without any.
        low, high: Interval of the share by groups, `LEVEL`; NaN without any.
        test: How it was tested: one decision per group by the exact binomial, else by bets on groups.
        outcome: What follows.
    """

    about: str
    limit: float
    at_most: bool
    errors: int
    decisions: int
    groups: int
    share: float
    low: float
    high: float
    test: Test
    outcome: Outcome


def check_claims(table: PredictionTable, claimed: Claimed, critical: tuple[str, ...]) -> tuple[Checked, ...]:
    """Check every part of a claim that is certified and can be counted here.

    Args:
        table: Cases with truth, answer and light.
        claimed: What was certified.
        critical: Classes that must not be missed.
    """
    if table.lights is None:
        return ()
    wrong = table.true != table.answer
    units = np.arange(len(table)) if table.groups is None else table.groups
    lights = list(Light)
    green, red = (table.lights == lights.index(light) for light in (Light.GREEN, Light.RED))
    found = []
    if claimed.green:
        found.append(check("errors among green answers", green, wrong, units, claimed.risk))
    if claimed.red:
        found.append(check("errors among red answers", red, wrong, units, WORST, at_most=False))
    numbers = [table.classes.index(name) for name in critical if name in table.classes]
    if claimed.missed and numbers:
        other = green & ~np.isin(table.answer, numbers)
        missed = np.isin(table.true, numbers)
        words = "missed critical cases among green answers for other classes"
        found.append(check(words, other, missed, units, claimed.critical_risk))
    return tuple(found)


def check(
    about: str,
    accepted: NDArray[np.bool_],
    wrong: NDArray[np.bool_],
    units: NDArray[np.intp],
    limit: float,
    *,
    at_most: bool = True,
) -> Checked:
    """Check that the share of `wrong` among `accepted` is at most (or at least) `limit`.

    Args:
        about: In words.
        accepted: Which rows the claim is about, (n,).
        wrong: What it counts, (n,).
        units: Number of every row's group, from 0 without gaps, (n,).
        limit: The claimed share, in (0, 1).
        at_most: Else at least.
    """
    decisions, errors = int(accepted.sum()), int((accepted & wrong).sum())
    groups = len(np.unique(units[accepted]))
    low, high, test = interval(accepted, wrong, units) if decisions else (np.nan, np.nan, "exact binomial")
    good, bad = (high <= limit, low > limit) if at_most else (low >= limit, high < limit)
    outcome: Outcome = "empty" if not decisions else "confirmed" if good else "broken" if bad else "open"
    return Checked(
        about=about,
        limit=limit,
        at_most=at_most,
        errors=errors,
        decisions=decisions,
        groups=groups,
        share=errors / decisions if decisions else np.nan,
        low=float(low),
        high=float(high),
        test=test,
        outcome=outcome,
    )


def interval(
    accepted: NDArray[np.bool_], wrong: NDArray[np.bool_], units: NDArray[np.intp], level: float = LEVEL
) -> tuple[float, float, Test]:
    """Interval of the share of `wrong` among `accepted`, by inverting the tests that make certificates.

    With hardly more than one accepted row per group one of each is drawn, without regard to any outcome, and the
    binomial is exact (Clopper and Pearson 1934). Otherwise the groups are bet on; each weighs alike.

    Returns:
        Lower and upper end, and the test.
    """
    alpha = (1 - level) / 2
    of = np.unique(units[accepted])
    if accepted.sum() <= NEARLY_SINGLE * len(of):
        kept = _one_of_each(accepted, units)
        count, errors = len(kept), int(wrong[kept].sum())
        above = [binomial_p_value(errors, count, risk) for risk in _RISKS]
        below = [binomial_p_value(count - errors, count, 1 - risk) for risk in _RISKS]
        return *_ends(np.array(above), np.array(below), alpha), "exact binomial"
    order = np.random.default_rng(ORDER_SEED).permutation(int(units.max()) + 1)
    shuffled, nothing = order[units], np.empty(0)
    losses = [group_losses(accepted, wrong, shuffled, risk) for risk in _RISKS]
    above = [betting_p_value(loss, risk, nothing) for loss, risk in zip(losses, _RISKS, strict=True)]
    below = [betting_p_value(1 - loss, 1 - risk, nothing) for loss, risk in zip(losses, _RISKS, strict=True)]
    return *_ends(np.array(above), np.array(below), alpha), "betting"


def _ends(above: NDArray[np.float64], below: NDArray[np.float64], alpha: float) -> tuple[float, float]:
    """Ends of the risks that neither test rejects, each a step of the grid further out.

    Args:
        above: p-values of "the share is this risk or more".
        below: p-values of "the share is this risk or less".
        alpha: Of each.
    """
    possible = np.flatnonzero((above > alpha) & (below > alpha))
    steps = np.concatenate([[0.0], _RISKS, [1.0]])
    if not len(possible):  # the two tests disagree about every risk: nothing is known
        return 0.0, 1.0
    return float(steps[possible[0]]), float(steps[possible[-1] + 2])


def _one_of_each(accepted: NDArray[np.bool_], units: NDArray[np.intp]) -> NDArray[np.intp]:
    """One accepted row of every group that has any."""
    rows = np.random.default_rng(ORDER_SEED).permutation(np.flatnonzero(accepted))
    _, first = np.unique(units[rows], return_index=True)
    return rows[first]
