"""Plays the clip on the desk."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from viewer.domain.image import Clip
from viewer.ui.desk import Desk
from viewer.ui.playback import Cine


class Player(QObject):
    """Ticks when the next frame is due and asks the desk for it."""

    playing_changed = Signal(bool)

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._desk = desk
        self._clock = clock
        self._cine: Cine | None = None
        self._speed, self._loop = 1.0, True
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)
        desk.clip_changed.connect(self._load)

    @property
    def playing(self) -> bool:
        """Whether the clip runs."""
        return self._cine is not None and self._cine.playing

    def set_playing(self, on: bool) -> None:
        """Play or pause."""
        if self._cine is None or on == self._cine.playing:
            return
        if on:
            self._cine.play(self._desk.frame)
            self.tick()
        else:
            self._cine.pause()
            self._timer.stop()
        self.playing_changed.emit(on)

    def set_speed(self, speed: float) -> None:
        """Set the pace, in times the clip's own."""
        self._speed = speed
        if self._cine is not None:
            self._cine.speed = speed
            self._wait()

    def set_loop(self, on: bool) -> None:
        """Start again at the end, or stop there."""
        self._loop = on
        if self._cine is not None:
            self._cine.loop = on

    def seek(self, frame: int) -> None:
        """Go to a frame; a running clip goes on from there."""
        if self._cine is not None:
            self._cine.seek(frame)
        self._desk.seek(frame)

    def tick(self) -> None:
        """Show the frame that is due now."""
        if self._cine is None:
            return
        frame = self._cine.due()
        self._desk.seek(frame, direction=1)
        if self._cine.playing:
            self._wait()
        else:
            self.playing_changed.emit(False)

    def _wait(self) -> None:
        if self._cine is not None and self._cine.playing:
            self._timer.start(math.ceil(self._cine.wait_ms()))

    def _load(self, clip: Clip) -> None:
        if self.playing:
            self.playing_changed.emit(False)
        self._timer.stop()
        self._cine = Cine(clip, self._clock) if clip.frames > 1 else None
        if self._cine is not None:
            self._cine.speed, self._cine.loop = self._speed, self._loop
