"""How the picture in each pane is looked at: the panes follow the model of edits, and hands and keys change it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from viewer.domain.image import Clip, Frame
from viewer.domain.view import Turn, View
from viewer.domain.windowing import auto_window, dragged
from viewer.session.edits import Change, EditModel
from viewer.ui.pane import Pane
from viewer.ui.panes import Panes
from viewer.ui.texts import tr


class Viewing(QObject):
    """Keeps the view of every pane in step with the model; its acts are for the pane the reader works in.

    Signals:
        changed: Another view, frame or pane is before the reader.
    """

    changed = Signal()

    def __init__(self, panes: Panes, edits: EditModel) -> None:
        super().__init__()
        self._panes = panes
        self._edits = edits
        self._dragging = False
        self._windowing = False
        panes.equip(self._equip)
        panes.active_changed.connect(lambda *_: self.changed.emit())
        edits.watch(self._follow)

    @property
    def frame(self) -> Frame | None:
        """What the reader looks at."""
        return self._panes.active.canvas.frame

    @property
    def clip(self) -> Clip | None:
        """Its clip."""
        return self._panes.active.clip

    @property
    def view(self) -> View:
        """How the reader looks at it."""
        return View() if self.clip is None else self._view_of(self.clip)

    def reset(self) -> None:
        """Back to the file's own display, upright."""
        self._look(View(), tr("Reset"))

    def invert(self) -> None:
        """Exchange black and white."""
        self._look(replace(self.view, inverted=not self.view.inverted), tr("Invert"))

    def turn(self, how: Callable[[Turn], Turn], label: str) -> None:
        """Turn or flip the picture."""
        self._look(replace(self.view, turn=how(self.view.turn)), label)

    def set_window(self, window: tuple[float, float] | None, label: str = "") -> None:
        """Look through a window of that centre and width, or the file's own."""
        self._look(replace(self.view, window=window), label or tr("Window"))

    def set_auto_window(self) -> None:
        """Spread the values of the frame on screen over the greys."""
        if self.frame is not None:
            self.set_window(auto_window(self.frame))

    def set_windowing(self, on: bool) -> None:
        """Let the left button change the window instead of panning."""
        self._windowing = on
        for pane in self._panes.made:
            pane.canvas.set_windowing(on)

    def _look(self, view: View, label: str) -> None:
        if self.clip is not None:
            self._edits.look(str(self.clip.path), view, label)
        self.changed.emit()  # a button that was pressed in vain comes out again

    def _view_of(self, clip: Clip) -> View:
        return self._edits.edits(str(clip.path)).view

    def _equip(self, pane: Pane) -> None:
        """Let a pane follow, also while it is out of sight, and listen to its mouse."""
        pane.canvas.set_windowing(self._windowing)
        # The picture of the clip before is still on screen: the view is for the one that follows.
        pane.clip_changed.connect(lambda clip: pane.canvas.use_view(self._view_of(clip), at_once=False))
        pane.shown.connect(lambda: self._tell_of(pane))
        pane.canvas.window_dragged.connect(lambda right, down, last: self._drag(pane, right, down, last))
        pane.canvas.window_dropped.connect(lambda: self._drop(pane))

    def _follow(self, change: Change) -> None:
        for pane in self._panes.made:
            if pane.clip is not None and str(pane.clip.path) == change.clip:
                pane.canvas.use_view(change.after.view)
                self._tell_of(pane)

    def _tell_of(self, pane: Pane) -> None:
        if pane is self._panes.active:
            self.changed.emit()

    def _drag(self, pane: Pane, right: float, down: float, last: bool) -> None:
        """Change the window with the mouse; a whole drag is one step."""
        frame = pane.canvas.frame
        if pane.clip is not None and frame is not None:
            clip = str(pane.clip.path)
            if not self._dragging:
                self._edits.begin(clip, tr("Window"))
                self._dragging = True
            self._edits.look(clip, dragged(self._view_of(pane.clip), frame, right, down), tr("Window"))
        if last and self._dragging:
            self._dragging = False
            self._edits.commit()

    def _drop(self, pane: Pane) -> None:
        if pane.clip is not None:
            view = replace(self._view_of(pane.clip), window=None)
            self._edits.look(str(pane.clip.path), view, tr("Window of the file"))
