"""Where the eye is, told to the worker, but not of every frame that it only passes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

GLANCE_MS = 80
"""The worker turns to another frame at most this often, so that scrolling does not explain every frame it passes."""


class Glance(QTimer):
    """Runs for a moment after the worker has been told of a frame; if the eye is elsewhere then, it is told again."""

    def __init__(self, parent: QObject, where: Callable[[], int], tell: Callable[[int], None]) -> None:
        """Prepare.

        Args:
            parent: Owns it.
            where: The frame that the eye is at.
            tell: Told of it.
        """
        super().__init__(parent, interval=GLANCE_MS, singleShot=True)
        self._where = where
        self._tell = tell
        self._told = 0
        self.timeout.connect(self._look_again)

    def begin(self) -> None:
        """Another clip is on screen."""
        self._told = 0

    def follow(self) -> None:
        """The eye is at another frame."""
        if not self.isActive():
            self._told = self._where()
            self._tell(self._told)
            self.start()

    def _look_again(self) -> None:
        if self._told != self._where():
            self.follow()
