"""The outline that is drawn around points of a map while they are gathered."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from viewer.ui.theme import colour

NEAR = 3
"""Pixels between two corners of a lasso."""


class Gathering(QWidget):
    """Lies over the map, takes no mouse, and draws a lasso or a rectangle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._over = parent
        self._outline = QPolygonF()
        self.hide()

    def extend(self, start: QPointF, end: QPointF, *, rectangle: bool) -> None:
        """The mouse went down at `start` and is at `end` now."""
        self.setGeometry(self._over.rect())
        if rectangle:
            box = QRectF(start, end).normalized()
            self._outline = QPolygonF([box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()])
        elif self._outline.isEmpty():
            self._outline = QPolygonF([start, end])
        elif (end - self._outline.last()).manhattanLength() >= NEAR:
            self._outline.append(end)
        self.show()
        self.update()

    def take(self) -> QPolygonF:
        """The outline, which is drawn no longer."""
        taken, self._outline = self._outline, QPolygonF()
        self.hide()
        return taken

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline, closed, with its inside tinted."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = colour("accent")
        tint.setAlpha(40)
        painter.setBrush(tint)
        painter.setPen(QPen(colour("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawPolygon(self._outline)
