"""Maps of similar frames as SVG for a page, in the shapes and colours that the window gives them.

Each class is one path of as many marks as it has, so that a map of a thousand weighs some twenty kilobytes.
"""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Scatter
from viewer.present.categories import Look, class_looks
from viewer.present.maps import FRAMES_AROUND, THIS_FRAME
from viewer.present.texts import tr

LONG, LEAST = 900.0, 450.0
"""Sides of a drawing in its own units: of the longer, and what the shorter has at least; about three to a pixel."""

MARGIN, REACH = 40.0, 11.0
"""Room around the marks, and half the size of one."""

ARROW = 16.0
"""Length of an arrow's head; a line less than three times as long has none."""

INK, GROUND = "var(--text)", "#fff"

_ROUND = 'stroke-linecap="round"'
_Corners = tuple[tuple[float, float], ...]


def _star(points: int, inner: float) -> _Corners:
    """Corners of a star with radius 1, one upward, every second corner at `inner` of it."""
    angles = [math.pi * number / points for number in range(2 * points)]
    radii = [1.0, inner] * points
    return tuple(
        (radius * math.sin(angle), -radius * math.cos(angle)) for radius, angle in zip(radii, angles, strict=True)
    )


_HALF_PLUS = ((-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3))
_PLUS: _Corners = (*_HALF_PLUS, *((-x, -y) for x, y in _HALF_PLUS))
CORNERS: dict[str, _Corners] = {
    "square": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "triangle": ((0, -1), (1, 0.8), (-1, 0.8)),
    "diamond": ((0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)),
    "down": ((0, 1), (-1, -0.8), (1, -0.8)),
    "pentagon": _star(5, 0.81),
    "cross": tuple((0.7 * (x - y), 0.7 * (x + y)) for x, y in _PLUS),
    "star": _star(5, 0.4),
}
"""Of each shape that classes have but the disc, within a radius of about 1, x to the right and y down."""


def map_drawing(scatter: Scatter) -> str:
    """The marks, the path with the way it goes and the frame on screen; returns an `<svg>` element without words."""
    everything = np.concatenate([scatter.points, scatter.path]).astype(np.float64) * (1, -1)
    if not len(everything):
        return ""
    low, spread = everything.min(axis=0), np.ptp(everything, axis=0)
    unit = LONG / (float(spread.max()) or 1.0)
    width, height = np.maximum(unit * spread, LEAST) + 2 * MARGIN
    places = unit * (everything - low - spread / 2) + (width / 2, height / 2)
    points, path = places[: len(scatter.points)], places[len(scatter.points) :]
    looks = class_looks(scatter.names, "light")
    marks = [_marks(points[scatter.kinds == kind], looks[kind]) for kind in reversed(range(len(looks)))]
    return _svg(width, height, [*marks, *_way(path, scatter.here)])


def legend_signs(scatter: Scatter) -> list[tuple[str, str]]:
    """A sign, as an `<svg>` element, and its words: of each class that the map has, of the frame and the path."""
    looks = class_looks(scatter.names, "light")
    middle = np.full((1, 2), 30.0)
    signs = [([_marks(middle, looks[kind], 2.2 * REACH)], looks[kind].words) for kind in np.unique(scatter.kinds)]
    if scatter.here is not None:
        signs.append((_way(middle, 0), tr(THIS_FRAME)))
    if len(scatter.path) > 1:
        signs.append((_way(np.array([[0.0, 30.0], [60.0, 30.0]]), None), tr(FRAMES_AROUND)))
    return [(_svg(60, 60, drawn), words) for drawn, words in signs]


def _marks(places: NDArray[np.float64], look: Look, reach: float = REACH) -> str:
    """All marks of one class as one path; discs are the round ends of lines without a length."""
    if not len(places):
        return ""
    whole = np.rint(places).astype(int)
    if look.shape == "disc":
        ends = "".join(f"M{x} {y}h0" for x, y in whole)
        return (
            f'<path d="{ends}" stroke="{look.colour}" stroke-width="{2 * reach:.0f}" {_ROUND} stroke-opacity=".8"/>'
        )
    corners = np.rint(reach * np.array(CORNERS[look.shape])).astype(int)
    sides = " ".join(f"{x} {y}" for x, y in np.diff(corners, axis=0)).replace(" -", "-")
    drawn = "".join(f"M{x} {y}l{sides}z" for x, y in whole + corners[0])
    return f'<path d="{drawn}" fill="{look.colour}" fill-opacity=".8"/>'


def _way(path: NDArray[np.float64], here: int | None) -> list[str]:
    """The path with arrows and stops, set off from what lies below, and the frame on screen on top."""
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in path)
    heads = "".join(_head(*pair) for pair in pairwise(path))
    stops = "".join(f"M{x:.0f} {y:.0f}h0" for number, (x, y) in enumerate(path) if number != here)
    drawn = []
    if len(path) > 1:
        for ink, wider in ((GROUND, 8), (INK, 0)):
            drawn += [
                f'<polyline points="{line}" fill="none" stroke="{ink}" stroke-width="{5 + wider}" '
                'stroke-linejoin="round"/>',
                f'<path d="{heads}" fill="{ink}" stroke="{ink}" stroke-width="{1 + wider}"/>',
                f'<path d="{stops}" stroke="{ink}" stroke-width="{15 + wider}" {_ROUND}/>',
            ]
    if here is not None:
        x, y = path[here]
        rings = ((26, GROUND), (20, INK), (13.5, GROUND), (7, INK))
        drawn += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius}" fill="{ink}"/>' for radius, ink in rings]
    return drawn


def _head(start: NDArray[np.float64], end: NDArray[np.float64]) -> str:
    """The head of an arrow in the middle of a line; nothing where the line is too short for it."""
    length = float(np.hypot(*(end - start)))
    if length < 3 * ARROW:
        return ""
    along = ARROW / length * (end - start)
    across, middle = 0.8 * np.array([-along[1], along[0]]), (start + end) / 2
    corners = (middle + along, middle - along + across, middle - along - across)
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in corners) + "z"


def _svg(width: float, height: float, parts: list[str]) -> str:
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
