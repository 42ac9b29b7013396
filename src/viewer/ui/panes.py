"""The middle of the window: one pane or several side by side, one of which the reader works in."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from viewer.ui.pane import Pane


class Panes(QWidget):
    """Panes in a grid; the active one is that of the desk: the AI judges it, tools and keys work on it.

    Signals:
        active_changed: The reader works in another pane (Pane).
    """

    active_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._equip: list[Callable[[Pane], object]] = []
        self._panes: list[Pane] = []
        self._active = self._add()

    @property
    def panes(self) -> tuple[Pane, ...]:
        """All that are on screen, row by row."""
        return tuple(self._panes)

    @property
    def active(self) -> Pane:
        """The one the reader works in."""
        return self._active

    def equip(self, tool: Callable[[Pane], object]) -> None:
        """Have something done to every pane: now to those there are, later to each new one."""
        self._equip.append(tool)
        for pane in self._panes:
            tool(pane)

    def _add(self) -> Pane:
        pane = Pane()
        self._panes.append(pane)
        self._grid.addWidget(pane, 0, len(self._panes) - 1)
        for tool in self._equip:
            tool(pane)
        return pane
