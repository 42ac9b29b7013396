"""Small pictures that a bundle, or the user's own references, keep beside the features."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.engine.picture import Picture

SIDE = 64
"""Pixels of both sides."""


def thumbnails(pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    """Whole pictures with square pixels, in the middle of black squares, uint8 (B, 64, 64, 3), RGB."""
    return np.stack([_thumbnail(picture) for picture in pictures])


def _thumbnail(picture: Picture) -> NDArray[np.uint8]:
    rows, columns = picture.rgb.shape[0] * picture.pixel_aspect, float(picture.rgb.shape[1])
    scale = SIDE / max(rows, columns)
    width, height = max(1, round(columns * scale)), max(1, round(rows * scale))
    square = np.zeros((SIDE, SIDE, 3), np.uint8)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    small = Image.fromarray(picture.rgb).resize((width, height), Image.Resampling.BILINEAR)  # antialiased
    square[top : top + height, left : left + width] = np.asarray(small)
    return square
