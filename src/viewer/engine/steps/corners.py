"""Black corners: where the round field of a dermatoscope lies, and the largest rectangle of skin within it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.domain.keeping import kept

Box = tuple[int, int, int, int]
"""top, left, bottom, right in pixels, ends exclusive."""

_SIDE = 160
"""Pixels of the longer side of the picture in which the field is searched."""

_DARK = 0.45
"""Part of the middle's brightness below which a pixel may lie outside the field."""

_FEWEST = 12
"""Points on the edge that a circle is fitted to, at least."""


@dataclass(frozen=True, slots=True)
class Field:
    """The round field of view, in fractions of the width of the picture as displayed.

    Attributes:
        x, y: Its middle, from the left and upper edge.
        radius: Of its edge.
    """

    x: float
    y: float
    radius: float


def lit_box(rgb: NDArray[np.uint8], pixel_aspect: float = 1.0) -> Box:
    """The largest rectangle within the round field of a dermatoscope; the whole picture where there is none.

    Args:
        rgb: uint8 (rows, cols, 3).
        pixel_aspect: Height of a pixel divided by its width.
    """
    return kept(rgb, ("corner_crop", pixel_aspect), lambda: _lit_box(rgb, pixel_aspect))


def _lit_box(rgb: NDArray[np.uint8], pixel_aspect: float) -> Box:
    rows, columns = rgb.shape[:2]
    field = round_field(rgb, pixel_aspect)
    if field is None:
        return 0, 0, rows, columns
    high = rows * pixel_aspect / columns
    angles = np.linspace(0.02, np.pi / 2 - 0.02, 400)
    left, right = (np.clip(field.x + side * field.radius * np.cos(angles), 0, 1) for side in (-1, 1))
    top, bottom = (np.clip(field.y + side * field.radius * np.sin(angles), 0, high) for side in (-1, 1))
    best = int(((right - left) * (bottom - top)).argmax())
    first_row, last_row = (round(edge[best] / high * rows) for edge in (top, bottom))
    first_column, last_column = (round(edge[best] * columns) for edge in (left, right))
    return first_row, first_column, max(last_row, first_row + 1), max(last_column, first_column + 1)


def round_field(rgb: NDArray[np.uint8], pixel_aspect: float = 1.0) -> Field | None:
    """Where the round field of a dermatoscope ends inside the picture; None where it does not.

    From every edge inwards, the first pixel that is not dark is a point of the field's edge. A circle through these
    points, by least squares without the outliers, counts if what lies outside it is dark and what lies inside its rim
    is not.

    Args:
        rgb: uint8 (rows, cols, 3).
        pixel_aspect: Height of a pixel divided by its width.
    """
    small = _small(rgb, pixel_aspect)
    rows, columns = small.shape
    if min(rows, columns) < _FEWEST:
        return None
    middle = small[rows // 4 : rows - rows // 4, columns // 4 : columns - columns // 4]
    dark = small < _DARK * np.percentile(middle, 75)
    circle = _fitted(_edge_points(dark))
    if circle is None:
        return None
    x, y, radius = circle
    down, along = np.mgrid[:rows, :columns]
    place = np.hypot(along + 0.5 - x, down + 0.5 - y) / radius
    outside, rim = place > 1.03, (place < 0.94) & (place > 0.82)
    if outside.mean() < 0.005 or dark[outside].mean() < 0.8 or not rim.any() or dark[rim].mean() > 0.3:
        return None
    return Field(x / columns, y / columns, radius / columns)


def _small(rgb: NDArray[np.uint8], pixel_aspect: float) -> NDArray[np.uint8]:
    """Brightest channel of the picture made small, with square pixels, uint8 (rows', cols')."""
    rows, columns = rgb.shape[0] * pixel_aspect, float(rgb.shape[1])
    scale = _SIDE / max(rows, columns)
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    step = max(1, int(1 / scale) // 4)  # of a large picture a part of the pixels is enough
    thinned = Image.fromarray(np.ascontiguousarray(rgb[::step, ::step]))
    small: NDArray[np.uint8] = np.asarray(thinned.resize(size, Image.Resampling.BOX)).max(axis=2)
    return small


def _edge_points(dark: NDArray[np.bool_]) -> NDArray[np.float64]:
    """X and y of the first pixel from each edge inwards that is not dark, where the edge itself is dark, (n, 2)."""
    points = []
    for turns in range(4):
        turned = np.rot90(dark, turns)
        across = np.flatnonzero(turned[:, 0] & ~turned.all(axis=1))
        place = np.argmin(turned[across], axis=1).astype(np.float64)  # of the edge between the two pixels
        x, y, high, wide = place, across + 0.5, *turned.shape
        for _ in range(turns):  # a turn of `rot90` brought (x, y) to (y, wide − x); take it back
            x, y, high, wide = high - y, x, wide, high
        points.append(np.stack([x, y], axis=1))
    return np.concatenate(points)


def _fitted(points: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Middle and radius of the circle through points, by least squares (Kåsa 1976), without the outliers."""
    chosen = points
    for _ in range(12):
        if len(chosen) < max(_FEWEST, 0.5 * len(points)):
            return None
        terms = np.column_stack([chosen, np.ones(len(chosen))])
        (a, b, c), *_ = np.linalg.lstsq(terms, (chosen**2).sum(axis=1), rcond=None)
        square = c + (a * a + b * b) / 4
        if square <= 0:
            return None
        x, y, radius = float(a / 2), float(b / 2), float(np.sqrt(square))
        away = np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius)
        chosen = points[away <= max(1.5, 2 * float(np.median(away)))]
    return x, y, radius
