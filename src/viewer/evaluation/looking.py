"""Where attention lies beside a mask of the organ or lesion; pure functions over batches, each frame by itself."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.attention import attention_shares, found_mask, has_mask, mask_cells, share_in_mask
from viewer.evaluation.weights import Floats, ratio

Flags = NDArray[np.bool_]

SURE, UNSURE = 0.75, 0.25
"""Probabilities between which the edge of a mask lies."""


class Looking(NamedTuple):
    """B frames, measured on the cells of the attention map.

    Attributes:
        inside: Share of the attention in the mask, [0, 1], (B,).
        area: Part of what the network sees that the mask takes up, [0, 1], (B,).
        times: `inside` ÷ `area`, (B,): 1 for attention spread evenly; 0 for an empty mask.
        masked: Whether there is a mask, be it an empty one, bool (B,).
        seen: Whether there is attention, bool (B,).

    The numbers mean nothing where there is no mask, or no attention.
    """

    inside: Floats
    area: Floats
    times: Floats
    masked: Flags
    seen: Flags

    @property
    def told(self) -> Flags:
        """Where there is attention, and something outlined to compare it with, bool (B,)."""
        return self.masked & self.seen & (self.area > 0)

    @property
    def outside_times(self) -> Floats:
        """(1 − `inside`) ÷ (1 − `area`), (B,): 1 for attention spread evenly, 0 for none outside; NaN for no outside.

        Unlike `times`, which cannot pass 1 ÷ `area`, it means the same for small masks and large ones.
        """
        return ratio(1 - self.inside, 1 - self.area)


def looks_at(attention: NDArray[np.floating], masks: NDArray[np.floating]) -> Looking:
    """Compare attention with masks.

    Args:
        attention: `Evidence.attention`, or that of another class, (B, h, w), before its ReLU.
        masks: `Evidence.mask`, probabilities (B, H, W) over the same part of the picture; rows of NaN have none.
    """
    shares = attention_shares(attention)
    cells = mask_cells(found_mask(masks), *shares.shape[1:])
    return Looking(
        inside=(shares * cells).sum(axis=(1, 2)),
        area=cells.mean(axis=(1, 2)),
        times=share_in_mask(shares, cells),
        masked=has_mask(masks),
        seen=shares.sum(axis=(1, 2)) > 0,
    )


def mask_steadiness(masks: NDArray[np.floating]) -> Floats:
    """How little a mask changes with the level: cells above ¾ over cells above ¼, [0, 1], (B,); 0 for none.

    The two are nested, so this is their overlap (IoU). Source: the "stability score" of Kirillov et al., Segment
    Anything, ICCV 2023, arXiv:2304.02643.
    """
    sure, likely = ((masks > level).sum(axis=(1, 2), dtype=np.float64) for level in (SURE, UNSURE))
    steadiness: Floats = np.divide(sure, likely, out=np.zeros_like(sure), where=likely > 0)
    return steadiness
