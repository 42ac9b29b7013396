"""An outline on the canvas: lines of one width on screen, however near one looks."""

from collections.abc import Iterable
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.present.colours import OUTLINE_HALO, OUTLINE_INK
from viewer.present.outlines import HALO, WIDTH, Line

REACH = 0.05
"""Share of the picture by which the line may reach beyond what it runs around: half its width, seen from far away."""


class OutlineItem(QGraphicsItem):
    """Draws lines above the picture, light with a dark rim."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(2)  # above the maps
        self._lines: list[QPolygonF] = []
        self._bounds = QRectF()

    def set_lines(self, lines: Iterable[Line], bounds: QRectF) -> None:
        """Show lines, whose points are shares of `bounds`."""
        self.prepareGeometryChange()
        size, corner = (bounds.width(), bounds.height()), (bounds.x(), bounds.y())
        self._lines = [QPolygonF([QPointF(x, y) for x, y in (line * size + corner).tolist()]) for line in lines]
        reach = REACH * max(bounds.width(), bounds.height())
        self._bounds = bounds.adjusted(-reach, -reach, reach, reach)
        self.update()

    def boundingRect(self) -> QRectF:
        """Where the lines lie."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the rim, then the line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        world = painter.worldTransform()
        for width, ink in ((HALO, OUTLINE_HALO), (WIDTH, OUTLINE_INK)):
            pen = QPen(QColor(ink), width / hypot(world.m11(), world.m12()))
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            for line in self._lines:
                painter.drawPolyline(line)  # a third faster than a path of all
