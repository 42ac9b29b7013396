"""Maps on another grid."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.weights import Floats


def resized(maps: NDArray[np.floating], rows: int, columns: int) -> Floats:
    """Maps (B, h, w) on a grid of `rows` × `columns`, bilinearly, float64 (B, rows, columns).

    A cell stands for its area, so that centres are aligned and not corners, and a finer grid is made coarser with a
    wider triangle, so that nothing falls between: torch's `interpolate(…, align_corners=False, antialias=True)`.
    Every map is a product of its own, so that it does not depend on the others.
    """
    down, across = _bilinear(maps.shape[1], rows), _bilinear(maps.shape[2], columns)
    on_grid: Floats = down @ np.ascontiguousarray(maps, np.float64) @ across.T
    return on_grid


@cache
def _bilinear(cells: int, wanted: int) -> Floats:
    """Weights (wanted, cells) of bilinear resizing along one axis; every row sums to 1, read-only."""
    scale = cells / wanted
    reach = max(scale, 1.0)
    centres = (np.arange(wanted) + 0.5) * scale
    distances = np.abs(np.arange(cells) + 0.5 - centres[:, None]) / reach
    weights: Floats = np.maximum(1 - distances, 0)
    weights /= weights.sum(axis=1, keepdims=True)
    weights.setflags(write=False)
    return weights
