"""Full collections of garbage happen while nothing moves: each holds the interpreter, and the window stands still."""

import gc
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

REST_S = 2.0
"""Without another frame on screen; then hardly anybody sees the window stand still."""

LOOK_MS = 1_000
_NEVER = 1_000_000
"""Collections of the middle generation between two full ones."""


class Tidying(QObject):
    """Takes over from the interpreter when full collections happen, until the window closes.

    What is there at the beginning stays for good, and is never looked at again. Young garbage is collected as ever.
    """

    def __init__(self, window: "MainWindow", clock: Callable[[], float] = time.monotonic) -> None:
        """Begin; `clock` tells seconds."""
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._moved = clock()
        self._usual = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(self._usual[0], self._usual[1], _NEVER)
        window.desk.frame_changed.connect(self._note)
        window.closing.connect(self.stop)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect where it is due and nothing moves."""
        due = gc.get_count()[2] >= self._usual[2]
        rests = self._clock() - self._moved >= REST_S and not self._window.activity.busy
        if due and rests and not self._window.player.playing:
            gc.collect()

    def stop(self) -> None:
        """Leave it to the interpreter again."""
        self._timer.stop()
        gc.set_threshold(*self._usual)

    def _note(self) -> None:
        self._moved = self._clock()
