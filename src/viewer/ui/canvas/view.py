"""The canvas: one frame as it is looked at, the maps over it, and what stands over both."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QResizeEvent, QTransform
from PySide6.QtWidgets import QLabel, QWidget

from viewer.domain.geometry import Point
from viewer.domain.image import Frame
from viewer.domain.view import View
from viewer.present.outlines import Line
from viewer.ui.canvas.contour import OutlineItem
from viewer.ui.canvas.display import pixels_of
from viewer.ui.canvas.furniture import Furniture
from viewer.ui.canvas.items import OverlayItem
from viewer.ui.canvas.marks import Marks
from viewer.ui.canvas.stage import Stage
from viewer.ui.canvas.turning import turning
from viewer.ui.texts import marked, tr
from viewer.ui.theme import colour, draw_focus, scaled

EMPTY = marked("Drop pictures, clips, DICOM files or folders here\nor press Ctrl+O")
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class Canvas(Stage):
    """Shows a frame. The maps lie above it; the picture under them is never altered.

    Signals:
        painted: A frame has reached the screen.

    Attributes:
        furniture: What stands over the picture.
    """

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Picture"))
        self.marks = Marks(
            lambda: self.stored_to_scene,
            lambda: QRectF(self.viewport().rect()),
            lambda: [placed.area for placed in self.furniture.placed],
        )
        self.scene().addItem(self.marks)
        self.moved.connect(self.marks.refresh)
        self._maps: dict[str, OverlayItem | OutlineItem] = {}
        self._frame: Frame | None = None
        self._view = View()
        self._laid: tuple[object, ...] = ()
        self._unpainted = False
        self._ringed = False
        self._note = QLabel(self)
        self._note.setObjectName("canvas_note")
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._graphics = True
        self.furniture = Furniture(self.viewport())
        self.show_note(tr(EMPTY))
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
        """Names of the maps and outlines over the picture."""
        return tuple(self._maps)

    @property
    def view(self) -> View:
        """How the picture is looked at."""
        return self._view

    def picture_position(self, at: QPointF) -> QPointF:
        """Column and displayed row of the picture, as it lies upright, under a point of the canvas."""
        shown = QPointF(self._box.mapSceneToView(self.mapToScene(at.toPoint())))
        if self._frame is None:
            return shown
        upright, _ = turning(self._frame, self._view.turn).inverted()
        return QPointF(upright.map(shown))

    def stored_position(self, at: QPointF) -> Point:
        """The same in pixels of the stored frame, as annotations count them."""
        shown = self.picture_position(at)
        return shown.x(), shown.y() / (1.0 if self._frame is None else self._frame.pixel_aspect)

    @property
    def middle(self) -> Point:
        """Which point of the stored frame lies in the middle of the canvas."""
        return self.stored_position(QPointF(self.rect().center()))

    @property
    def graphics_shown(self) -> bool:
        """Whether what the file draws over its picture is shown."""
        return self._graphics

    def show_graphics(self, on: bool) -> None:
        """Show or hide what the file draws over its picture."""
        self._graphics = on
        if self._frame is not None:
            self._paint(self._frame)
            self.moved.emit()

    @property
    def stored_to_scene(self) -> QTransform:
        """From pixels of the stored frame to the scene, whose unit is a pixel of the canvas."""
        aspect = 1.0 if self._frame is None else self._frame.pixel_aspect
        upright = QTransform.fromScale(1.0, aspect) * self._picture.transform()
        # pyqtgraph moves what it shows only before it paints; asked this way, it does so now.
        return QTransform(upright * self._box.childTransform() * self._box.sceneTransform())

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
        self._place_note()

    def use_view(self, view: View, *, at_once: bool = True) -> None:
        """Look at the picture in another way; one that is turned is shown whole.

        Args:
            view: From now on.
            at_once: Repaint what is shown; else from the next frame on, which may be of another clip.
        """
        changed, self._view = view != self._view, view
        if changed and at_once and self._frame is not None:
            self._paint(self._frame)
            self.moved.emit()

    def _paint(self, frame: Frame) -> None:
        self._picture.set_pixels(pixels_of(frame, self._view, graphics=self._graphics), frame.pixel_aspect)
        laid = (frame.values.shape[:2], frame.pixel_aspect, self._view.turn)
        if laid != self._laid:
            self._laid = laid
            self._lay_out()
            self.show_whole()

    def _lay_out(self) -> None:
        if self._frame is not None:
            for item in (self._picture, *self._maps.values()):
                item.setTransform(turning(self._frame, self._view.turn))

    def set_map(self, name: str, rgba: NDArray[np.uint8], area: QRectF, opacity: float) -> None:
        """Show a map over the picture.

        Args:
            name: Names the map, so that it can be replaced.
            rgba: uint8 (h, w, 4), straight alpha.
            area: Part of the picture it covers, in fractions [0, 1].
            opacity: In [0, 1].
        """
        item = self._maps.get(name)
        if not isinstance(item, OverlayItem):
            item = OverlayItem()
            self._lay_over(name, item)
        item.set_map(rgba, self._part(area))
        self.set_map_opacity(name, opacity)

    def set_outline(self, name: str, lines: Iterable[Line], area: QRectF, opacity: float) -> None:
        """Show an outline over the picture and its maps; the arguments are those of `set_map`, but for the lines."""
        item = self._maps.get(name)
        if not isinstance(item, OutlineItem):
            item = OutlineItem()
            self._lay_over(name, item)
        item.set_lines(lines, self._part(area))
        self.set_map_opacity(name, opacity)

    def _lay_over(self, name: str, item: OverlayItem | OutlineItem) -> None:
        """Put an item over the picture, turned as it is, in place of what had its name."""
        self.drop_map(name)
        self._maps[name] = item
        self._box.addItem(item, ignoreBounds=True)
        item.setTransform(self._picture.transform())

    def _part(self, area: QRectF) -> QRectF:
        """A part of the picture, given in fractions."""
        whole = self._picture.boundingRect()
        w, h = whole.width(), whole.height()
        return QRectF(area.x() * w, area.y() * h, area.width() * w, area.height() * h)

    def set_map_opacity(self, name: str, opacity: float) -> None:
        """Change the opacity of one map or outline."""
        if name in self._maps:
            self._maps[name].setOpacity(opacity)

    def drop_map(self, name: str) -> None:
        """Take one map or outline away."""
        item = self._maps.pop(name, None)
        if item is not None:
            self._box.removeItem(item)

    def apply_colours(self) -> None:
        """Take the colours of the theme in use."""
        self.setBackground(QColor(colour("canvas")))
        ink = colour("canvas_text").name()
        self._note.setStyleSheet(f"color: {ink}; font-size: {scaled(15)}px;")
        self._write()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when a frame has reached the screen."""
        super().paintEvent(event)
        if self._ringed:
            draw_focus(QPainter(self.viewport()), self.viewport().rect())
        if self._unpainted:
            self._unpainted = False
            self.painted.emit()

    def drawForeground(self, painter: QPainter, area: QRectF) -> None:
        """Draw what stands over the picture, in pixels of the screen."""
        painter.save()
        painter.resetTransform()
        self.furniture.paint(painter)
        painter.restore()

    def event(self, event: QEvent) -> bool:
        """Write anew for another screen."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._write()
            self.moved.emit()
        return bool(super().event(event))

    def changeEvent(self, event: QEvent) -> None:
        """Write as large as the window does."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and hasattr(self, "furniture"):
            self._write()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw a ring where a key brought the focus here; who clicks on a picture knows where they are."""
        super().focusInEvent(event)
        self._ringed = event.reason() in _BY_KEY
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._ringed = False
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep words in their places."""
        super().resizeEvent(event)
        if hasattr(self, "furniture"):  # pyqtgraph resizes once while it is being built
            self._place_note()
            self.furniture.arrange()

    def _write(self) -> None:
        """Write over the picture in the font and the colours in use."""
        self.furniture.use(self.font(), colour("canvas_text"), colour("canvas"))

    def _place_note(self) -> None:
        self._note.resize(self._note.sizeHint())
        self._note.move((self.width() - self._note.width()) // 2, (self.height() - self._note.height()) // 2)
