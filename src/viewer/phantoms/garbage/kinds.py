"""Pictures of other kinds than a model knows: a chest film, a frame of ultrasound, a lesion."""

import numpy as np
from PIL import Image

from viewer.phantoms.faults import other_modality, wrong_gamma
from viewer.phantoms.garbage.colours import Picture
from viewer.phantoms.lesion import KINDS as LESIONS
from viewer.phantoms.lesion import lesion_phantom
from viewer.phantoms.ultrasound import KINDS as FINDINGS
from viewer.phantoms.ultrasound import ultrasound_phantom

_ROWS, _COLUMNS = 180, 240
"""Of ultrasound, before it becomes a square: a quarter of a usual frame's pixels, for speed."""

_LESION = 112


def chest_film(rng: np.random.Generator, side: int) -> Picture:
    """A chest in outline, from nearer or farther, softer or harder."""
    film = other_modality(np.empty((side, side, 3), np.uint8), seed=int(rng.integers(2**31)))
    return _part_of(rng, wrong_gamma(film, float(rng.uniform(0.6, 1.6))), side)


def ultrasound_frame(rng: np.random.Generator, side: int) -> Picture:
    """One frame of a lung."""
    clip = ultrasound_phantom(rng, kind=str(rng.choice(FINDINGS)), frames=1, rows=_ROWS, columns=_COLUMNS)
    return _resized(np.repeat(clip.frame(0).pixels[..., None], 3, axis=2), side)


def lesion_picture(rng: np.random.Generator, side: int) -> Picture:
    """One skin lesion."""
    return _resized(lesion_phantom(rng, kind=str(rng.choice(LESIONS)), size=_LESION).pixels, side)


def _part_of(rng: np.random.Generator, picture: Picture, side: int) -> Picture:
    """A random square of it, of half its side or more."""
    part = int(side * rng.uniform(0.5, 1))
    top, left = rng.integers(0, side - part + 1, 2)
    return _resized(picture[top : top + part, left : left + part], side)


def _resized(picture: Picture, side: int) -> Picture:
    return np.array(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))
