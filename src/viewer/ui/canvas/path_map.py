"""A map of cases with a path drawn over it: where the frames around lie, and the one on screen among them."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from viewer.ui.canvas.scatter import Floats, ScatterMap
from viewer.ui.theme import colour, scaled

LINE, HALO, STOP, HERE, HEAD = 2.0, 5.0, 2.5, 7.0, 5.0
"""Widths of the path and of what sets it off, radii of a frame on it and of the one on screen, length of an arrow's
head, in pixels at 100 %."""


class PathMap(ScatterMap):
    """Draws the path over the points, with an arrow on each of its lines that has room for one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Floats = np.zeros((0, 2))
        self._at: int | None = None

    def show_path(self, path: NDArray[np.floating], here: int | None) -> None:
        """Draw another path.

        Args:
            path: Places on the map in the order of the frames, (m, 2).
            here: The frame on screen, a number of a place; None where it has none.
        """
        self._path, self._at = np.asarray(path, np.float64), here
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map, then the path."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_path(painter, [self.pixel_of(place) for place in self._path], self._at)
        painter.end()


def draw_path(painter: QPainter, places: list[QPointF], here: int | None) -> None:
    """Draw lines with the way they go, a stop for each frame, and a bold sign for the one on screen."""
    line = QPainterPath()
    line.addPolygon(QPolygonF(places))
    heads = [arrow_head(start, end) for start, end in pairwise(places)]
    for ink, wider in ((colour("panel"), scaled(HALO) - scaled(LINE)), (colour("text"), 0)):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(ink, scaled(LINE) + wider))
        painter.drawPath(line)
        painter.setBrush(ink)
        painter.setPen(_pen(ink, wider or 0.5))
        for head in heads:
            painter.drawPolygon(head)
        for number, place in enumerate(places):
            if number != here:
                painter.drawEllipse(place, scaled(STOP), scaled(STOP))
    if here is not None:
        _draw_here(painter, places[here])


def arrow_head(start: QPointF, end: QPointF) -> QPolygonF:
    """A triangle in the middle of a line that points to its end; an empty one where the line is too short for it."""
    along = end - start
    length = math.hypot(along.x(), along.y())
    if length < scaled(3 * HEAD):
        return QPolygonF()
    along *= scaled(HEAD) / length
    across = QPointF(-along.y(), along.x()) * 0.8
    middle = (start + end) / 2
    return QPolygonF([middle + along, middle - along + across, middle - along - across])


def _draw_here(painter: QPainter, place: QPointF) -> None:
    """A dot in a ring, in the colours of text and ground alone: a class may have any other."""
    for ink, share in (("panel", 1.3), ("text", 1.0), ("panel", 0.68), ("text", 0.36)):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(ink))
        painter.drawEllipse(place, share * scaled(HERE), share * scaled(HERE))


def _pen(ink: QColor, width: float) -> QPen:
    return QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
