"""Dark hairs found and painted over, after DullRazor."""

from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

T = TypeVar("T", np.uint8, np.bool_)

_ANGLES = np.arange(16) * np.pi / 16
"""Directions of the lines that hairs are compared with, in radians."""

_CONTRAST = 16
"""Levels by which a hair is darker than what lies on both sides of it, at least."""


def without_hair(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with its dark hairs painted over; it is as it was where it has none.

    Args:
        rgb: uint8 (rows, cols, 3), square pixels.

    Returns:
        uint8 (rows, cols, 3).
    """
    hair = hair_mask(rgb)
    return painted_over(rgb, hair) if hair.any() and not hair.all() else rgb


def hair_mask(rgb: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where long, thin, dark lines are, bool (rows, cols).

    As DullRazor (Lee et al. 1997, doi:10.1016/S0010-4825(97)00020-6) the picture is closed along lines of several
    directions: a line that crosses a hair fills it in. A hair is what such a closing makes lighter, while one along
    a longer line in the hair's own direction leaves it dark, over some length in that direction; so the meshes of a
    pigment network are mostly left alone, as are hairs of a pixel's width. All lengths are parts of the picture's
    shorter side.

    Args:
        rgb: uint8 (rows, cols, 3), square pixels.
    """
    side = min(rgb.shape[:2])
    across, along, length = (max(least, round(side / part)) for least, part in ((2, 64), (3, 36), (3, 22)))
    levels = np.pad(rgb.max(axis=2), 2 * across, mode="edge")  # a hair is dark in every colour
    filled = levels
    for angle in _ANGLES[::4]:
        filled = np.maximum(filled, _closed(levels, angle, across))
    below = filled - np.minimum(filled, _CONTRAST)
    hair = np.zeros(levels.shape, np.bool_)
    for angle in _ANGLES:
        dark = _closed(levels, angle, along) <= below
        hair |= dark & _widened(_narrowed(_grown(dark), angle, length), angle, length)
    inside = slice(2 * across, -2 * across)
    return _grown(hair)[inside, inside]


def painted_over(rgb: NDArray[np.uint8], where: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The picture with a part painted over from its surroundings, by pulling and pushing.

    Means of what is known are taken over squares of 2, 4, 8 … pixels; from the largest squares down, what is unknown
    is filled in from them: Gortler et al., "The Lumigraph" (1996), section 3.4.

    Args:
        rgb: uint8 (rows, cols, 3).
        where: bool (rows, cols), not all of it.

    Returns:
        uint8 (rows, cols, 3).
    """
    known = torch.from_numpy(~where)[None, None].float()
    levels = torch.from_numpy(np.array(rgb)).permute(2, 0, 1)[None].float() * known
    filled = _filled(levels, known)[0].permute(1, 2, 0).round().to(torch.uint8).numpy()
    return np.where(where[..., None], filled, rgb)


def _filled(levels: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """Levels (1, C, h, w), 0 where weight `known` (1, 1, h, w) is 0, filled in from their means over squares."""
    if bool((known > 0).all()):
        return levels / known
    coarse = [functional.avg_pool2d(array, 2, ceil_mode=True, count_include_pad=False) for array in (levels, known)]
    around = functional.interpolate(_filled(*coarse), size=levels.shape[2:], mode="bilinear")
    return torch.where(known > 0, levels / known.clamp_min(1e-9), around)


def _widened(levels: NDArray[T], angle: float, reach: int) -> NDArray[T]:
    """The largest value within `reach` pixels along a line through each pixel."""
    widened = levels
    for way in (1, -1):
        run, covered = levels, 1
        while covered <= reach:  # a run of n pixels and the one beside it make a run of 2 n
            step = min(covered, reach + 1 - covered)
            run = _larger(run, round(way * step * np.sin(angle)), round(way * step * np.cos(angle)))
            covered += step
        widened = np.maximum(widened, run)
    return widened


def _narrowed(levels: NDArray[T], angle: float, reach: int) -> NDArray[T]:
    """The smallest value within `reach` pixels along a line through each pixel."""
    return ~_widened(~levels, angle, reach)


def _closed(levels: NDArray[T], angle: float, reach: int) -> NDArray[T]:
    """The levels, with what is dark along less than `2 reach + 1` pixels of a line filled in."""
    return _narrowed(_widened(levels, angle, reach), angle, reach)


def _grown(levels: NDArray[T]) -> NDArray[T]:
    """The largest value among each pixel and its eight neighbours."""
    return _widened(_widened(levels, 0.0, 1), np.pi / 2, 1)


def _larger(levels: NDArray[T], down: int, along: int) -> NDArray[T]:
    """The larger of each pixel and the one `down` and `along` from it, where there is one."""
    larger = levels.copy()
    rows, columns = levels.shape
    if abs(down) >= rows or abs(along) >= columns:
        return larger
    to = slice(max(0, -down), rows - max(0, down)), slice(max(0, -along), columns - max(0, along))
    of = slice(max(0, down), rows - max(0, -down)), slice(max(0, along), columns - max(0, -along))
    np.maximum(larger[to], levels[of], out=larger[to])
    return larger
