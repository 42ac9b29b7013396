"""Decoded frames within a budget of bytes: the ones used longest ago go first."""

import threading
from collections import OrderedDict

from viewer.domain.image import Frame, FrameSource


class FrameCache:
    """Least-recently-used frames, bounded by bytes; safe on any thread; never an error."""

    def __init__(self, budget: int) -> None:
        """Keep at most `budget` bytes of pixel values; 0 keeps nothing."""
        self._budget = max(budget, 0)
        self._lock = threading.Lock()
        self._frames: OrderedDict[tuple[FrameSource, int], Frame] = OrderedDict()
        self._held = 0

    @property
    def budget(self) -> int:
        """Most bytes kept."""
        return self._budget

    @property
    def held(self) -> int:
        """Bytes kept now."""
        return self._held

    def get(self, source: FrameSource, index: int) -> Frame | None:
        """The frame, which becomes the one used last; None when it is not kept."""
        with self._lock:
            frame = self._frames.get((source, index))
            if frame is not None:
                self._frames.move_to_end((source, index))
            return frame

    def put(self, source: FrameSource, index: int, frame: Frame) -> None:
        """Keep a frame and let others go for it; a frame larger than the budget is not kept."""
        if frame.nbytes > self._budget:
            return
        with self._lock:
            former = self._frames.pop((source, index), None)
            self._held += frame.nbytes - (former.nbytes if former is not None else 0)
            self._frames[source, index] = frame
            while self._held > self._budget:
                _, oldest = self._frames.popitem(last=False)
                self._held -= oldest.nbytes

    def forget(self, source: FrameSource) -> None:
        """Drop every frame of a source."""
        with self._lock:
            for key in [key for key in self._frames if key[0] is source]:
                self._held -= self._frames.pop(key).nbytes
