"""The commands that measure, draw and mark: connects them with the panes and the model of edits."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QApplication

from viewer.domain.annotation import Kind
from viewer.session.edits import Change, Step
from viewer.ui.listing import Listing
from viewer.ui.marking import Marker
from viewer.ui.pane import Pane
from viewer.ui.texts import tr
from viewer.ui.values import Values

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

TOOLS: dict[str, Kind | None] = {
    "pointer": None,
    "measure_distance": Kind.DISTANCE,
    "measure_angle": Kind.ANGLE,
    "measure_cobb": Kind.COBB,
    "draw_ellipse": Kind.ELLIPSE,
    "draw_rectangle": Kind.RECTANGLE,
    "draw_polygon": Kind.POLYGON,
    "draw_arrow": Kind.ARROW,
    "draw_text": Kind.TEXT,
}
"""What each command puts into the reader's hand."""

MOVES = {"move_left": (-1, 0), "move_right": (1, 0), "move_up": (0, -1), "move_down": (0, 1)}
FAR = 10
"""Pixels of the canvas that a move with Shift goes."""


class Measuring:
    """One tool in hand for all panes; everything else works on the pane the reader works in."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._markers: list[Marker] = []
        self._tool: Kind | None = None
        self.listing = Listing(window)
        self._connect()
        window.panes.equip(self._equip)
        window.panes.active_changed.connect(lambda pane, before: self.refresh())
        window.edits.watch(self._edited)
        window.values.counted.connect(self._counted)
        self.refresh()

    @property
    def reader(self) -> str:
        """Who draws."""
        return self._window.reviews.reader

    @property
    def values(self) -> Values:
        """What shapes measure."""
        return self._window.values

    @property
    def marker(self) -> Marker:
        """That of the pane the reader works in."""
        active = self._window.panes.active
        return next(marker for marker in self._markers if marker.pane is active)

    def stay_at(self, frame: int) -> None:
        """Stop the clip, at the frame that is seen."""
        if self._window.player.playing:
            self._window.player.set_playing(False)
            self._window.player.seek(frame)

    def refresh(self) -> None:
        """Another annotation is chosen, or another frame, clip or pane is looked at."""
        self._refresh_commands()
        self.listing.refresh()

    def _connect(self) -> None:
        w = self._window
        group = QActionGroup(w)
        for name, kind in TOOLS.items():
            group.addAction(w.action(name))
            w.action(name).triggered.connect(lambda _=False, kind=kind: self._take(kind))
        w.action("windowing").toggled.connect(lambda on: w.action("pointer").trigger() if on else None)
        calls: dict[str, Callable[[], object]] = {
            "undo": self._undo,
            "redo": self._redo,
            "delete_shape": lambda: self.marker.delete(),
            "delete_shapes": lambda: self.marker.delete_all(),
            "rename_shape": lambda: self.marker.ask_words(self.marker.pane.canvas.marks.selected),
            "key_image": lambda: self.marker.toggle_key_image(),
            "next_shape": lambda: self.marker.select_next(1),
            "previous_shape": lambda: self.marker.select_next(-1),
            "next_handle": lambda: self.marker.next_handle(),
        }
        for name, call in calls.items():
            w.action(name).triggered.connect(lambda _=False, call=call: call())
        for name, (right, down) in MOVES.items():
            w.action(name).triggered.connect(lambda _=False, right=right, down=down: self._move(right, down))

    def _equip(self, pane: Pane) -> None:
        marker = Marker(pane, self._window.edits, self)
        marker.hand.take(self._tool)
        self._markers.append(marker)
        pane.clip_changed.connect(lambda clip: self.refresh())
        pane.shown.connect(self.refresh)

    def _take(self, kind: Kind | None) -> None:
        self._tool = kind
        if kind is not None:
            self._window.action("windowing").setChecked(False)
        for marker in self._markers:
            marker.hand.take(kind)
        self.marker.pane.canvas.setFocus()

    def _move(self, right: int, down: int) -> None:
        far = FAR if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self.marker.nudge(right * far, down * far)

    def _undo(self) -> None:
        """Take back the last corner of the shape that is being drawn, else the last step."""
        hand = self.marker.hand
        if self.marker.pane.canvas.marks.stroke is not None:
            hand.take_back()
        else:
            self.marker.settle()
            hand.leave()
            self._show(self._window.edits.undo(self.marker.key))

    def _redo(self) -> None:
        self.marker.settle()
        self._show(self._window.edits.redo(self.marker.key))

    def _show(self, step: Step | None) -> None:
        """Bring the frame of a step that was taken back or done again into view."""
        if step is not None and step.frame is not None:
            self._window.player.seek(step.frame)

    def _edited(self, change: Change) -> None:
        for marker in self._markers:
            if marker.key == change.clip:
                marker.refresh()
        self.refresh()

    def _counted(self, clip: str, name: str) -> None:
        for marker in self._markers:
            if marker.key == clip and marker.pane.canvas.marks.selected == name:
                marker.refresh()

    def _refresh_commands(self) -> None:
        w, key = self._window, self.marker.key
        undo, redo = w.edits.undo_label(key), w.edits.redo_label(key)
        for name, words, label in (("undo", tr("Undo"), undo), ("redo", tr("Redo"), redo)):
            action = w.action(name)
            action.setEnabled(bool(label))
            action.setText(f"{words}: {label}" if label else words)
        chosen = self.marker.selected is not None
        for name in ("delete_shape", "rename_shape", "next_handle", *MOVES):
            w.action(name).setEnabled(chosen)
