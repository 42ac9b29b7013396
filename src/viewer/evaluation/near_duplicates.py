"""Pictures that a network takes for almost the same: every pair is compared, block by block."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError

MOST_PAIRS = 100_000
"""More are no list that anybody reads."""

_ROWS = 1024
"""Pictures compared at a time with all later ones: bounds memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPair:
    """Two pictures, by their places in what was compared.

    Attributes:
        first, second: `first` < `second`.
        cosine: Of their features.
    """

    first: int
    second: int
    cosine: float


def near_pairs(features: NDArray[np.float32], owners: NDArray[np.intp], limit: float) -> list[NearPair]:
    """Of any two owners the two pictures that are most alike, where their cosine is at least `limit`.

    Exact: nothing is left out. A picture whose features are all 0 is like no other.

    Args:
        features: (n, D), finite.
        owners: (n,), ascending; the file of each picture, or each its own. Pictures of one owner are not compared.
        limit: At least this cosine, above 0.

    Returns:
        By falling cosine, then by place.

    Raises:
        ViewerError: There are more than `MOST_PAIRS`.
    """
    length = np.linalg.norm(features, axis=1, keepdims=True)
    unit = (features / np.where(length > 0, length, 1)).astype(np.float32)
    best: dict[tuple[int, int], NearPair] = {}
    for first, second, cosine in _alike(unit, owners, limit):
        pair = int(owners[first]), int(owners[second])
        if pair not in best or cosine > best[pair].cosine:
            best[pair] = NearPair(first=first, second=second, cosine=min(cosine, 1.0))
        if len(best) > MOST_PAIRS:
            raise ViewerError(f"more than {MOST_PAIRS} pairs are alike by {limit:g}; ask for a higher limit")
    return sorted(best.values(), key=lambda pair: (-pair.cosine, pair.first, pair.second))


def _alike(unit: NDArray[np.float32], owners: NDArray[np.intp], limit: float) -> Iterator[tuple[int, int, float]]:
    for start in range(0, len(unit), _ROWS):
        cosines = unit[start : start + _ROWS] @ unit[start:].T
        other = owners[start : start + _ROWS, None] < owners[None, start:]
        rows, columns = np.nonzero((cosines >= limit) & other)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            yield start + row, start + column, float(cosines[row, column])
