"""How strongly two ways of naming the same things go together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 999


@dataclass(frozen=True, slots=True)
class Association:
    """What was measured.

    Attributes:
        strength: Cramér's V corrected for bias (Bergsma 2013), 0 for none to 1 for complete.
        p: Share of random pairings that go together as strongly, the real one among them.
    """

    strength: float
    p: float


def association(first: Sequence[str], second: Sequence[str], *, seed: int) -> Association | None:
    """Measure and test; None where one of the two names everything alike, or everything differently.

    Args:
        first: Names of n independent things.
        second: Other names of the same.
        seed: Of the random pairings.
    """
    names, one = np.unique(np.array(first), return_inverse=True)
    others, other = np.unique(np.array(second), return_inverse=True)
    if min(len(names), len(others)) < 2 or max(len(names), len(others)) == len(one):
        return None
    rng = np.random.default_rng(seed)
    real = _chi_squared(one, other)
    drawn = [_chi_squared(one, rng.permutation(other)) for _ in range(PERMUTATIONS)]
    at_least = sum(value >= real * (1 - 1e-9) for value in drawn)
    return Association(
        strength=_cramers_v(real, len(one), len(names), len(others)), p=(1 + at_least) / (1 + PERMUTATIONS)
    )


def _chi_squared(one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
    columns = int(other.max()) + 1
    table = np.bincount(one * columns + other, minlength=(int(one.max()) + 1) * columns).reshape(-1, columns)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / len(one)
    return float(((table - expected) ** 2 / expected).sum())


def _cramers_v(chi_squared: float, count: int, rows: int, columns: int) -> float:
    bias = (rows - 1) * (columns - 1) / (count - 1)
    phi_squared = max(0.0, chi_squared / count - bias)
    least = min(size - (size - 1) ** 2 / (count - 1) for size in (rows, columns)) - 1
    return min(1.0, float(np.sqrt(phi_squared / least))) if least > 0 else 0.0
