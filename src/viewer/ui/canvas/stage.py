"""Where the picture lies on the canvas: zoom and pan, by hand and by command."""

from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from viewer.ui.canvas.items import FrameItem

ZOOM_STEP = 1.25


@dataclass(frozen=True, slots=True)
class Gaze:
    """Where on a picture one looks, whatever its size and that of the canvas.

    Attributes:
        zoom: Times the zoom at which the whole picture just fits.
        across, down: Which place of the turned picture lies in the middle, in shares of its width and height.
    """

    zoom: float = 1.0
    across: float = 0.5
    down: float = 0.5


class PictureBox(pg.ViewBox):  # type: ignore[misc]
    """Zooms to the cursor with the wheel, pans with the left button, hands on what the right button does.

    Signals:
        window_dragged: By shares of the box to the right and down, and whether the drag has ended.
        window_dropped: The right button was clicked twice.
    """

    window_dragged = Signal(float, float, bool)
    window_dropped = Signal()

    def __init__(self) -> None:
        super().__init__(lockAspect=1.0, invertY=True, enableMenu=False, defaultPadding=0.0)
        self.disableAutoRange()
        self.windowing = False

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: ANN401 - pyqtgraph has no types
        """Pan, or change the window."""
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.RightButton or (left and self.windowing):
            event.accept()
            step = event.screenPos() - event.lastScreenPos()
            side = max(self.width(), self.height(), 1.0)
            self.window_dragged.emit(step.x() / side, step.y() / side, event.isFinish())
            return
        if left or event.button() == Qt.MouseButton.MiddleButton:
            event.accept()
            moved = self.mapToView(QPointF(event.lastPos())) - self.mapToView(QPointF(event.pos()))
            self.translateBy(moved)
            self.sigRangeChangedManually.emit(self.state["mouseEnabled"])

    def mouseClickEvent(self, event: Any) -> None:  # noqa: ANN401 - pyqtgraph has no types
        """Give the window up on two clicks of the right button."""
        if event.button() == Qt.MouseButton.RightButton and event.double():
            event.accept()
            self.window_dropped.emit()


class Stage(pg.GraphicsView):  # type: ignore[misc]
    """A view on one picture, which can be zoomed and moved.

    Signals:
        window_dragged, window_dropped: As of the box.
        looked: The reader zoomed, or moved the picture.
        moved: The picture lies elsewhere on the canvas, larger or smaller, or is looked at in another way.
        pointed: The mouse moved over the canvas (its place there), or has left it (None).
    """

    window_dragged = Signal(float, float, bool)
    window_dropped = Signal()
    looked = Signal()
    moved = Signal()
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box = PictureBox()
        self.setCentralItem(self._box)
        self._picture = FrameItem()
        self._box.addItem(self._picture, ignoreBounds=True)
        self._fitted = True
        self._box.window_dragged.connect(self.window_dragged)
        self._box.window_dropped.connect(self.window_dropped)
        self._box.sigRangeChangedManually.connect(self._user_moved)
        self._box.sigRangeChanged.connect(lambda *_: self.moved.emit())

    @property
    def zoom(self) -> float:
        """Screen pixels per picture column."""
        return float(self.width() / self._box.viewRect().width())

    def set_windowing(self, on: bool) -> None:
        """Let the left button change the window instead of panning."""
        self._box.windowing = on
        self.setCursor(Qt.CursorShape.SizeAllCursor if on else Qt.CursorShape.ArrowCursor)

    def fit(self) -> None:
        """Show the whole picture, as the reader asked."""
        self.show_whole()
        self.looked.emit()

    def show_whole(self) -> None:
        """Show the whole picture, and the whole of what comes next."""
        self._fitted = True
        if not self._bounds.isEmpty():
            self._box.setRange(self._bounds, padding=0.0)

    @property
    def gaze(self) -> Gaze:
        """Where on the picture one looks."""
        bounds, view = self._bounds, self._box.viewRect()
        if bounds.isEmpty():
            return Gaze()
        middle = view.center() - bounds.topLeft()
        return Gaze(self.zoom / self._fitting, middle.x() / bounds.width(), middle.y() / bounds.height())

    def look(self, gaze: Gaze) -> None:
        """Look elsewhere on the picture; nobody is told."""
        bounds = self._bounds
        if bounds.isEmpty():
            return
        self._fitted = gaze == Gaze()
        scale = gaze.zoom * self._fitting
        view = QRectF(0, 0, self.width() / scale, self.height() / scale)
        view.moveCenter(QPointF(bounds.x() + gaze.across * bounds.width(), bounds.y() + gaze.down * bounds.height()))
        self._box.setRange(view, padding=0.0)

    @property
    def _bounds(self) -> QRectF:
        """The turned picture, in scene units."""
        return self._picture.mapRectToParent(self._picture.boundingRect())

    @property
    def _fitting(self) -> float:
        """Screen pixels per picture column at which the whole picture just fits."""
        return float(min(self.width() / self._bounds.width(), self.height() / self._bounds.height()))

    def one_to_one(self) -> None:
        """One picture column per screen pixel, around the middle of what is shown."""
        self.set_zoom(1.0 / self.devicePixelRatioF())

    def set_zoom(self, zoom: float) -> None:
        """Zoom around the middle to `zoom` screen pixels per picture column."""
        self._fitted = False
        self._box.scaleBy((self.zoom / zoom, self.zoom / zoom))
        self.looked.emit()

    def zoom_in(self) -> None:
        """Zoom in by one step."""
        self.set_zoom(self.zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom out by one step."""
        self.set_zoom(self.zoom / ZOOM_STEP)

    def close(self) -> bool:
        """Close as any widget does; pyqtgraph's own way frees items that Python still holds, and the process dies."""
        return QWidget.close(self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the mouse is."""
        super().mouseMoveEvent(event)
        self.pointed.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that it is gone."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep a fitted picture fitted."""
        super().resizeEvent(event)
        if hasattr(self, "_fitted"):  # pyqtgraph resizes once while it is being built
            if self._fitted:
                self.show_whole()
            self.moved.emit()

    def _user_moved(self, *_: object) -> None:
        self._fitted = False
        self.looked.emit()
