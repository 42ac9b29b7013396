"""The reader's hand on the canvas: mouse and keys draw shapes, choose them and drag them."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.geometry import Box, Point
from viewer.domain.handles import clamped, constrained, kept_within, opposite_of, reaching, usual_points, with_handle
from viewer.ui.canvas.outline import HANDLE_REACH, on_screen
from viewer.ui.canvas.stroke import Stroke
from viewer.ui.canvas.view import Canvas

SLIP = 4.0
"""Screen pixels that a hand moves without meaning to drag."""

USUAL_SHARE = 0.3
"""A shape that no hand draws covers this share of the width and height of what is seen."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_Event = QEvent.Type


@dataclass
class _Grip:
    """What the hand holds: an annotation as it was, where it was taken, and by which handle."""

    annotation: Annotation
    start: QPointF
    handle: int | None
    begun: bool = False


class Hand(QObject):
    """Watches a canvas; draws nothing itself and keeps nothing.

    Signals:
        begun: The hand begins to draw.
        drawn: A shape is finished (Kind, points of the stored frame).
        placed: The same, by a key alone.
        text_asked: Words shall be written at a point (Point).
        words_asked: The words of an annotation shall be changed (identifier).
        picked: An annotation is chosen, `""` for none (identifier).
        drag_begun: An annotation is being changed from now on (Annotation, handle or None for all of it).
        dragged: As it is now (Annotation).
        drag_ended: It stays so (True), or as it was (False).
    """

    begun = Signal()
    drawn = Signal(object, tuple)
    placed = Signal(object, tuple)
    text_asked = Signal(tuple)
    words_asked = Signal(str)
    picked = Signal(str)
    drag_begun = Signal(object, object)
    dragged = Signal(object)
    drag_ended = Signal(bool)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._tool: Kind | None = None
        self._grip: _Grip | None = None
        self._pressed: QPointF | None = None
        canvas.viewport().installEventFilter(self)
        canvas.installEventFilter(self)

    @property
    def busy(self) -> bool:
        """Whether something is being drawn or dragged."""
        return self._grip is not None or self._canvas.marks.stroke is not None

    def take(self, tool: Kind | None) -> None:
        """Draw shapes of a kind from now on; None chooses and drags them."""
        self.give_up()
        self._tool = tool
        self._point_with(Qt.CursorShape.CrossCursor if tool is not None else None)

    def give_up(self) -> None:
        """Forget the shape that is being drawn, and take back the drag that goes on."""
        self._set_stroke(None)
        self._pressed = None
        grip, self._grip = self._grip, None
        if grip is not None and grip.begun:
            self.drag_ended.emit(False)

    def take_back(self) -> None:
        """Forget the last point of the shape that is being drawn."""
        stroke = self._canvas.marks.stroke
        if stroke is not None:
            stroke.take_back()
            self._set_stroke(stroke if stroke.points else None)

    def leave(self) -> None:
        """Another frame is shown: what was dragged stays so, and a shape that is not finished is forgotten."""
        self._let_go()
        self.give_up()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the events that the hand means for shapes; others go on to the canvas."""
        if self._canvas.frame is None:
            return False
        if isinstance(event, QMouseEvent):
            return watched is not self._canvas and self._mouse(event)
        if isinstance(event, QKeyEvent) and watched is self._canvas:
            if event.type() == _Event.ShortcutOverride and event.key() == Qt.Key.Key_Escape and self.busy:
                event.accept()
                return True
            return event.type() == _Event.KeyPress and self._key(event)
        return False

    # Mouse -------------------------------------------------------------------------------------------------------

    def _mouse(self, event: QMouseEvent) -> bool:
        at = self._canvas.viewportTransform().inverted()[0].map(event.position())
        left = event.button() == Qt.MouseButton.LeftButton
        if event.type() == _Event.MouseMove:
            return self._moved(at, event)
        if left and event.type() == _Event.MouseButtonPress:
            return self._press(at, event)
        if left and event.type() == _Event.MouseButtonDblClick:
            return self._double(at, event)
        if left and event.type() == _Event.MouseButtonRelease:
            return self._released(at, event)
        return False

    def _press(self, at: QPointF, event: QMouseEvent) -> bool:
        self._canvas.setFocus()
        marks = self._canvas.marks
        if marks.stroke is None:
            handle = marks.handle_under(at)
            chosen = marks.find(marks.selected) if handle is not None else None
            if chosen is None and self._tool is None:
                chosen = marks.under(at)
            if chosen is not None:
                handle = None if chosen.kind is Kind.TEXT else handle
                self._grip = _Grip(chosen, at, handle)
                self.picked.emit(chosen.id)
                return True
        if self._tool is None:
            if marks.selected:
                self.picked.emit("")
            return False
        self._pressed = at
        if self._tool is not Kind.TEXT:
            if marks.stroke is None:
                self.begun.emit()
            stroke = marks.stroke or Stroke(self._tool)
            if stroke.closable and _near(on_screen(stroke.points[0], self._canvas.stored_to_scene), at):
                self._finish(stroke)
                return True
            stroke.press(self._stored(at, stroke, event))
            self._set_stroke(stroke)
        return True

    def _double(self, at: QPointF, event: QMouseEvent) -> bool:
        stroke = self._canvas.marks.stroke
        if stroke is not None and stroke.kind is Kind.POLYGON:
            if stroke.closable:
                self._finish(stroke)
            return True
        if stroke is None and self._tool is None:
            found = self._canvas.marks.under(at)
            if found is not None:
                self.words_asked.emit(found.id)
                return True
        return self._press(at, event)

    def _moved(self, at: QPointF, event: QMouseEvent) -> bool:
        held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self._grip is not None:
            if not held:  # the button went up where nobody saw it
                self._let_go()
                return False
            self._drag(self._grip, at, event)
            return True
        stroke = self._canvas.marks.stroke
        if stroke is not None:
            stroke.move(self._stored(at, stroke, event))
            self._canvas.marks.update()
            return held
        if self._tool is None and not event.buttons():
            marks = self._canvas.marks
            over = marks.handle_under(at) is not None or marks.under(at) is not None
            self._point_with(Qt.CursorShape.PointingHandCursor if over else None)
        return held and self._pressed is not None

    def _released(self, at: QPointF, event: QMouseEvent) -> bool:
        if self._grip is not None:
            self._let_go()
            return True
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return False
        stroke = self._canvas.marks.stroke
        if self._tool is Kind.TEXT:
            self.text_asked.emit(self._stored(at, None, event))
        elif stroke is not None:
            stroke.release(self._stored(at, stroke, event), dragged=not _near(pressed, at, SLIP))
            if stroke.complete:
                self._finish(stroke)
            self._canvas.marks.update()
        return True

    def _drag(self, grip: _Grip, at: QPointF, event: QMouseEvent) -> None:
        if not grip.begun:
            if _near(grip.start, at, SLIP):
                return
            grip.begun = True
            self.drag_begun.emit(grip.annotation, grip.handle)
        old = grip.annotation
        if grip.handle is None:
            (x1, y1), (x2, y2) = self._stored_freely(grip.start), self._stored_freely(at)
            self.dragged.emit(old.moved(*kept_within(old, x2 - x1, y2 - y1, self._box)))
            return
        point = clamped(self._stored_freely(at), self._box)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            point = self._constrained(old.kind, opposite_of(old, grip.handle), point)
        self.dragged.emit(with_handle(old, grip.handle, point))

    def _let_go(self) -> None:
        grip, self._grip = self._grip, None
        if grip is not None and grip.begun:
            self.drag_ended.emit(True)

    # Keys --------------------------------------------------------------------------------------------------------

    def _key(self, event: QKeyEvent) -> bool:
        stroke = self._canvas.marks.stroke
        if event.key() == Qt.Key.Key_Escape and self.busy:
            self.give_up()
        elif event.key() == Qt.Key.Key_Backspace and stroke is not None:
            self.take_back()
        elif event.key() in _ENTER:
            return self._enter(stroke)
        else:
            return False
        return True

    def _enter(self, stroke: Stroke | None) -> bool:
        """Close the polygon; else place a shape of the chosen kind; else change the words of the chosen shape."""
        if stroke is not None:
            if stroke.closable:
                self._finish(stroke)
            return True
        if self._tool is not None:
            points = usual_points(self._tool, self._middle())
            if self._tool is Kind.TEXT:
                self.text_asked.emit(points[0])
            else:
                self.placed.emit(self._tool, points)
            return True
        if self._canvas.marks.selected:
            self.words_asked.emit(self._canvas.marks.selected)
            return True
        return False

    # Places ------------------------------------------------------------------------------------------------------

    @property
    def _box(self) -> Box:
        rows, columns = (0, 0) if self._canvas.frame is None else self._canvas.frame.values.shape[:2]
        return 0.0, 0.0, float(columns), float(rows)

    def _stored_freely(self, at: QPointF) -> Point:
        point = self._canvas.stored_to_scene.inverted()[0].map(at)
        return point.x(), point.y()

    def _stored(self, at: QPointF, stroke: Stroke | None, event: QMouseEvent) -> Point:
        """Where the hand points in the stored frame, never beside it; along its constraint while Shift is held."""
        point = clamped(self._stored_freely(at), self._box)
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shift and stroke is not None and stroke.anchor is not None:
            return self._constrained(stroke.kind, stroke.anchor, point)
        return point

    def _constrained(self, kind: Kind, start: Point, point: Point) -> Point:
        aspect = 1.0 if self._canvas.frame is None else self._canvas.frame.pixel_aspect
        return reaching(start, constrained(kind, start, point, aspect), self._box)

    def _middle(self) -> Box:
        """The middle of what is seen of the stored frame."""
        back = self._canvas.stored_to_scene.inverted()[0]
        seen = back.mapRect(QRectF(self._canvas.viewport().rect())).intersected(QRectF(*self._box))
        w, h, middle = seen.width() * USUAL_SHARE, seen.height() * USUAL_SHARE, seen.center()
        return middle.x() - w / 2, middle.y() - h / 2, middle.x() + w / 2, middle.y() + h / 2

    def _finish(self, stroke: Stroke) -> None:
        self._set_stroke(None)
        self._pressed = None
        self.drawn.emit(stroke.kind, tuple(stroke.points))

    def _set_stroke(self, stroke: Stroke | None) -> None:
        self._canvas.marks.stroke = stroke
        self._canvas.marks.update()

    def _point_with(self, cursor: Qt.CursorShape | None) -> None:
        view = self._canvas.viewport()
        if cursor is None:
            view.unsetCursor()
        elif view.cursor().shape() != cursor:
            view.setCursor(cursor)


def _near(one: QPointF, other: QPointF, reach: float = HANDLE_REACH) -> bool:
    return (one - other).manhattanLength() <= reach
