"""Labelled sets of phantoms, balanced over classes, with several pictures per patient."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice, repeat

import numpy as np

from viewer.phantoms.chest import draw_chest
from viewer.phantoms.lesion import KINDS as LESION_KINDS
from viewer.phantoms.lesion import LesionPhantom, lesion_phantom
from viewer.phantoms.skin import draw_skin
from viewer.phantoms.ultrasound import KINDS as CLIP_KINDS
from viewer.phantoms.ultrasound import ClipPhantom, ultrasound_phantom

_RULER_SHARE, _BUBBLES_SHARE, _INK_SHARE = 0.35, 0.30, 0.06


def lesion_cohort(
    patients: int, seed: int, *, lesions_per_patient: int = 3, size: int = 224
) -> Iterator[LesionPhantom]:
    """Lesions of `patients` patients, drawn one at a time; artefacts fall independently of the class.

    A patient's group name carries the seed, so cohorts of different seeds share no group. The first patients
    of a larger cohort are those of a smaller one.
    """
    kinds = _balanced(LESION_KINDS, seed)
    for number in range(patients):
        rng = np.random.default_rng((seed, 1 + number))
        skin = draw_skin(rng, f"PHANTOM-D{seed}-{number:04d}")
        for kind in islice(kinds, lesions_per_patient):
            ruler, bubbles, ink = rng.random(3) < (_RULER_SHARE, _BUBBLES_SHARE, _INK_SHARE)
            yield lesion_phantom(
                rng, kind=kind, skin=skin, size=size, ruler=bool(ruler), bubbles=bool(bubbles), ink=bool(ink)
            )


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
