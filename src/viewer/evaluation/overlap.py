"""How well a mask agrees with another; pure functions on one picture's masks, bool (rows, columns)."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def dice(found: Mask, true: Mask) -> float:
    """Twice what both cover ÷ the sum of their areas, in [0, 1]; 1 where both are empty."""
    both, areas = int((found & true).sum()), int(found.sum()) + int(true.sum())
    return 2 * both / areas if areas else 1.0


def iou(found: Mask, true: Mask) -> float:
    """What both cover ÷ what either covers, in [0, 1]; 1 where both are empty."""
    union = int((found | true).sum())
    return int((found & true).sum()) / union if union else 1.0


def pixel_accuracy(found: Mask, true: Mask) -> float:
    """Share of the pixels that both call the same, in [0, 1]."""
    return float((found == true).mean())
