"""Many trusts → one: each mapped to [0, 1] by its distribution on the fit groups, then a weighted mean."""

import numpy as np
from numpy.typing import NDArray


def distribution_function(value: float, knots: NDArray[np.float64]) -> float:
    """Share of the fit groups' trust values below `value`, ties counting half.

    F(s) = (#{t < s} + ½ #{t = s}) / n, the mid-distribution function: unitless, [0, 1], ½ on average over the
    values it was made from, whatever their ties.

    Args:
        value: A trust in [0, 1].
        knots: float64 (n,), ascending, n ≥ 1.
    """
    return float(distribution_functions(np.array([value]), knots)[0])


def distribution_functions(values: NDArray[np.float64], knots: NDArray[np.float64]) -> NDArray[np.float64]:
    """`distribution_function` of many values, float64 (n,); NaN stays NaN."""
    below = np.searchsorted(knots, values, side="left")
    up_to = np.searchsorted(knots, values, side="right")
    return np.where(np.isnan(values), np.nan, (below + up_to) / (2 * len(knots)))


def weighted_mean(mapped: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Σ wᵢ·Fᵢ(sᵢ) / Σ wᵢ of every row, float64 (n,), adding up scorer by scorer as the combined trust does.

    Args:
        mapped: float64 (n, d).
        weights: float64 (d,), ≥ 0 and not all 0.
    """
    total = np.zeros(len(mapped))
    for column, weight in zip(mapped.T, weights, strict=True):
        total = total + weight * column
    return total / sum(float(weight) for weight in weights)
