"""Faults of acquisition and preprocessing: pure functions on uint8 (rows, cols, 3) sRGB arrays.

Every function returns a new array of the same shape and dtype and leaves its argument alone.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from viewer.phantoms.fields import fractal_noise, gaussian_blur, generator, smoothstep

Picture = NDArray[np.uint8]


def inverted(pixels: Picture) -> Picture:
    """Black and white exchanged, as when MONOCHROME1 is read as MONOCHROME2."""
    return 255 - pixels


def channels_swapped(pixels: Picture) -> Picture:
    """Red and blue exchanged (BGR read as RGB)."""
    return np.ascontiguousarray(pixels[..., ::-1])


def upside_down(pixels: Picture) -> Picture:
    """The rows from the last to the first, as when a file that begins with the lowest row is read from the top."""
    return np.ascontiguousarray(pixels[::-1])


def scaled_twice(pixels: Picture) -> Picture:
    """Divided by 255 once too often: 255 becomes 1, everything below 128 becomes 0."""
    return np.rint(pixels / 255).astype(np.uint8)


def blurred(pixels: Picture, sigma: float = 4.0) -> Picture:
    """Out of focus: Gaussian blur of `sigma` pixels."""
    planes = np.moveaxis(pixels, -1, 0).astype(np.float32)
    return np.ascontiguousarray(np.moveaxis(_bytes(gaussian_blur(planes, sigma)), 0, -1))


def noisy(pixels: Picture, sigma: float = 40.0, seed: int = 0) -> Picture:
    """Gaussian noise of `sigma` grey levels added."""
    noise = generator(seed).standard_normal(pixels.shape, dtype=np.float32)
    return _bytes(pixels + np.float32(sigma) * noise)


def wrong_gamma(pixels: Picture, gamma: float = 2.2) -> Picture:
    """Gamma applied once too often: above 1 too dark, below 1 too light."""
    table = _bytes(np.float32(255) * np.linspace(0, 1, 256, dtype=np.float32) ** np.float32(gamma))
    return np.asarray(table[pixels], dtype=np.uint8)


def blank(pixels: Picture, level: int = 0) -> Picture:
    """One grey level everywhere: a lost frame."""
    return np.full_like(pixels, level)


def other_modality(pixels: Picture, seed: int = 0) -> Picture:
    """A grey picture of something else, a chest film in outline: two dark fields beside a bright middle."""
    rows, cols = pixels.shape[:2]
    rng = generator(seed)
    x = np.linspace(-1, 1, cols, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    body = 1 - smoothstep(np.hypot(x * np.float32(0.85), y * np.float32(0.7)), 0.8, 0.95)
    level = np.float32(0.75) * body
    for side in (-1, 1):
        lung = np.hypot((x - np.float32(0.42 * side)) / 0.34, (y + np.float32(0.05)) / 0.62)
        level = level - np.float32(0.5) * (1 - smoothstep(lung.astype(np.float32), 0.8, 1.1))
    ribs = np.sin((y * 16 + 5 * np.abs(x)) * np.float32(1.3))
    level = level + np.float32(0.05) * ribs * body + np.float32(0.04) * fractal_noise(rng, (rows, cols), 8)
    return np.repeat(_bytes(255 * level)[..., None], 3, axis=2)


def _bytes(levels: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(np.rint(levels), 0, 255), dtype=np.uint8)


FAULTS: Mapping[str, Callable[[Picture], Picture]] = MappingProxyType(
    {
        "inverted": inverted,
        "channels_swapped": channels_swapped,
        "upside_down": upside_down,
        "scaled_twice": scaled_twice,
        "blurred": blurred,
        "noisy": noisy,
        "wrong_gamma": wrong_gamma,
        "blank": blank,
        "other_modality": other_modality,
    }
)
"""Every fault at its default strength, by name."""
