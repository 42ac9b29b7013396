"""The eight metrics as one: how their p-values are weighed, by what they say of right and wrong answers."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.api import auroc, deal, fit_logistic
from viewer_attention_verification.metrics import Values

FEWEST = 5
"""Right answers, and wrong ones, below which nothing is learnt and all metrics weigh alike."""


class Weights(NamedTuple):
    """What learning came to.

    Attributes:
        weights: float64 (M,), ≥ 0, 1 in all; 0 for all but one metric where together they tell no more.
        learnt: Whether there was enough to learn from.
    """

    weights: Values
    learnt: bool


def learn_weights(p_values: Values, correct: NDArray[np.bool_], groups: NDArray[Any]) -> Weights:
    """Weigh p-values (n, M) by a logistic regression of "right" without negative weights, or choose one metric.

    The ridge is chosen, and the combination judged, on groups left out; the ridge within those it is fitted to. The
    best single metric is chosen by all answers, which flatters it: the combination has to beat it all the same.

    Args:
        p_values: float64 (n, M).
        correct: Whether each answer is right, bool (n,).
        groups: (n,).
    """
    count = p_values.shape[1]
    if min(correct.sum(), (~correct).sum()) < FEWEST:
        return Weights(np.full(count, 1 / count), learnt=False)
    single = np.array([auroc(column, correct) for column in p_values.T])
    weights = fit_logistic(p_values, correct, groups).weights
    if weights.any() and auroc(_held_out(p_values, correct, groups), correct) > single.max():
        return Weights(weights / weights.sum(), learnt=True)
    return Weights(np.eye(count)[single.argmax()], learnt=True)


def weighed(p_values: Values, weights: Values) -> Values:
    """Weighted mean of p-values (B, M), float64 (B,); row by row, so that it does not depend on the batch."""
    mean: Values = (p_values * weights).sum(axis=1)
    return mean


def _held_out(p_values: Values, correct: NDArray[np.bool_], groups: NDArray[Any]) -> Values:
    """Weighted mean of every picture, by weights of the other folds, float64 (n,)."""
    folds = deal(groups)
    mean = np.full(len(p_values), 0.5)
    for fold in np.unique(folds):
        here, there = folds == fold, folds != fold
        if correct[there].any() and not correct[there].all():
            weights = fit_logistic(p_values[there], correct[there], groups[there]).weights
            mean[here] = weighed(p_values[here], weights / max(weights.sum(), np.finfo(np.float64).tiny))
    return mean
