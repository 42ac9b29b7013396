"""From a small map of numbers to coloured, partly transparent pixels."""

import numpy as np
from numpy.typing import NDArray

from viewer.present.colours import colourise

SIDE = 192
"""Pixels of the longer side of a drawn map; the numbers are interpolated up to here, then coloured."""

CLEAR_BELOW = 0.35
"""Share of the colour map over which a map fades in, so that the picture stays visible where there is nothing."""

DIVERGING = frozenset({"coolwarm"})
"""Colour maps whose middle means "nothing"."""


def coloured(values: NDArray[np.float32], limits: tuple[float, float], colour_map: str) -> NDArray[np.uint8]:
    """Colour a map.

    Args:
        values: float32 (h, w); NaN is transparent.
        limits: Values at the two ends of the colour map.
        colour_map: One of `viewer.present.colours.COLOUR_MAPS`.

    Returns:
        uint8 (H, W, 4), straight alpha, with the longer side at least `SIDE`.
    """
    smooth = enlarged(values)
    rgba = colourise(smooth, limits, colour_map)
    low, high = limits
    level = np.nan_to_num(np.clip((smooth - low) / (high - low), 0, 1))
    strength = np.abs(2 * level - 1) if colour_map in DIVERGING else level
    fade = np.clip(strength / CLEAR_BELOW, 0, 1)
    rgba[..., 3] = np.rint(rgba[..., 3] * fade).astype(np.uint8)
    return rgba


def enlarged(values: NDArray[np.float32], side: int = SIDE) -> NDArray[np.float32]:
    """Interpolate bilinearly between cell centres so that the longer side has about `side` samples; NaN stays NaN."""
    factor = max(1, -(-side // max(values.shape)))
    return _stretch(_stretch(values, factor).T, factor).T


def _stretch(values: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Linear interpolation along the first axis, `factor` samples per cell, constant beyond the outer centres."""
    rows = len(values)
    centres = np.clip((np.arange(rows * factor) + 0.5) / factor - 0.5, 0, rows - 1)
    below = np.floor(centres).astype(np.intp)
    above = np.minimum(below + 1, rows - 1)
    share = (centres - below).astype(np.float32)[:, None]
    mixed: NDArray[np.float32] = values[below] * (1 - share) + values[above] * share
    return mixed
