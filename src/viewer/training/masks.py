"""Masks as the network's input lies: the same part of the picture, at the same size."""

from pathlib import Path

import numpy as np
import torch

from viewer.domain.bundle import Manifest
from viewer.engine.picture import Picture
from viewer.engine.preprocess import as_square, part_of
from viewer.io.masks import read_inside


def read_mask(path: Path, beside: Picture, manifest: Manifest) -> torch.Tensor:
    """The mask of a picture, uint8 (1, side, side); in between 0 and 255 where a cell is covered in part.

    Args:
        path: A picture of the same size, bright where the mask is.
        beside: The picture it belongs to.
        manifest: Size of the network's input, and which part of a picture it sees.

    Raises:
        ViewerError: It cannot be read, or is of another size.
    """
    inside = np.where(read_inside(path, *beside.rgb.shape[:2]), np.uint8(255), np.uint8(0))
    layer = np.repeat(inside[..., None], 3, axis=2)
    seen = as_square(part_of(layer, beside, manifest), manifest)
    return torch.from_numpy(seen[None, ..., 0].copy())
