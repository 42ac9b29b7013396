"""Random fields, blur and ramps that phantoms are painted with."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]


def generator(seed: int | Sequence[int] | np.random.Generator) -> np.random.Generator:
    """A generator from a seed, or the generator itself."""
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)


def resized(field: Field, shape: tuple[int, int]) -> Field:
    """Resample a field (rows, cols) bicubically to `shape`."""
    picture = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.array(picture.resize((shape[1], shape[0]), Image.Resampling.BICUBIC), dtype=np.float32)


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], cells: tuple[float, float]) -> Field:
    """Value noise of mean about 0 and spread about 1.

    Args:
        rng: Source of randomness.
        shape: (rows, cols) of the answer.
        cells: Independent values along rows and columns; fewer is smoother.
    """
    coarse = (max(round(cells[0]), 2), max(round(cells[1]), 2))
    field = resized(rng.standard_normal(coarse, dtype=np.float32), shape)
    return field * np.float32(1.3)  # interpolation takes about a quarter of the spread


def fractal_noise(
    rng: np.random.Generator, shape: tuple[int, int], cells: float, octaves: int = 4, persistence: float = 0.55
) -> Field:
    """Sum of `octaves` layers of value noise, each twice as fine and `persistence` times as strong.

    Every layer is added on its own coarse grid, so that only one interpolation runs at full size.
    """
    count = max(round(cells), 2)
    field = rng.standard_normal((count, count), dtype=np.float32)
    for octave in range(1, octaves):
        count *= 2
        finer = rng.standard_normal((count, count), dtype=np.float32)
        field = resized(field, (count, count)) + np.float32(persistence**octave) * finer
    total = np.sqrt(sum(persistence ** (2 * octave) for octave in range(octaves)))
    return resized(field, shape) * np.float32(1.3 / total)


def gaussian_blur(image: Field, sigma: float | tuple[float, float]) -> Field:
    """Blur (…, rows, cols) with a Gaussian of `sigma` pixels (rows, cols), mirrored at the borders."""
    down, across = (sigma, sigma) if isinstance(sigma, int | float) else sigma
    turned = np.ascontiguousarray(np.swapaxes(_blur_columns(image, across), -1, -2))
    return np.ascontiguousarray(np.swapaxes(_blur_columns(turned, down), -1, -2))


def _blur_columns(image: Field, sigma: float) -> Field:
    """Blur along the last axis."""
    length = image.shape[-1]
    reach = min(int(np.ceil(3 * sigma)), length - 1)
    if reach < 1:
        return image
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (offsets / sigma) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    padded = np.pad(image, [(0, 0)] * (image.ndim - 1) + [(reach, reach)], mode="reflect")
    blurred = np.zeros_like(image)
    for start, weight in enumerate(kernel):
        blurred += weight * padded[..., start : start + length]
    return blurred


def smoothstep(values: NDArray[np.floating], low: float, high: float) -> Field:
    """0 below `low`, 1 above `high`, a cubic ramp between."""
    ramp = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(ramp * ramp * (np.float32(3) - np.float32(2) * ramp), dtype=np.float32)


def glaze(image: Field, cover: Field, colour: Sequence[float] | NDArray[np.float32]) -> None:
    """Cover an image (3, rows, cols) in place by a colour (3,) as far as `cover` (rows, cols), [0, 1], says."""
    for plane, level in zip(image, colour, strict=True):
        plane += cover * (np.float32(level) - plane)
