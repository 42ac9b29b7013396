"""The line below a clip: how trust runs through it, what is assessed so far, and where the eye is."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.present.wording import duration_words, frame_word, percent
from viewer.ui.theme import colour

HEIGHT, LEFT, RIGHT, TOP, BAND, GAP = 70, 34, 12, 8, 5, 6
CURSOR = 8
"""Pixels on either side of the cursor that are drawn anew when it moves."""


class TrustTrack(QWidget):
    """Trust of every assessed frame in a neutral colour: frames carry no certificate, so no colour of the light."""

    frame_sought = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Clip timeline")
        self._times: tuple[float, ...] = ()
        self._trust: NDArray[np.float64] = np.full(1, np.nan)
        self._done: NDArray[np.bool_] = np.zeros(1, bool)
        self._failed: NDArray[np.bool_] = np.zeros(1, bool)
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
        self._redraw()

    def set_trust(self, frame: int, trust: float | None) -> None:
        """One frame has been assessed; None where its trust is not known."""
        self._done[frame] = True
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
            state = "cannot be assessed"
        elif not self._done[frame]:
            state = "not assessed yet"
        else:
            trust = self._trust[frame]
            state = "trust not known" if np.isnan(trust) else f"trust {percent(float(trust))}"
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
        painter.save()
        painter.translate(9, plot.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-24, -7, 48, 14), int(Qt.AlignmentFlag.AlignCenter), "trust")
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
        for which, ink in ((np.ones_like(self._done), "track"), (self._done, "bar"), (self._failed, "problem")):
            painter.setBrush(colour(ink))
            for start, stop in runs(which):
                left = band.left() + band.width() * start / self.frames
                painter.drawRect(QRectF(left, band.top(), band.width() * (stop - start) / self.frames, band.height()))

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
