"""Frames on demand: a cache, and threads that decode what is looked at first and its neighbours after."""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.image import Frame, FrameSource
from viewer.io.cache import FrameCache
from viewer.io.faults import FAULTS, brief

AHEAD, BEHIND = 12, 3
"""Frames prefetched in the scroll direction, and against it."""

Done = Callable[[FrameSource, int, Frame | ViewerError], None]
"""Called on a decode thread with the frame, or with the one sentence why there is none."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    source: FrameSource
    index: int
    done: Done | None


@dataclass(slots=True)
class _Place:
    """What one place on the screen waits for, and the generation of its latest request."""

    generation: int = 0
    display: _Wanted | None = None
    ahead: deque[_Wanted] = field(default_factory=deque)

    def drop(self, source: FrameSource) -> None:
        """Wait for nothing more of one clip."""
        if self.display is not None and self.display.source is source:
            self.display = None
        self.ahead = deque(wanted for wanted in self.ahead if wanted.source is not source)


class FrameStore:
    """The frames of all open clips.

    `request` serves a place on the screen: it supersedes earlier requests of that place that have not begun (last
    one wins), is decoded before any prefetch, and then fetches neighbours, leaning to the scroll direction. Places
    beside each other are served in turn. `get` serves workers: it decodes in the caller's own thread, and never waits
    behind prefetch for more than one frame.

    One source is never decoded on two threads at once.
    """

    def __init__(self, cache_bytes: int, threads: int = 1) -> None:
        """Start the decode threads.

        Args:
            cache_bytes: Budget for decoded frames.
            threads: Number of decode threads.
        """
        self._cache = FrameCache(cache_bytes)
        self._state = threading.Condition()
        self._places: dict[Hashable, _Place] = {}
        self._generation = 0
        self._closed = False
        self._locks: dict[FrameSource, threading.Lock] = {}
        self._threads = [
            threading.Thread(target=self._work, name=f"decode-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def cached(self, source: FrameSource, index: int) -> Frame | None:
        """The frame where it is already decoded; never blocks on a decoder."""
        return self._cache.get(source, index)

    def get(self, source: FrameSource, index: int) -> Frame:
        """The frame, decoded here and now if need be.

        Raises:
            UnreadableFile: With one sentence.
        """
        frame = self._cache.get(source, index)
        if frame is not None:
            return frame
        with self._lock_of(source):
            frame = self._cache.get(source, index)  # another thread may have just decoded it
            if frame is None:
                frame = _decoded(source, index)
                self._cache.put(source, index, frame)
            return frame

    def request(self, source: FrameSource, index: int, direction: int, done: Done, *, place: Hashable = None) -> int:
        """Ask for the frame on screen and return at once.

        Args:
            source: The clip.
            index: The frame.
            direction: 1 or -1 where the person scrolls, 0 where neither.
            done: Told the outcome on a decode thread, unless a newer request or `cancel` of the place came first.
            place: Where it shall be shown.

        Returns:
            The generation of this request, ascending.
        """
        with self._state:
            self._generation += 1
            at = self._places.setdefault(place, _Place())
            at.generation = self._generation
            at.display = _Wanted(source, index, self._while_wanted(at, self._generation, done))
            at.ahead = deque(
                _Wanted(source, neighbour, None) for neighbour in self._neighbours(source, index, direction)
            )
            self._state.notify_all()
            return self._generation

    def hold(self, place: Hashable = None) -> None:
        """Fetch no more neighbours for a place until its next request: the eye has gone elsewhere meanwhile."""
        with self._state:
            if place in self._places:
                self._places[place].ahead.clear()

    def cancel(self, place: Hashable = None) -> None:
        """Drop what has not begun for a place; the answer of what has is not told."""
        with self._state:
            at = self._places.pop(place, None)
            if at is not None:
                at.generation = -1

    def forget(self, source: FrameSource) -> None:
        """Drop a clip that is no longer open: its frames, its requests; then close it."""
        with self._state:
            for at in self._places.values():
                at.drop(source)
        with self._lock_of(source):
            source.close()
        with self._state:
            self._locks.pop(source, None)
        self._cache.forget(source)

    def close(self) -> None:
        """Stop the threads after the frame they are decoding; further calls are harmless."""
        with self._state:
            self._closed = True
            self._places.clear()
            self._state.notify_all()
        for thread in self._threads:
            thread.join()

    def _neighbours(self, source: FrameSource, index: int, direction: int) -> list[int]:
        """Nearest first, as many as fit half the cache beside each other, which all places share."""
        clip = source.clip
        share = self._cache.budget // (2 * max(1, len(self._places)))
        fitting = share // (clip.rows * clip.columns * 3)
        ahead = min(AHEAD if direction else BEHIND, fitting)
        behind = min(BEHIND, max(fitting - ahead, 0))
        step = direction or 1
        order = [index + step * distance for distance in range(1, ahead + 1)]
        order += [index - step * distance for distance in range(1, behind + 1)]
        return [neighbour for neighbour in order if 0 <= neighbour < clip.frames]

    def _lock_of(self, source: FrameSource) -> threading.Lock:
        with self._state:
            return self._locks.setdefault(source, threading.Lock())

    def _work(self) -> None:
        while (wanted := self._next()) is not None:
            outcome: Frame | ViewerError
            try:
                outcome = self.get(wanted.source, wanted.index)
            except ViewerError as error:
                outcome = error
            if wanted.done is not None:
                wanted.done(wanted.source, wanted.index, outcome)

    def _next(self) -> _Wanted | None:
        """Wait for work: what is on screen first, then what may come next; None when closed."""
        with self._state:
            while not self._closed:
                waiting = [at for at in self._places.values() if at.display is not None]
                if waiting:
                    first = min(waiting, key=lambda at: at.generation)
                    wanted, first.display = first.display, None
                    return wanted
                while (most := max(self._places.values(), key=lambda at: len(at.ahead), default=None)) and most.ahead:
                    ahead = most.ahead.popleft()
                    if self._cache.get(ahead.source, ahead.index) is None:
                        return ahead
                self._state.wait()
            return None

    @staticmethod
    def _while_wanted(at: _Place, generation: int, done: Done) -> Done:
        """Tell an outcome only while nothing newer was asked for at that place."""

        def tell(source: FrameSource, index: int, outcome: Frame | ViewerError) -> None:
            if at.generation == generation:
                done(source, index, outcome)

        return tell


def _decoded(source: FrameSource, index: int) -> Frame:
    try:
        return source.decode(index)
    except FAULTS as error:  # a reader that is not ours and does not keep its promise
        raise UnreadableFile(source.clip.path, reason=f"the reader failed ({brief(error)})") from error
