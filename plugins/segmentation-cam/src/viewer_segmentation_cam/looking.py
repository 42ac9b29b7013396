"""Where the attention lies beside the mask: shares, areas and the pictures of them."""

import numpy as np
from numpy.typing import NDArray

from viewer.api import Evidence, Looking, looks_at, resized

Flags = NDArray[np.bool_]


def looking(evidence: Evidence) -> Looking:
    """Attention and mask of B frames.

    Raises:
        ValueError: There are no masks, or no attention was captured.
    """
    if evidence.mask is None or evidence.attention is None:
        raise ValueError("no mask or no attention was captured")
    return looks_at(evidence.attention, evidence.mask)


def attention_on(mask: NDArray[np.float32], attention: NDArray[np.float32]) -> NDArray[np.float32]:
    """Attention (1, h, w) to a class as a share of its maximum, on the grid of a mask (1, H, W): float32 (H, W).

    There has to be attention somewhere.
    """
    positive = np.maximum(attention, 0)
    shares: NDArray[np.float32] = resized(positive / positive.max(), *mask.shape[1:])[0].astype(np.float32)
    return shares


def divided(values: NDArray[np.float32], found: Flags) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A map (H, W) inside a mask, the masked CAM upsample(CAM)·M, and outside it; NaN, which is clear, elsewhere."""
    nowhere = np.float32(np.nan)
    return np.where(found, values, nowhere), np.where(found, nowhere, values)
