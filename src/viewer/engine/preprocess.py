"""From a displayed picture to the network's input: the one way, for training's evaluation and for reading alike."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from torch.utils.dlpack import from_dlpack

from viewer.domain.bundle import FieldOfView, Manifest, Resize
from viewer.engine.picture import Picture

Box = tuple[int, int, int, int]
"""top, left, bottom, right in pixels, ends exclusive."""


def preprocess(picture: Picture, manifest: Manifest) -> NDArray[np.float32]:
    """Resize a picture to the network's square and normalise it.

    The resize is bilinear with antialiasing on the 8-bit values, as Pillow's `BILINEAR`; then /255, −mean, /std.

    Args:
        picture: Any size, e.g. 6000×4000.
        manifest: Gives size, way of resizing, mean and standard deviation.

    Returns:
        float32 (3, input_size, input_size).
    """
    return normalise(resize(picture, manifest), manifest)


def resize(picture: Picture, manifest: Manifest) -> NDArray[np.uint8]:
    """The part of the picture the network sees, uint8 (input_size, input_size, 3)."""
    rows, columns, _ = picture.rgb.shape
    top, left, bottom, right = _seen(rows, columns, picture.pixel_aspect, manifest.resize)
    part = picture.rgb[top:bottom, left:right]
    side = manifest.input_size
    if part.shape[:2] == (side, side):
        return part
    pixels = _tensor(part).permute(2, 0, 1)[None]
    small = functional.interpolate(pixels, size=(side, side), mode="bilinear", antialias=True)
    square: NDArray[np.uint8] = small[0].permute(1, 2, 0).numpy()
    return square


def normalise(square: NDArray[np.uint8], manifest: Manifest) -> NDArray[np.float32]:
    """uint8 (H, W, 3) → float32 (3, H, W): /255, −mean, /std per channel."""
    mean = np.asarray(manifest.mean, dtype=np.float64)[:, None, None]
    std = np.asarray(manifest.std, dtype=np.float64)[:, None, None]
    planes = np.ascontiguousarray(square.transpose(2, 0, 1)).astype(np.float32)
    planes *= (1 / (255 * std)).astype(np.float32)
    planes -= (mean / std).astype(np.float32)
    return planes


def field_of_view(manifest: Manifest, rows: int, columns: int, pixel_aspect: float = 1.0) -> FieldOfView:
    """The part of a picture of `rows` × `columns` pixels that `preprocess` keeps."""
    top, left, bottom, right = _seen(rows, columns, pixel_aspect, manifest.resize)
    return FieldOfView(left=left / columns, top=top / rows, right=right / columns, bottom=bottom / rows)


def _seen(rows: int, columns: int, pixel_aspect: float, how: Resize) -> Box:
    """The box kept: everything, or the largest centred square of the picture as displayed."""
    if how == "squash":
        return 0, 0, rows, columns
    side = min(rows * pixel_aspect, columns)  # in pixel widths
    high, wide = max(1, round(side / pixel_aspect)), max(1, round(side))
    top, left = (rows - high) // 2, (columns - wide) // 2
    return top, left, top + high, left + wide


def _tensor(array: NDArray[np.uint8]) -> torch.Tensor:
    """Share a read-only array with torch, which `torch.from_numpy` would warn about."""
    try:
        return from_dlpack(array)
    except BufferError:  # older numpy cannot lend read-only memory
        return torch.from_numpy(array.copy())
