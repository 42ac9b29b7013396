"""Conformal p-values where every group weighs alike, however many pictures it has."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def group_weights(groups: NDArray[np.intp]) -> Values:
    """1 / size of its group for each of n pictures, float64 (n,): they add up to the number of groups."""
    weights: Values = 1 / np.bincount(groups)[groups]
    return weights


def conformal_p(value: float, known: Values, weights: Values) -> float:
    """(1 + Σ_{x_i ≥ x} w_i) / (G + 1): how often a picture of a new group would be at least as strange.

    Args:
        value: x, larger is stranger.
        known: x_i of n pictures, float64 (n,).
        weights: w_i as `group_weights`; G is their sum.

    Returns:
        In (0, 1], at least 1 / (G + 1).
    """
    return float((1 + weights[known >= value].sum()) / (1 + weights.sum()))


def weight_above(known: Values, weights: Values) -> Values:
    """Σ_{x_j ≥ x_i} w_j for each of n pictures, float64 (n,): what is at least as strange, itself among it."""
    order = np.argsort(known)
    from_the_top = np.append(np.cumsum(weights[order][::-1])[::-1], 0.0)
    above: Values = from_the_top[np.searchsorted(known[order], known, side="left")]
    return above
