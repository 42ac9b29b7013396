"""What the frames around say: pure functions on the windows of frames.

A window is what `Evidence.clip` holds: logits of O frames around one frame, NaN where there is none.
"""

import numpy as np
from numpy.typing import NDArray

from viewer.api import SAME, softmax


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
    """Mean probabilities over windows, the frame itself among them.

    Args:
        clip_logits: float (B, O, K), NaN where a window has no frame; the frame itself is always there.
        temperature: Divides the logits.

    Returns:
        float64 (B, K); rows sum to one.
    """
    mean: NDArray[np.float64] = np.nanmean(window_probabilities(clip_logits, temperature), axis=1)
    return mean


def window_disagreement(clip_logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Share of the neighbours' probability that speaks against a frame's own class.

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
    there = np.isfinite(neighbours)
    count = there.sum(axis=1)
    for_it = np.where(there, neighbours, 0.0).sum(axis=1) / np.where(count, count, np.nan)
    against: NDArray[np.float64] = np.clip(1.0 - for_it, 0.0, 1.0)
    return against
