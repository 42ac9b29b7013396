"""How fast a clip really runs, measured from the frames that reached the screen."""

from collections import deque
from collections.abc import Callable

WINDOW_S = 2.0
"""What is looked back on."""


class Pacing:
    """Frames per second, and time of the clip per time of the clock, over the last two seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin now.

        Args:
            clock: Seconds, increasing.
        """
        self._clock = clock
        self._shown: deque[tuple[float, float]] = deque()
        self._begun = clock()

    def begin(self) -> None:
        """Forget what was measured: it plays from now on, or in another way."""
        self._shown.clear()
        self._begun = self._clock()

    def shown(self, duration_ms: float) -> None:
        """Another frame has reached the screen, which lasts so long at the clip's own pace."""
        self._shown.append((self._clock(), duration_ms))

    def rates(self) -> tuple[float, float] | None:
        """Frames per second, and times the clip's own pace; None in the first moment."""
        now = self._clock()
        span = min(now - self._begun, WINDOW_S)
        while self._shown and self._shown[0][0] <= now - WINDOW_S:
            self._shown.popleft()
        if span < WINDOW_S / 4:
            return None
        return len(self._shown) / span, sum(duration for _, duration in self._shown) / 1000 / span
