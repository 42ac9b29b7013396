"""What is known of every frame of a clip, and what follows for whoever walks through it.

A frame is doubtful when its light is any but green. Where single frames carry no light, because none was certified
for them, a frame is doubtful when its trust lies well below that of the clip: then nothing says how much trust is
enough, and only what stands out can be told. Either way a frame is doubtful that failed, or whose trust is not known.
"""

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Assessment, Light

LOW = 0.1
"""Trust below that of the clip by more than this is doubtful where frames carry no light."""

UNKNOWN = -1
"""Class of a frame that is not assessed."""


class Survey:
    """What has been learned of the frames of one clip so far.

    Attributes:
        trust: float64 (frames,): trust by frame, NaN where it is not known.
        done: bool (frames,): frames that were assessed or failed.
        failed: bool (frames,): frames that cannot be read or assessed.
        finals: int64 (frames,): index of the final class; `UNKNOWN` without one.
    """

    def __init__(self, frames: int) -> None:
        """Begin with nothing known of so many frames."""
        self.trust: NDArray[np.float64] = np.full(frames, np.nan)
        self.done: NDArray[np.bool_] = np.zeros(frames, bool)
        self.failed: NDArray[np.bool_] = np.zeros(frames, bool)
        self.finals: NDArray[np.int64] = np.full(frames, UNKNOWN)
        self._lights = [Light.GREY] * frames

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self.done)

    @property
    def missing(self) -> int:
        """Frames that are still to be assessed."""
        return int(np.count_nonzero(~self.done))

    @property
    def mean_trust(self) -> float | None:
        """Mean trust of the frames assessed so far, of the whole clip in the end; None without any."""
        known = self.trust[~np.isnan(self.trust)]
        return float(known.mean()) if known.size else None

    def learn(self, frame: int, assessment: Assessment) -> None:
        """A frame has been assessed."""
        self.done[frame], self.failed[frame] = True, False
        self.trust[frame] = np.nan if assessment.trust is None else assessment.trust
        self.finals[frame] = assessment.final
        self._lights[frame] = assessment.light

    def fail(self, frame: int) -> None:
        """A frame cannot be assessed."""
        self.done[frame] = self.failed[frame] = True

    def light(self, frame: int) -> Light:
        """The light of a frame; grey where it has none."""
        return self._lights[frame]

    def doubtful(self, *, lit: bool) -> NDArray[np.bool_]:
        """Which frames are doubtful.

        Args:
            lit: Whether single frames carry lights that were certified for them.

        Returns:
            bool (frames,).
        """
        unknown = self.done & np.isnan(self.trust)
        red = self._are(Light.RED)
        if lit:
            return self.failed | unknown | (self.done & ~self._are(Light.GREEN))
        mean = self.mean_trust
        low = np.zeros(self.frames, bool) if mean is None else np.nan_to_num(self.trust, nan=1.0) < mean - LOW
        return self.failed | unknown | red | low

    def candidates(self, final: int, first: int, last: int, *, lit: bool) -> NDArray[np.bool_]:
        """Frames that may stand for the clip: same class, known trust, and no light that speaks against it.

        Args:
            final: Index of the clip's class.
            first: First frame to choose from.
            last: Last one.
            lit: As in `doubtful`; then a grey frame was not judged and is left out, else all frames may be grey.

        Returns:
            bool (frames,).
        """
        inside = np.zeros(self.frames, bool)
        inside[first : last + 1] = True
        against = self._are(Light.RED) | self._are(Light.GREY) if lit else self._are(Light.RED)
        inside &= (self.finals == final) & ~self.failed & ~np.isnan(self.trust)
        return inside & ~against

    def best(self, candidates: NDArray[np.bool_]) -> int | None:
        """The frame of the highest trust, the first of equals; None without candidates."""
        return int(np.argmax(np.where(candidates, self.trust, -1.0))) if candidates.any() else None

    def _are(self, light: Light) -> NDArray[np.bool_]:
        return np.array([found is light for found in self._lights])


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def next_run(mask: NDArray[np.bool_], frame: int, direction: int) -> tuple[int, int] | None:
    """The run of True that begins next after a frame, or (`direction` -1) that began last before it; None without."""
    if direction > 0:
        return next((run for run in runs(mask) if run[0] > frame), None)
    return next((run for run in reversed(runs(mask)) if run[0] < frame), None)
