"""The frames around a frame: pure functions on what a network says of the frames of one clip."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

REACH = 15
"""Frames on either side that speak with a frame, half a second at the usual rate; fixed beforehand, never tuned."""


def spans(places: NDArray[Any], reach: int = REACH) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where in `places` the frames around each one begin and end.

    Args:
        places: int (T,), frame numbers of one clip, ascending, gaps allowed.
        reach: Farthest frame that counts, in frame numbers.

    Returns:
        `first` and `end`, int (T,): the frames around t are `first[t]:end[t]`, t among them.

    Raises:
        ValueError: The places do not ascend.
    """
    places = np.asarray(places)
    if np.any(np.diff(places) <= 0):
        raise ValueError("the places of a clip's frames do not ascend")
    return np.searchsorted(places, places - reach, "left"), np.searchsorted(places, places + reach, "right")


def sums_between(values: NDArray[Any], first: NDArray[np.intp], end: NDArray[np.intp]) -> NDArray[np.float64]:
    """Sums of the rows `first[t]:end[t]` of `values` (T, K) for each t, float64, in one go."""
    sums = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, dtype=np.float64, out=sums[1:])
    between: NDArray[np.float64] = sums[end] - sums[first]
    return between


def smoothed(probabilities: NDArray[Any], places: NDArray[Any], reach: int = REACH) -> NDArray[np.float64]:
    """Mean probabilities over the frames around each frame, the frame itself among them.

    Args:
        probabilities: float (T, K), of one clip; rows sum to one.
        places: int (T,), frame numbers, ascending, gaps allowed.
        reach: Farthest frame that counts, in frame numbers.

    Returns:
        float64 (T, K); rows sum to one.

    Raises:
        ValueError: The places do not ascend.
    """
    around = np.maximum(sums_between(probabilities, *spans(places, reach)), 0.0)
    shares: NDArray[np.float64] = around / around.sum(axis=1, keepdims=True)
    return shares
