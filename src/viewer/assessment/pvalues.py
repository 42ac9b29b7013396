"""p-values for "more than a share r of the accepted answers is wrong": small ones are evidence of safety."""

import math

import numpy as np
from numpy.typing import NDArray

LARGEST_BET = 0.9
"""Share of the wealth that one wholly wrong group may cost: 1 would end the game at the first of them."""

_MOST_ERRORS = 50
"""Errors among the accepted beyond which a plan is given up: some 700 accepted groups at r = .10."""


def binomial_p_value(errors: int, accepted: int, risk: float) -> float:
    """P(X ≤ errors) for X ~ Binomial(accepted, risk), exact: for one decision per group.

    Given how many groups are accepted, their errors are binomial; so this is a valid p-value of "the probability of
    an error among accepted answers exceeds `risk`" whatever the share that is accepted.

    Args:
        errors: Wrong answers among the accepted, ≤ `accepted`.
        accepted: Accepted answers; 0 gives 1.
        risk: In (0, 1).
    """
    if errors >= accepted:
        return 1.0
    k = np.arange(errors + 1)
    # ln C(n, k) as a running sum: exact to rounding, and a hundred thousand decisions cost a millisecond.
    choose = np.concatenate([[0.0], np.cumsum(np.log((accepted - k[1:] + 1) / k[1:]))])
    terms = choose + k * math.log(risk) + (accepted - k) * math.log1p(-risk)
    top = float(terms.max())
    return min(1.0, math.exp(top) * float(np.exp(terms - top).sum()))


def group_losses(
    accepted: NDArray[np.bool_], wrong: NDArray[np.bool_], groups: NDArray[np.intp], risk: float
) -> NDArray[np.float64]:
    """Loss mean(accepted·(wrong − r)) + r of every group, float64 (G,), in [0, 1].

    It is r for a group without accepted answers, 0 for one whose answers are all accepted and right, 1 for one whose
    are all accepted and wrong. Its mean over groups exceeds r exactly where P(wrong | accepted) does, each group
    weighing alike.

    Args:
        accepted: bool (n,).
        wrong: bool (n,).
        groups: Number 0 … G−1 of every answer's group; every group has an answer.
        risk: r in (0, 1).
    """
    sizes = np.bincount(groups)
    sums = np.bincount(groups, weights=accepted * (wrong - risk), minlength=len(sizes))
    losses: NDArray[np.float64] = np.clip(sums / sizes + risk, 0.0, 1.0)
    return losses


def betting_p_value(losses: NDArray[np.float64], risk: float, guess: NDArray[np.float64]) -> float:
    """p-value of "the mean loss is at least `risk`", for independent losses of groups in [0, 1].

    A gambler bets on every group in turn that its loss lies below `risk`: wealth ∏(1 + bᵢ·(r − Lᵢ)), bᵢ in
    [0, 0.9/(1−r)] chosen before Lᵢ is seen. Were the mean loss r or more, the wealth would be a supermartingale,
    and by Ville's inequality would reach 1/δ with probability at most δ; so p = 1 / (largest wealth). Within a group
    answers may depend on each other in any way.

    The bet is Kelly's to second order, mean(r − L)/mean((r − L)²), over the losses seen so far and `guess`, which
    stand in for the past at the beginning. A bad guess costs power, never validity.

    Source: Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting", JRSS B 2024.

    Args:
        losses: float64 (G,), in an order that does not depend on them.
        risk: r in (0, 1).
        guess: Losses of other groups (the fit groups).
    """
    gains = risk - losses
    prior = risk - guess
    # Half a wholly wrong group is added: a guess without errors must not stake everything on there being none.
    totals = prior.sum() + (risk - 1) / 2 + np.concatenate([[0.0], np.cumsum(gains)])[:-1]
    squares = (prior**2).sum() + (risk - 1) ** 2 / 2 + np.concatenate([[0.0], np.cumsum(gains**2)])[:-1]
    bets = np.clip(totals / squares, 0.0, LARGEST_BET / (1 - risk))
    wealth = np.cumsum(np.log1p(bets * gains))
    return math.exp(-max(0.0, float(wealth.max(initial=0.0))))


def fewest_without_error(risk: float, delta: float) -> int:
    """Fewest accepted groups that certify `risk` at confidence 1−δ when none of them is wrong: (1−r)ⁿ ≤ δ."""
    return math.ceil(math.log(delta) / math.log1p(-risk) - 1e-12)


def groups_needed(coverage: float, error: float, risk: float, delta: float) -> int | None:
    """Groups after which the expected number of errors certifies `risk`: one decision per group, exact binomial.

    Args:
        coverage: Share of decisions that are accepted, in (0, 1].
        error: Share of errors among them.
        risk: r.
        delta: δ of the test.

    Returns:
        None where the error is not clearly below r: then no number of groups that anybody has would do.
    """
    accepted = fewest_without_error(risk, delta)
    for errors in range(_MOST_ERRORS):
        while binomial_p_value(errors, accepted, risk) > delta:
            accepted += 1
        if error * accepted <= errors + 0.5:
            return math.ceil(accepted / coverage)
    return None
