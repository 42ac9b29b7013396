"""Labelled sets of phantoms, balanced over classes, with several pictures per patient."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat

import numpy as np

from viewer.phantoms.chest import draw_chest
from viewer.phantoms.lesion import KINDS as LESION_KINDS
from viewer.phantoms.lesion import LesionPhantom, lesion_phantom
from viewer.phantoms.skin import draw_skin
from viewer.phantoms.ultrasound import KINDS as CLIP_KINDS
from viewer.phantoms.ultrasound import ClipPhantom, ultrasound_phantom

_USUAL = {"ruler": 0.35, "bubbles": 0.30, "ink": 0.06}
"""How often each artefact lies on a lesion where nothing leaks."""


LEAKS = ("ruler", "ink", "sticker")
"""Artefacts that can give a class away."""


@dataclass(frozen=True, slots=True)
class Leak:
    """An artefact that goes together with a class, so that a network may learn it in place of the lesion.

    Attributes:
        artefact: One of `LEAKS`.
        kind: The class, one of the lesion `KINDS`.
        share: Probability of the artefact on a lesion of that class, [0, 1]; on every other lesion it is 1 − share.
            Near 1 the artefact gives the class away, at 0.5 it says nothing, near 0 it is misleading.
    """

    artefact: str
    kind: str
    share: float = 0.95

    def __post_init__(self) -> None:
        """Refuse an artefact or class there is none of, and a share that is no probability."""
        for word, known in ((self.artefact, LEAKS), (self.kind, LESION_KINDS)):
            if word not in known:
                raise ValueError(f"{word!r} is none of {', '.join(known)}")
        if not 0 <= self.share <= 1:
            raise ValueError(f"a share lies in [0, 1], not {self.share}")

    def falls(self, kind: str, chance: float) -> bool:
        """Whether the artefact lies on a lesion of `kind`, by a chance drawn evenly from [0, 1)."""
        return chance < (self.share if kind == self.kind else 1 - self.share)


def lesion_cohort(
    patients: int,
    seed: int,
    *,
    lesions_per_patient: int = 3,
    size: int = 224,
    leak: Leak | None = None,
) -> Iterator[LesionPhantom]:
    """Lesions of `patients` patients, drawn one at a time; artefacts fall independently of the class, but for a leak.

    A leak changes nothing but its own artefact: under it lie the same lesions, skins and other artefacts. A
    patient's group name carries the seed, so cohorts of different seeds share no group. The first patients of a
    larger cohort are those of a smaller one.
    """
    kinds = _balanced(LESION_KINDS, seed)
    for number in range(patients):
        rng = np.random.default_rng((seed, 1 + number))
        skin = draw_skin(rng, f"PHANTOM-D{seed}-{number:04d}")
        leak_rng = np.random.default_rng((seed, 1 + number, 0))
        for kind in islice(kinds, lesions_per_patient):
            chances = dict(zip(_USUAL, rng.random(len(_USUAL)).tolist(), strict=True))
            artefacts = {name: chances[name] < share for name, share in _USUAL.items()}
            if leak is not None:
                artefacts[leak.artefact] = leak.falls(kind, leak_rng.random())
            yield lesion_phantom(rng, kind=kind, skin=skin, size=size, **artefacts)


def ultrasound_cohort(
    patients: int,
    seed: int,
    *,
    clips_per_patient: int = 2,
    frames: int = 60,
    rows: int = 360,
    columns: int = 480,
) -> Iterator[ClipPhantom]:
    """Clips of `patients` patients, drawn one at a time; groups as in `lesion_cohort`."""
    kinds = _balanced(CLIP_KINDS, seed)
    for number in range(patients):
        rng = np.random.default_rng((seed, 1 + number))
        chest = draw_chest(rng, f"PHANTOM-U{seed}-{number:04d}")
        for kind in islice(kinds, clips_per_patient):
            yield ultrasound_phantom(rng, kind=kind, chest=chest, frames=frames, rows=rows, columns=columns)


def _balanced(kinds: Sequence[str], seed: int) -> Iterator[str]:
    """Classes without end, shuffled, every class once in each run of `len(kinds)`."""
    rng = np.random.default_rng((seed, 0))
    return (str(kind) for kind in chain.from_iterable(rng.permutation(row) for row in repeat(list(kinds))))
