"""The window of grey values where the file names none."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.domain.display import VoiFunction


def full_range(low: float, high: float) -> tuple[float, float, VoiFunction]:
    """Window that shows `low` black and `high` white, as (center, width, function)."""
    width = high - low if high > low else 1.0
    return low + width / 2, width, "LINEAR_EXACT"


def seen_range(values: NDArray[Any], padding: tuple[int, int] | None = None) -> tuple[float, float]:
    """Smallest and largest finite value that is not padding; (0, 1) without any."""
    seen = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if padding is not None:
        seen = seen[(seen < padding[0]) | (seen > padding[1])]
    return (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
