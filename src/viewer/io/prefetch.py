"""Frames on demand: a cache, and threads that decode what is looked at first and its neighbours after."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

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
    generation: int
    done: Done | None


class FrameStore:
    """The frames of all open clips.

    `request` serves the screen: it supersedes earlier requests that have not begun (last one wins), is decoded
    before any prefetch, and then fetches neighbours, leaning to the scroll direction. `get` serves workers: it
    decodes in the caller's own thread, and never waits behind prefetch for more than one frame.

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
        self._display: _Wanted | None = None
        self._ahead: deque[_Wanted] = deque()
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

    def request(self, source: FrameSource, index: int, direction: int, done: Done) -> int:
        """Ask for the frame on screen and return at once.

        Args:
            source: The clip.
            index: The frame.
            direction: 1 or -1 where the person scrolls, 0 where neither.
            done: Told the outcome on a decode thread, unless a newer request or `cancel` came first.

        Returns:
            The generation of this request, ascending.
        """
        with self._state:
            self._generation += 1
            wanted = _Wanted(source, index, self._generation, done)
            self._display = wanted
            self._ahead = deque(
                _Wanted(source, neighbour, self._generation, None)
                for neighbour in self._neighbours(source, index, direction)
            )
            self._state.notify_all()
            return self._generation

    def cancel(self) -> None:
        """Drop what has not begun; the answer of what has is not told."""
        with self._state:
            self._generation += 1
            self._display = None
            self._ahead.clear()

    def forget(self, source: FrameSource) -> None:
        """Drop a clip that is no longer open: its frames, its requests; then close it."""
        with self._state:
            if self._display is not None and self._display.source is source:
                self._display = None
            self._ahead = deque(wanted for wanted in self._ahead if wanted.source is not source)
        with self._lock_of(source):
            source.close()
        with self._state:
            self._locks.pop(source, None)
        self._cache.forget(source)

    def close(self) -> None:
        """Stop the threads after the frame they are decoding; further calls are harmless."""
        with self._state:
            self._closed = True
            self._display = None
            self._ahead.clear()
            self._state.notify_all()
        for thread in self._threads:
            thread.join()

    def _neighbours(self, source: FrameSource, index: int, direction: int) -> list[int]:
        """Nearest first, as many as fit half the cache beside each other."""
        clip = source.clip
        fitting = self._cache.budget // (2 * clip.rows * clip.columns * 3)
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
            if wanted.done is not None and wanted.generation == self._generation:
                wanted.done(wanted.source, wanted.index, outcome)

    def _next(self) -> _Wanted | None:
        """Wait for work: what is on screen first, then what may come next; None when closed."""
        with self._state:
            while not self._closed:
                if self._display is not None:
                    wanted, self._display = self._display, None
                    return wanted
                while self._ahead:
                    wanted = self._ahead.popleft()
                    if self._cache.get(wanted.source, wanted.index) is None:
                        return wanted
                self._state.wait()
            return None


def _decoded(source: FrameSource, index: int) -> Frame:
    try:
        return source.decode(index)
    except FAULTS as error:  # a reader that is not ours and does not keep its promise
        raise UnreadableFile(source.clip.path, reason=f"the reader failed ({brief(error)})") from error
