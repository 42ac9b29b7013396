"""The evidence that something has changed, along the cases of a site, with the line of the alarm."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui.texts import tr
from viewer.ui.theme import colour, scale, scaled

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 132, 44, 10, 10, 20
NOTE_PIXELS = 11
LEAST, MOST = 0.1, 1000.0
"""Evidence that is shown at least, to one; what lies beyond is drawn at the edge."""
MARKS = (0.1, 1.0, 10.0, 100.0, 1000.0)


class EvidenceCurve(QWidget):
    """Evidence on a logarithmic scale; a dashed line where the alarm goes off, and a mark where it did."""

    def __init__(self, limit: float) -> None:
        super().__init__()
        self._limit = limit
        self._path: tuple[float, ...] = ()
        self._alarm: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_path((), None)

    def show_path(self, path: Sequence[float], alarm: int | None) -> None:
        """Show the evidence after each case, and after which case the alarm went off, if it did."""
        self._path, self._alarm = tuple(path), alarm
        words = tr("Evidence of a change: {now} to 1 after {cases} cases; the alarm asks for {limit}")
        now = f"{path[-1]:.2g}" if path else "0"
        self.setAccessibleName(words.format(now=now, cases=len(path), limit=f"{self._limit:.0f}"))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as it reads well."""
        return QSize(scaled(240), scaled(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axis, limit and curve."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale(), scale())
        font = self.font()
        font.setPixelSize(NOTE_PIXELS)
        painter.setFont(font)
        width = self.width() / scale()
        room = QRectF(LEFT, TOP, width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
        self._paint_axes(painter, room, width)
        if len(self._path) > 1:
            self._paint_curve(painter, room)

    def _paint_axes(self, painter: QPainter, room: QRectF, width: float) -> None:
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        for mark in MARKS:
            y = self._height(mark, room)
            painter.setPen(QPen(colour("line"), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(colour("muted"))
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), right, f"{mark:g}")
        limit = self._height(self._limit, room)
        painter.setPen(QPen(colour("problem"), 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(room.left(), limit), QPointF(room.right(), limit))
        painter.setPen(colour("problem"))
        painter.drawText(
            QRectF(room.left() + 4, limit - 16, room.width(), 15),
            tr("alarm ({limit} to 1)").format(limit=f"{self._limit:.0f}"),
        )
        painter.setPen(colour("muted"))
        under = QRectF(room.left(), room.bottom() + 3, room.width(), BOTTOM - 4)
        painter.drawText(under, int(Qt.AlignmentFlag.AlignLeft), tr("first case"))
        if self._path:
            painter.drawText(
                under, int(Qt.AlignmentFlag.AlignRight), tr("case {number}").format(number=len(self._path))
            )

    def _paint_curve(self, painter: QPainter, room: QRectF) -> None:
        cases = np.unique(np.linspace(0, len(self._path) - 1, min(len(self._path), 600)).round().astype(int))
        step = room.width() / (len(self._path) - 1)
        points = [QPointF(room.left() + step * case, self._height(self._path[case], room)) for case in cases.tolist()]
        painter.setPen(QPen(colour("curve"), 1.8))
        painter.drawPolyline(QPolygonF(points))
        if self._alarm is not None:
            x = room.left() + step * (self._alarm - 1)
            painter.setPen(QPen(colour("problem"), 1.4))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))

    def _height(self, evidence: float, room: QRectF) -> float:
        clipped = min(max(evidence, LEAST), MOST)
        share = math.log(clipped / LEAST) / math.log(MOST / LEAST)
        return room.bottom() - room.height() * share
