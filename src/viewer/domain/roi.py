"""Pixels of a region of interest, and statistics of their values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.domain.geometry import Box, Point, box_of, edges
from viewer.domain.image import Frame

_CHANNELS = ("red", "green", "blue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Values of one channel in a region of interest.

    Attributes:
        channel: `red`, `green` or `blue`; `""` for grey.
        pixels: How many were measured, at least 1: padding, and what is no finite number, is left out.
        mean, minimum, maximum: In `unit`.
        sd: Standard deviation of the sample (divided by n − 1); None for a single pixel.
        unit: Of the file's own values, e.g. `HU`; `""` where the file names none.
        basis: `rescaled values`, `stored values`, or `sRGB, 8 bit` for colour.
    """

    channel: str
    pixels: int
    mean: float
    sd: float | None
    minimum: float
    maximum: float
    unit: str
    basis: str


def polygon_mask(outline: Sequence[Point], rows: int, columns: int) -> NDArray[np.bool_]:
    """Pixels whose centre a closed outline holds, by the even-odd rule.

    Each edge toggles every pixel to its right; a centre that lies on an edge belongs to the side to the right of it,
    or below it, so that neighbouring outlines share no pixel.

    Returns:
        bool (rows, columns).
    """
    toggles = np.zeros((rows, columns + 1), bool)
    for (x1, y1), (x2, y2) in edges(outline, closed=True):
        first, last = _centres(min(y1, y2), max(y1, y2), rows)
        crossed = np.arange(first, last)
        if crossed.size:
            at = x1 + (crossed + 0.5 - y1) / (y2 - y1) * (x2 - x1)
            toggles[crossed, np.clip(np.ceil(at - 0.5), 0, columns).astype(np.intp)] ^= True
    return np.logical_xor.accumulate(toggles, axis=1)[:, :columns]


def rectangle_mask(corner: Point, opposite: Point, rows: int, columns: int) -> NDArray[np.bool_]:
    """Pixels whose centre lies in a rectangle, bool (rows, columns)."""
    mask = np.zeros((rows, columns), bool)
    mask[_inside(box_of((corner, opposite)), rows, columns)] = True
    return mask


def ellipse_mask(corner: Point, opposite: Point, rows: int, columns: int) -> NDArray[np.bool_]:
    """Pixels whose centre lies in the ellipse that fills a rectangle, bool (rows, columns)."""
    mask = np.zeros((rows, columns), bool)
    left, top, right, bottom = box = box_of((corner, opposite))
    if left == right or top == bottom:
        return mask
    within = _inside(box, rows, columns)
    xs = (np.arange(columns)[within[1]] + 0.5 - (left + right) / 2) / ((right - left) / 2)
    ys = (np.arange(rows)[within[0]] + 0.5 - (top + bottom) / 2) / ((bottom - top) / 2)
    mask[within] = xs[None, :] ** 2 + ys[:, None] ** 2 <= 1
    return mask


def statistics(frame: Frame, mask: NDArray[np.bool_], unit: str = "") -> tuple[Statistics, ...]:
    """Statistics of the pixels of a frame, one entry per channel; `()` where the mask holds none.

    Args:
        frame: Grey is measured after the rescale of the file, whatever window is shown; colour as it is shown.
        mask: bool (rows, columns).
        unit: Of rescaled grey values.
    """
    chosen = frame.values[mask]
    if not len(chosen):
        return ()
    if frame.grey is None:
        channels = zip(_CHANNELS, chosen.T, strict=True)
        return tuple(_statistics(values, channel, "", "sRGB, 8 bit") for channel, values in channels)
    if frame.grey.padding is not None:
        low, high = frame.grey.padding
        chosen = chosen[(chosen < low) | (chosen > high)]
    values = frame.grey.rescaled(chosen).astype(np.float64)
    values = values[np.isfinite(values)]
    same = frame.grey.modality_lut is None and (frame.grey.slope, frame.grey.intercept) == (1, 0)
    basis = "stored values" if same else "rescaled values"
    return (_statistics(values, "", unit, basis),) if values.size else ()


def _statistics(values: NDArray[Any], channel: str, unit: str, basis: str) -> Statistics:
    exact = values.astype(np.float64)
    return Statistics(
        channel=channel,
        pixels=len(exact),
        mean=float(exact.mean()),
        sd=float(exact.std(ddof=1)) if len(exact) > 1 else None,
        minimum=float(exact.min()),
        maximum=float(exact.max()),
        unit=unit,
        basis=basis,
    )


def _inside(box: Box, rows: int, columns: int) -> tuple[slice, slice]:
    """Rows and columns whose centres lie between the edges of a box."""
    left, top, right, bottom = box
    return slice(*_centres(top, bottom, rows)), slice(*_centres(left, right, columns))


def _centres(low: float, high: float, count: int) -> tuple[int, int]:
    """First pixel, and the one after the last, whose centre lies in [low, high), within [0, count]."""
    first, last = (math.ceil(min(max(edge, 0.0), count) - 0.5) for edge in (low, high))
    return first, last
