"""Many trusts → one: each mapped to [0, 1] by its distribution on the fit groups, then a weighted mean."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.domain.combination import distribution_function, distribution_functions, weighted_mean
from viewer.domain.result import About, Score, ScoreRow

FALLBACK: Mapping[str, float] = {"softmax": 1.0}
"""Weights of a bundle whose combination was never fitted: the baseline everything is compared with."""


def combined_trusts(
    trusts: Mapping[str, NDArray[np.float64]],
    fitted: Mapping[str, float],
    distributions: Mapping[str, NDArray[np.float64]],
) -> NDArray[np.float64]:
    """`combined_trust` of n answers at once, float64 (n,); NaN where a trust that carries weight is missing.

    Args:
        trusts: By scorer name, float64 (n,), NaN where there is none.
        fitted: Weights by scorer name, with at least one above 0.
        distributions: By scorer name, ascending.

    Raises:
        KeyError: A scorer that carries weight has no trusts or no distribution.
    """
    named = [name for name, weight in fitted.items() if weight > 0]
    mapped = np.stack([distribution_functions(trusts[name], distributions[name]) for name in named], axis=1)
    return weighted_mean(mapped, np.array([fitted[name] for name in named]))


def effective_weights(fitted: Mapping[str, float]) -> Mapping[str, float]:
    """The weights in force: the bundle's, or the softmax probability alone where none were fitted."""
    return fitted or FALLBACK


def combined_trust(
    rows: Sequence[ScoreRow],
    fitted: Mapping[str, float],
    distributions: Mapping[str, NDArray[np.float64]],
) -> float | None:
    """Σ wᵢ·Fᵢ(sᵢ) / Σ wᵢ over the correctness scorers that carry weight.

    Args:
        rows: One per scorer that is there.
        fitted: Weights by scorer name from the bundle; `{}` where never fitted: then the softmax probability
            speaks alone, by its distribution function where the bundle has one, else as it is.
        distributions: Trust values of the fit groups by scorer name, ascending.

    Returns:
        Unitless, [0, 1]; None where a scorer that carries weight is missing, failed, abstained or has no
        distribution: missing evidence is never averaged away.
    """
    answers = {row.name: row.result for row in rows if row.about is About.CORRECTNESS}
    total = weights = 0.0
    for name, weight in effective_weights(fitted).items():
        if weight <= 0:
            continue
        answer, knots = answers.get(name), distributions.get(name)
        if not isinstance(answer, Score) or answer.trust is None or (knots is None and fitted):
            return None
        total += weight * (answer.trust if knots is None else distribution_function(answer.trust, knots))
        weights += weight
    return total / weights if weights else None
