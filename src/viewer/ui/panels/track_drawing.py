"""Draws the line below a clip: marks and range on top, the curve of trust, and the band of frames below it.

Nothing rests on colour alone. Frames that are not assessed are hatched and lie low, failed ones are crossed boxes,
and each light has a height of its own: the graver, the taller.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from viewer.domain.result import Light
from viewer.session.survey import runs
from viewer.ui.panels.track_state import TrackState
from viewer.ui.texts import tr
from viewer.ui.theme import colour
from viewer.ui.widgets.light_sign import ink

HEIGHT, LEFT, RIGHT, TOP, BAND, GAP = 94, 34, 12, 22, 13, 7
LANE = 18
"""Height of the lane on top: marks and the handles of the range."""

MARKS_Y = 12.0
NEUTRAL = 5.0
"""Height of the band where frames carry no light."""
FAILED = 9.0
"""Height of a frame that failed."""
HEIGHTS = {Light.GREEN: 4.0, Light.AMBER: 8.0, Light.RED: 13.0, Light.GREY: 2.0}
GRIP = QRectF(-3.5, 2, 7, 15)
"""Handle of an end of the range, around that end."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are in a timeline of some size.

    Attributes:
        width, height: Of the widget in pixels.
        frames: Number of frames.
    """

    width: float
    height: float
    frames: int

    @property
    def plot(self) -> QRectF:
        """Where the curve is."""
        return QRectF(LEFT, TOP, max(1.0, self.width - LEFT - RIGHT), self.height - TOP - BAND - 2 * GAP)

    @property
    def band(self) -> QRectF:
        """Where the band of frames is."""
        plot = self.plot
        return QRectF(plot.left(), plot.bottom() + GAP, plot.width(), BAND)

    def x(self, frame: float) -> float:
        """Middle of a frame; half frames are its edges."""
        return self.plot.left() + self.plot.width() * (frame + 0.5) / self.frames

    def frame_at(self, x: float) -> int:
        """The frame drawn at `x`; beyond the ends, the end."""
        share = (x - self.plot.left()) / self.plot.width()
        return int(np.clip(np.floor(share * self.frames), 0, self.frames - 1))


def draw_ground(painter: QPainter, places: Places, state: TrackState) -> None:
    """Draw everything but the cursor."""
    _draw_scale(painter, places.plot, state.threshold)
    _draw_curve(painter, places, state.trust)
    _draw_band(painter, places, state)
    _draw_changes(painter, places, state.changes)
    _draw_range(painter, places, state)
    _draw_marks(painter, places, state)


def draw_cursor(painter: QPainter, places: Places, frame: int) -> None:
    """Draw where the eye is."""
    x = places.x(frame)
    painter.setPen(QPen(colour("accent"), 1.6))
    painter.drawLine(QPointF(x, 3), QPointF(x, places.height - 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("accent"))
    painter.drawPolygon(QPolygonF([QPointF(x - 5, 1), QPointF(x + 5, 1), QPointF(x, 8)]))


def _draw_scale(painter: QPainter, plot: QRectF, threshold: float | None) -> None:
    font = painter.font()
    font.setPixelSize(10)
    painter.setFont(font)
    for share, words in ((0.0, "0"), (0.5, ""), (1.0, "1")):
        y = plot.bottom() - share * plot.height()
        painter.setPen(QPen(colour("track"), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(colour("muted"))
        side = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(0, y - 7, LEFT - 6, 14), side, words)
    if threshold is not None:
        y = plot.bottom() - threshold * plot.height()
        painter.setPen(QPen(colour("muted"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    painter.setPen(colour("muted"))
    painter.save()
    painter.translate(9, plot.center().y())
    painter.rotate(-90)
    painter.drawText(QRectF(-24, -7, 48, 14), int(Qt.AlignmentFlag.AlignCenter), tr("trust"))
    painter.restore()


def _draw_curve(painter: QPainter, places: Places, trust: NDArray[np.float64]) -> None:
    plot = places.plot
    painter.setPen(QPen(colour("curve"), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for start, stop in runs(~np.isnan(trust)):
        xs = plot.left() + plot.width() * (np.arange(start, stop) + 0.5) / places.frames
        ys = plot.bottom() - trust[start:stop] * plot.height()
        points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
        if len(points) == 1:
            painter.drawEllipse(points[0], 1.2, 1.2)
        else:
            painter.drawPolyline(QPolygonF(points))


def _draw_band(painter: QPainter, places: Places, state: TrackState) -> None:
    """Frames that are not assessed, failed ones, those without a light, and each light in its height."""
    neutral = state.done & ~state.failed
    neutral[list(state.lights)] = False
    ground = np.ones(state.frames, bool)
    hatched = QBrush(colour("edge"), Qt.BrushStyle.BDiagPattern)
    for which, brush, height in (
        (ground, QBrush(colour("track")), NEUTRAL),
        (~state.done, hatched, NEUTRAL),
        (neutral, QBrush(colour("bar")), NEUTRAL),
    ):
        _fill(painter, places, which, brush, height)
    for light, height in HEIGHTS.items():
        under = np.zeros(state.frames, bool)
        under[[frame for frame, found in state.lights.items() if found is light]] = True
        _fill(painter, places, under & ~state.failed, QBrush(ink(light)), height)
    crossed = QBrush(colour("problem"), Qt.BrushStyle.DiagCrossPattern)
    _fill(painter, places, state.failed, crossed, FAILED, outline=colour("problem"))


def _fill(
    painter: QPainter,
    places: Places,
    which: NDArray[np.bool_],
    brush: QBrush,
    height: float,
    outline: QColor | None = None,
) -> None:
    """Fill the frames of a mask, standing on the bottom of the band."""
    painter.setPen(Qt.PenStyle.NoPen if outline is None else QPen(outline, 1))
    painter.setBrush(brush)
    bottom = places.band.bottom()
    for start, stop in runs(which):
        left, right = places.x(start - 0.5), places.x(stop - 0.5)
        painter.drawRect(QRectF(left, bottom - height, right - left, height))


def _draw_changes(painter: QPainter, places: Places, changes: tuple[int, ...]) -> None:
    """A diamond where the clip goes over to another class."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("warning"))
    y = places.plot.bottom() + GAP / 2 - 1
    for frame in changes:
        x = places.x(frame + 0.5)
        corners = [QPointF(x, y - 4), QPointF(x + 3.5, y), QPointF(x, y + 4), QPointF(x - 3.5, y)]
        painter.drawPolygon(QPolygonF(corners))


def _draw_range(painter: QPainter, places: Places, state: TrackState) -> None:
    """Veil what is not played, and give both ends a handle; faint while all is played."""
    left, right = places.x(state.first - 0.5), places.x(state.last + 0.5)
    veil = colour("panel")
    veil.setAlpha(170)
    top, bottom = TOP - 2.0, places.band.bottom() + 1
    painter.fillRect(QRectF(places.plot.left(), top, left - places.plot.left(), bottom - top), veil)
    painter.fillRect(QRectF(right, top, places.plot.right() - right, bottom - top), veil)
    tint = colour("edge") if state.whole else colour("text")
    for x in (left, right):
        if not state.whole:
            painter.setPen(QPen(tint, 1.2))
            painter.drawLine(QPointF(x, LANE), QPointF(x, places.band.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(GRIP.translated(x, 0), 2, 2)


def _draw_marks(painter: QPainter, places: Places, state: TrackState) -> None:
    """A flag for every key image, a star for the frame that is suggested."""
    painter.setPen(QPen(colour("text"), 1.4))
    painter.setBrush(colour("text"))
    for frame in state.keys:
        x = places.x(frame)
        painter.drawLine(QPointF(x, MARKS_Y - 6), QPointF(x, MARKS_Y + 6))
        waving = 7 if x < places.plot.right() - 12 else -7
        painter.drawPolygon(
            QPolygonF([QPointF(x, MARKS_Y - 6), QPointF(x + waving, MARKS_Y - 3), QPointF(x, MARKS_Y)])
        )
    if state.best is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawPolygon(_star(QPointF(places.x(state.best), MARKS_Y), 6.5))


def _star(middle: QPointF, radius: float) -> QPolygonF:
    tips = [(math.pi * (index / 5 - 0.5), radius * (1 if index % 2 == 0 else 0.42)) for index in range(10)]
    return QPolygonF([middle + QPointF(math.cos(angle) * reach, math.sin(angle) * reach) for angle, reach in tips])
