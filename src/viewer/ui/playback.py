"""Cine by the clock: which frame is due now. Free of Qt, so that its pace can be tested by hand."""

from bisect import bisect_right
from collections.abc import Callable

from viewer.domain.image import Clip

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
UNTIMED_MS = 50.0
"""Time per frame of a clip whose file gives no timing."""


class Cine:
    """Plays a clip at its own frame times.

    The due frame follows from the time since the start, never from counting ticks: a late tick skips frames and the
    pace stays.
    """

    def __init__(self, clip: Clip, clock: Callable[[], float]) -> None:
        """Prepare a clip.

        Args:
            clip: What is played.
            clock: Seconds, increasing.
        """
        self._clock = clock
        step = clip.frame_time_ms or UNTIMED_MS
        self._starts = clip.frame_times_ms or tuple(index * step for index in range(clip.frames))
        self._length = self._starts[-1] + step
        self._speed = 1.0
        self._from_ms = 0.0
        self._since: float | None = None
        self.loop = True

    @property
    def playing(self) -> bool:
        """Whether time is running."""
        return self._since is not None

    @property
    def speed(self) -> float:
        """Times the clip's own pace."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        position = self._position()
        self._speed = speed
        self._restart(position)

    def play(self, frame: int) -> None:
        """Run from frame `frame`; from the beginning where that is the last one."""
        last = frame >= len(self._starts) - 1
        self._since = self._clock()
        self._from_ms = 0.0 if last else self._starts[frame]

    def pause(self) -> None:
        """Stop the time."""
        self._since = None

    def seek(self, frame: int) -> None:
        """Go on from frame `frame`."""
        self._restart(self._starts[frame])

    def due(self) -> int:
        """The frame to be on screen now; at the end of a clip that does not loop, the last one, and it pauses."""
        position = self._position()
        if position >= self._length and not self.loop:
            self.pause()
            return len(self._starts) - 1
        return bisect_right(self._starts, position % self._length) - 1

    def wait_ms(self) -> float:
        """Milliseconds of real time until the next frame is due."""
        position = self._position() % self._length
        index = bisect_right(self._starts, position)
        until = self._starts[index] if index < len(self._starts) else self._length
        return max(0.0, until - position) / self._speed

    def _position(self) -> float:
        if self._since is None:
            return self._from_ms
        return self._from_ms + (self._clock() - self._since) * 1000 * self._speed

    def _restart(self, position: float) -> None:
        self._from_ms = position % self._length
        if self._since is not None:
            self._since = self._clock()
