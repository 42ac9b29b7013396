"""An automatic foreground mask: what stands out from the picture's border, where anything does.

There is no segmentation in the evidence, so the CAM score with a mask uses this one: a lesion on skin, or the sector
of an ultrasound picture on black. Where the picture has no plain foreground it says so instead of guessing.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from viewer_confidence_scores.probability import Values

Sample = TypeVar("Sample", bound=np.generic)

SIDE = 56
"""Pictures are sampled at about this side: enough for the few cells of a CAM, and fast."""

BINS = 128
AREA = (0.03, 0.75)
"""Part of the picture a plausible foreground covers."""

LARGEST_BORDER_SHARE = 0.35
"""Part of the border that a plausible foreground may touch."""

LEAST_SEPARABILITY = 0.7
"""Otsu's η = between-class variance / total variance of a plausible foreground; noise reaches 2/π ≈ 0.64."""


def foreground(pictures: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Foreground by Otsu's threshold on the colour distance from the border.

    Source of the threshold: Otsu, IEEE Trans. SMC 9(1), 1979.

    Args:
        pictures: Network input, float32 (B, 3, H, W), normalised in any way.

    Returns:
        Masks, bool (B, H', W') on a coarser grid, and whether each is plausible, bool (B,).
    """
    step = max(1, min(pictures.shape[2:]) // SIDE)
    small = pictures[:, :, ::step, ::step]
    distance = np.sqrt(((small - _border_colour(small)[:, :, None, None]) ** 2).sum(axis=1, dtype=np.float64))
    threshold, separability = otsu(distance.reshape(len(distance), -1))
    masks = distance > threshold[:, None, None]
    area = masks.mean(axis=(1, 2))
    at_border = _border(masks[:, None]).mean(axis=(1, 2))
    plausible = (
        (separability >= LEAST_SEPARABILITY)
        & (area >= AREA[0])
        & (area <= AREA[1])
        & (at_border <= LARGEST_BORDER_SHARE)
    )
    return masks, plausible


def otsu(values: Values) -> tuple[Values, Values]:
    """Otsu's threshold of each row and its separability η in [0, 1].

    Args:
        values: (B, n), at least 0.

    Returns:
        Thresholds (B,) between the two classes, and η (B,): 0 for constant rows.
    """
    top = np.maximum(values.max(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    bins = np.minimum((values / top * BINS).astype(np.intp), BINS - 1)
    offsets = np.arange(len(values))[:, None] * BINS
    counts = np.bincount((bins + offsets).ravel(), minlength=len(values) * BINS).reshape(-1, BINS)
    shares = counts / values.shape[1]
    below = shares.cumsum(axis=1)
    mean_below = (shares * np.arange(BINS)).cumsum(axis=1)
    mean = mean_below[:, -1:]
    product = below * (1 - below)
    between = np.divide((mean * below - mean_below) ** 2, product, out=np.zeros_like(below), where=product > 1e-12)
    best = between.argmax(axis=1)
    total = (shares * (np.arange(BINS) - mean) ** 2).sum(axis=1)
    separability = np.divide(between.max(axis=1), total, out=np.zeros(len(values)), where=total > 0)
    return (best + 1) / BINS * top[:, 0], separability


def _border(pictures: NDArray[Sample]) -> NDArray[Sample]:
    """The outermost samples of (B, C, H, W), as (B, C, n)."""
    edges = [pictures[:, :, 0], pictures[:, :, -1], pictures[:, :, 1:-1, 0], pictures[:, :, 1:-1, -1]]
    return np.concatenate(edges, axis=2)


def _border_colour(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    colour: NDArray[np.float32] = np.median(_border(pictures), axis=2)
    return colour
