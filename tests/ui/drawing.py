"""A hand that draws on the canvas of a made-up window: real mouse events at points of the stored frame."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.geometry import Point
from viewer.domain.view import Turn
from viewer.ui.pane import Pane

from .conftest import Room

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class MadeHand:
    """Mouse and keys on the canvas of a pane, by default always that of the active one."""

    def __init__(self, room: Room, pane: Pane | None = None) -> None:
        self.room = room
        self.pane = pane

    @property
    def canvas(self):
        return self.room.window.canvas if self.pane is None else self.pane.canvas

    @property
    def file(self) -> str:
        return str(self.room.desk.clip.path)

    @property
    def drawn(self) -> tuple[Annotation, ...]:
        """Everything on the clip but key marks."""
        every = self.room.window.edits.edits(self.file).annotations
        return tuple(entry for entry in every if entry.kind is not Kind.KEY_IMAGE)

    @property
    def label(self) -> tuple[str, ...]:
        """What stands beside the only shape of the frame, once its pixels are counted."""
        self.room.count()
        (mark,) = self.canvas.marks.marks
        return (*mark.lines, *mark.small)

    def go(self, frame: int) -> None:
        """Go to a frame, and wait until it is shown."""
        self.room.window.player.seek(frame)
        self.room.settle()

    def look(self, turn: Turn) -> None:
        """Turn the picture."""
        edits = self.room.window.edits
        edits.look(self.file, replace(edits.edits(self.file).view, turn=turn), "Turn")
        self.canvas.viewport().repaint()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas, key, modifiers)

    def at(self, point: Point) -> QPointF:
        """Where a point of the stored frame lies on the canvas."""
        scene = self.canvas.stored_to_scene.map(QPointF(*point))
        return self.canvas.viewportTransform().map(scene)

    def send(self, kind: QEvent.Type, point: Point, *, held: bool, modifiers: Qt.KeyboardModifier = NONE) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        which = none if kind is QEvent.Type.MouseMove else left
        at, view = self.at(point), self.canvas.viewport()
        event = QMouseEvent(kind, at, view.mapToGlobal(at), which, left if held else none, modifiers)
        QApplication.sendEvent(view, event)

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.send(QEvent.Type.MouseButtonPress, point, held=True, modifiers=modifiers)

    def move(self, point: Point, modifiers: Qt.KeyboardModifier = NONE, *, held: bool = True) -> None:
        self.send(QEvent.Type.MouseMove, point, held=held, modifiers=modifiers)

    def release(self, point: Point, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.send(QEvent.Type.MouseButtonRelease, point, held=False, modifiers=modifiers)

    def drag(self, start: Point, end: Point, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press(start, modifiers)
        self.move(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), modifiers)
        self.move(end, modifiers)
        self.release(end, modifiers)

    def click(self, *points: Point) -> None:
        for point in points:
            self.move(point, held=False)
            self.press(point)
            self.release(point)

    def double_click(self, point: Point) -> None:
        self.click(point)
        self.send(QEvent.Type.MouseButtonDblClick, point, held=True)
        self.release(point)

    def write(self, words: str) -> None:
        """Write into the entry that asks for words, and press Enter."""
        entry = QApplication.focusWidget()
        assert entry is not None
        entry.setText(words)
        QTest.keyClick(entry, Qt.Key.Key_Return)
