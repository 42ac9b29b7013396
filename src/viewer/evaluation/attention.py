"""Where a network looks, against a mask of where it should look; pure functions over batches of maps (B, h, w)."""

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.weights import Floats

HALF = 0.5
"""Probability above which a cell belongs to a mask."""


def attention_shares(maps: NDArray[np.floating]) -> Floats:
    """π = ReLU(CAM) / Σ ReLU(CAM), (B, h, w); all zero where nothing is positive: no attention."""
    positive = np.maximum(maps, 0).astype(np.float64, copy=False)
    total = positive.sum(axis=(1, 2), keepdims=True)
    shares: Floats = np.divide(positive, total, out=np.zeros_like(positive), where=total > 0)
    return shares


def found_mask(masks: NDArray[np.floating]) -> NDArray[np.bool_]:
    """M = probability > ½ of `Evidence.mask` (B, H, W), bool; a row of NaN, which has no mask, is False all over."""
    found: NDArray[np.bool_] = masks > HALF
    return found


def has_mask(masks: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which rows of `Evidence.mask` (B, H, W) hold a mask, be it an empty one: bool (B,)."""
    there: NDArray[np.bool_] = np.isfinite(masks).all(axis=(1, 2))
    return there


def share_in_mask(shares: Floats, masks: Floats) -> Floats:
    """Σ π·M ÷ area of M, (B,): 1 for attention spread evenly, above 1 when it favours the mask.

    Args:
        shares: π, (B, h, w).
        masks: Part of each cell that the mask covers, [0, 1], (B, h, w); the area is its mean.

    Returns:
        0 where the mask is empty, NaN where it is NaN.
    """
    inside = (shares * masks).sum(axis=(1, 2))
    area = masks.mean(axis=(1, 2))
    ratio: Floats = np.divide(inside, area, out=0 * area, where=area > 0)
    return ratio


def mask_cells(masks: NDArray[np.generic], rows: int, columns: int) -> Floats:
    """Masks averaged over the cells of another grid, finer or coarser, each frame by itself.

    Args:
        masks: bool, or probabilities in [0, 1], (B, H, W); rows of NaN have no mask and stay NaN.
        rows: Of the other grid.
        columns: Of the other grid.

    Returns:
        float64 (B, rows, columns) in [0, 1]; its mean is that of the mask, up to rounding.
    """
    down, across = _averaging(masks.shape[1], rows), _averaging(masks.shape[2], columns)
    parts: Floats = down @ masks.astype(np.float64) @ across.T
    return parts


def view_agreement(maps: NDArray[np.floating], views: NDArray[np.floating]) -> Floats:
    """How alike a map is to those of mirrored views: Pearson's correlation over the cells, (B, V).

    Args:
        maps: `Evidence.attention`, (B, h, w), before its ReLU.
        views: `Evidence.views`, (B, V, h, w).

    Returns:
        float64 in [−1, 1]; 0 with a view that is the same all over, NaN for a map that has nothing positive or is the
        same all over: no attention.
    """
    plain, others = _centred(maps)[:, None], _centred(views)
    products = np.einsum("bvhw,bvhw->bv", np.broadcast_to(plain, others.shape), others)
    norms = _norms(plain) * _norms(others)
    agreement: Floats = np.divide(products, norms, out=np.zeros_like(products), where=norms > 0).clip(-1, 1)
    agreement[(_norms(plain)[:, 0] == 0) | ~(maps > 0).any(axis=(1, 2))] = np.nan
    return agreement


def _centred(maps: NDArray[np.floating]) -> Floats:
    """Maps (…, h, w) less their means, exactly 0 where they are the same all over."""
    wide = maps.astype(np.float64)
    even = (wide == wide[..., :1, :1]).all(axis=(-2, -1), keepdims=True)
    centred: Floats = np.where(even, 0, wide - wide.mean(axis=(-2, -1), keepdims=True))
    return centred


def _norms(maps: Floats) -> Floats:
    norms: Floats = np.sqrt((maps**2).sum(axis=(-2, -1)))
    return norms


def _averaging(samples: int, cells: int) -> Floats:
    """Matrix (cells, samples): what part of each cell each sample covers, both of them filling the same length."""
    starts, ends = np.arange(samples) * cells, np.arange(1, cells + 1)[:, None] * samples
    overlap = np.minimum(starts + cells, ends) - np.maximum(starts, ends - samples)
    parts: Floats = np.maximum(overlap, 0) / samples
    return parts
