"""Where an annotation is taken hold of, and what becomes of it when it is dragged there."""

import math
from collections.abc import Callable

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.geometry import Box, Point, box_of, length

BOXES = frozenset({Kind.ELLIPSE, Kind.RECTANGLE})
"""Kinds whose two points are opposite corners of a box."""

_EIGHTH = math.pi / 4


def handles(annotation: Annotation) -> tuple[Point, ...]:
    """The points it can be changed at; the four corners, clockwise, of a box."""
    if annotation.kind not in BOXES:
        return annotation.points
    (x1, y1), (x2, y2) = annotation.points
    return (x1, y1), (x2, y1), (x2, y2), (x1, y2)


def with_handle(annotation: Annotation, index: int, point: Point) -> Annotation:
    """The same with the handle `index` elsewhere; the opposite corner of a box stays where it is."""
    if annotation.kind not in BOXES:
        return annotation.with_point(index, point)
    return annotation.with_points((opposite_of(annotation, index), point))


def opposite_of(annotation: Annotation, index: int) -> Point:
    """The point that stays while the handle `index` is dragged, from which a constrained drag is measured."""
    points = handles(annotation)
    if annotation.kind in BOXES:
        return points[(index + 2) % 4]
    return points[index - 1 if index else min(1, len(points) - 1)]


def constrained(kind: Kind, start: Point, point: Point, pixel_aspect: float = 1.0) -> Point:
    """The point nearest to `point` that makes a box square, or a line run along a multiple of 45°, as it is seen.

    Args:
        kind: What is drawn.
        start: The opposite corner, or the other end.
        point: Where the hand is.
        pixel_aspect: Height of a pixel divided by its width.
    """
    across, down = point[0] - start[0], (point[1] - start[1]) * pixel_aspect
    if kind in BOXES:
        side = max(abs(across), abs(down))
        across, down = math.copysign(side, across), math.copysign(side, down)
    else:
        reach = math.hypot(across, down)
        direction = round(math.atan2(down, across) / _EIGHTH) * _EIGHTH
        across, down = reach * math.cos(direction), reach * math.sin(direction)
    return start[0] + across, start[1] + down / pixel_aspect


def is_empty(annotation: Annotation) -> bool:
    """Whether it has no extent at all: a slip of the hand rather than a shape."""
    if annotation.kind in (Kind.TEXT, Kind.KEY_IMAGE):
        return False
    left, top, right, bottom = box_of(annotation.points)
    if annotation.kind in BOXES:
        return left == right or top == bottom
    return length(annotation.points, closed=False) == 0


def kept_within(annotation: Annotation, right: float, down: float, box: Box) -> tuple[float, float]:
    """How far it can be moved, at most by (`right`, `down`), without leaving a box that holds it."""
    left, top, east, south = box_of(annotation.points)
    return (
        min(max(right, min(box[0] - left, 0.0)), max(box[2] - east, 0.0)),
        min(max(down, min(box[1] - top, 0.0)), max(box[3] - south, 0.0)),
    )


def clamped(point: Point, box: Box) -> Point:
    """The point of a box nearest to a point."""
    return min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])


def reaching(start: Point, point: Point, box: Box) -> Point:
    """The point of a box farthest along the line from `start`, which it holds, to `point`: directions stay."""
    share = 1.0
    for axis in (0, 1):
        step = point[axis] - start[axis]
        if step:
            edge = box[axis + 2] if step > 0 else box[axis]
            share = min(share, (edge - start[axis]) / step)
    return start[0] + share * (point[0] - start[0]), start[1] + share * (point[1] - start[1])


def usual_points(kind: Kind, box: Box) -> tuple[Point, ...]:
    """Points of a shape that fills a box, to begin with where no hand draws it."""
    return _USUAL[kind](*box)


_USUAL: dict[Kind, Callable[[float, float, float, float], tuple[Point, ...]]] = {
    Kind.DISTANCE: lambda x1, y1, x2, y2: ((x1, (y1 + y2) / 2), (x2, (y1 + y2) / 2)),
    Kind.ARROW: lambda x1, y1, x2, y2: ((x2, y2), ((x1 + x2) / 2, (y1 + y2) / 2)),
    Kind.ANGLE: lambda x1, y1, x2, y2: ((x2, y1), (x1, y2), (x2, y2)),
    Kind.COBB: lambda x1, y1, x2, y2: ((x1, y1), (x2, (y1 * 3 + y2) / 4), (x1, y2), (x2, (y1 + y2 * 3) / 4)),
    Kind.ELLIPSE: lambda x1, y1, x2, y2: ((x1, y1), (x2, y2)),
    Kind.RECTANGLE: lambda x1, y1, x2, y2: ((x1, y1), (x2, y2)),
    Kind.POLYGON: lambda x1, y1, x2, y2: ((x1, y1), (x2, y1), (x2, y2), (x1, y2)),
    Kind.TEXT: lambda x1, y1, x2, y2: ((x1, y1),),
}
