"""Plane geometry of points, outlines and boxes; no units, no pictures."""

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
"""x to the right and y down, in pixels of the stored frame: (0, 0) is the corner of the first pixel, whose centre is
(0.5, 0.5), and (columns, rows) the opposite corner of the last, as in DICOM's spatial coordinates (PS3.3 C.18.6)."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""


def box_of(points: Sequence[Point]) -> Box:
    """The smallest box that holds all points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def edges(points: Sequence[Point], *, closed: bool) -> Iterator[tuple[Point, Point]]:
    """The lines from each point to the next, and back to the first where the outline is closed."""
    yield from itertools.pairwise(points)
    if closed and len(points) > 2:
        yield points[-1], points[0]


def box_holds(box: Box, point: Point) -> bool:
    """Whether a point lies in a box or on its edge."""
    left, top, right, bottom = box
    return left <= point[0] <= right and top <= point[1] <= bottom


def line_enters(start: Point, end: Point, box: Box) -> bool:
    """Whether a line from `start` to `end` passes through the inside of a box (Liang and Barsky 1984)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        near, far = box[axis], box[axis + 2]
        step = end[axis] - start[axis]
        if step == 0:
            if not near < start[axis] < far:
                return False
            continue
        enters, leaves = sorted(((near - start[axis]) / step, (far - start[axis]) / step))
        first, last = max(first, enters), min(last, leaves)
    return first < last


def holds(outline: Sequence[Point], point: Point) -> bool:
    """Whether a closed outline holds a point, by the even-odd rule."""
    x, y = point
    left = [
        x >= x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        for (x1, y1), (x2, y2) in edges(outline, closed=True)
        if min(y1, y2) <= y < max(y1, y2)
    ]
    return sum(left) % 2 == 1


def area(outline: Sequence[Point]) -> float:
    """Area of a closed outline that does not cross itself, by the shoelace formula."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in edges(outline, closed=True))) / 2


def length(points: Sequence[Point], *, closed: bool) -> float:
    """Length of a line through all points."""
    return sum(math.dist(start, end) for start, end in edges(points, closed=closed))


def crosses_itself(outline: Sequence[Point]) -> bool:
    """Whether two edges of a closed outline that are not neighbours cross, so that it has no single inside."""
    starts = np.array([start for start, _ in edges(outline, closed=True)], np.float64)
    ends = np.roll(starts, -1, axis=0)
    count = len(starts)
    for index in range(count - 2):
        others = slice(index + 2, count - (index == 0))  # the first edge and the last are neighbours
        here = _sides(starts[index], ends[index], starts[others]) * _sides(starts[index], ends[index], ends[others])
        there = _sides(starts[others], ends[others], starts[index]) * _sides(
            starts[others], ends[others], ends[index]
        )
        if bool(np.any((here < 0) & (there < 0))):
            return True
    return False


def _sides(
    starts: NDArray[np.float64], ends: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """On which side of lines points lie: the sign of the cross product, shapes (…, 2) → (…)."""
    along, towards = ends - starts, points - starts
    sides: NDArray[np.float64] = np.sign(along[..., 0] * towards[..., 1] - along[..., 1] * towards[..., 0])
    return sides


def ellipse_perimeter(a: float, b: float) -> float:
    """Perimeter of an ellipse with half axes `a` and `b`, exact, by the arithmetic-geometric mean.

    From E(m) = K(m)·(1 − Σ 2ⁿ⁻¹cₙ²) (Abramowitz and Stegun 17.6.4); a flat ellipse is a line there and back.
    """
    large, small = max(a, b), min(a, b)
    if small == 0:
        return 4 * large
    mean, root, power = 1.0, small / large, 0.5
    total = power * (1 - root * root)
    while abs(mean - root) > 1e-15:
        mean, root, difference = (mean + root) / 2, math.sqrt(mean * root), (mean - root) / 2
        power *= 2
        total += power * difference * difference
    return 2 * math.pi * large * (1 - total) / mean
