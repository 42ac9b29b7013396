"""Outlines of annotations on screen, and what of them lies under the hand."""

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPolygonF, QTransform

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.geometry import Point
from viewer.domain.handles import handles

REACH = 7.0
"""Screen pixels around a line, and a little more around a handle, that still count as it."""

HANDLE_REACH = 10.0

_HEAD = 13.0
_HEAD_ANGLE = math.radians(24)


def on_screen(point: Point, to_scene: QTransform) -> QPointF:
    """Where a point of the stored frame lies in the scene, whose unit is a screen pixel."""
    return to_scene.map(QPointF(*point))


def outline(kind: Kind, points: tuple[Point, ...], to_scene: QTransform, *, closed: bool = True) -> QPainterPath:
    """Lines of an annotation in the scene.

    Args:
        kind: What it is.
        points: As in `Annotation`; fewer while it is being drawn.
        to_scene: From the stored frame to the scene.
        closed: Whether a polygon is, or is still being drawn.
    """
    path = QPainterPath()
    placed = [on_screen(point, to_scene) for point in points]
    if len(placed) < 2:
        return path
    if kind in (Kind.ELLIPSE, Kind.RECTANGLE):
        box = QRectF(placed[0], placed[1]).normalized()
        if kind is Kind.ELLIPSE:
            path.addEllipse(box)
        else:
            path.addRect(box)
        return path
    if kind is Kind.COBB:
        for start in range(0, len(placed) - 1, 2):
            path.moveTo(placed[start])
            path.lineTo(placed[start + 1])
        return path
    path.addPolygon(QPolygonF(placed))
    if kind is Kind.POLYGON and closed:
        path.closeSubpath()
    if kind is Kind.ARROW:
        _add_head(path, placed[0], placed[1])
    return path


def dashes(annotation: Annotation, to_scene: QTransform) -> QPainterPath:
    """What joins the two lines of a Cobb angle, to be drawn fainter; nothing for anything else."""
    path = QPainterPath()
    if annotation.kind is Kind.COBB:
        a, b, c, d = (on_screen(point, to_scene) for point in annotation.points)
        path.moveTo((a + b) / 2)
        path.lineTo((c + d) / 2)
    return path


def handle_at(annotation: Annotation, to_scene: QTransform, at: QPointF) -> int | None:
    """The handle of an annotation nearest to a point of the scene; None where none is within reach."""
    distances = [_distance(on_screen(point, to_scene), at) for point in handles(annotation)]
    if not distances or min(distances) > HANDLE_REACH:
        return None
    return distances.index(min(distances))


def lies_on(annotation: Annotation, to_scene: QTransform, at: QPointF) -> bool:
    """Whether a point of the scene lies on the lines of an annotation, or nearly."""
    path = outline(annotation.kind, annotation.points, to_scene)
    if not path.boundingRect().adjusted(-REACH, -REACH, REACH, REACH).contains(at):
        return False
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * REACH)
    return stroker.createStroke(path).contains(at)


def _add_head(path: QPainterPath, tail: QPointF, head: QPointF) -> None:
    back = math.atan2(tail.y() - head.y(), tail.x() - head.x())
    for turn in (-_HEAD_ANGLE, _HEAD_ANGLE):
        path.moveTo(head)
        path.lineTo(head + QPointF(_HEAD * math.cos(back + turn), _HEAD * math.sin(back + turn)))


def _distance(one: QPointF, other: QPointF) -> float:
    return math.hypot(one.x() - other.x(), one.y() - other.y())
