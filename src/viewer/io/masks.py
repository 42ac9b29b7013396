"""Masks as picture files: as large as the picture they belong to, bright inside."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError
from viewer.io.reader import open_source

BRIGHT = 128
"""Level from which a pixel of a mask's file belongs to the mask."""


def read_inside(path: Path, rows: int, columns: int) -> NDArray[np.bool_]:
    """Which pixels of a picture of that size lie in its mask, bool (rows, columns).

    Args:
        path: File of the mask.
        rows: Of the picture.
        columns: Of the picture.

    Raises:
        ViewerError: It cannot be read, is of another size, or counts from 0 to 1 where pictures count to 255.
    """
    source = open_source(path)
    try:
        levels = source.decode(0).rgb()
    finally:
        source.close()
    if levels.shape[:2] != (rows, columns):
        own = "×".join(map(str, levels.shape[:2]))
        raise ViewerError(f"{path}: the mask has {own} pixels, its picture {rows}×{columns}")
    if levels.max() == 1:
        raise ViewerError(f"{path}: the mask is black, its brightest level is 1 of 255; inside it should be white")
    inside: NDArray[np.bool_] = levels[..., 0] >= BRIGHT
    return inside
