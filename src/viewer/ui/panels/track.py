"""The line below a clip: how trust runs through it, what is assessed so far, and where the eye is.

The curve is neutral. Only where a certificate was made for single frames does the band below it carry the colours of
the light, and then each light has a height of its own as well: the graver, the taller.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.domain.result import Light
from viewer.present.wording import duration_words, frame_word, light_word, percent
from viewer.ui.texts import tr
from viewer.ui.theme import colour
from viewer.ui.widgets.light_sign import ink

HEIGHT, LEFT, RIGHT, TOP, BAND, GAP = 78, 34, 12, 8, 13, 6
NEUTRAL = 5.0
"""Height of the band where frames carry no light."""
HEIGHTS = {Light.GREEN: 4.0, Light.AMBER: 8.0, Light.RED: 13.0, Light.GREY: 2.0}
CURSOR = 8
"""Pixels on either side of the cursor that are drawn anew when it moves."""


class TrustTrack(QWidget):
    """Trust of every assessed frame as a neutral curve, and below it how far the worker is, or the frames' lights."""

    frame_sought = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Clip timeline"))
        self._times: tuple[float, ...] = ()
        self._trust: NDArray[np.float64] = np.full(1, np.nan)
        self._done: NDArray[np.bool_] = np.zeros(1, bool)
        self._failed: NDArray[np.bool_] = np.zeros(1, bool)
        self._lights: dict[int, Light] = {}
        self._threshold: float | None = None
        self._frame = 0
        self._ground: QPixmap | None = None

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self._trust)

    def show_clip(self, frames: int, times_ms: tuple[float, ...]) -> None:
        """Start empty."""
        self._times = times_ms
        self._trust, self._frame = np.full(frames, np.nan), 0
        self._done, self._failed = np.zeros(frames, bool), np.zeros(frames, bool)
        self._lights.clear()
        self._redraw()

    def set_threshold(self, threshold: float | None) -> None:
        """Trust from which on frames are green, [0, 1]; None where no certificate was made for single frames."""
        self._threshold = threshold
        self._redraw()

    def set_trust(self, frame: int, trust: float | None, light: Light | None = None) -> None:
        """One frame has been assessed.

        Args:
            frame: Counted from 0.
            trust: In [0, 1]; None where it is not known.
            light: Its light; None where single frames carry none.
        """
        self._done[frame] = True
        if light is not None:
            self._lights[frame] = light
        self._trust[frame] = np.nan if trust is None else trust
        self._redraw()

    def set_failed(self, frame: int) -> None:
        """One frame cannot be read or assessed."""
        self._done[frame] = self._failed[frame] = True
        self._redraw()

    def set_frame(self, frame: int) -> None:
        """The eye is on this frame."""
        before, self._frame = self._frame, frame
        for place in (before, frame):
            self.update(int(self._x(self._plot(), place)) - CURSOR, 0, 2 * CURSOR, self.height())

    def trusts(self) -> NDArray[np.float64]:
        """Trust by frame, NaN where it is not known; a copy."""
        return self._trust.copy()

    def lights(self) -> dict[int, Light]:
        """Lights of the frames that carry one; a copy."""
        return dict(self._lights)

    def sizeHint(self) -> QSize:
        """As wide as it gets."""
        return QSize(400, HEIGHT)

    def frame_at(self, x: float) -> int:
        """The frame drawn at `x`."""
        share = (x - LEFT) / max(1.0, self.width() - LEFT - RIGHT)
        return int(np.clip(np.floor(share * self.frames), 0, self.frames - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the frame under the cursor."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.frame_sought.emit(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag, else tell what is under the cursor."""
        frame = self.frame_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.frame_sought.emit(frame)
            return
        QToolTip.showText(event.globalPosition().toPoint(), self.words(frame), self)

    def words(self, frame: int) -> str:
        """What is known of one frame."""
        time = f", {duration_words(self._times[frame])}" if self._times else ""
        if self._failed[frame]:
            state = tr("cannot be assessed")
        elif not self._done[frame]:
            state = tr("not assessed yet")
        else:
            trust = self._trust[frame]
            known = tr("trust {share}").format(share=percent(float(trust)))
            state = tr("trust not known") if np.isnan(trust) else known
            state = f"{light_word(self._lights[frame])}, {state}" if frame in self._lights else state
        return f"{frame_word(frame, self.frames)}{time}: {state}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew in the new size."""
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cursor over the rest, which is kept: it does not change while the eye moves."""
        if self._ground is None:
            self._ground = self._draw_ground()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_cursor(painter, self._plot())

    def _redraw(self) -> None:
        self._ground = None
        self.update()

    def _draw_ground(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        ground = QPixmap(self.size() * scale)
        ground.setDevicePixelRatio(scale)
        ground.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ground)
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self._plot()
        self._draw_scale(painter, plot)
        self._draw_curve(painter, plot)
        self._draw_band(painter, QRectF(plot.left(), plot.bottom() + GAP, plot.width(), BAND))
        painter.end()
        return ground

    def _plot(self) -> QRectF:
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BAND - 2 * GAP)

    def _x(self, plot: QRectF, frame: float) -> float:
        return plot.left() + plot.width() * (frame + 0.5) / self.frames

    def _draw_scale(self, painter: QPainter, plot: QRectF) -> None:
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
        if self._threshold is not None:
            y = plot.bottom() - self._threshold * plot.height()
            painter.setPen(QPen(colour("muted"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(colour("muted"))
        painter.save()
        painter.translate(9, plot.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-24, -7, 48, 14), int(Qt.AlignmentFlag.AlignCenter), tr("trust"))
        painter.restore()

    def _draw_curve(self, painter: QPainter, plot: QRectF) -> None:
        painter.setPen(QPen(colour("curve"), 1.6))
        for start, stop in runs(~np.isnan(self._trust)):
            xs = plot.left() + plot.width() * (np.arange(start, stop) + 0.5) / self.frames
            ys = plot.bottom() - self._trust[start:stop] * plot.height()
            points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
            if len(points) == 1:
                painter.drawEllipse(points[0], 1.2, 1.2)
            else:
                painter.drawPolyline(QPolygonF(points))

    def _draw_band(self, painter: QPainter, band: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        neutral = self._done.copy()
        neutral[list(self._lights)] = False
        for which, name in ((np.ones_like(self._done), "track"), (neutral, "bar"), (self._failed, "problem")):
            painter.setBrush(colour(name))
            self._fill(painter, band, which, NEUTRAL)
        for light, height in HEIGHTS.items():
            under = np.zeros_like(self._done)
            under[[frame for frame, found in self._lights.items() if found is light]] = True
            painter.setBrush(ink(light))
            self._fill(painter, band, under, height)

    def _fill(self, painter: QPainter, band: QRectF, which: NDArray[np.bool_], height: float) -> None:
        """Fill the frames of a mask, standing on the bottom of the band."""
        for start, stop in runs(which):
            left = band.left() + band.width() * start / self.frames
            width = band.width() * (stop - start) / self.frames
            painter.drawRect(QRectF(left, band.bottom() - height, width, height))

    def _draw_cursor(self, painter: QPainter, plot: QRectF) -> None:
        x = self._x(plot, self._frame)
        painter.setPen(QPen(colour("accent"), 1.6))
        painter.drawLine(QPointF(x, 3), QPointF(x, self.height() - 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawPolygon(QPolygonF([QPointF(x - 5, 1), QPointF(x + 5, 1), QPointF(x, 8)]))


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
