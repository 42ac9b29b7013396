"""What a reliability classifier may look at beyond the probabilities; pure functions over batches.

Every input is finite for any logits. n frames, K classes, O places of a clip window; ŷ is the predicted class.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.api import SAME, softmax

Values = NDArray[np.float64]

_LEAST = 1e-6
"""Probabilities are kept this far from 0 and 1 before their odds are taken."""

_FRAMES = 512
"""Frames from which the axes of the features are taken at most."""


def alone(probabilities: Values) -> Values:
    """Log-odds of the highest probability, float64 (n, 1): the softmax probability, stretched."""
    return log_odds(probabilities.max(axis=1))[:, None]


def together(windows: Values) -> Values:
    """Log-odds of the mean of p_ŷ over a frame and those around it, float64 (n, 1); as `alone` for a still.

    Args:
        windows: (n, O, K), probabilities of the frames around; NaN where there is no frame.
    """
    return log_odds(np.nanmean(_of_own_class(windows), axis=1))[:, None]


def course(windows: Values) -> Values:
    """How the answers change around the frame, float64 (n, 3).

    Over the known frames of the window: standard deviation of p_ŷ, share of frames whose own class is ŷ, and log-odds
    of the mean of the class that they speak for most.

    Args:
        windows: (n, O, K), probabilities of the frames around; NaN where there is no frame.
    """
    of_own = _of_own_class(windows)
    own = windows[:, SAME].argmax(axis=1)
    agreeing = np.where(np.isfinite(of_own), windows.argmax(axis=2) == own[:, None], np.nan)
    strongest = np.nanmean(windows, axis=1).max(axis=1)
    return np.column_stack([np.nanstd(of_own, axis=1), np.nanmean(agreeing, axis=1), log_odds(strongest)])


def spread(logits: Values) -> Values:
    """How the answer is spread over the classes, float64 (n, 6).

    Log-odds of the 2nd highest probability, entropy, ordinal variance, by how much the highest logit exceeds the 2nd
    and the least one, and the energy ln Σ e^z. Where the classes have no order, the variance says little, and harms
    nothing.

    Args:
        logits: (n, K), divided by the temperature.
    """
    p, ordered = softmax(logits), -np.sort(-logits, axis=1)
    entropy = -(p * np.log(np.maximum(p, _LEAST))).sum(axis=1)
    energy = ordered[:, 0] + np.log(np.exp(ordered - ordered[:, :1]).sum(axis=1))
    second = -np.sort(-p, axis=1)[:, min(1, p.shape[1] - 1)]
    margins = ordered[:, 0] - ordered[:, min(1, p.shape[1] - 1)], ordered[:, 0] - ordered[:, -1]
    return np.column_stack([log_odds(second), entropy, ordinal_variance(p), *margins, energy])


def ordinal_variance(probabilities: Values) -> Values:
    """Σ p_k (k − Σ k p_k)², float64 (n,): 0 for a sure answer, ((K − 1)/2)² at most."""
    places = np.arange(probabilities.shape[1])
    mean = probabilities @ places
    variance: Values = (probabilities * (places - mean[:, None]) ** 2).sum(axis=1)
    return variance


def classes_of(predicted: NDArray[np.intp], classes: int) -> Values:
    """The predicted class as K numbers, one of which is 1, float64 (n, K)."""
    return np.eye(classes)[predicted]


def principal_axes(features: NDArray[Any], number: int) -> tuple[Values, Values]:
    """Mean (D,) and axes (D, d) on which the features have variance 1, the widest first; d ≤ `number`.

    They are those of at most 512 frames, evenly spaced. Axes along which the features hardly vary are left out: noise
    would be blown up.

    Args:
        features: (n, D), n > 0.
        number: Most axes.
    """
    chosen = features[:: -(-len(features) // _FRAMES)].astype(np.float64)
    mean = chosen.mean(axis=0)
    centred = (chosen - mean) / np.sqrt(len(chosen))
    # Their products with each other are fewer numbers than those of their columns, and have the same axes.
    variances, shares = np.linalg.eigh(centred @ centred.T)
    widest = np.argsort(-variances)[:number]
    kept = widest[variances[widest] > 1e-6 * max(float(variances[-1]), 1e-18)]
    return mean, centred.T @ shares[:, kept] / variances[kept]


def log_odds(probability: Values) -> Values:
    """The log-odds ln p/(1 − p), within ±13.8."""
    kept = np.clip(probability, _LEAST, 1 - _LEAST)
    return np.log(kept / (1 - kept))


def _of_own_class(windows: Values) -> Values:
    """Probability of the frame's own class ŷ in every frame of its window, float64 (n, O)."""
    own = windows[:, SAME].argmax(axis=1)
    of_own: Values = np.take_along_axis(windows, own[:, None, None], axis=2)[..., 0]
    return of_own
