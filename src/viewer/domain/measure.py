"""Lengths, angles and areas of points in a frame, each with its unit and what it rests on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from viewer.domain import geometry
from viewer.domain.calibration import NOT_CALIBRATED, Scale
from viewer.domain.geometry import Point

CROSSES_ITSELF = "the outline crosses itself"
COINCIDE = "two points coincide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measured quantity.

    Attributes:
        name: What it is: `length`, `angle`, `area` or `perimeter`.
        value: In `unit`; None where there is no such value, for the reason in `note`.
        unit: `mm`, `mm²`, `°`, or `px` and `px²`, counted in widths of a pixel.
        basis: What the size of a pixel rests on, as in `Scale`.
        note: Why there is no value, or why it is not in mm; `""` otherwise.
    """

    name: str
    value: float | None
    unit: str
    basis: str
    note: str = ""


def distance(start: Point, end: Point, scale: Scale) -> Measurement:
    """Length of a line."""
    return _length("length", math.dist(scale.place(start), scale.place(end)), scale)


def angle(first: Point, vertex: Point, last: Point, scale: Scale) -> Measurement:
    """Angle at `vertex` between the lines to two other points, [0, 180]°."""
    return _angle(_direction(vertex, first, scale), _direction(vertex, last, scale), scale)


def cobb_angle(first: tuple[Point, Point], second: tuple[Point, Point], scale: Scale) -> Measurement:
    """Angle between two lines wherever they would meet, [0, 90]°: lines have no direction (Cobb 1948)."""
    found = _angle(_direction(*first, scale), _direction(*second, scale), scale)
    if found.value is None or found.value <= 90:
        return found
    return Measurement(name=found.name, value=180 - found.value, unit=found.unit, basis=found.basis, note=found.note)


def polygon(outline: Sequence[Point], scale: Scale) -> tuple[Measurement, Measurement]:
    """Area and perimeter of a closed outline of at least three corners; no area where it crosses itself."""
    placed = [scale.place(point) for point in outline]
    crossed = geometry.crosses_itself(placed)
    area = None if crossed else geometry.area(placed)
    return (
        _area(area, scale, note=CROSSES_ITSELF if crossed else ""),
        _length("perimeter", geometry.length(placed, closed=True), scale),
    )


def rectangle(corner: Point, opposite: Point, scale: Scale) -> tuple[Measurement, Measurement]:
    """Area and perimeter of a rectangle along rows and columns."""
    width, height = _sides(corner, opposite, scale)
    return _area(width * height, scale), _length("perimeter", 2 * (width + height), scale)


def ellipse(corner: Point, opposite: Point, scale: Scale) -> tuple[Measurement, Measurement]:
    """Area and perimeter of the ellipse that fills such a rectangle."""
    width, height = _sides(corner, opposite, scale)
    area = math.pi * width * height / 4
    return _area(area, scale), _length("perimeter", geometry.ellipse_perimeter(width / 2, height / 2), scale)


def pixel_area(pixels: int, scale: Scale | None) -> Measurement:
    """Area of so many pixels of one size; of pixels of no known size, their number."""
    scale = scale or Scale(width=1.0, height=1.0, unit="px", basis=NOT_CALIBRATED)
    return _area(pixels * scale.width * scale.height, scale)


def _sides(corner: Point, opposite: Point, scale: Scale) -> tuple[float, float]:
    (x1, y1), (x2, y2) = scale.place(corner), scale.place(opposite)
    return abs(x2 - x1), abs(y2 - y1)


def _direction(start: Point, end: Point, scale: Scale) -> Point:
    (x1, y1), (x2, y2) = scale.place(start), scale.place(end)
    return x2 - x1, y2 - y1


def _angle(one: Point, other: Point, scale: Scale) -> Measurement:
    """Angle between two directions, by the arc tangent, which stays exact near 0 and 180°."""
    value = None
    if any(one) and any(other):
        cross, dot = one[0] * other[1] - one[1] * other[0], one[0] * other[0] + one[1] * other[1]
        value = math.degrees(math.atan2(abs(cross), dot))
    note = COINCIDE if value is None else scale.note
    return Measurement(name="angle", value=value, unit="°", basis=scale.basis, note=note)


def _length(name: str, value: float, scale: Scale) -> Measurement:
    return Measurement(name=name, value=value, unit=scale.unit, basis=scale.basis, note=scale.note)


def _area(value: float | None, scale: Scale, note: str = "") -> Measurement:
    unit = f"{scale.unit}²"
    return Measurement(name="area", value=value, unit=unit, basis=scale.basis, note=note or scale.note)
