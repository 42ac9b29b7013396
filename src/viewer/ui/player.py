"""Plays the clip on the desk."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from viewer.domain.image import Clip
from viewer.session.cine import Cine, Pace
from viewer.session.pacing import Pacing
from viewer.ui.desk import Desk
from viewer.ui.texts import tr

TELL_MS = 250
"""The pace is told this often while the clip runs."""


class Player(QObject):
    """Asks the desk for the frame that is due, and hears from the window which one has reached the screen.

    Signals:
        playing_changed: Whether the clip runs.
        range_changed: First and last frame that are played (int, int).
        paced: How the clip runs, in words; none while it stands still and nothing was dropped.
    """

    playing_changed = Signal(bool)
    range_changed = Signal(int, int)
    paced = Signal(str)

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._desk = desk
        self._clock = clock
        self._cine: Cine | None = None
        self._pacing = Pacing(clock)
        self._speed, self._loop, self._every_frame = 1.0, True, False
        self._painted: int | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)
        self._tell = QTimer(self, interval=TELL_MS)
        self._tell.timeout.connect(self.tell_pace)
        desk.clip_changed.connect(self._load)

    @property
    def playing(self) -> bool:
        """Whether the clip runs."""
        return self._cine is not None and self._cine.playing

    @property
    def pace(self) -> Pace:
        """How well it has been playing."""
        return self._cine.pace if self._cine is not None else Pace()

    @property
    def range(self) -> tuple[int, int] | None:
        """First and last frame that are played; None where all of them are."""
        if self._cine is None or self._desk.clip is None:
            return None
        chosen = self._cine.range
        return None if chosen == (0, self._desk.clip.frames - 1) else chosen

    def set_playing(self, on: bool) -> None:
        """Play or pause."""
        if self._cine is None or on == self._cine.playing:
            return
        if on:
            self._cine.play(self._desk.frame, painted=self._painted == self._desk.frame)
            self._pacing.begin()
            self._tell.start()
            self.playing_changed.emit(True)
            self.tick()
        else:
            self._cine.pause()
            self._stopped()

    def set_speed(self, speed: float) -> None:
        """Set the pace, in times the clip's own, [¼, 4]."""
        self._speed = speed
        if self._cine is not None:
            self._cine.speed = speed
            self._go_on()

    def set_loop(self, on: bool) -> None:
        """Start again at the end, or stop there."""
        self._loop = on
        if self._cine is not None:
            self._cine.loop = on
            self._go_on()

    def set_every_frame(self, on: bool) -> None:
        """Let each frame wait until the one before has been shown, or keep the pace and drop frames."""
        self._every_frame = on
        if self._cine is not None:
            self._cine.every_frame = on
            self._go_on()

    def set_range(self, first: int, last: int) -> None:
        """Play these frames alone, as far as the clip has them."""
        if self._cine is None or self._desk.clip is None:
            return
        end = self._desk.clip.frames - 1
        first, last = sorted((min(max(first, 0), end), min(max(last, 0), end)))
        self._cine.set_range(first, last)
        self.range_changed.emit(first, last)
        if self.playing:
            self.tick()

    def clear_range(self) -> None:
        """Play the whole clip."""
        if self._desk.clip is not None:
            self.set_range(0, self._desk.clip.frames - 1)

    def seek(self, frame: int) -> None:
        """Go to a frame; a running clip goes on from there, or from the start of its range where it lies outside."""
        if self._cine is not None:
            self._cine.seek(frame)
        if self.playing:
            self.tick()
        else:
            self._desk.seek(frame)

    def shown(self, frame: int) -> None:
        """Hear that a frame of the clip has been painted, or cannot be."""
        self._painted = frame
        if self._cine is None:
            return
        before = self._cine.pace.shown
        self._cine.shown(frame)
        if self._cine.pace.shown > before:
            self._pacing.shown(self._cine.duration_ms(frame))
        if self.playing and not self._timer.isActive():  # every-frame mode had been waiting for it
            self._wait()

    def tick(self) -> None:
        """Show the frame that is due now."""
        if self._cine is None:
            return
        frame = self._cine.due()
        self._desk.seek(frame, direction=1)
        if self._cine.playing:
            self._wait()
        else:
            self._stopped()

    def tell_pace(self) -> None:
        """Say how the clip runs."""
        rates = self._pacing.rates() if self.playing else None
        self.paced.emit(pace_words(self.pace, rates, every_frame=self._every_frame, playing=self.playing))

    def _go_on(self) -> None:
        """Run on with other settings."""
        if self.playing:
            self._pacing.begin()
            self.tick()

    def _wait(self) -> None:
        wait = self._cine.wait_ms() if self._cine is not None else None
        if wait is None:
            self._timer.stop()
        else:
            self._timer.start(math.ceil(wait))

    def _stopped(self) -> None:
        self._timer.stop()
        self._tell.stop()
        self.tell_pace()
        self.playing_changed.emit(False)

    def _load(self, clip: Clip) -> None:
        was_playing, self._cine, self._painted = self.playing, None, None
        if clip.frames > 1:
            self._cine = Cine(clip, self._clock)
            self._cine.speed, self._cine.loop, self._cine.every_frame = self._speed, self._loop, self._every_frame
        self._timer.stop()
        self._tell.stop()
        self.tell_pace()
        self.range_changed.emit(0, clip.frames - 1)
        if was_playing:
            self.playing_changed.emit(False)


def pace_words(pace: Pace, rates: tuple[float, float] | None, *, every_frame: bool, playing: bool) -> str:
    """How a clip runs, in words: `25 fps · 3 dropped`, `every frame · 0.8×`.

    Args:
        pace: What was counted.
        rates: Frames per second, and times the clip's own pace; None while they cannot be told.
        every_frame: Whether no frame may be dropped.
        playing: Whether it runs now.
    """
    dropped = tr("{n} dropped").format(n=pace.dropped)
    if not playing:
        return dropped if pace.dropped else ""
    if every_frame:
        ratio = [] if rates is None else [f"{rates[1]:.{1 if rates[1] >= 0.1 else 2}f}×"]
        return " · ".join([tr("every frame"), *ratio, *([dropped] if pace.dropped else [])])
    words = [] if rates is None else [tr("{rate} fps").format(rate=f"{rates[0]:.{0 if rates[0] >= 10 else 1}f}")]
    behind = pace.behind - 1  # the frame that is due is one behind until it is painted
    late = [tr("{n} behind").format(n=behind)] if behind > 0 else []
    return " · ".join([*words, dropped, *late])
