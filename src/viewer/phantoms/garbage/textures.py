"""Textures as of nature and of cloth, and noise: nothing in them has a place."""

import numpy as np

from viewer.phantoms.fields import Field, fractal_noise, smooth_noise
from viewer.phantoms.garbage.colours import Picture, painted


def clouds(rng: np.random.Generator, side: int) -> Picture:
    """Noise of all scales, as of clouds, fur or soil."""
    return painted(rng, fractal_noise(rng, (side, side), float(rng.uniform(2, 16)), 5, float(rng.uniform(0.4, 0.85))))


def wood(rng: np.random.Generator, side: int) -> Picture:
    """Rings around a knot, warped."""
    down, across = _grid(side)
    knot = rng.uniform(-1.5, 1.5, 2)
    distance = np.hypot(down - knot[0], (across - knot[1]) * rng.uniform(0.2, 1)).astype(np.float32)
    warp = np.float32(rng.uniform(0.05, 0.3)) * fractal_noise(rng, (side, side), 3, 3)
    return painted(rng, np.float32(1.4) * np.sin(np.float32(rng.uniform(10, 60)) * (distance + warp)))


def weave(rng: np.random.Generator, side: int) -> Picture:
    """Threads across threads."""
    down, across = _grid(side)
    turn, fineness = rng.uniform(0, np.pi), rng.uniform(15, 80, 2)
    one = np.sin(np.float32(fineness[0]) * (np.cos(turn) * across + np.sin(turn) * down))
    other = np.sin(np.float32(fineness[1]) * (np.cos(turn) * down - np.sin(turn) * across))
    threads = (one * other if rng.random() < 0.5 else np.maximum(one, other)).astype(np.float32)
    return painted(rng, np.float32(1.3) * threads + np.float32(0.4) * fractal_noise(rng, (side, side), 12, 3))


def stones(rng: np.random.Generator, side: int) -> Picture:
    """Cells around random points, each of a brightness of its own, with dark seams."""
    coarse = (side + 1) // 2
    down, across = _grid(coarse)
    points = rng.uniform(-1.1, 1.1, (int(rng.integers(12, 70)), 2)).astype(np.float32)
    distances = np.hypot(down[..., None] - points[:, 0], across[..., None] - points[:, 1])
    nearest = np.partition(distances, 1, axis=-1)[..., :2]
    seam = np.minimum((nearest[..., 1] - nearest[..., 0]) * np.float32(12), 1) - 1
    level = rng.standard_normal(len(points)).astype(np.float32)[distances.argmin(axis=-1)] + np.float32(1.5) * seam
    whole = np.repeat(np.repeat(level, 2, axis=0), 2, axis=1)[:side, :side]
    return painted(rng, whole + np.float32(0.3) * fractal_noise(rng, (side, side), 20, 3))


def fibres(rng: np.random.Generator, side: int) -> Picture:
    """Long streaks, as of grass, hair or brushed metal."""
    fine, long = side / float(rng.uniform(1, 6)), float(rng.uniform(2, 8))
    field = smooth_noise(rng, (side, side), (fine, long)) + np.float32(0.5) * fractal_noise(rng, (side, side), 4, 2)
    return painted(rng, field if rng.random() < 0.5 else np.ascontiguousarray(field.T))


def white_noise(rng: np.random.Generator, side: int) -> Picture:
    """Every pixel, or every small square of pixels, by itself; grey or coloured."""
    coarse = -(-side // int(rng.integers(1, 9)))
    planes = 3 if rng.random() < 0.5 else 1
    spread = rng.uniform(20, 120)
    levels = rng.uniform(40, 215) + spread * rng.standard_normal((coarse, coarse, planes), dtype=np.float32)
    cell = -(-side // coarse)
    fine = np.repeat(np.repeat(levels, cell, axis=0), cell, axis=1)[:side, :side]
    return np.broadcast_to(np.clip(fine, 0, 255), (side, side, 3)).astype(np.uint8)


def specks(rng: np.random.Generator, side: int) -> Picture:
    """Black and white dots on one level."""
    picture = np.full((side, side, 3), rng.integers(0, 256), np.uint8)
    thrown, share = rng.random((side, side)), rng.uniform(0.02, 0.4)
    picture[thrown < share / 2] = 0
    picture[thrown > 1 - share / 2] = 255
    return picture


def static(rng: np.random.Generator, side: int) -> Picture:
    """Noise in lines, as of a signal that is lost."""
    rows = rng.uniform(0, 160, (side, 1, 1))
    levels = rows + rng.uniform(0, 95, (side, side, 1))
    return np.broadcast_to(levels, (side, side, 3)).astype(np.uint8)


def _grid(side: int) -> tuple[Field, Field]:
    """Rows and columns from −1 to 1."""
    axis = np.linspace(-1, 1, side, dtype=np.float32)
    return axis[:, None] * np.ones_like(axis), np.ones_like(axis)[:, None] * axis
