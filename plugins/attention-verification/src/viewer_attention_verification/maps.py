"""Maps that can be compared: attention to a class and early activity, each in [0, 1] on the same 28×28 grid."""

import numpy as np
from numpy.typing import NDArray

from viewer.api import resized as on_grid

Maps = NDArray[np.float32]

SIDE = 28
"""Side of every map in cells."""

LEAST_CONTRAST = 1e-6
"""Least difference of a map's extremes, as a part of its maximum, that is more than rounding."""


def gam(attention: NDArray[np.floating]) -> Maps:
    """Gradient attention map: ReLU, min–max to [0, 1], bilinear to 28×28.

    Args:
        attention: Grad-CAM before its ReLU, (B, h, w), as in `Evidence.attention`.

    Returns:
        float32 (B, 28, 28) in [0, 1]; all zero where there is no attention, see `has_attention`.
    """
    return resized(rectified(attention))


def rectified(attention: NDArray[np.floating]) -> NDArray[np.float64]:
    """The first two steps of `gam`, on the network's own grid: float64 (B, h, w)."""
    return stretched(np.maximum(_finite(attention), 0))


def has_attention(attention: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whether the attention (B, h, w) points anywhere, bool (B,).

    It does not where no cell is above 0, where all cells above 0 are the same all over, or where a cell is no finite
    number: the network then looks nowhere in particular.
    """
    return has_contrast(np.maximum(_finite(attention), 0))


def early_map(early: NDArray[np.floating]) -> Maps:
    """Channel mean of an early convolution (B, h, w), of either sign: min–max to [0, 1], bilinear to 28×28.

    float32 (B, 28, 28); all zero where it is the same all over or holds what is no finite number.
    """
    return resized(stretched(_finite(early)))


def has_contrast(maps: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whether the cells of each map (B, h, w) differ by more than rounding, bool (B,)."""
    top, bottom = maps.max(axis=(1, 2)), maps.min(axis=(1, 2))
    largest = np.maximum(np.maximum(top, -bottom), np.finfo(np.float32).tiny)
    differs: NDArray[np.bool_] = top - bottom > LEAST_CONTRAST * largest
    return differs


def stretched(maps: NDArray[np.floating]) -> NDArray[np.float64]:
    """Each map (B, h, w) from its own minimum to its own maximum: float64 in [0, 1]; zero without contrast."""
    wide = maps.astype(np.float64)
    low, high = wide.min(axis=(1, 2), keepdims=True), wide.max(axis=(1, 2), keepdims=True)
    some = has_contrast(wide)[:, None, None]
    unit: NDArray[np.float64] = np.divide(wide - low, high - low, out=np.zeros_like(wide), where=some)
    return unit


def resized(maps: NDArray[np.float64]) -> Maps:
    """Maps (B, h, w) on the grid of 28×28, bilinearly, float32."""
    return on_grid(maps, SIDE, SIDE).astype(np.float32)


def _finite(maps: NDArray[np.floating]) -> NDArray[np.floating]:
    """The maps (B, h, w), zero where one holds what is no finite number."""
    sound = np.isfinite(maps).all(axis=(1, 2), keepdims=True)
    return np.where(sound, maps, maps.dtype.type(0))
