"""How large the mask of a frame is: part of the picture, pixels, and mm² where the file is calibrated."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import FieldOfView
from viewer.domain.calibration import scale_of, whole_scale
from viewer.domain.geometry import Point
from viewer.domain.image import Clip
from viewer.domain.measure import Measurement, pixel_area

GIVEN = "given"
"""Who drew a mask that the user gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """Where the attention for the answer lies beside the mask, counted on the cells of its map.

    Attributes:
        inside: Share of the attention in the mask, [0, 1].
        area: Part of what the model sees that the mask takes up on these cells, (0, 1].
        even_share: `inside` ÷ `area`: 1 for attention spread evenly, more where it favours the mask.
    """

    inside: float
    area: float
    even_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskFound:
    """The mask of one frame.

    Attributes:
        shows: What it is of, in a word like `lesion`.
        drawn_by: Name of the model that drew it, or `given`.
        share: Part of the picture's pixels that it covers, [0, 1].
        pixels: How many these are.
        area: In mm² where the file is calibrated; else in px², counted in widths of a pixel.
        cut: Whether it reaches the edge of what was seen while the picture goes on: then it is at least as large.
        looked_at: Where the attention lies; None where none was asked for, there is none, or the mask is empty.
    """

    shows: str
    drawn_by: str
    share: float
    pixels: int
    area: Measurement
    cut: bool
    looked_at: LookedAt | None = None


def mask_found(
    inside: NDArray[np.bool_], seen: FieldOfView, clip: Clip | None, frame: int, *, shows: str, drawn_by: str
) -> MaskFound:
    """Measure a mask.

    Args:
        inside: bool (rows, columns), pixels of the whole frame.
        seen: The part of the frame in which it was looked for.
        clip: What the file says of sizes; None where there is no file.
        frame: Index of the frame.
        shows: See `MaskFound`.
        drawn_by: See `MaskFound`.
    """
    pixels = int(np.count_nonzero(inside))
    return MaskFound(
        shows=shows,
        drawn_by=drawn_by,
        share=pixels / inside.size,
        pixels=pixels,
        area=_area(inside, pixels, clip, frame),
        cut=_is_cut(inside, seen),
    )


def _area(inside: NDArray[np.bool_], pixels: int, clip: Clip | None, frame: int) -> Measurement:
    if clip is None:
        return pixel_area(pixels, None)
    if not pixels:
        return pixel_area(0, whole_scale(clip, frame))
    return pixel_area(pixels, scale_of(clip, frame, _corners(inside), closed=True))


def _corners(inside: NDArray[np.bool_]) -> tuple[Point, ...]:
    """The box around the marked pixels: what lies in a region of a picture as a box does so as a whole."""
    rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
    top, bottom, left, right = (float(edge) for edge in (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1))
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _is_cut(inside: NDArray[np.bool_], seen: FieldOfView) -> bool:
    """Whether marked pixels lie at an edge of what was seen that is no edge of the picture."""
    rows, columns = inside.shape
    top, bottom = round(seen.top * rows), round(seen.bottom * rows)
    left, right = round(seen.left * columns), round(seen.right * columns)
    part = inside[top:bottom, left:right]
    edges = (
        (top > 0, part[:1]),
        (bottom < rows, part[-1:]),
        (left > 0, part[:, :1]),
        (right < columns, part[:, -1:]),
    )
    return any(goes_on and bool(edge.any()) for goes_on, edge in edges)
