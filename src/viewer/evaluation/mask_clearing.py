"""What everybody knows of an organ, put to use: it has so many parts, and no holes. Pure functions over batches."""

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.attention import HALF, found_mask

DOUBT = 0.01
"""How far from ½ the probability is of what is cleared away or filled: known from its place, not from its looks."""


def cleared(masks: NDArray[np.float32], parts: int) -> NDArray[np.float32]:
    """Masks of which the surest parts alone are found, without holes.

    What lies apart from them gets a probability just below ½, what they enclose one just above: all else stays, so
    that a mask that had to be cleared is still less sure of itself.

    Args:
        masks: Probabilities float32 (B, H, W); rows of NaN have no mask.
        parts: How many parts are kept, counted where cells touch by a side: those with the largest Σ p − ½, for a
            wide patch that is hardly likelier than not is no organ. Of equal ones the upper one; 0 for all, holes and
            all.

    Returns:
        float32 (B, H, W).
    """
    return np.stack([_cleared(mask, parts) for mask in masks]) if parts and len(masks) else masks


def _cleared(mask: NDArray[np.float32], parts: int) -> NDArray[np.float32]:
    from scipy import ndimage  # not above: most bundles draw no mask

    found = found_mask(mask)
    numbers, _ = ndimage.label(found)
    sureness = np.bincount(numbers[found], weights=mask[found] - HALF)
    surest = np.argsort(-sureness, kind="stable")[:parts]
    kept: NDArray[np.bool_] = ndimage.binary_fill_holes(found & np.isin(numbers, surest))
    changed = np.where(found & ~kept, np.float32(HALF - DOUBT), mask)
    result: NDArray[np.float32] = np.where(kept & ~found, np.float32(HALF + DOUBT), changed)
    return result
