"""From a displayed picture to the network's input: the one way, for training's evaluation and for reading alike."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from torch.utils.dlpack import from_dlpack

from viewer.domain.bundle import FieldOfView, Manifest, Resize, Step
from viewer.engine.picture import Picture
from viewer.engine.steps import CHANGES
from viewer.engine.steps.corners import Box, lit_box

FINEST = 512
"""Pixels along the longer side in which steps look at a picture, or twice the network's side where that is more."""


class Stage(NamedTuple):
    """A picture before and after a step."""

    step: Step
    before: Picture
    after: Picture


def preprocess(picture: Picture, manifest: Manifest) -> NDArray[np.float32]:
    """Take a picture through the model's steps, resize it to the network's square and normalise it.

    The resize is bilinear with antialiasing on the 8-bit values, as Pillow's `BILINEAR`; then /255, −mean, /std.

    Args:
        picture: Any size, e.g. 6000×4000.
        manifest: Gives steps, size, way of resizing, mean and standard deviation.

    Returns:
        float32 (3, input_size, input_size).
    """
    return normalise(resize(picture, manifest), manifest)


def resize(picture: Picture, manifest: Manifest) -> NDArray[np.uint8]:
    """What the network sees of a picture, uint8 (input_size, input_size, 3)."""
    return as_square(_changed(picture, manifest)[-1], manifest)


def stages(picture: Picture, manifest: Manifest) -> list[Stage]:
    """What each step of the model does to a picture, in their order."""
    found = []
    if "corner_crop" in manifest.steps:
        top, left, bottom, right = lit_box(picture.rgb, picture.pixel_aspect)
        lit = Picture(picture.rgb[top:bottom, left:right], picture.pixel_aspect)
        found.append(Stage("corner_crop", picture, lit))
    shown = [Picture(rgb) for rgb in _changed(picture, manifest)]
    changing = [step for step in manifest.steps if step in CHANGES]
    return found + [Stage(*one) for one in zip(changing, shown[:-1], shown[1:], strict=True)]


def _changed(picture: Picture, manifest: Manifest) -> list[NDArray[np.uint8]]:
    """The part of a picture the network sees, uint8 (rows, cols, 3): as it is, then after each step that changes it.

    Where there are such steps, all have square pixels, no more than are of use.
    """
    shown = [part_of(picture.rgb, picture, manifest)]
    changes = [CHANGES[step] for step in manifest.steps if step in CHANGES]
    if changes:
        shown = [_reduced(shown[0], picture.pixel_aspect, max(FINEST, 2 * manifest.input_size))]
    for change in changes:
        shown.append(change(shown[-1]))
    return shown


def part_of(layer: NDArray[np.uint8], picture: Picture, manifest: Manifest) -> NDArray[np.uint8]:
    """The part of a picture the network sees, of the picture itself or of another layer of it, such as its mask.

    Args:
        layer: uint8 (rows, cols, 3), as large as the picture.
        picture: Decides which part it is.
        manifest: Of the model.
    """
    top, left, bottom, right = _seen(picture, manifest)
    return layer[top:bottom, left:right]


def as_square(part: NDArray[np.uint8], manifest: Manifest) -> NDArray[np.uint8]:
    """The part the network sees at its size, uint8 (input_size, input_size, 3)."""
    side = manifest.input_size
    return part if part.shape[:2] == (side, side) else _resized(part, side, side)


def shrunk_mask(inside: NDArray[np.bool_], view: FieldOfView, side: int) -> NDArray[np.float32]:
    """How much of each cell a mask covers, [0, 1], float32 (side, side), as `resize` shrinks pictures.

    Args:
        inside: bool (rows, columns), pixels of the whole picture.
        view: The part of the picture that is seen.
        side: Cells along each side.
    """
    rows, columns = inside.shape
    top, bottom = round(view.top * rows), round(view.bottom * rows)
    left, right = round(view.left * columns), round(view.right * columns)
    part = torch.from_numpy(inside[top:bottom, left:right].astype(np.float32))[None, None]
    small = functional.interpolate(part, size=(side, side), mode="bilinear", antialias=True)
    covered: NDArray[np.float32] = small[0, 0].clamp(0, 1).numpy()
    return covered


def normalise(square: NDArray[np.uint8], manifest: Manifest) -> NDArray[np.float32]:
    """uint8 (H, W, 3) → float32 (3, H, W): /255, −mean, /std per channel."""
    mean = np.asarray(manifest.mean, dtype=np.float64)[:, None, None]
    std = np.asarray(manifest.std, dtype=np.float64)[:, None, None]
    planes = np.ascontiguousarray(square.transpose(2, 0, 1)).astype(np.float32)
    planes *= (1 / (255 * std)).astype(np.float32)
    planes -= (mean / std).astype(np.float32)
    return planes


def field_of_view(picture: Picture, manifest: Manifest) -> FieldOfView:
    """Which part of a picture `preprocess` keeps; with `corner_crop` it depends on what the picture shows."""
    rows, columns, _ = picture.rgb.shape
    top, left, bottom, right = _seen(picture, manifest)
    return FieldOfView(left=left / columns, top=top / rows, right=right / columns, bottom=bottom / rows)


def _seen(picture: Picture, manifest: Manifest) -> Box:
    """The box kept."""
    rows, columns, _ = picture.rgb.shape
    if "corner_crop" not in manifest.steps:
        return _kept(rows, columns, picture.pixel_aspect, manifest.resize)
    top, left, bottom, right = lit_box(picture.rgb, picture.pixel_aspect)
    inner = _kept(bottom - top, right - left, picture.pixel_aspect, manifest.resize)
    return top + inner[0], left + inner[1], top + inner[2], left + inner[3]


def _kept(rows: int, columns: int, pixel_aspect: float, how: Resize) -> Box:
    """Everything, or the largest centred square of the picture as displayed."""
    if how == "squash":
        return 0, 0, rows, columns
    side = min(rows * pixel_aspect, columns)  # in pixel widths
    high, wide = max(1, round(side / pixel_aspect)), max(1, round(side))
    top, left = (rows - high) // 2, (columns - wide) // 2
    return top, left, top + high, left + wide


def _reduced(part: NDArray[np.uint8], pixel_aspect: float, most: int) -> NDArray[np.uint8]:
    """With square pixels, at most `most` of them along the longer side."""
    rows, columns = part.shape[0] * pixel_aspect, float(part.shape[1])
    scale = min(1.0, most / max(rows, columns))
    size = max(1, round(rows * scale)), max(1, round(columns * scale))
    return part if part.shape[:2] == size else _resized(part, *size)


def _resized(part: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    pixels = _tensor(part).permute(2, 0, 1)[None]
    small = functional.interpolate(pixels, size=(rows, columns), mode="bilinear", antialias=True)
    resized: NDArray[np.uint8] = small[0].permute(1, 2, 0).numpy()
    return resized


def _tensor(array: NDArray[np.uint8]) -> torch.Tensor:
    """Share a read-only array with torch, which `torch.from_numpy` would warn about."""
    try:
        return from_dlpack(array)
    except BufferError:  # older numpy cannot lend read-only memory
        return torch.from_numpy(array.copy())
