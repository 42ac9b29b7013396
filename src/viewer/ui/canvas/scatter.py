"""The map of a cohort: points that are looked at, pointed to, and gathered with a lasso or a rectangle."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from viewer.present.categories import Look
from viewer.ui.canvas.gathering import Gathering
from viewer.ui.theme import colour, draw_focus, scaled

Floats = NDArray[np.float64]

SYMBOLS = {
    "disc": "o", "square": "s", "triangle": "t1", "diamond": "d", "down": "t", "pentagon": "p", "cross": "x",
    "star": "star", "plus": "+", "ring": "o",
}  # fmt: skip
"""pyqtgraph's name of each shape of `present.categories`."""

OPEN_SHAPES = ("ring",)
SIZE, GHOST, RING = 9, 3, 9
"""Diameter of a point and of one that is left out, and what a ring adds, in pixels at 100 %."""
FEW, MANY = 2_000, 10_000
"""Points of up to `FEW` have their full size; beyond `MANY` they have two thirds of it."""
REACH = 10
"""How far from a point, in pixels, the mouse still means it."""
CLICK = 3
"""Pixels that the mouse may move between press and release of a click."""
MARGIN = 0.05


class Tool(StrEnum):
    """What dragging with the left button does."""

    MOVE = "move"
    LASSO = "lasso"
    RECTANGLE = "rectangle"


class MapBox(pg.ViewBox):  # type: ignore[misc]
    """Zooms to the cursor with the wheel, and moves with whatever button drags."""

    def __init__(self) -> None:
        super().__init__(lockAspect=1.0, enableMenu=False, defaultPadding=MARGIN)
        self.disableAutoRange()

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: ANN401 - pyqtgraph has no types
        """Move the map."""
        event.accept()
        self.translateBy(self.mapToView(QPointF(event.lastPos())) - self.mapToView(QPointF(event.pos())))
        self.sigRangeChangedManually.emit(self.state["mouseEnabled"])


class PointsOfOneLook(pg.ScatterPlotItem):  # type: ignore[misc]
    """Finds the symbol in pyqtgraph's store of drawn ones once, not once for every point."""

    def updateSpots(self, dataSet: Any = None) -> None:  # noqa: ANN401, N802, N803 - as in pyqtgraph
        """Let points that are new or changed have their symbol."""
        data = self.data if dataSet is None else dataSet
        if len(data):
            first = data[:1]
            super().updateSpots(first)
            data["sourceRect"] = first["sourceRect"]


class ScatterMap(pg.GraphicsView):  # type: ignore[misc]
    """Draws each kind of point in its colour and shape, those that are left out as faint dots.

    Signals:
        pointed: The mouse is over a point (its number and place on the map in pixels), or over none (−1).
        clicked: A point was clicked.
        gathered: Points were gathered (their numbers in ascending order).
    """

    pointed = Signal(int, QPointF)
    clicked = Signal(int)
    gathered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._box = MapBox()
        self.setCentralItem(self._box)
        self._positions: Floats = np.zeros((0, 2))
        self._kinds: NDArray[np.intp] = np.zeros(0, np.intp)
        self._shown: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._looks: Sequence[Look] = ()
        self._points: list[PointsOfOneLook] = []
        self._of_kind: list[NDArray[np.intp]] = []
        self._laid: tuple[object, ...] = ()
        self._laid_kinds: NDArray[np.intp] = self._kinds
        self._ghosts = self._add(-2)
        self._chosen, self._here = self._add(10), self._add(11)
        self._rings: tuple[NDArray[np.intp], int] = (np.zeros(0, np.intp), -1)
        self._gathering = Gathering(self.viewport())
        self._tool = Tool.MOVE
        self._pressed: QPointF | None = None
        self._gathers = False
        self._fitted = True
        self._box.sigRangeChangedManually.connect(lambda *_: setattr(self, "_fitted", False))
        self._box.sigRangeChanged.connect(lambda *_: self.pointed.emit(-1, QPointF()))
        self._under = -1

    # What is shown -----------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Pixels per unit of the map."""
        return float(self.width() / self._box.viewRect().width())

    @property
    def chosen(self) -> NDArray[np.intp]:
        """The points with a ring around them."""
        return self._rings[0]

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which points are drawn as such, (n,)."""
        return self._shown

    def use_tool(self, tool: Tool) -> None:
        """Choose what dragging does."""
        self._tool = tool
        cursor = Qt.CursorShape.ArrowCursor if tool is Tool.MOVE else Qt.CursorShape.CrossCursor
        self.viewport().setCursor(cursor)

    def show_positions(self, positions: NDArray[np.floating] | None) -> None:
        """Show other points, all of them; none for a map that is not there yet."""
        self._positions = np.zeros((0, 2)) if positions is None else np.asarray(positions, np.float64)
        count = len(self._positions)
        self._laid = ()
        self._kinds, self._shown = np.zeros(count, np.intp), np.ones(count, np.bool_)
        self._rings = (np.zeros(0, np.intp), -1)
        self.fit()

    def show_kinds(self, kinds: NDArray[np.intp], looks: Sequence[Look], shown: NDArray[np.bool_]) -> None:
        """Tell points apart.

        Args:
            kinds: Of each point, its place in `looks`, (n,).
            looks: Of each kind; the first ones lie on top, for they are what a reader looks for.
            shown: Which points are left in, (n,).
        """
        if not len(self._positions):
            return
        self._kinds, self._looks, self._shown = kinds, looks, shown
        self._draw()

    def choose(self, points: NDArray[np.intp], here: int = -1) -> None:
        """Put a ring around points, and a stronger one around the one the reader is at (−1 for none)."""
        self._rings = (points, here)
        self._draw_rings()

    def fit(self) -> None:
        """Show every point, and go on doing so in whatever size."""
        self._fitted = True
        if len(self._positions):
            low, high = self._positions.min(axis=0), self._positions.max(axis=0)
            spread = np.maximum(high - low, max(float((high - low).max()) * 1e-3, 1e-6))
            middle = (low + high) / 2
            corner = middle - spread / 2
            self._box.setRange(QRectF(*corner, *spread), padding=MARGIN)

    def place_of(self, point: int) -> QPointF:
        """Where a point lies on the map, in its pixels."""
        return self.pixel_of(self._positions[point])

    def pixel_of(self, place: NDArray[np.floating]) -> QPointF:
        """Where a place (2,) of the map is, in pixels."""
        return QPointF(self._box.mapViewToScene(QPointF(*place)))

    def point_at(self, place: QPointF) -> int:
        """The nearest point that is shown, within reach of a place in pixels; −1 where there is none."""
        if not self._shown.any():
            return -1
        at = self._box.mapSceneToView(place)
        apart = ((self._positions - (at.x(), at.y())) ** 2).sum(axis=1)
        apart[~self._shown] = np.inf
        nearest = int(apart.argmin())
        return nearest if np.sqrt(apart[nearest]) * self.zoom <= scaled(REACH) else -1

    def within(self, outline: QPolygonF) -> NDArray[np.intp]:
        """The points that are shown inside an outline in pixels, by the rule of even and odd crossings."""
        corners = np.array([self._box.mapSceneToView(corner).toTuple() for corner in outline.toList()])
        box = (corners.min(axis=0) <= self._positions) & (self._positions <= corners.max(axis=0))
        near = np.flatnonzero(self._shown & box.all(axis=1))
        return near[_inside(self._positions[near], corners)]

    # Qt ----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to gather, or leave it to the box, which moves the map."""
        self._pressed = event.position()
        self._gathers = event.button() == Qt.MouseButton.LeftButton and (
            self._tool is not Tool.MOVE or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        )
        if not self._gathers:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Gather, or tell which point is under the mouse; every move counts, of which pyqtgraph leaves some out."""
        if self._gathers and self._pressed is not None:
            self._gathering.extend(self._pressed, event.position(), rectangle=self._tool is Tool.RECTANGLE)
            return
        super().mouseMoveEvent(event)
        under = -1 if event.buttons() else self.point_at(event.position())
        if under != self._under:
            self._under = under
            self.pointed.emit(under, event.position() if under < 0 else self.place_of(under))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that did not become a drag is a click."""
        if not self._gathers:
            super().mouseReleaseEvent(event)
        start, self._pressed, outline = self._pressed, None, self._gathering.take()
        drawn = outline.boundingRect()
        moved = 0.0 if start is None else (event.position() - start).manhattanLength()
        clicked = max(drawn.width(), drawn.height(), moved) <= CLICK  # a lasso may end where it began
        point = self.point_at(event.position())
        if clicked and point >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(point)
        elif not clicked and outline.size() > 2:
            self.gathered.emit(self.within(outline))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys are those of the window: points are gone through in the table."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep a map that is seen whole so."""
        super().resizeEvent(event)
        if getattr(self, "_fitted", False):  # pyqtgraph resizes once while it is being built
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is over no point any more."""
        super().leaveEvent(event)
        self._under = -1
        self.pointed.emit(-1, QPointF())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring of the focus over the map."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            draw_focus(painter, self.viewport().rect())
            painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme, and the size of letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_rings"):
            self._draw()

    def close(self) -> bool:
        """Close as any widget does; pyqtgraph's own way frees items that Python still holds, and the process dies."""
        return QWidget.close(self)

    # Drawing -----------------------------------------------------------------------------------------------------

    def _add(self, level: float) -> PointsOfOneLook:
        item = PointsOfOneLook(pxMode=True)
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        item.setZValue(level)
        self._box.addItem(item, ignoreBounds=True)
        return item

    def _draw(self) -> None:
        self.setBackground(colour("panel"))
        self._lay_kinds()
        for item, points in zip(self._points, self._of_kind, strict=True):
            _show_only(item, self._shown[points])
        _show_only(self._ghosts, ~self._shown)
        self._draw_rings()

    def _lay_kinds(self) -> None:
        """Give pyqtgraph the points of each kind; a filter only hides some of them."""
        laid = (tuple(self._looks), self._size, colour("panel").name(), colour("muted").name())
        if laid == self._laid and np.array_equal(self._kinds, self._laid_kinds):
            return
        self._laid, self._laid_kinds = laid, self._kinds
        while len(self._points) < len(self._looks):
            self._points.append(self._add(0))
        kinds = range(len(self._points))
        self._of_kind = [np.flatnonzero(self._kinds == kind) for kind in kinds]
        for kind, item in enumerate(self._points):
            item.setZValue(1 - kind / 1000)
            self._set(item, self._of_kind[kind], self._looks[kind] if kind < len(self._looks) else None)
        faint = colour("muted")
        faint.setAlpha(90)
        self._ghosts.setData(*self._positions.T, symbol="o", size=scaled(GHOST), pen=None, brush=faint)

    def _set(self, item: PointsOfOneLook, points: NDArray[np.intp], look: Look | None) -> None:
        if look is None or not len(points):
            item.clear()
            return
        open_ = look.shape in OPEN_SHAPES
        pen = _pen(QColor(look.colour), 1.5) if open_ else _pen(colour("panel"), 0.8)
        brush = pg.mkBrush(None) if open_ else pg.mkBrush(QColor(look.colour))
        size = self._size * look.weight
        item.setData(*self._positions[points].T, symbol=SYMBOLS[look.shape], size=size, pen=pen, brush=brush)

    @property
    def _size(self) -> float:
        """Diameter of an ordinary point: smaller where there are many."""
        count = min(max(len(self._positions), FEW), MANY)
        return scaled(SIZE) * (1 - (count - FEW) / (MANY - FEW) / 3)

    def _draw_rings(self) -> None:
        chosen, here = self._rings
        none = pg.mkBrush(None)
        around = chosen[self._shown[chosen]] if len(self._positions) else chosen[:0]
        ring = _pen(colour("text"), 1.2)
        size = self._size + scaled(RING) / 2
        self._chosen.setData(*self._positions[around].T, symbol="o", size=size, pen=ring, brush=none)
        at = np.array([here] if 0 <= here < len(self._positions) else [], np.intp)
        strong = _pen(colour("accent"), 2.5)
        size = 1.6 * self._size + scaled(RING)
        self._here.setData(*self._positions[at].T, symbol="o", size=size, pen=strong, brush=none)


def symbol_icon(look: Look, side: int, *, on: bool = True) -> QIcon:
    """The symbol of a kind for the legend; a kind that is left out has a faint one."""
    pixmap = QPixmap(QSize(2 * side, 2 * side))
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(1.0 if on else 0.3)
    painter.translate(side / 2, side / 2)
    ink = QColor(look.colour)
    open_ = look.shape in OPEN_SHAPES
    pen = _pen(ink if open_ else QColor(Qt.GlobalColor.transparent), 1.5)
    drawSymbol(painter, SYMBOLS[look.shape], side * 0.72, pen, pg.mkBrush(None) if open_ else pg.mkBrush(ink))
    painter.end()
    return QIcon(pixmap)


def _show_only(item: PointsOfOneLook, shown: NDArray[np.bool_]) -> None:
    """Have an item draw these of its points, and no others."""
    if len(shown):
        item.setPointsVisible(shown)


def _pen(ink: QColor, width: float) -> QPen:
    """A line of a width in pixels, whatever the size of the symbol."""
    pen = QPen(ink, width)
    pen.setCosmetic(True)
    return pen


def _inside(points: Floats, corners: Floats) -> NDArray[np.bool_]:
    """Whether points lie inside a closed outline, (n,): a ray to the right crosses it an odd number of times."""
    inside = np.zeros(len(points), np.bool_)
    x, y = points.T
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crosses = (y0 > y) != (y1 > y)
        if crosses.any():
            inside ^= crosses & (x < x0 + (y - y0) * (x1 - x0) / ((y1 - y0) or 1.0))
    return inside
