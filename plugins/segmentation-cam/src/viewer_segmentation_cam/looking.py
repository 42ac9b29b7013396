"""Where the attention lies beside the mask: shares, areas and the pictures of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.api import Evidence, attention_shares, found_mask, has_mask, mask_cells, resized, share_in_mask
from viewer_segmentation_cam.facts import Values

Flags = NDArray[np.bool_]


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

    inside: Values
    area: Values
    times: Values
    masked: Flags
    seen: Flags

    @property
    def told(self) -> Flags:
        """Where there is attention, and something outlined to compare it with, bool (B,)."""
        return self.masked & self.seen & (self.area > 0)


def looking(evidence: Evidence) -> Looking:
    """Attention and mask of B frames.

    Raises:
        ValueError: There are no masks, or no attention was captured.
    """
    if evidence.mask is None or evidence.attention is None:
        raise ValueError("no mask or no attention was captured")
    shares = attention_shares(evidence.attention)
    cells = mask_cells(found_mask(evidence.mask), *shares.shape[1:])
    return Looking(
        inside=(shares * cells).sum(axis=(1, 2)),
        area=cells.mean(axis=(1, 2)),
        times=share_in_mask(shares, cells),
        masked=has_mask(evidence.mask),
        seen=shares.sum(axis=(1, 2)) > 0,
    )


def attention_on(mask: NDArray[np.float32], attention: NDArray[np.float32]) -> NDArray[np.float32]:
    """Attention (1, h, w) to a class as a share of its maximum, on the grid of a mask (1, H, W): float32 (H, W).

    There has to be attention somewhere.
    """
    positive = np.maximum(attention, 0)
    shares: NDArray[np.float32] = resized(positive / positive.max(), *mask.shape[1:])[0].astype(np.float32)
    return shares


def divided(values: NDArray[np.float32], found: Flags) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A map (H, W) inside a mask, the masked CAM upsample(CAM)·M, and outside it; NaN, which is clear, elsewhere."""
    nowhere = np.float32(np.nan)
    return np.where(found, values, nowhere), np.where(found, nowhere, values)
