"""Labels of annotations: how large they are, and places where they cover neither each other nor the edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from viewer.domain.annotation import Annotation

PADDING = 5.0
GAP = 9.0
"""Between a shape and its label."""
LABELS_COUNT = 20.0
"""A covered pixel of another label, or of its own shape, counts as so many of another shape."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation as it is drawn.

    Attributes:
        annotation: What is drawn.
        lines: What its label says.
        small: What its label says below, in a smaller hand.
    """

    annotation: Annotation
    lines: tuple[str, ...] = ()
    small: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lettering:
    """A label with its size, measured once.

    Attributes:
        lines: Each with its font and its base line below the upper edge.
        width, height: Of the box around them.
    """

    lines: tuple[tuple[str, QFont, float], ...]
    width: float
    height: float


def lettering(
    words_of: Sequence[str], font: QFont, below: Sequence[str] = (), small: QFont | None = None
) -> Lettering:
    """Measure a label: lines in one hand, and those below in a smaller one."""
    lines, width, down = [], 0.0, PADDING
    faces = (*((line, font) for line in words_of), *((line, small or font) for line in below))
    for words, face in faces:
        metrics = QFontMetricsF(face)
        lines.append((words, face, down + metrics.ascent()))
        width = max(width, metrics.horizontalAdvance(words))
        down += metrics.height()
    return Lettering(tuple(lines), width + 2 * PADDING, down + PADDING - 1)


def draw(painter: QPainter, text: Lettering, at: QPointF) -> None:
    """Write a label with its upper left corner at `at`, in the painter's pen."""
    for words, face, base in text.lines:
        painter.setFont(face)
        painter.drawText(QPointF(at.x() + PADDING, at.y() + base), words)


def place(text: Lettering, shape: QRectF, area: QRectF, taken: Sequence[QRectF], shapes: Sequence[QRectF]) -> QRectF:
    """A place beside a shape, within `area`, that covers no other label where there is one, and little else.

    Args:
        text: The label.
        shape: Box around the lines of the shape.
        area: What can be seen.
        taken: Places of other labels.
        shapes: Boxes around the lines of all shapes.
    """
    w, h = text.width, text.height
    middle, right = shape.center(), shape.right() + GAP
    corners = (
        (right, middle.y() - h / 2),
        (middle.x() - w / 2, shape.bottom() + GAP),
        (middle.x() - w / 2, shape.top() - GAP - h),
        (shape.left() - GAP - w, middle.y() - h / 2),
        (right, shape.bottom() + GAP),
        (right, shape.top() - GAP - h),
        (shape.left() - GAP - w, shape.bottom() + GAP),
        (shape.left() - GAP - w, shape.top() - GAP - h),
    )
    boxes = [within(QRectF(x, y, w, h), area) for x, y in corners]
    labels = _covered(boxes, taken)
    best = int(np.argmin(_covered(boxes, shapes) + LABELS_COUNT * (labels + _covered(boxes, (shape,)))))
    return _pushed_down(boxes[best], area, taken) if labels[best] else boxes[best]


def within(box: QRectF, area: QRectF) -> QRectF:
    """A box moved as little as needed to lie in an area; at its upper left corner where it is larger."""
    left = max(min(box.left(), area.right() - box.width()), area.left())
    top = max(min(box.top(), area.bottom() - box.height()), area.top())
    return QRectF(left, top, box.width(), box.height())


def _covered(boxes: Sequence[QRectF], others: Sequence[QRectF]) -> NDArray[np.float64]:
    """How many pixels of others each box covers, float64 (boxes,)."""
    if not others:
        return np.zeros(len(boxes))
    mine, theirs = _edges(boxes)[:, None], _edges(others)[None, :]
    low, high = np.maximum(mine[..., :2], theirs[..., :2]), np.minimum(mine[..., 2:], theirs[..., 2:])
    covered: NDArray[np.float64] = np.prod(np.maximum(high - low, 0.0), axis=-1).sum(axis=1)
    return covered


def _edges(boxes: Sequence[QRectF]) -> NDArray[np.float64]:
    """Left, top, right and bottom of each, float64 (boxes, 4)."""
    return np.array([(box.left(), box.top(), box.right(), box.bottom()) for box in boxes])


def _pushed_down(box: QRectF, area: QRectF, taken: Sequence[QRectF]) -> QRectF:
    """The next free place below, from the top again at the bottom; where it is where everything is full."""
    step, reach = box.height() + 2, max(area.height() - box.height(), 1.0)
    steps = range(int(area.height() // step))
    downs = [(box.top() - area.top() + turn * step) % reach for turn in steps]
    places = [QRectF(box.left(), area.top() + down, box.width(), box.height()) for down in downs]
    if not places:
        return box
    free = _covered(places, taken) == 0
    return places[int(np.argmax(free))] if free.any() else box
