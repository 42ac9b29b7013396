"""Masks as the network's input lies: the same part of the picture, at the same size."""

from pathlib import Path

import numpy as np
import torch

from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.engine.picture import Picture
from viewer.engine.preprocess import as_square, part_of
from viewer.io.reader import open_source

BRIGHT = 128
"""Level from which a pixel of a mask's file belongs to the mask."""


def read_mask(path: Path, beside: Picture, manifest: Manifest) -> torch.Tensor:
    """The mask of a picture, uint8 (1, side, side); in between 0 and 255 where a cell is covered in part.

    Args:
        path: A picture of the same size, bright where the mask is.
        beside: The picture it belongs to.
        manifest: Size of the network's input, and which part of a picture it sees.

    Raises:
        ViewerError: It cannot be read, or is of another size.
    """
    source = open_source(path)
    try:
        levels = source.decode(0).rgb()
    finally:
        source.close()
    if levels.shape != beside.rgb.shape:
        sizes = [f"{rows}×{columns}" for rows, columns, _ in (levels.shape, beside.rgb.shape)]
        raise ViewerError(f"{path}: the mask has {sizes[0]} pixels, its picture {sizes[1]}")
    inside = np.where(levels >= BRIGHT, np.uint8(255), np.uint8(0))
    seen = as_square(part_of(inside, beside, manifest), manifest)
    return torch.from_numpy(seen[None, ..., 0].copy())
