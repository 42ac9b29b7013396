"""What a mask is like, from its probabilities alone; pure functions over batches, each frame by itself.

Throughout: probabilities float32 (B, H, W) of frames that have a mask, and M what is likelier than not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.api import found_mask, mask_steadiness

Masks = NDArray[np.float32]
Values = NDArray[np.float64]

SPECK = 0.01
"""Part of a mask below which a piece of it is no part but a speck."""


def expected_dice(masks: Masks) -> Values:
    """Dice that the network itself expects of M: 2·Σ p·M ÷ (Σ M + Σ p), [0, 1], (B,); 0 for an empty mask.

    The soft Dice between the mask and its own probabilities: if these are right, and independent, it is the mean of
    the true Dice, but for the mean of a quotient being taken as the quotient of the means.
    """
    found = found_mask(masks)
    inside, size, likely = _sums(masks * found), _sums(found), _sums(masks)
    return _quotient(2 * inside, size + likely)


def area(masks: Masks) -> Values:
    """Part of what the network sees that the mask takes up, [0, 1], (B,)."""
    return _sums(found_mask(masks)) / float(masks.shape[1] * masks.shape[2])


def parts(masks: Masks) -> Values:
    """Parts of the mask that do not touch by a side, specks aside, (B,)."""
    return np.array([float(_sizes(mask).size) for mask in found_mask(masks)])


def at_border(masks: Masks) -> Values:
    """Part of the border of what the network sees that lies in the mask, [0, 1], (B,)."""
    found = found_mask(masks)
    border = np.concatenate([found[:, 0], found[:, -1], found[:, 1:-1, 0], found[:, 1:-1, -1]], axis=1)
    share: Values = border.mean(axis=1, dtype=np.float64)
    return share


def raggedness(masks: Masks) -> Values:
    """Length of the edge over that of a disc of the same size, (B,): about 1 for a disc, more for a ragged edge.

    The edge is counted in sides of cells, of which a disc of radius r has 8·r. 0 for an empty mask.
    """
    found = found_mask(masks)
    edge = _sums(found[:, 1:] != found[:, :-1]) + _sums(found[:, :, 1:] != found[:, :, :-1])
    disc = 8 * np.sqrt(_sums(found) / np.pi)
    return _quotient(edge, disc)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to know of a mask.

    Attributes:
        name: In the code.
        title: In words for the reader, few enough for a column of a table.
        of: Measures B masks.
        counts_from: Share of calibration pictures from which on it counts against a mask: 1 for always, .1 for in the
            outermost tenth alone, 0 for never; then it is told and nothing more.
        one_sided: Whether only low values speak against a mask; else both ends do.
        percent: Whether it is a share.
    """

    name: str
    title: str
    of: Callable[[Masks], Values]
    counts_from: float = 0.0
    one_sided: bool = False
    percent: bool = False


FACTS = (
    Fact("steadiness", "Sure part of it", mask_steadiness, counts_from=1, one_sided=True, percent=True),
    Fact("area", "Part of the picture", area, counts_from=0.1, percent=True),
    Fact("expected_dice", "Expected Dice", expected_dice, one_sided=True, percent=True),
    Fact("parts", "Parts", parts),
    Fact("border", "Border touched", at_border, percent=True),
    Fact("raggedness", "Raggedness of edge", raggedness),
)
"""What is told of a mask; which of it counts was measured, see docs/mask-plausibility.md."""


def facts_of(masks: Masks) -> Values:
    """All facts of B masks, (B, F)."""
    return np.stack([fact.of(masks) for fact in FACTS], axis=1)


def _sizes(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Cells of each part of one mask (H, W), specks aside."""
    from scipy import ndimage  # not while plugins are being loaded

    labels, _ = ndimage.label(mask)
    sizes = np.bincount(labels.ravel())[1:]
    kept: NDArray[np.intp] = sizes[sizes >= SPECK * sizes.sum()]
    return kept


def _quotient(part: Values, whole: Values) -> Values:
    """0 where the whole is 0."""
    quotient: Values = np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
    return quotient


def _sums(masks: NDArray[np.generic]) -> Values:
    """Sum over each frame of (B, H, W), so that it does not depend on the others."""
    flat = np.ascontiguousarray(masks).reshape(len(masks), masks.shape[1] * masks.shape[2])
    sums: Values = flat.sum(axis=1, dtype=np.float64)
    return sums
