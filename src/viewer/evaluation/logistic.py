"""Logistic regression without negative weights: how much each of several views of an answer says of its being right.

A ridge pulls the weights towards 0, so that views that say the same share their weight. How strong it should be
depends on how many views there are and how much there is to learn from, so it is chosen on groups left out.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

RIDGES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
"""Ridges that are tried, per unit squared, for views in [0, 1]."""

FOLDS = 5
SEED = 20240501
"""Of the folds: the same cases always give the same ridge."""

_FREE = 1e-9
"""Ridge of the intercept: next to none, but never singular."""
_STEPS = 100
_SETTLED = 1e-10
_NEAR = 1e-6


class Logistic(NamedTuple):
    """P(right) = σ(w·x + b), with w ≥ 0.

    Attributes:
        weights: w, float64 (d,).
        intercept: b.
    """

    weights: Values
    intercept: float

    def logits(self, views: Values) -> Values:
        """w·x + b of views (n, d), float64 (n,)."""
        found: Values = views @ self.weights + self.intercept
        return found


def fit_logistic(
    views: Values, correct: NDArray[np.bool_], groups: NDArray[Any], ridge: float | None = None
) -> Logistic:
    """The weights that minimise the mean over groups of a group's mean of −ln P, plus ridge·‖w‖²/2, with w ≥ 0.

    By Newton's steps in the weights that are not held at 0 (Bertsekas, SIAM J. Control and Optimization 20(2), 1982).
    The problem is strictly convex, so the solution is one and depends on neither a start nor chance.

    Args:
        views: float64 (n, d), in [0, 1].
        correct: bool (n,), not all alike.
        groups: (n,).
        ridge: > 0; None for the one `choose_ridge` finds.
    """
    ridge = choose_ridge(views, correct, groups) if ridge is None else ridge
    shares = _shares(groups)
    design = np.concatenate([views, np.ones((len(views), 1))], axis=1)
    pull = np.append(np.full(views.shape[1], ridge), _FREE)
    lowest = np.append(np.zeros(views.shape[1]), -np.inf)
    sign = np.where(correct, 1.0, -1.0)

    def cost(point: Values) -> float:
        return float(shares @ np.logaddexp(0, -sign * (design @ point)) + 0.5 * pull @ point**2)

    point = np.zeros(design.shape[1])
    now = cost(point)
    for _ in range(_STEPS):
        chance = 0.5 * (1 + np.tanh(design @ point / 2))  # the logistic function, without overflow
        slope = design.T @ (shares * (chance - correct)) + pull * point
        away = float(np.abs(point - np.maximum(point - slope, lowest)).max())
        if away < _SETTLED:
            break
        curvature = (design * (shares * chance * (1 - chance))[:, None]).T @ design + np.diag(pull)
        held = (point <= lowest + min(_NEAR, away)) & (slope > 0)
        step = slope / np.diag(curvature)
        step[~held] = np.linalg.solve(curvature[np.ix_(~held, ~held)], slope[~held])
        length, further = 1.0, np.maximum(point - step, lowest)
        while (then := cost(further)) > now - 1e-4 * slope @ (point - further) and length > 1e-9:
            length /= 2
            further = np.maximum(point - length * step, lowest)
        if then >= now:
            break
        point, now = further, then
    return Logistic(point[:-1], float(point[-1]))


def choose_ridge(
    views: Values, correct: NDArray[np.bool_], groups: NDArray[Any], ridges: Sequence[float] = RIDGES
) -> float:
    """The strongest ridge that is no worse on groups left out than the best one, within one standard error.

    What is compared is −ln P of what happened, a group's mean, over five folds of groups; a fold counts only where
    the others hold right and wrong answers. The rule of one standard error is that of Breiman et al., Classification
    and Regression Trees, 1984, here of the differences from the best ridge, over groups.

    Args:
        views: float64 (n, d), in [0, 1].
        correct: bool (n,).
        groups: (n,).
        ridges: To choose from.
    """
    folds, shares = deal(groups), _shares(groups)
    numbers = np.unique(groups, return_inverse=True)[1]
    sign = np.where(correct, 1.0, -1.0)
    surprise = np.zeros((len(ridges), len(views)))
    for fold in range(FOLDS):
        here, there = folds == fold, folds != fold
        if not here.any() or correct[there].all() or not correct[there].any():
            continue
        for place, ridge in enumerate(ridges):
            logits = fit_logistic(views[there], correct[there], groups[there], ridge).logits(views[here])
            surprise[place, here] = shares[here] * np.logaddexp(0, -sign[here] * logits)
    worse = surprise - surprise[surprise.sum(axis=1).argmin()]
    by_group = np.stack([np.bincount(numbers, row) for row in worse])
    error = by_group.std(axis=1) * np.sqrt(by_group.shape[1])
    within = by_group.sum(axis=1) <= error
    return max(ridge for ridge, good in zip(ridges, within.tolist(), strict=True) if good)


def deal(groups: NDArray[Any]) -> NDArray[np.intp]:
    """Fold of every case, int (n,), whole groups together; the same for the same groups."""
    names, numbers = np.unique(groups, return_inverse=True)
    folds: NDArray[np.intp] = (np.random.default_rng(SEED).permutation(len(names)) % FOLDS)[numbers]
    return folds


def _shares(groups: NDArray[Any]) -> Values:
    """What each case counts, float64 (n,): every group alike, 1 in all."""
    _, numbers, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    shares: Values = 1 / (sizes[numbers] * len(sizes))
    return shares
