"""Where a network looks, against a mask of where it should look; pure functions over batches of maps (B, h, w)."""

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.weights import Floats


def attention_shares(maps: NDArray[np.floating]) -> Floats:
    """π = ReLU(CAM) / Σ ReLU(CAM), (B, h, w); all zero where nothing is positive: no attention."""
    positive = np.maximum(maps, 0).astype(np.float64, copy=False)
    total = positive.sum(axis=(1, 2), keepdims=True)
    shares: Floats = np.divide(positive, total, out=np.zeros_like(positive), where=total > 0)
    return shares


def share_in_mask(shares: Floats, masks: Floats) -> Floats:
    """Σ π·M ÷ area of M, (B,): 1 for attention spread evenly, above 1 when it favours the mask.

    Args:
        shares: π, (B, h, w).
        masks: Part of each cell that the mask covers, [0, 1], (B, h, w); the area is its mean.
    """
    inside = (shares * masks).sum(axis=(1, 2))
    area = masks.mean(axis=(1, 2))
    ratio: Floats = np.divide(inside, area, out=np.zeros_like(inside), where=area > 0)
    return ratio


def mask_cells(masks: NDArray[np.bool_], rows: int, columns: int) -> Floats:
    """Masks (B, H, W) averaged over the cells of a grid of `rows` × `columns`, (B, rows, columns)."""
    down = _averaging(masks.shape[1], rows)
    across = _averaging(masks.shape[2], columns)
    parts: Floats = down.T @ masks @ across
    return parts


def _averaging(length: int, cells: int) -> Floats:
    """Matrix (length, cells) that averages the samples whose centre lies in each cell."""
    cell = (np.arange(length) + 0.5) * cells // length
    member = (cell[:, None] == np.arange(cells)).astype(np.float64)
    weights: Floats = member / np.maximum(member.sum(axis=0), 1)
    return weights
