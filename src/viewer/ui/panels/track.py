"""The line below a clip: how trust runs through it, what is assessed so far, what is played, and where the eye is."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.domain.result import Light
from viewer.ui.panels.track_drawing import HEIGHT, LANE, Places, draw_cursor, draw_ground
from viewer.ui.panels.track_state import TrackState
from viewer.ui.texts import tr
from viewer.ui.theme import draw_focus, scale, scaled

CURSOR = 8
"""Pixels on either side of the cursor that are drawn anew when it moves."""

REACH = 7
"""Pixels on either side of an end of the range where it can be taken."""


class TrustTrack(QWidget):
    """Trust of every assessed frame as a neutral curve, and below it how far the worker is, or the frames' lights.

    Signals:
        frame_sought: The reader goes to a frame.
        range_dragged: The reader moved an end of the range (first, last).
    """

    frame_sought = Signal(int)
    range_dragged = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(scaled(HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Clip timeline"))
        self._state = TrackState()
        self._ground: QPixmap | None = None
        self._dragged: str | None = None

    @property
    def frames(self) -> int:
        """Number of frames."""
        return self._state.frames

    def show_clip(self, frames: int, times_ms: tuple[float, ...]) -> None:
        """Start empty; the range and the frame are told anew."""
        self._state = TrackState(frames=frames, times_ms=times_ms)
        self._describe()
        self._redraw()

    def set_threshold(self, threshold: float | None) -> None:
        """Trust from which on frames are green, [0, 1]; None where no certificate was made for single frames."""
        self._state.threshold = threshold
        self._redraw()

    def set_trust(self, frame: int, trust: float | None, light: Light | None = None) -> None:
        """One frame has been assessed.

        Args:
            frame: Counted from 0.
            trust: In [0, 1]; None where it is not known.
            light: Its light; None where single frames carry none.
        """
        self._state.done[frame] = True
        self._state.kept_back.discard(frame)
        if light is not None:
            self._state.lights[frame] = light
        self._state.trust[frame] = np.nan if trust is None else trust
        self._learned(frame)

    def keep_back(self, frame: int) -> None:
        """One frame has been assessed; trust and light are shown once the reader has answered."""
        self._state.done[frame] = True
        self._state.kept_back.add(frame)
        self._state.lights.pop(frame, None)
        self._state.trust[frame] = np.nan
        self._learned(frame)

    def set_failed(self, frame: int) -> None:
        """One frame cannot be read or assessed."""
        self._state.done[frame] = self._state.failed[frame] = True
        self._learned(frame)

    def set_frame(self, frame: int) -> None:
        """The eye is on this frame."""
        before, self._state.frame = self._state.frame, frame
        for place in (before, frame):
            self.update(scaled(self._places.x(place) - CURSOR), 0, scaled(2 * CURSOR), self.height())
        self._describe()

    def show_range(self, first: int, last: int) -> None:
        """These frames are played."""
        self._state.first, self._state.last = first, last
        self._redraw()

    def show_marks(self, *, keys: tuple[int, ...], changes: tuple[int, ...], best: int | None) -> None:
        """Show what stands out; see `TrackState`."""
        marks = (keys, changes, best)
        if marks != (self._state.keys, self._state.changes, self._state.best):
            self._state.keys, self._state.changes, self._state.best = marks
            self._describe()
            self._redraw()

    def trusts(self) -> NDArray[np.float64]:
        """Trust by frame, NaN where it is not known; a copy."""
        return self._state.trust.copy()

    def lights(self) -> dict[int, Light]:
        """Lights of the frames that carry one; a copy."""
        return dict(self._state.lights)

    def marks(self) -> tuple[tuple[int, ...], tuple[int, ...], int | None]:
        """Key images, where the clip goes over to another class, and the suggested frame."""
        return self._state.keys, self._state.changes, self._state.best

    def range(self) -> tuple[int, int]:
        """First and last frame that are played."""
        return self._state.first, self._state.last

    def words(self, frame: int) -> str:
        """All that is known of one frame."""
        return self._state.words(frame)

    def sizeHint(self) -> QSize:
        """As wide as it gets."""
        return QSize(scaled(400), scaled(HEIGHT))

    def frame_at(self, x: float) -> int:
        """The frame drawn at `x`."""
        return self._places.frame_at(x / scale())

    # Mouse and keys ----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take an end of the range, else go to the frame under the cursor."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = self._handle_at(event.position()) or "cursor"
            self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag, else tell what is under the cursor."""
        if self._dragged is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position())
            return
        handle = self._handle_at(event.position())
        self.setCursor(Qt.CursorShape.SizeHorCursor if handle else Qt.CursorShape.ArrowCursor)
        words = tr("Drag to choose what is played") if handle else self.words(self.frame_at(event.position().x()))
        QToolTip.showText(event.globalPosition().toPoint(), words, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        self._dragged = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go by one frame, by a tenth of the clip, or to an end."""
        now, last = self._state.frame, self.frames - 1
        page = max(1, self.frames // 10)
        key = Qt.Key
        targets = {
            key.Key_Left: now - 1,
            key.Key_Right: now + 1,
            key.Key_PageUp: now - page,
            key.Key_PageDown: now + page,
            key.Key_Home: 0,
            key.Key_End: last,
        }
        target = targets.get(key(event.key()))
        if target is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self.frame_sought.emit(min(max(target, 0), last))

    def _handle_at(self, at: QPointF) -> str | None:
        """The end of the range under the cursor; `either` where both are, and the way of the drag will tell."""
        at = at / scale()
        if at.y() > LANE:
            return None
        ends = {"first": self._places.x(self._state.first - 0.5), "last": self._places.x(self._state.last + 0.5)}
        near = [end for end, x in ends.items() if abs(x - at.x()) <= REACH]
        return "either" if len(near) > 1 else near[0] if near else None

    def _drag(self, at: QPointF) -> None:
        frame = self.frame_at(at.x())
        first, last = self._state.first, self._state.last
        if self._dragged == "either" and not first <= frame <= last:
            self._dragged = "first" if frame < first else "last"
        if self._dragged == "cursor":
            self.frame_sought.emit(frame)
        elif self._dragged == "first" and frame != first:
            self.range_dragged.emit(min(frame, last), last)
        elif self._dragged == "last" and frame != last:
            self.range_dragged.emit(first, max(frame, first))

    # Painting ----------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the frame around it."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame around it away."""
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew in the new size."""
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.setFixedHeight(scaled(HEIGHT))
            self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cursor over the rest, which is kept: it does not change while the eye moves."""
        if self._ground is None:
            self._ground = self._draw_ground()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            draw_focus(painter, self.rect())
        painter.scale(scale(), scale())
        draw_cursor(painter, self._places, self._state.frame)

    @property
    def _places(self) -> Places:
        return Places(self.width() / scale(), self.height() / scale(), self.frames)

    def _learned(self, frame: int) -> None:
        if frame == self._state.frame:
            self._describe()
        self._redraw()

    def _describe(self) -> None:
        """Tell screen readers what is known of the frame the eye is on."""
        self.setAccessibleDescription(self.words(self._state.frame))

    def _redraw(self) -> None:
        self._ground = None
        self.update()

    def _draw_ground(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ground)
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale(), scale())
        draw_ground(painter, self._places, self._state)
        painter.end()
        return ground
