"""Where the docks of the window are: as at the first start, or as the reader left them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from viewer.session.remembered import WindowLayout
from viewer.ui.docks import show_whole_titles

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

VERSION = 1
"""Of the window's parts: raised when a layout of before would no longer suit them. Docks may come and go without."""


class Arrangement:
    """Takes, restores and resets the layout of a window."""

    def __init__(self, window: "MainWindow") -> None:
        """Remember how the window is before anybody moved anything."""
        self._window = window
        self._first = window.saveState(VERSION)

    def taken(self) -> WindowLayout:
        """The layout as it is now."""
        window = self._window
        return WindowLayout(
            version=VERSION,
            width=window.width(),
            height=window.height(),
            geometry=bytes(window.saveGeometry().data()),
            docks=bytes(window.saveState(VERSION).data()),
            unfolded=tuple(sorted(window.reliability.unfolded)),
        )

    def restore(self, layout: WindowLayout, room: QSize) -> None:
        """Put everything where the reader left it.

        Args:
            layout: As it was taken.
            room: What the screen has room for now. Where that is less than it was, the docks get sizes that suit it.
        """
        window = self._window
        if layout.version != VERSION or not window.restoreState(layout.docks, VERSION):
            return
        show_whole_titles(window)
        window.reliability.unfold(layout.unfolded)
        window.restoreGeometry(layout.geometry)
        if layout.width > room.width() or layout.height > room.height():
            window.arrange(min(window.width(), room.width()), min(window.height(), room.height()))

    def reset(self) -> None:
        """Every dock back to its first place, in the size that the window has."""
        self._window.restoreState(self._first, VERSION)
        self._window.arrange(self._window.width(), self._window.height())
