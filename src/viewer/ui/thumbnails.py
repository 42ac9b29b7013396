"""Small pictures for the list, made off the GUI thread; numpy only."""

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Frame


def thumbnail(frame: Frame, side: int) -> NDArray[np.uint8]:
    """The frame's default display, averaged down.

    Args:
        frame: Decoded.
        side: Longer side is at most twice this many pixels, at least this many where the frame has them.

    Returns:
        uint8 (h, w, 3), contiguous, with square pixels.
    """
    rgb = frame.rgb()
    factor = max(1, max(rgb.shape[:2]) // side)
    rows, columns = (length // factor * factor for length in rgb.shape[:2])
    if rows == 0 or columns == 0:  # a strip thinner than one cell
        return np.ascontiguousarray(rgb[::factor, ::factor])
    cells = rgb[:rows, :columns].reshape(rows // factor, factor, columns // factor, factor, 3)
    small = cells.mean(axis=(1, 3), dtype=np.float32).astype(np.uint8)
    return np.ascontiguousarray(_square_pixels(small, frame.pixel_aspect))


def _square_pixels(small: NDArray[np.uint8], aspect: float) -> NDArray[np.uint8]:
    """Repeat or skip rows so that pixels become square; nearest is enough at this size."""
    if aspect == 1.0:
        return small
    rows = max(1, round(len(small) * aspect))
    return small[np.minimum((np.arange(rows) / aspect).astype(np.intp), len(small) - 1)]
