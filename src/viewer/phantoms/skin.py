"""Skin of one patient under one dermatoscope.

Colour is computed from what absorbs light, as in tissue optics: reflectance = exp(−Σ amount · absorption), per
channel, so that melanin turns skin brown, blood turns it red, and melanin deep in the dermis looks blue-grey.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.phantoms.fields import Field, fractal_noise, smooth_noise, smoothstep

# Absorption per unit amount in linear R, G, B. Hand-set so that mixtures fall on colours seen in dermoscopy.
MELANIN = np.array([0.50, 0.98, 1.55], np.float32)
BLOOD = np.array([0.12, 0.95, 0.78], np.float32)
DEEP_MELANIN = np.array([1.25, 1.00, 0.62], np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skin:
    """What all lesions of one patient share: the skin and the light it is seen in.

    Attributes:
        group: Name of the patient; two lesions with one name come from one patient.
        melanin, blood: Amounts in healthy skin, unitless.
        mottling: Strength of uneven redness and freckles, [0, 1].
        grain: Strength of fine skin lines, [0, 1].
        light: Linear R, G, B of the lamp, about 1.
        exposure: Brightness of the camera, about 1.
        vignette: Loss of light at the corners, [0, 1].
        aperture: Radius of the round field of view in half image sides; above √2 the picture is full.
        hairiness: Expected number of hairs in a picture.
    """

    group: str
    melanin: float
    blood: float
    mottling: float
    grain: float
    light: tuple[float, float, float]
    exposure: float
    vignette: float
    aperture: float
    hairiness: float


def draw_skin(rng: np.random.Generator, group: str) -> Skin:
    """Draw a patient: skin from very fair to olive and brown, lamps from warm to cold."""
    warmth = rng.normal(0, 0.07)
    round_view = rng.random() < 0.18
    return Skin(
        group=group,
        melanin=float(0.10 + 0.45 * rng.beta(1.3, 4.0)),
        blood=float(rng.uniform(0.12, 0.42)),
        mottling=float(rng.beta(1.5, 3)),
        grain=float(rng.uniform(0.2, 1)),
        light=(float(1 + warmth), 1.0, float(1 - warmth + rng.normal(0, 0.05))),
        exposure=float(rng.uniform(0.84, 1.08)),
        vignette=float(rng.uniform(0.05, 0.4)),
        aperture=float(rng.uniform(1.0, 1.2)) if round_view else 2.0,
        hairiness=float(rng.gamma(0.8, 5.0)),
    )


def skin_density(skin: Skin, rng: np.random.Generator, size: int) -> Field:
    """Absorption of healthy skin, float32 (3, size, size)."""
    shape = (size, size)
    uneven = fractal_noise(rng, shape, 3, octaves=3)
    lines = _skin_lines(rng, shape)
    freckles = smoothstep(smooth_noise(rng, shape, (size / 14, size / 14)), 1.6, 3.0)
    spread = np.float32(0.05 + 0.22 * skin.mottling)
    melanin = skin.melanin * (1 + 0.10 * uneven + 0.16 * skin.grain * lines) + 0.35 * skin.mottling * freckles
    blood = skin.blood * (1 + spread * fractal_noise(rng, shape, 6, octaves=4, persistence=0.7))
    return absorbed((melanin, MELANIN), (np.maximum(blood, 0), BLOOD))


def absorbed(*layers: tuple[Field, NDArray[np.float32]]) -> Field:
    """Total absorption of (amount (rows, cols), absorber (3,)) pairs, float32 (3, rows, cols)."""
    planes = [sum((amount * absorber[channel] for amount, absorber in layers), np.float32(0)) for channel in range(3)]
    return np.stack(planes).astype(np.float32, copy=False)


def _skin_lines(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    """Fine furrows in one direction over pores, spread about 1."""
    pores = smooth_noise(rng, shape, (shape[0] / 3, shape[1] / 3))
    furrows = smooth_noise(rng, shape, (shape[0] / 3.5, shape[1] / 14))
    return (0.6 * pores + 0.6 * furrows).astype(np.float32)


def illumination(skin: Skin, rng: np.random.Generator, size: int) -> Field:
    """Light that reaches every pixel, linear, float32 (3, size, size)."""
    axis = np.linspace(-1, 1, size, dtype=np.float32)
    x, y = axis[None, :], axis[:, None]
    tilt = rng.normal(0, 0.05, 2).astype(np.float32)
    radius = np.hypot(x, y)
    level = (1 + tilt[0] * x + tilt[1] * y) * (1 - np.float32(skin.vignette) * smoothstep(radius, 0.35, 1.5))
    if skin.aperture < np.sqrt(2):
        offset = rng.normal(0, 0.03, 2).astype(np.float32)
        from_centre = np.hypot(x - offset[0], y - offset[1])
        level = level * (1 - smoothstep(from_centre, skin.aperture - 0.05, skin.aperture + 0.04))
    exposure = skin.exposure * rng.normal(1, 0.03)
    colour = np.array(skin.light, np.float32) * np.float32(exposure)
    return np.asarray(level * colour[:, None, None], dtype=np.float32)
