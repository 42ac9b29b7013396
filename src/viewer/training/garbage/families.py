"""Families of garbage: what each draws, and which of them a model of some kind of picture can be taught."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import Manifest
from viewer.domain.image import Modality
from viewer.phantoms.faults import channels_swapped, inverted
from viewer.phantoms.garbage import blanks, kinds, screens, textures
from viewer.phantoms.garbage.colours import in_colours_of
from viewer.phantoms.garbage.spoilt import shuffled

Square = NDArray[np.uint8]

LENT = 0.5
"""Share of drawn pictures that get the colours of a proper one, so that colours alone give nothing away."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture, and how it is prepared.

    Attributes:
        square: uint8 (side, side, 3), sRGB, at the network's size.
        manifest: Its mean and std normalise the picture: the model's own, or wrong ones. It has no steps.
    """

    square: Square
    manifest: Manifest


Kind = Callable[[np.random.Generator, Square, Manifest], Drawn]
"""(randomness, a proper picture, its preparation) → one piece of garbage; what it draws comes from the first."""


@dataclass(frozen=True, slots=True)
class Family:
    """Pictures that are garbage for one reason.

    Attributes:
        name: On the command line and in tables.
        title: In words.
        kinds: By name; each is drawn equally often.
    """

    name: str
    title: str
    kinds: Mapping[str, Kind]

    def draw(self, rng: np.random.Generator, source: Square, manifest: Manifest) -> Drawn:
        """One picture of any of its kinds.

        Args:
            rng: All randomness.
            source: A proper picture, uint8 (side, side, 3), which the model's steps have seen.
            manifest: How it is prepared.
        """
        drawn = tuple(self.kinds.values())[int(rng.integers(len(self.kinds)))]
        return drawn(rng, source, replace(manifest, steps=()))


def families_for(manifest: Manifest) -> tuple[Family, ...]:
    """The families that are garbage for a model of this kind of picture.

    Left out is what would look proper: pictures of the model's own kind, all other kinds where nobody knows what its
    own is; inversion where it may be a way of showing; exchanged colours where pictures are grey, or may be.
    """
    offered = (
        Family("other_modality", "pictures of another kind", _others(manifest.modality)),
        Family("texture", "textures", _drawn("clouds", "wood", "weave", "stones", "fibres")),
        Family("noise", "noise", _drawn("white_noise", "specks", "static")),
        Family("shuffled", "proper pictures, their parts in another order", {"shuffled": _spoilt(shuffled)}),
        Family("inverted", "proper pictures, inverted", _inversion(manifest.modality)),
        Family("misprepared", "proper pictures, prepared wrongly", _faults(manifest)),
        Family("blank", "nothing but a colour", _BLANK),
        Family("screen", "screens and pages", _SCREENS),
    )
    return tuple(family for family in offered if family.kinds)


def _made(draw: Callable[[np.random.Generator, int], Square], *, lent: float = LENT) -> Kind:
    """What is drawn at the network's size, partly in the colours of the proper picture."""

    def kind(rng: np.random.Generator, source: Square, manifest: Manifest) -> Drawn:
        picture = draw(rng, len(source))
        return Drawn(in_colours_of(picture, source) if rng.random() < lent else picture, manifest)

    return kind


def _drawn(*names: str) -> dict[str, Kind]:
    return {name: _made(getattr(textures, name)) for name in names}


def _spoilt(spoil: Callable[[np.random.Generator, Square], Square]) -> Kind:
    return lambda rng, source, manifest: Drawn(spoil(rng, source), manifest)


_BLANK: Mapping[str, Kind] = {
    draw.__name__: _made(draw, lent=0) for draw in (blanks.black, blanks.white, blanks.one_colour, blanks.gradient)
}
_SCREENS: Mapping[str, Kind] = {draw.__name__: _made(draw) for draw in (screens.page, screens.windows, screens.table)}


def _others(own: Modality) -> dict[str, Kind]:
    known = {
        Modality.XRAY: kinds.chest_film,
        Modality.ULTRASOUND: kinds.ultrasound_frame,
        Modality.DERMOSCOPY: kinds.lesion_picture,
    }
    if own is Modality.UNKNOWN:
        return {}
    return {draw.__name__: _made(draw) for modality, draw in known.items() if modality is not own}


def _inversion(modality: Modality) -> dict[str, Kind]:
    sure = modality in (Modality.DERMOSCOPY, Modality.ULTRASOUND, Modality.XRAY)
    return {"inverted": _spoilt(lambda _rng, source: inverted(source))} if sure else {}


def _faults(manifest: Manifest) -> dict[str, Kind]:
    """Faults between a picture and the network, as other values of mean and std, or in the pixels themselves."""
    faults: dict[str, Kind] = {
        "not_scaled": partial(_prepared, factor=1 / 255),
        "scaled_twice": partial(_prepared, factor=255.0),
        "axes_mixed": _spoilt(lambda _rng, source: axes_mixed(source)),
    }
    if manifest.modality is Modality.DERMOSCOPY:
        faults["channels_swapped"] = _spoilt(lambda _rng, source: channels_swapped(source))
    if (manifest.mean, manifest.std) != ((0, 0, 0), (1, 1, 1)):
        faults["not_normalised"] = _not_normalised
    if (manifest.mean, manifest.std) != (manifest.mean[::-1], manifest.std[::-1]):
        faults["mean_std_reversed"] = _reversed
    return faults


def _prepared(_rng: np.random.Generator, source: Square, manifest: Manifest, *, factor: float) -> Drawn:
    """Levels multiplied by 1/factor before mean and std: ((x/255)/f − m)/s = (x/255 − f·m)/(f·s)."""
    (red, green, blue), (of_red, of_green, of_blue) = factor * np.array([manifest.mean, manifest.std])
    return Drawn(source, replace(manifest, mean=(red, green, blue), std=(of_red, of_green, of_blue)))


def _not_normalised(_rng: np.random.Generator, source: Square, manifest: Manifest) -> Drawn:
    return Drawn(source, replace(manifest, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0)))


def _reversed(_rng: np.random.Generator, source: Square, manifest: Manifest) -> Drawn:
    return Drawn(source, replace(manifest, mean=manifest.mean[::-1], std=manifest.std[::-1]))


def axes_mixed(square: Square) -> Square:
    """Pixels (side, side, 3) whose memory was read as channels first, (3, side, side)."""
    return np.ascontiguousarray(square.reshape(3, *square.shape[:2]).transpose(1, 2, 0))
