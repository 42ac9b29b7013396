"""Colours of pictures: drawn by chance, or lent by another picture."""

import numpy as np
from numpy.typing import NDArray

from viewer.phantoms.fields import Field

Picture = NDArray[np.uint8]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_ANCHORS = 4


def painted(rng: np.random.Generator, field: Field) -> Picture:
    """A field (rows, cols) of mean about 0 and spread about 1, along a scale of four random colours."""
    anchors = rng.uniform(0, 255, (_ANCHORS, 3))
    places = np.linspace(-2, 2, _ANCHORS)
    return np.stack([np.interp(field, places, anchors[:, plane]) for plane in range(3)], axis=-1).astype(np.uint8)


def in_colours_of(picture: Picture, like: Picture) -> Picture:
    """The picture with the colours of another of its size: its pixels in order of brightness get those of `like`.

    What is left of the picture is its structure; no statistic of single pixels tells it from `like`.
    """
    order = _brightness(picture).argsort(kind="stable")
    lent = like.reshape(-1, 3)[_brightness(like).argsort(kind="stable")]
    pixels = np.empty_like(lent)
    pixels[order] = lent
    return pixels.reshape(picture.shape)


def _brightness(picture: Picture) -> Field:
    """Of every pixel, (rows·cols,)."""
    return np.asarray(picture.reshape(-1, 3) @ _LUMA, dtype=np.float32)
