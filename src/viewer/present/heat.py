"""From a small map of numbers to coloured, partly transparent pixels."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from viewer.present.colours import colour_map

SIDE = 192
"""Pixels of the longer side of a drawn map; the numbers are interpolated up to here, then coloured."""

CLEAR_BELOW = 0.35
"""Share of the colour map over which a map fades in, so that the picture stays visible where there is nothing."""

_NOTHING = 256
"""Entry of a fading table for NaN."""

DIVERGING = frozenset({"coolwarm"})
"""Colour maps whose middle means "nothing"."""


def coloured(values: NDArray[np.float32], limits: tuple[float, float], name: str) -> NDArray[np.uint8]:
    """Colour a map.

    Args:
        values: float32 (h, w); NaN is transparent.
        limits: Values at the two ends of the colour map.
        name: One of `viewer.present.colours.COLOUR_MAPS`.

    Returns:
        uint8 (H, W, 4), straight alpha, with the longer side at least `SIDE`.
    """
    low, high = limits
    places = np.rint((enlarged(values) - low) * (255 / (high - low)))
    entries = np.where(np.isnan(places), _NOTHING, np.clip(places, 0, 255)).astype(np.intp, order="C")
    return _fading(name)[entries].view(np.uint8).reshape(*entries.shape, 4)


@cache
def _fading(name: str) -> NDArray[np.uint32]:
    """A colour map that fades in, each colour the four bytes of its RGBA; the last one, for NaN, is clear."""
    level = np.linspace(0, 1, 256)
    strength = np.abs(2 * level - 1) if name in DIVERGING else level
    table = np.zeros((_NOTHING + 1, 4), np.uint8)
    table[:_NOTHING, :3] = colour_map(name)
    table[:_NOTHING, 3] = np.rint(255 * np.clip(strength / CLEAR_BELOW, 0, 1))
    return table.view(np.uint32)[:, 0]


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
