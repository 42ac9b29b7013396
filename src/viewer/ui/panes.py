"""The middle of the window: one pane or several side by side, one of which the reader works in."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from viewer.ui.pane import Pane


class Layout(Enum):
    """How many panes there are, rows and columns, by the name in settings and commands."""

    ONE = "1x1"
    TWO = "1x2"
    FOUR = "2x2"

    @property
    def places(self) -> int:
        """Number of panes."""
        return self.rows * self.columns

    @property
    def rows(self) -> int:
        """One above the other."""
        return int(self.value[0])

    @property
    def columns(self) -> int:
        """Beside each other."""
        return int(self.value[-1])


class Panes(QWidget):
    """Panes in a grid; the active one is that of the desk: the AI judges it, tools and keys work on it.

    Signals:
        active_changed: The reader works in another pane from now on (the pane, the one before).
        arranged: There are more or fewer panes.
    """

    active_changed = Signal(object, object)
    arranged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._equip: list[Callable[[Pane], object]] = []
        self._made: list[Pane] = []
        self._arrangement = Layout.ONE
        self._active = self._make()
        self._lay_out()

    @property
    def panes(self) -> tuple[Pane, ...]:
        """All that are on screen, row by row."""
        return tuple(self._made[: self._arrangement.places])

    @property
    def made(self) -> tuple[Pane, ...]:
        """All there are, also those out of sight."""
        return tuple(self._made)

    @property
    def active(self) -> Pane:
        """The one the reader works in."""
        return self._active

    @property
    def arrangement(self) -> Layout:
        """How many there are."""
        return self._arrangement

    def equip(self, tool: Callable[[Pane], object]) -> None:
        """Have something done to every pane: now to those there are, later to each new one."""
        self._equip.append(tool)
        for pane in self._made:
            tool(pane)

    def arrange(self, layout: Layout) -> None:
        """Show more or fewer panes; the active one stays, and comes first where it would go."""
        while len(self._made) < layout.places:
            self._make()
        place = self._made.index(self._active)
        if place >= layout.places:
            self._made.insert(0, self._made.pop(place))
        self._arrangement = layout
        self._lay_out()
        self.arranged.emit()

    def place_active(self, place: int) -> None:
        """Have the active pane change places with the one at `place`, counted from 0 row by row."""
        now = self._made.index(self._active)
        self._made[now], self._made[place] = self._made[place], self._made[now]
        self._lay_out()

    def activate(self, pane: Pane) -> None:
        """Work in another pane; one that holds nothing yet is no place to work in."""
        if pane is self._active or pane not in self.panes or pane.clip is None:
            return
        before, self._active = self._active, pane
        self._mark()
        self.active_changed.emit(pane, before)

    def activate_next(self) -> None:
        """Work in the pane after the active one, and after the last in the first."""
        panes = self.panes
        start = panes.index(self._active)
        following = [pane for pane in panes[start + 1 :] + panes[:start] if pane.clip is not None]
        if following:
            self.activate(following[0])
            following[0].canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever presses a mouse button or turns the wheel on a picture works there; the event goes on to it."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn):
            for pane in self.panes:
                if watched in (pane.canvas, pane.canvas.viewport()):
                    self.activate(pane)
        return super().eventFilter(watched, event)

    def _make(self) -> Pane:
        pane = Pane()
        self._made.append(pane)
        for watched in (pane.canvas, pane.canvas.viewport()):
            watched.installEventFilter(self)
        for tool in self._equip:
            tool(pane)
        return pane

    def _lay_out(self) -> None:
        columns = self._arrangement.columns
        shown = self.panes
        for pane in self._made:
            self._grid.removeWidget(pane)
            pane.setParent(self)
            pane.setVisible(pane in shown)
        for place, pane in enumerate(shown):
            self._grid.addWidget(pane, place // columns, place % columns)
        for index in range(2):
            self._grid.setRowStretch(index, int(index < self._arrangement.rows))
            self._grid.setColumnStretch(index, int(index < columns))
        self._mark()

    def _mark(self) -> None:
        """Frame the active pane, where there is a choice."""
        several = len(self.panes) > 1
        for place, pane in enumerate(self.panes, 1):
            pane.show_place(place if several else None, active=pane is self._active)
