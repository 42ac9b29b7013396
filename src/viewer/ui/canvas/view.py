"""The canvas: one frame, the maps over it, zoom, pan and window."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from viewer.domain.image import Frame
from viewer.domain.view import View
from viewer.domain.windowing import default_window
from viewer.ui.canvas.display import pixels_of
from viewer.ui.canvas.items import FrameItem, OverlayItem
from viewer.ui.canvas.turning import turning
from viewer.ui.texts import marked, tr
from viewer.ui.theme import colour

EMPTY = marked("Drop pictures, clips, DICOM files or folders here\nor press Ctrl+O")
ZOOM_STEP = 1.25
MARGIN = 12


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


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """Shows a frame. The maps lie above it; the picture under them is never altered.

    Signals:
        window_dragged, window_dropped: As of the box: what a hand asks for; answered by `use_view`.
        painted: A frame has reached the screen.
        looked: The reader zoomed, or moved the picture.
    """

    window_dragged = Signal(float, float, bool)
    window_dropped = Signal()
    painted = Signal()
    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box = PictureBox()
        self.setCentralItem(self._box)
        self._picture = FrameItem()
        self._box.addItem(self._picture, ignoreBounds=True)
        self._maps: dict[str, OverlayItem] = {}
        self._frame: Frame | None = None
        self._view = View()
        self._laid: tuple[object, ...] = ()
        self._fitted = True
        self._unpainted = False
        self._note = self._corner_label("canvas_note", Qt.AlignmentFlag.AlignCenter)
        self._corner = self._corner_label("canvas_corner", Qt.AlignmentFlag.AlignLeft)
        self.show_note(tr(EMPTY))
        self._box.window_dragged.connect(self.window_dragged)
        self._box.window_dropped.connect(self.window_dropped)
        self._box.sigRangeChangedManually.connect(self._user_moved)
        self._box.sigRangeChanged.connect(self._range_changed)
        self.apply_colours()

    @property
    def frame(self) -> Frame | None:
        """What is shown."""
        return self._frame

    @property
    def note(self) -> str:
        """The words in place of a picture; `""` while one is shown."""
        return "" if self._frame is not None else self._note.text()

    @property
    def maps(self) -> tuple[str, ...]:
        """Names of the maps over the picture."""
        return tuple(self._maps)

    @property
    def view(self) -> View:
        """How the picture is looked at."""
        return self._view

    @property
    def zoom(self) -> float:
        """Screen pixels per picture column."""
        return float(self.width() / self._box.viewRect().width())

    def picture_position(self, at: QPointF) -> QPointF:
        """Column and displayed row of the picture, as it lies upright, under a point of the canvas."""
        shown = QPointF(self._box.mapSceneToView(self.mapToScene(at.toPoint())))
        if self._frame is None:
            return shown
        upright, _ = turning(self._frame, self._view.turn).inverted()
        return QPointF(upright.map(shown))

    def show_frame(self, frame: Frame) -> None:
        """Show a frame; zoom and view stay, but a picture of another shape is shown whole."""
        self._frame = frame
        self._paint(frame)
        self._note.hide()
        self._unpainted = True

    def show_note(self, words: str) -> None:
        """Show words in place of a picture."""
        self._frame, self._laid = None, ()
        self._picture.clear()
        self._note.setText(words)
        self._note.show()
        self._corner.hide()
        self._place_labels()

    def use_view(self, view: View, *, at_once: bool = True) -> None:
        """Look at the picture in another way; one that is turned is shown whole.

        Args:
            view: From now on.
            at_once: Repaint what is shown; else from the next frame on, which may be of another clip.
        """
        changed, self._view = view != self._view, view
        if changed and at_once and self._frame is not None:
            self._paint(self._frame)
            self._write_corner()

    def _paint(self, frame: Frame) -> None:
        self._picture.set_pixels(pixels_of(frame, self._view), frame.pixel_aspect)
        laid = (frame.values.shape[:2], frame.pixel_aspect, self._view.turn)
        if laid != self._laid:
            self._laid = laid
            self._lay_out()
            self.show_whole()
            self._write_corner()

    def _lay_out(self) -> None:
        if self._frame is not None:
            for item in (self._picture, *self._maps.values()):
                item.setTransform(turning(self._frame, self._view.turn))

    def set_windowing(self, on: bool) -> None:
        """Let the left button change the window instead of panning."""
        self._box.windowing = on
        self.setCursor(Qt.CursorShape.SizeAllCursor if on else Qt.CursorShape.ArrowCursor)

    def set_map(self, name: str, rgba: NDArray[np.uint8], area: QRectF, opacity: float) -> None:
        """Show a map over the picture.

        Args:
            name: Names the map, so that it can be replaced.
            rgba: uint8 (h, w, 4), straight alpha.
            area: Part of the picture it covers, in fractions [0, 1].
            opacity: In [0, 1].
        """
        if name not in self._maps:
            self._maps[name] = OverlayItem()
            self._box.addItem(self._maps[name], ignoreBounds=True)
        whole = self._picture.boundingRect()
        w, h = whole.width(), whole.height()
        self._maps[name].set_map(rgba, QRectF(area.x() * w, area.y() * h, area.width() * w, area.height() * h))
        self._maps[name].setOpacity(opacity)
        self._maps[name].setTransform(self._picture.transform())

    def set_map_opacity(self, name: str, opacity: float) -> None:
        """Change the opacity of one map."""
        if name in self._maps:
            self._maps[name].setOpacity(opacity)

    def drop_map(self, name: str) -> None:
        """Take one map away."""
        item = self._maps.pop(name, None)
        if item is not None:
            self._box.removeItem(item)

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

    def apply_colours(self) -> None:
        """Take the colours of the theme in use."""
        self.setBackground(QColor(colour("canvas")))
        ink = colour("canvas_text").name()
        self._note.setStyleSheet(f"color: {ink}; font-size: 15px;")
        self._corner.setStyleSheet(f"color: {ink}; font-size: 12px; background: rgba(0,0,0,120); padding: 3px 6px;")

    def close(self) -> bool:
        """Close as any widget does; pyqtgraph's own way frees items that Python still holds, and the process dies."""
        return QWidget.close(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when a frame has reached the screen."""
        super().paintEvent(event)
        if self._unpainted:
            self._unpainted = False
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep a fitted picture fitted."""
        super().resizeEvent(event)
        if hasattr(self, "_fitted"):  # pyqtgraph resizes once while it is being built
            if self._fitted:
                self.show_whole()
            self._place_labels()

    def _user_moved(self, *_: object) -> None:
        self._fitted = False
        self.looked.emit()

    def _range_changed(self, *_: object) -> None:
        self._write_corner()

    def _write_corner(self) -> None:
        if self._frame is None:
            return
        center, width = self._view.window or default_window(self._frame)
        shown = "" if self._frame.grey is None and self._view.window is None else f"   C {center:.0f}  W {width:.0f}"
        inverted = f"   {tr('inverted')}" if self._view.inverted else ""
        self._corner.setText(f"{self.zoom * self.devicePixelRatioF():.0%}{shown}{inverted}")
        self._corner.show()
        self._place_labels()

    def _place_labels(self) -> None:
        self._note.resize(self._note.sizeHint())
        self._note.move((self.width() - self._note.width()) // 2, (self.height() - self._note.height()) // 2)
        self._corner.adjustSize()
        self._corner.move(MARGIN, self.height() - self._corner.height() - MARGIN)

    def _corner_label(self, name: str, alignment: Qt.AlignmentFlag) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setAlignment(alignment)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return label
