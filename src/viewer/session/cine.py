"""Cine by the clock: which frame is due now. It owns no timer and no picture, so that its pace is tested by hand.

There are two ways to play. By the clock, the due frame follows from the time since the start, never from counting
ticks: whoever is late skips frames, the pace stays, and what was skipped is counted. In every-frame mode a frame is
due only after the one before it has been shown: none is skipped, and time stretches instead.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from viewer.domain.image import Clip

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Speeds to choose from, in times the clip's own pace; any between the ends will do."""

UNTIMED_MS = 50.0
"""Time per frame of a clip whose file gives no timing."""

SHORTEST_MS = 1.0
"""Least time that a round, or a frame in turn, is given: some files hold frames of no length."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How well it has been playing since it began, or since the last jump.

    Attributes:
        shown: Frames that reached the screen after the one it began with.
        dropped: Frames that came due in between and never did.
        behind: Frames by which the one on screen lags behind the one that is due.
    """

    shown: int = 0
    dropped: int = 0
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Track:
    """Frames of a range and when they begin.

    Attributes:
        edges: Start of every frame of the clip in ms, and the end of the last one.
        first, last: The frames that are played.
    """

    edges: tuple[float, ...]
    first: int
    last: int

    @classmethod
    def of(cls, clip: Clip) -> "Track":
        """All frames of a clip; the last one is shown as long as the others on average."""
        step = clip.frame_time_ms or UNTIMED_MS
        starts = clip.frame_times_ms or tuple(index * step for index in range(clip.frames))
        return cls((*starts, starts[-1] + step), 0, clip.frames - 1)

    @property
    def frames(self) -> int:
        """Number of frames played."""
        return self.last - self.first + 1

    @property
    def length_ms(self) -> float:
        """How long they last, at least `SHORTEST_MS`."""
        return max(self.end_ms(self.last), SHORTEST_MS)

    def start_ms(self, frame: int) -> float:
        """Start of a frame from that of the range."""
        return self._from_start(self.edges[frame])

    def end_ms(self, frame: int) -> float:
        """End of a frame from the start of the range."""
        return self._from_start(self.edges[frame + 1])

    def duration_ms(self, frame: int) -> float:
        """How long a frame lasts."""
        return self.edges[frame + 1] - self.edges[frame]

    def frame_at(self, ms: float) -> int:
        """The frame at a time from the start of the range, within it."""
        # By the same subtraction as in `start_ms`, so that a frame's own start is never taken for the frame before.
        return bisect_right(self.edges, ms, self.first + 1, self.last + 1, key=self._from_start) - 1

    def plays(self, frame: int) -> bool:
        """Whether a frame is among them."""
        return self.first <= frame <= self.last

    def within(self, frame: int) -> int:
        """The frame itself where it is played, else the first one that is."""
        return frame if self.plays(frame) else self.first

    def _from_start(self, edge: float) -> float:
        return edge - self.edges[self.first]


class ByClock:
    """The due frame follows from the time since the start."""

    def __init__(
        self, track: Track, speed: float, *, loop: bool, from_ms: float, now: float, behind: int = 0
    ) -> None:
        """Begin.

        Args:
            track: What is played.
            speed: Times its own pace.
            loop: Begin again at the end.
            from_ms: Where to begin, from the start of the range.
            now: Seconds.
            behind: Frames by which the screen lags behind already.
        """
        self._track, self._speed, self._loop = track, speed, loop
        self._from_ms, self._since = from_ms, now
        self._reached = self._place(now) - behind
        self.fresh = 0
        self.dropped = 0

    def due(self, now: float) -> int:
        """The frame to be on screen."""
        return self._track.first + self._place(now) % self._track.frames

    def ended(self, now: float) -> bool:
        """Whether the end has been reached and nothing follows."""
        return not self._loop and self._ms(now) >= self._track.length_ms

    def position_ms(self, now: float) -> float:
        """Where it is, from the start of the range."""
        return self._track.length_ms if self.ended(now) else self._ms(now) % self._track.length_ms

    def wait_ms(self, now: float) -> float:
        """Milliseconds of real time until the next frame is due."""
        frame = self.due(now)
        ends = self._track.length_ms if frame == self._track.last else self._track.end_ms(frame)
        return max(0.0, ends - self.position_ms(now)) / self._speed

    def shown(self, frame: int, now: float) -> None:
        """Count a frame that has reached the screen, at its latest turn."""
        place = self._place(now)
        place -= (place - (frame - self._track.first)) % self._track.frames
        if place > self._reached:
            self.fresh += 1
            self.dropped += place - self._reached - 1
            self._reached = place

    def behind(self, now: float) -> int:
        """Frames by which the screen lags behind."""
        return self._place(now) - self._reached

    def _ms(self, now: float) -> float:
        return self._from_ms + (now - self._since) * 1000 * self._speed

    def _place(self, now: float) -> int:
        """Number of the due frame, counted on over all rounds."""
        if self.ended(now):
            return self._track.frames - 1
        rounds, ms = divmod(self._ms(now), self._track.length_ms)
        return int(rounds) * self._track.frames + self._track.frame_at(ms) - self._track.first


class EveryFrame:
    """A frame is due when the one before it has had its time on screen; at most one frame's lateness is made up."""

    dropped = 0

    def __init__(
        self,
        track: Track,
        speed: float,
        *,
        loop: bool,
        frame: int,
        spent_ms: float,
        now: float,
        on_screen: int | None,
    ) -> None:
        """Begin.

        Args:
            track: What is played.
            speed: Times its own pace.
            loop: Begin again at the end.
            frame: Where to begin.
            spent_ms: How much of its time has passed already.
            now: Seconds.
            on_screen: The frame shown now, if any.
        """
        self._track, self._speed, self._loop = track, speed, loop
        self._frame = frame
        self._since = now - spent_ms / 1000 / speed
        self._on_screen = on_screen
        self.fresh = 0

    def due(self, now: float) -> int:
        """The frame to be on screen."""
        if self._is_over(now) and not self.ended(now):
            ended = self._since + self._seconds()
            self._frame = self._track.first if self._frame == self._track.last else self._frame + 1
            self._since = max(ended, now - self._seconds())
        return self._frame

    def ended(self, now: float) -> bool:
        """Whether the last frame has been shown for its time and nothing follows."""
        return not self._loop and self._frame == self._track.last and self._is_over(now)

    def position_ms(self, now: float) -> float:
        """Where it is, from the start of the range."""
        spent = min(now - self._since, self._seconds()) * 1000 * self._speed
        return self._track.start_ms(self._frame) + spent

    def wait_ms(self, now: float) -> float | None:
        """Milliseconds of real time until the next frame is due; None while this one has not been shown."""
        if self._on_screen != self._frame:
            return None
        return max(0.0, self._since + self._seconds() - now) * 1000

    def shown(self, frame: int, now: float) -> None:
        """Count a frame that has reached the screen."""
        if frame == self._frame != self._on_screen:
            self.fresh += 1
        self._on_screen = frame

    def behind(self, now: float) -> int:
        """Frames by which the screen lags behind: the due one, until it is shown."""
        return int(self._on_screen != self._frame)

    def _seconds(self) -> float:
        return max(self._track.duration_ms(self._frame), SHORTEST_MS) / 1000 / self._speed

    def _is_over(self, now: float) -> bool:
        return self._on_screen == self._frame and now >= self._since + self._seconds()


class Cine:
    """Plays a clip, or a range of it, at its own frame times.

    Whoever shows the frames asks for `due()` when `wait_ms()` has passed, and tells by `shown()` what has reached the
    screen, or cannot be shown at all.
    """

    def __init__(self, clip: Clip, clock: Callable[[], float]) -> None:
        """Prepare a clip.

        Args:
            clip: What is played.
            clock: Seconds, increasing.
        """
        self._clock = clock
        self._whole = self._track = Track.of(clip)
        self._speed = 1.0
        self._loop = True
        self._every_frame = False
        self._on_screen: int | None = None
        self._schedule: ByClock | EveryFrame | None = None  # None while paused
        self._rest = 0  # the frame where it is paused
        self._before = Pace()  # what was counted before the present schedule

    @property
    def playing(self) -> bool:
        """Whether time is running."""
        return self._schedule is not None

    @property
    def pace(self) -> Pace:
        """How well it has been playing."""
        if self._schedule is None:
            return self._before
        return Pace(
            shown=self._before.shown + self._schedule.fresh,
            dropped=self._before.dropped + self._schedule.dropped,
            behind=self._schedule.behind(self._clock()),
        )

    @property
    def speed(self) -> float:
        """Times the clip's own pace, [¼, 4]."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not SPEEDS[0] <= speed <= SPEEDS[-1]:
            raise ValueError(f"a speed lies between {SPEEDS[0]:g} and {SPEEDS[-1]:g}, not at {speed:g}")
        self._speed = speed
        self._go_on()

    @property
    def loop(self) -> bool:
        """Whether it begins again at the end, or stops there."""
        return self._loop

    @loop.setter
    def loop(self, on: bool) -> None:
        self._loop = on
        self._go_on()

    @property
    def every_frame(self) -> bool:
        """Whether each frame waits until the one before has been shown."""
        return self._every_frame

    @every_frame.setter
    def every_frame(self, on: bool) -> None:
        self._every_frame = on
        self._go_on()

    @property
    def range(self) -> tuple[int, int]:
        """First and last frame that are played."""
        return self._track.first, self._track.last

    def duration_ms(self, frame: int) -> float:
        """How long a frame lasts at the clip's own pace."""
        return self._whole.duration_ms(frame)

    def set_range(self, first: int, last: int) -> None:
        """Play these frames alone; where another one is due, from the first of them.

        Raises:
            ValueError: The clip has no such frames.
        """
        if not 0 <= first <= last <= self._whole.last:
            raise ValueError(f"frames {first} to {last} are no range of a clip of {self._whole.frames}")
        frame = self.due()
        self._track = Track(self._whole.edges, first, last)
        self.seek(frame)

    def clear_range(self) -> None:
        """Play the whole clip."""
        self.set_range(self._whole.first, self._whole.last)

    def play(self, frame: int, *, painted: bool = True) -> None:
        """Run from a frame; from the start of the range where it is its last one, or outside it.

        Args:
            frame: The frame on screen, or about to be.
            painted: Whether it is on screen already.
        """
        self._on_screen = frame if painted else None
        self._start(self._track.first if frame == self._track.last else frame)

    def pause(self) -> None:
        """Stop the time."""
        if self._schedule is not None:
            self._rest, self._before = self._schedule.due(self._clock()), self.pace
            self._schedule = None

    def seek(self, frame: int) -> None:
        """Go on from frame `frame`; from the start of the range where it lies outside."""
        if self._schedule is not None:
            self._start(frame)
        else:
            self._rest = self._track.within(frame)

    def due(self) -> int:
        """The frame to be on screen now; at the end of a range that does not loop, the last one, and it pauses."""
        if self._schedule is None:
            return self._rest
        now = self._clock()
        frame = self._schedule.due(now)
        if self._schedule.ended(now):
            self.pause()
        return frame

    def wait_ms(self) -> float | None:
        """Milliseconds of real time until the next frame is due; None while it waits for `shown`, or is paused."""
        return None if self._schedule is None else self._schedule.wait_ms(self._clock())

    def shown(self, frame: int) -> None:
        """Say that a frame is on screen, or that it cannot be shown; one that is painted again is counted once."""
        self._on_screen = frame
        if self._schedule is not None and self._track.plays(frame):
            self._schedule.shown(frame, self._clock())

    def _start(self, frame: int) -> None:
        """Run from a frame, and count anew."""
        self._before = Pace()
        self._schedule = self._scheduled(self._track.within(frame))

    def _go_on(self) -> None:
        """Run from where it is, with other settings."""
        if self._schedule is not None:
            now = self._clock()
            frame = self._schedule.due(now)
            spent = self._schedule.position_ms(now) - self._track.start_ms(frame)
            self._before = self.pace
            self._schedule = self._scheduled(frame, spent, self._before.behind)

    def _scheduled(self, frame: int, spent_ms: float = 0.0, behind: int = 0) -> ByClock | EveryFrame:
        track, speed, loop, now = self._track, self._speed, self._loop, self._clock()
        if self._every_frame:
            on_screen = self._on_screen
            return EveryFrame(track, speed, loop=loop, frame=frame, spent_ms=spent_ms, now=now, on_screen=on_screen)
        from_ms = track.start_ms(frame) + spent_ms
        return ByClock(track, speed, loop=loop, from_ms=from_ms, now=now, behind=behind)
