"""What the study of masks does to pictures, so that masks come out well, badly and not at all."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Rgb = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Harm = Callable[[Rgb, Mask, np.random.Generator], tuple[Rgb, Mask]]
"""From a picture (rows, cols, 3) and its true mask (rows, cols) to those of the harmed picture."""

GREY = 128


def blurred(part: float) -> Harm:
    """Out of focus: a Gaussian as wide as that part of the shorter side."""

    def harm(rgb: Rgb, mask: Mask, random: np.random.Generator) -> tuple[Rgb, Mask]:
        radius = part * min(mask.shape)
        return np.asarray(Image.fromarray(rgb).filter(ImageFilter.GaussianBlur(radius))), mask

    return harm


def noisy(spread: float) -> Harm:
    """Noise of that standard deviation in levels."""

    def harm(rgb: Rgb, mask: Mask, random: np.random.Generator) -> tuple[Rgb, Mask]:
        noise = random.normal(0, spread, mask.shape)[..., None]
        return np.clip(rgb + noise, 0, 255).astype(np.uint8), mask

    return harm


def dimmed(part: float) -> Harm:
    """Levels made that part of what they were: dark, and flat."""

    def harm(rgb: Rgb, mask: Mask, random: np.random.Generator) -> tuple[Rgb, Mask]:
        return (rgb * part).astype(np.uint8), mask

    return harm


def inverted(rgb: Rgb, mask: Mask, random: np.random.Generator) -> tuple[Rgb, Mask]:
    """Black and white exchanged."""
    return 255 - rgb, mask


def covered(part: float) -> Harm:
    """A grey rectangle with sides of that part of the picture's lies over it; what is truly there stays."""

    def harm(rgb: Rgb, mask: Mask, random: np.random.Generator) -> tuple[Rgb, Mask]:
        rows, columns = (round(part * length) for length in mask.shape)
        top, left = random.integers(0, mask.shape[0] - rows + 1), random.integers(0, mask.shape[1] - columns + 1)
        harmed = rgb.copy()
        harmed[top : top + rows, left : left + columns] = GREY
        return harmed, mask

    return harm


def cropped(part: float) -> Harm:
    """A window with sides of that part of the picture's, anywhere; the true mask is cut alike."""

    def harm(rgb: Rgb, mask: Mask, random: np.random.Generator) -> tuple[Rgb, Mask]:
        rows, columns = (round(part * length) for length in mask.shape)
        top, left = random.integers(0, mask.shape[0] - rows + 1), random.integers(0, mask.shape[1] - columns + 1)
        window = slice(top, top + rows), slice(left, left + columns)
        return np.ascontiguousarray(rgb[window]), np.ascontiguousarray(mask[window])

    return harm


def lying(rgb: Rgb, mask: Mask, random: np.random.Generator) -> tuple[Rgb, Mask]:
    """Turned by a quarter."""
    return np.ascontiguousarray(np.rot90(rgb)), np.ascontiguousarray(np.rot90(mask))


HARMS: Mapping[str, Harm] = {
    "a little blurred": blurred(0.01),
    "much blurred": blurred(0.04),
    "a little noise": noisy(25),
    "much noise": noisy(80),
    "dark": dimmed(0.3),
    "very dark": dimmed(0.1),
    "inverted": inverted,
    "partly covered": covered(0.4),
    "cropped": cropped(0.6),
    "turned by a quarter": lying,
}
