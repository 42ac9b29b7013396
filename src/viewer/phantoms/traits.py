"""What tells one kind of lesion from another, and how far the kinds overlap.

The ranges are hand-set after the features dermatologists read (pigment network, globules, blue-white veil,
regression, milia-like cysts, comedo-like openings, lacunae). They overlap on purpose, and a share of lesions
is a blend of two kinds: a classifier should be good, not perfect, or its errors could not be studied.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

KINDS = ("keratosis", "melanoma", "nevus", "vascular")
"""Lesion classes in alphabetical order, as a bundle lists them."""

AMBIGUOUS_SHARE = 0.2
"""Share of lesions that are a blend of their own kind with another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Strength of every feature of one lesion, unitless, about [0, 1] unless said otherwise.

    Attributes:
        radius: Mean radius in image sides.
        elongation: How far from round.
        asymmetry: Low-order deviation of the outline.
        raggedness: High-order deviation of the outline.
        softness: Width of the border in radii.
        melanin, blood: Pigment and blood in the lesion, in the units of `skin`.
        variegation: Strength of eccentric patches of other colours.
        veil: Blue-grey pigment in the dermis.
        regression: White, scar-like areas.
        network: Reticular pigment lines.
        globules: Round clumps of pigment.
        keratin: Waxy, scaly surface with fissures.
        cysts: Milia-like cysts: small white-yellow dots.
        openings: Comedo-like openings: small dark plugs.
        lacunae: Red-purple lakes of blood.
    """

    radius: float
    elongation: float
    asymmetry: float
    raggedness: float
    softness: float
    melanin: float
    blood: float
    variegation: float
    veil: float
    regression: float
    network: float
    globules: float
    keratin: float
    cysts: float
    openings: float
    lacunae: float

    def blended(self, other: "Traits", share: float) -> "Traits":
        """These traits moved by `share` of the way towards another lesion's."""
        return Traits(
            **{
                field.name: (1 - share) * getattr(self, field.name) + share * getattr(other, field.name)
                for field in fields(self)
            }
        )


_Range = tuple[float, float]
_RANGES: Mapping[str, Mapping[str, _Range]] = {
    "keratosis": {
        "radius": (0.16, 0.33), "elongation": (0, 0.35), "asymmetry": (0.05, 0.4), "raggedness": (0.1, 0.6),
        "softness": (0.04, 0.14), "melanin": (0.2, 1.4), "blood": (-0.05, 0.2), "variegation": (0, 0.35),
        "veil": (0, 0.3), "regression": (0, 0.1), "network": (0, 0.15), "globules": (0, 0.25),
        "keratin": (0.4, 1), "cysts": (0.1, 1), "openings": (0, 1), "lacunae": (0, 0),
    },
    "melanoma": {
        "radius": (0.18, 0.38), "elongation": (0, 0.4), "asymmetry": (0.3, 1), "raggedness": (0.3, 1),
        "softness": (0.05, 0.3), "melanin": (0.5, 2.0), "blood": (0, 0.35), "variegation": (0.4, 1),
        "veil": (0, 0.9), "regression": (0, 0.8), "network": (0, 0.7), "globules": (0, 0.8),
        "keratin": (0, 0.15), "cysts": (0, 0.1), "openings": (0, 0.15), "lacunae": (0, 0),
    },
    "nevus": {
        "radius": (0.11, 0.3), "elongation": (0, 0.4), "asymmetry": (0, 0.35), "raggedness": (0, 0.35),
        "softness": (0.1, 0.5), "melanin": (0.3, 1.7), "blood": (-0.05, 0.25), "variegation": (0, 0.4),
        "veil": (0, 0.12), "regression": (0, 0.1), "network": (0, 1), "globules": (0, 0.6),
        "keratin": (0, 0.15), "cysts": (0, 0.1), "openings": (0, 0.1), "lacunae": (0, 0),
    },
    "vascular": {
        "radius": (0.08, 0.27), "elongation": (0, 0.45), "asymmetry": (0, 0.4), "raggedness": (0, 0.4),
        "softness": (0.05, 0.3), "melanin": (-0.05, 0.2), "blood": (0.6, 2.4), "variegation": (0, 0.3),
        "veil": (0, 0.5), "regression": (0, 0.15), "network": (0, 0), "globules": (0, 0),
        "keratin": (0, 0.2), "cysts": (0, 0), "openings": (0, 0), "lacunae": (0.15, 1),
    },
}  # fmt: skip


def draw_traits(rng: np.random.Generator, kind: str) -> tuple[Traits, float]:
    """Draw a lesion of `kind`.

    Returns:
        The traits, and the share of another kind mixed into them: 0 for most, up to 0.75; above 0.5 the
        lesion looks more like something else than what it is.
    """
    own = _typical(rng, kind)
    if rng.random() >= AMBIGUOUS_SHARE:
        return own, 0.0
    other = str(rng.choice([name for name in KINDS if name != kind]))
    share = float(rng.uniform(0.2, 0.75))
    return own.blended(_typical(rng, other), share), share


def _typical(rng: np.random.Generator, kind: str) -> Traits:
    return Traits(**{name: float(rng.uniform(low, high)) for name, (low, high) in _RANGES[kind].items()})
