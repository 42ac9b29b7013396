"""Dermoscopy lesions with their mask, class and artefacts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from viewer.phantoms.artefacts import paint_bubbles, paint_hairs, paint_ink, paint_ruler, paint_sticker
from viewer.phantoms.fields import Field, fractal_noise, gaussian_blur, generator, glaze, smoothstep
from viewer.phantoms.lesion_structure import LesionShape, draw_shape, structure
from viewer.phantoms.skin import BLOOD, DEEP_MELANIN, MELANIN, Skin, absorbed, draw_skin, illumination, skin_density
from viewer.phantoms.traits import KINDS, Traits, draw_traits

__all__ = ["KINDS", "LesionPhantom", "lesion_phantom"]

_KERATIN = np.array([0.62, 0.47, 0.30], np.float32)
_CYST = np.array([0.93, 0.86, 0.70], np.float32)
_SCAR = np.array([0.80, 0.68, 0.66], np.float32)
_SENSOR_NOISE = 1.6  # standard deviation in grey levels


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionPhantom:
    """One dermoscopy picture and the truth about it.

    Attributes:
        pixels: uint8 (size, size, 3), sRGB, read-only.
        mask: bool (size, size), True on the lesion, read-only.
        label: Class name, one of `KINDS`.
        group: Patient; lesions of one patient share skin and light.
        artefacts: bool (size, size) mask of every artefact present: `hair`, `ruler`, `bubbles`, `ink`, `sticker`.
        ambiguity: Share of another class mixed in, [0, 0.75]; 0 for a typical lesion.
    """

    pixels: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    label: str
    group: str
    artefacts: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    ambiguity: float = 0.0

    def __post_init__(self) -> None:
        """Check shapes and make every array read-only."""
        if self.pixels.dtype != np.uint8 or self.pixels.shape != (*self.mask.shape, 3):
            raise ValueError(f"pixels {self.pixels.dtype} {self.pixels.shape} do not fit a mask {self.mask.shape}")
        for array in (self.pixels, self.mask, *self.artefacts.values()):
            array.setflags(write=False)
        object.__setattr__(self, "artefacts", MappingProxyType(dict(self.artefacts)))


def lesion_phantom(
    seed: int | np.random.Generator,
    *,
    kind: str,
    skin: Skin | None = None,
    size: int = 224,
    ruler: bool = False,
    bubbles: bool = False,
    ink: bool = False,
    sticker: bool = False,
    hair: bool | None = None,
) -> LesionPhantom:
    """Draw one lesion.

    Args:
        seed: Seed or generator; the same seed and options give the same bytes.
        kind: Class, one of `KINDS`.
        skin: The patient; a new one is drawn when None.
        size: Rows and columns, at least 48.
        ruler: Whether the scale of the contact plate shows.
        bubbles: Whether there are bubbles in the gel.
        ink: Whether there are strokes of a surgical marker.
        sticker: Whether a coloured sticker lies in a corner.
        hair: Whether there are hairs; None leaves it to the patient's hairiness.

    Raises:
        ValueError: For an unknown kind or a size below 48.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown lesion kind {kind!r}; known are {', '.join(KINDS)}")
    if size < 48:
        raise ValueError(f"a lesion needs at least 48 pixels, not {size}")
    rng = generator(seed)
    skin = skin or draw_skin(rng, "phantom")
    traits, ambiguity = draw_traits(rng, kind)
    # Lesion and lens have generators of their own: an artefact never changes the lesion under it.
    tissue_rng, lens_rng, sensor_rng = rng.spawn(3)
    shape = draw_shape(traits, tissue_rng, size)
    image = _tissue(skin, traits, shape, tissue_rng)
    artefacts = _paint_artefacts(
        image, skin, lens_rng, ruler=ruler, bubbles=bubbles, ink=ink, sticker=sticker, hair=hair
    )
    image *= illumination(skin, tissue_rng, size)
    return LesionPhantom(
        pixels=_photograph(image, sensor_rng),
        mask=shape.cover > 0.5,
        label=kind,
        group=skin.group,
        artefacts=artefacts,
        ambiguity=ambiguity,
    )


def _tissue(skin: Skin, traits: Traits, shape: LesionShape, rng: np.random.Generator) -> Field:
    """Linear reflectance of skin with the lesion, float32 (3, size, size)."""
    size = len(shape.cover)
    parts = structure(traits, shape, rng)
    density = skin_density(skin, rng, size)
    # A lesion replaces part of the mottling of the skin it grows in, and reddens its surroundings a little.
    halo = smoothstep(shape.depth, -0.9, 0.0) * np.float32(0.10 * rng.random())
    density += absorbed((parts.melanin, MELANIN), (parts.deep_melanin, DEEP_MELANIN), (parts.blood + halo, BLOOD))
    image: Field = np.exp(-np.maximum(density, 0)) * np.float32(0.86)
    for cover, colour in ((parts.keratin, _KERATIN), (parts.scar, _SCAR), (parts.cysts, _CYST)):
        glaze(image, cover, colour)
    relief = 1 + np.float32(0.03) * fractal_noise(rng, (size, size), 10, octaves=3)
    image *= relief
    return image


def _paint_artefacts(
    image: Field,
    skin: Skin,
    rng: np.random.Generator,
    *,
    ruler: bool,
    bubbles: bool,
    ink: bool,
    sticker: bool,
    hair: bool | None,
) -> dict[str, NDArray[np.bool_]]:
    ink_rng, hair_rng, bubble_rng, ruler_rng, sticker_rng = rng.spawn(5)
    hairs = int(hair_rng.poisson(skin.hairiness)) if hair is None else int(hair) * int(hair_rng.integers(8, 30))
    masks: dict[str, NDArray[np.bool_]] = {}
    if ink:
        masks["ink"] = paint_ink(image, ink_rng)
    if hairs:
        masks["hair"] = paint_hairs(image, hair_rng, hairs)
    if bubbles:
        masks["bubbles"] = paint_bubbles(image, bubble_rng)
    if ruler:
        masks["ruler"] = paint_ruler(image, ruler_rng)
    if sticker:
        masks["sticker"] = paint_sticker(image, sticker_rng)
    return masks


def _photograph(image: Field, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Linear reflectance → lens blur, sRGB-like gamma, sensor noise, 8 bit."""
    sharp = gaussian_blur(image, float(rng.uniform(0.3, 0.7)) * image.shape[-1] / 224)
    levels = np.float32(255) * np.clip(sharp, 0, 1) ** np.float32(1 / 2.2)
    levels += np.float32(_SENSOR_NOISE) * rng.standard_normal(levels.shape, dtype=np.float32)
    return np.ascontiguousarray(np.moveaxis(np.clip(np.rint(levels), 0, 255).astype(np.uint8), 0, -1))
