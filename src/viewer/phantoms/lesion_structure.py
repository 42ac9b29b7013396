"""Outline and inner structure of a lesion: where pigment, blood, keratin, scar and cysts lie."""

from dataclasses import dataclass

import numpy as np

from viewer.phantoms.fields import Field, fractal_noise, resized, smooth_noise, smoothstep
from viewer.phantoms.traits import Traits

_ANGLES = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionShape:
    """Outline of a lesion.

    Attributes:
        x, y: float32 (size, size), position relative to the centre in lesion radii.
        depth: float32 (size, size), 1 at the centre, 0 on the outline, negative outside.
        cover: float32 (size, size), share of lesion in the pixel, [0, 1].
        radius: Mean radius in pixels.
    """

    x: Field
    y: Field
    depth: Field
    cover: Field
    radius: float

    @property
    def scale(self) -> float:
        """Pixels here per pixel of a picture of 224; small structures are sized in those."""
        return len(self.cover) / 224

    @property
    def cells(self) -> float:
        """Lesion radii in the picture: noise of `n * cells` cells has `n` to a radius."""
        return len(self.cover) / self.radius


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What the lesion adds to the skin, each float32 (size, size).

    Attributes:
        melanin, deep_melanin, blood: Amounts of absorber, in the units of `skin`; may be slightly negative.
        keratin, scar, cysts: Coverage by an opaque layer, [0, 1].
    """

    melanin: Field
    deep_melanin: Field
    blood: Field
    keratin: Field
    scar: Field
    cysts: Field


def draw_shape(traits: Traits, rng: np.random.Generator, size: int) -> LesionShape:
    """Draw the outline: an ellipse with random harmonics and a ragged, more or less soft border."""
    radius = traits.radius * size
    centre = size * (0.5 + np.clip(rng.normal(0, 0.05, 2), -0.12, 0.12))
    pixels = np.arange(size, dtype=np.float32) + np.float32(0.5)
    dx, dy = np.broadcast_arrays(
        (pixels[None, :] - np.float32(centre[0])) / radius, (pixels[:, None] - np.float32(centre[1])) / radius
    )
    tilt, stretch = rng.uniform(0, np.pi), np.exp(0.5 * traits.elongation)
    x = (dx * np.cos(tilt) + dy * np.sin(tilt)) / stretch
    y = (dy * np.cos(tilt) - dx * np.sin(tilt)) * stretch
    x, y = x.astype(np.float32), y.astype(np.float32)
    outline = _outline(traits, rng)
    index = ((np.arctan2(y, x) / np.float32(2 * np.pi) + np.float32(0.5)) * (_ANGLES - 1)).astype(np.intp)
    ragged = fractal_noise(rng, (size, size), 1.5 * size / radius, octaves=4, persistence=0.6)
    depth = 1 - np.hypot(x, y) / outline[index] + np.float32(0.03 + 0.13 * traits.raggedness) * ragged
    softness = max(traits.softness, 1.2 / radius)
    cover = smoothstep(depth, -softness / 2, softness / 2)
    return LesionShape(x=x, y=y, depth=depth.astype(np.float32), cover=cover, radius=radius)


def _outline(traits: Traits, rng: np.random.Generator) -> Field:
    """Radius over the angle −π…π in units of the mean radius, float32 (720,)."""
    angle = np.linspace(-np.pi, np.pi, _ANGLES)
    radius = np.ones(_ANGLES)
    for order in range(1, 13):
        if order <= 3:
            strength = (0.02 + 0.20 * traits.asymmetry) / order**0.7
        else:
            strength = (0.015 + 0.10 * traits.raggedness) * 3 / order
        radius += strength * rng.normal(0, 0.7) * np.cos(order * angle + rng.uniform(0, 2 * np.pi))
    return np.clip(radius, 0.45, 1.7).astype(np.float32)


def structure(traits: Traits, shape: LesionShape, rng: np.random.Generator) -> Structure:
    """Place pigment, blood and surface features inside the outline."""
    grid = shape.cover.shape
    mottled = fractal_noise(rng, grid, 2 * shape.cells, octaves=3)
    melanin = traits.melanin * (0.72 + 0.16 * mottled)
    melanin = melanin * _radial_profile(shape, rng)
    melanin += _network(traits, shape, rng) + _globules(traits, shape, rng)
    blood = traits.blood * (0.85 + 0.2 * fractal_noise(rng, grid, 7, octaves=3))
    deep, scar = np.zeros(grid, np.float32), np.zeros(grid, np.float32)

    if traits.variegation > 0.05:
        dark, red, pale = (_patch(shape, rng) for _ in range(3))
        melanin = melanin * (1 - np.float32(0.75 * traits.variegation) * pale)
        melanin = melanin + np.float32(1.9 * traits.variegation) * dark * max(traits.melanin, 0.2)
        blood = blood + np.float32(0.45 * traits.variegation) * red
    if traits.veil > 0.05:
        deep = np.float32(0.9 * traits.veil) * _patch(shape, rng)
    if traits.regression > 0.1:
        scar = np.float32(0.75 * traits.regression) * _patch(shape, rng) * shape.cover
    if traits.lacunae > 0.05:
        blood, deep, scar = _with_lacunae(traits, shape, rng, blood, deep, scar)
    keratin, plugs = _surface(traits, shape, rng)
    return Structure(
        melanin=np.asarray((melanin + plugs) * shape.cover, np.float32),
        deep_melanin=np.asarray(deep * shape.cover, np.float32),
        blood=np.asarray(blood * shape.cover, np.float32),
        keratin=keratin,
        scar=np.asarray(scar, np.float32),
        cysts=_cysts(traits, shape, rng),
    )


def _radial_profile(shape: LesionShape, rng: np.random.Generator) -> Field:
    """Darker or lighter towards the centre."""
    slope = np.float32(rng.normal(0.25, 0.35))
    return 1 + slope * (smoothstep(shape.depth, 0.0, 0.8) - np.float32(0.5))


def _patch(shape: LesionShape, rng: np.random.Generator) -> Field:
    """A blob with an uneven border somewhere off the centre of the lesion, [0, 1]."""
    angle, distance = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.75)
    reach = rng.uniform(0.3, 0.65)
    away = np.hypot(shape.x - np.float32(distance * np.cos(angle)), shape.y - np.float32(distance * np.sin(angle)))
    cells = 1.5 * shape.cells
    ragged = fractal_noise(rng, shape.cover.shape, cells, octaves=4, persistence=0.65)
    return smoothstep(1 - away / np.float32(reach) + np.float32(0.28) * ragged, -0.25, 0.35)


def _network(traits: Traits, shape: LesionShape, rng: np.random.Generator) -> Field:
    """Reticular pigment: lines where band-limited noise crosses zero, coarser and patchier when ragged."""
    grid = shape.cover.shape
    mesh = rng.uniform(3.4, 5.0) * shape.scale * (1 + 0.4 * traits.raggedness)
    noise = smooth_noise(rng, grid, (grid[0] / mesh, grid[1] / mesh))
    lines = np.exp(-((noise / np.float32(0.42)) ** 2))
    uneven = smoothstep(smooth_noise(rng, grid, (9, 9)), -1.5 + 1.5 * traits.variegation, 1.0)
    peripheral = 1 - np.float32(0.5) * smoothstep(shape.depth, 0.3, 0.9)
    strength = np.float32(1.1 * traits.network)
    return np.asarray(strength * (lines - np.float32(0.4)) * uneven * peripheral, dtype=np.float32)


def _globules(traits: Traits, shape: LesionShape, rng: np.random.Generator) -> Field:
    """Round clumps of pigment, up to about 70."""
    count = int(rng.poisson(70 * traits.globules))
    radii = shape.scale * rng.uniform(0.9, 2.2 + 1.8 * traits.variegation, count)
    return np.float32(0.8) * _dots(shape, rng, radii, reach=0.95)


def _dots(shape: LesionShape, rng: np.random.Generator, radii: np.ndarray, reach: float) -> Field:
    """Soft round dots of `radii` pixels scattered over the lesion, [0, 1]."""
    size = len(shape.cover)
    field = np.zeros((size, size), np.float32)
    rows, cols = np.nonzero(shape.depth > 1 - reach)
    if not len(rows) or not len(radii):
        return field
    for number, radius in zip(rng.integers(0, len(rows), len(radii)), radii, strict=True):
        row, col, arm = int(rows[number]), int(cols[number]), int(np.ceil(2 * radius)) + 1
        top, left = max(row - arm, 0), max(col - arm, 0)
        y = np.arange(top, min(row + arm + 1, size), dtype=np.float32)[:, None] - row
        x = np.arange(left, min(col + arm + 1, size), dtype=np.float32)[None, :] - col
        dot = np.exp(-(((x * x + y * y) / np.float32(radius * radius)) ** 2))
        window = field[top : top + len(y), left : left + x.shape[1]]
        np.maximum(window, dot, out=window)
    return field


def _surface(traits: Traits, shape: LesionShape, rng: np.random.Generator) -> tuple[Field, Field]:
    """Waxy keratin (coverage), and the pigment of its fissures and comedo-like plugs (melanin)."""
    grid = shape.cover.shape
    if traits.keratin < 0.1:
        return np.zeros(grid, np.float32), np.zeros(grid, np.float32)
    folds = rng.uniform(12, 22)
    fissures = np.exp(-((smooth_noise(rng, grid, (folds, folds)) / np.float32(0.22)) ** 2))
    flakes = smoothstep(fractal_noise(rng, grid, 14, octaves=4, persistence=0.75), -0.9, 1.3)
    count = int(rng.poisson(16 * traits.openings))
    plugs = _dots(shape, rng, shape.scale * rng.uniform(1.2, 3.2, count), reach=0.85)
    keratin = np.float32(0.75 * traits.keratin) * flakes * (1 - np.float32(0.6) * fissures) * (1 - plugs)
    pigment = np.float32(0.35 * traits.keratin) * fissures + np.float32(1.6) * plugs
    return np.asarray(keratin * shape.cover, np.float32), np.asarray(pigment, np.float32)


def _cysts(traits: Traits, shape: LesionShape, rng: np.random.Generator) -> Field:
    """Milia-like cysts: coverage by white-yellow dots."""
    count = int(rng.poisson(18 * traits.cysts))
    radii = shape.scale * rng.uniform(1.0, 2.6, count)
    return np.float32(0.8) * _dots(shape, rng, radii, reach=0.9) * shape.cover


def _with_lacunae(
    traits: Traits, shape: LesionShape, rng: np.random.Generator, blood: Field, deep: Field, scar: Field
) -> tuple[Field, Field, Field]:
    """Gather blood in rounded lakes between paler septa; some lakes are clotted, blue-black."""
    count = int(rng.integers(6, 22))
    nearest, second, clotted = _cells(shape, rng, count, clotted_share=0.6 * traits.veil)
    lake = 1 - smoothstep(nearest / np.maximum(second, np.float32(1e-3)), 0.55, 0.95)
    gathered = blood * (1 + np.float32(0.55 * traits.lacunae) * (2 * lake - 1))
    lake_deep = np.float32(0.9) * clotted * lake + np.float32(0.25 * traits.veil) * lake
    septa = np.float32(0.22 * traits.lacunae) * (1 - lake) * smoothstep(shape.depth, 0.05, 0.3)
    return gathered, deep * np.float32(0.5) + lake_deep, np.maximum(scar, septa)


def _cells(
    shape: LesionShape, rng: np.random.Generator, count: int, clotted_share: float
) -> tuple[Field, Field, Field]:
    """Distances to the nearest and second nearest of `count` seeds, in radii, and whether the cell is clotted.

    Computed at half resolution: lacunae are large and soft.
    """
    grid = shape.cover.shape
    half = (grid[0] // 2, grid[1] // 2)
    wobble = np.float32(0.09)
    x = resized(shape.x, half) + wobble * smooth_noise(rng, half, (16, 16))
    y = resized(shape.y, half) + wobble * smooth_noise(rng, half, (16, 16))
    nearest, second = np.full(half, 9, np.float32), np.full(half, 9, np.float32)
    clotted = np.zeros(half, np.float32)
    for angle, reach, dark in zip(
        rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.random(count)), rng.random(count) < clotted_share, strict=True
    ):
        away = np.hypot(x - np.float32(reach * np.cos(angle)), y - np.float32(reach * np.sin(angle)))
        closer = away < nearest
        second = np.where(closer, nearest, np.minimum(second, away))
        clotted[closer] = dark
        nearest = np.minimum(nearest, away)
    return resized(nearest, grid), resized(second, grid), np.clip(resized(clotted, grid), 0, 1)
