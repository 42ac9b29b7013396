"""The course of a clip: what it shows from where to where, without the flicker of single frames.

The one decision of a clip, and its light, rest on the mean over all frames (see `verdict`); the course says when.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.around import REACH, smoothed

LEAD = 0.2
"""By how much another class must lead, in probability over the frames around, before it can take over."""

HOLD = 15
"""For how many frame numbers on end it must lead by that much: half a second at the usual rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Frames of a clip that show the same.

    Attributes:
        first, last: Frames, counted from 0, both among them.
        name: The class.
        probability: Its mean over the frames, from the model.
    """

    first: int
    last: int
    name: str
    probability: float


def course_of(
    classes: Sequence[str], probabilities: NDArray[np.float64], places: NDArray[np.intp]
) -> tuple[Segment, ...]:
    """Divide a clip where it begins to show another class, clearly and for long enough.

    Args:
        classes: The K class names.
        probabilities: float64 (T, K), of the assessed frames.
        places: int (T,), their numbers, ascending; frames between two of them belong to the segment of the first.

    Returns:
        The segments in order, without gaps, none beside one of the same class; `()` without frames.

    Raises:
        ValueError: The places do not ascend.
    """
    if not len(places):
        return ()
    shown = states(smoothed(probabilities, places, REACH), places)
    starts = np.flatnonzero(np.diff(shown, prepend=-1))
    ends = np.append(starts[1:], len(shown))
    lasts = np.append(places[starts[1:]] - 1, places[-1:])
    return tuple(
        Segment(
            first=int(places[start]),
            last=int(last),
            name=classes[shown[start]],
            probability=float(probabilities[start:end, shown[start]].mean()),
        )
        for start, end, last in zip(starts, ends, lasts, strict=True)
    )


def states(
    around: NDArray[np.float64], places: NDArray[np.intp], lead: float = LEAD, hold: int = HOLD
) -> NDArray[np.intp]:
    """The class a clip shows at each of its frames, with hysteresis.

    It begins with the leading class of the first frame. Another one takes over where it leads the one shown by `lead`
    for `hold` frame numbers on end; then it has been shown from where it began to lead at all.

    Args:
        around: float64 (T, K), probabilities smoothed over the frames around.
        places: int (T,), frame numbers, ascending.
        lead: In (0, 1).
        hold: In frame numbers, at least 1.

    Returns:
        int (T,).
    """
    leading = around.argmax(axis=1)
    shown = np.empty(len(around), np.intp)
    now = leading[0] if len(leading) else 0
    run = clear = 0  # where the leading class began to lead, and to lead clearly
    for frame, best in enumerate(leading.tolist()):
        shown[frame] = now
        if frame and best != leading[frame - 1]:
            run = clear = frame
        if best == now or around[frame, best] - around[frame, now] < lead:
            clear = frame + 1
        elif places[frame] - places[clear] + 1 >= hold:
            shown[run : frame + 1] = now = best
    return shown
