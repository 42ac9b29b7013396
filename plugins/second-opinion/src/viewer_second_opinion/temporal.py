"""What the frames around say: pure functions on a clip's probabilities, or on the windows of its frames.

A clip is T frames with K class probabilities each, at `places`, their frame numbers: ascending, gaps allowed. A
window is what `Evidence.clip` holds: logits of O frames around one frame, NaN where there is none.
"""

import numpy as np
from numpy.typing import NDArray

from viewer.api import REACH, SAME, smoothed, softmax, spans, sums_between

__all__ = [
    "REACH",
    "change",
    "change_points",
    "disagreement",
    "smoothed",
    "window_disagreement",
    "window_mean",
    "window_probabilities",
]

LEAST_CHANGE = 0.5
"""Half of the probability must have moved to other classes before a place counts as a change."""


def disagreement(
    probabilities: NDArray[np.float64], places: NDArray[np.intp], reach: int = REACH
) -> NDArray[np.float64]:
    """Share of the neighbours' probability that speaks against a frame's own class.

    Args:
        probabilities: float (T, K), of one clip.
        places: int (T,), frame numbers, ascending.
        reach: Farthest neighbour that counts; the frame itself does not.

    Returns:
        float64 (T,), in [0, 1]; NaN where a frame has no neighbour.

    Raises:
        ValueError: The places do not ascend.
    """
    first, end = spans(places, reach)
    own = np.arange(len(probabilities)), probabilities.argmax(axis=1)
    favour = (sums_between(probabilities, first, end) - probabilities)[own]
    neighbours = end - first - 1
    return _against(favour, neighbours)


def change(probabilities: NDArray[np.float64], places: NDArray[np.intp], reach: int = REACH) -> NDArray[np.float64]:
    """How much probability moves to other classes at each frame.

    The total variation distance ½ Σ|a − b| between the mean b over the `reach` frame numbers before a frame and the
    mean a over as many from it on.

    Args:
        probabilities: float (T, K), of one clip.
        places: int (T,), frame numbers, ascending.
        reach: Frame numbers on either side.

    Returns:
        float64 (T,), in [0, 1]; 0 where one side has no frame, or less than half of a side lies within the clip.

    Raises:
        ValueError: The places do not ascend.
    """
    first, _ = spans(places, reach)
    _, end = spans(places, reach - 1)
    here = np.arange(len(probabilities))
    within = (2 * (places - places[:1]) >= reach) & (2 * (places[-1:] - places + 1) >= reach) & (first < here)
    b = sums_between(probabilities, first, here) / np.maximum(here - first, 1)[:, None]
    a = sums_between(probabilities, here, end) / (end - here)[:, None]
    return np.where(within, 0.5 * np.abs(a - b).sum(axis=1), 0.0)


def change_points(
    probabilities: NDArray[np.float64],
    places: NDArray[np.intp],
    reach: int = REACH,
    least: float = LEAST_CHANGE,
) -> NDArray[np.intp]:
    """Where a clip begins to show something else.

    Args:
        probabilities: float (T, K), of one clip.
        places: int (T,), frame numbers, ascending.
        reach: Frame numbers compared on either side; also the least distance between two changes.
        least: `change` that a place needs, in (0, 1].

    Returns:
        int (n,), ascending: frame numbers of the first frames after a change; of several within `reach`, the
        strongest.

    Raises:
        ValueError: The places do not ascend.
    """
    strength = change(probabilities, places, reach)
    points: list[int] = []
    for index in np.argsort(-strength, kind="stable"):
        if strength[index] < least:
            break
        if all(abs(int(places[index]) - point) >= reach for point in points):
            points.append(int(places[index]))
    return np.array(sorted(points), dtype=np.intp)


def window_probabilities(clip_logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Probabilities of the frames of windows.

    Args:
        clip_logits: float (B, O, K), NaN where a window has no frame.
        temperature: Divides the logits.

    Returns:
        float64 (B, O, K), NaN where there is no frame.
    """
    return softmax(clip_logits / temperature)


def window_mean(clip_logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Mean probabilities over windows, the frame itself among them: `smoothed`, from `Evidence.clip`.

    Args:
        clip_logits: float (B, O, K), NaN where a window has no frame; the frame itself is always there.
        temperature: Divides the logits.

    Returns:
        float64 (B, K); rows sum to one.
    """
    mean: NDArray[np.float64] = np.nanmean(window_probabilities(clip_logits, temperature), axis=1)
    return mean


def window_disagreement(clip_logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Share of the neighbours' probability that speaks against a frame's own class: `disagreement`, from windows.

    Args:
        clip_logits: float (B, O, K), NaN where a window has no frame; the frame itself is always there.
        temperature: Divides the logits.

    Returns:
        float64 (B,), in [0, 1]; NaN where a frame has no neighbour.
    """
    shares = window_probabilities(clip_logits, temperature)
    own = shares[:, SAME].argmax(axis=1)
    favour = np.take_along_axis(shares, own[:, None, None], axis=2)[..., 0]
    neighbours = np.delete(favour, SAME, axis=1)
    known = np.isfinite(neighbours)
    return _against(np.where(known, neighbours, 0.0).sum(axis=1), known.sum(axis=1))


def _against(favour: NDArray[np.float64], neighbours: NDArray[np.intp]) -> NDArray[np.float64]:
    """One minus the mean favour of the neighbours; NaN where there are none."""
    against: NDArray[np.float64] = 1.0 - favour / np.where(neighbours, neighbours, np.nan)
    return np.clip(against, 0.0, 1.0)
