"""Runs each network of a study of masks over pictures it never saw, as they are and harmed; keeps what it draws."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from mask_harms import HARMS, Mask, Rgb
from numpy.typing import NDArray
from viewer_segmentation_cam.facts import facts_of
from viewer_segmentation_cam.looking import looking

from viewer.domain.evidence import Need
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.io.reader import open_source

AS_IT_IS = "as it is"
OTHER = "another kind of picture"
NEEDS = frozenset({Need.LOGITS, Need.ATTENTION, Need.MASK})

BRIGHT = 128
"""Level from which a pixel of a mask's file belongs to the mask."""

Rows = Mapping[str, NDArray[Any]]
"""A row for each picture that was shown: `kind`, `picture`, `group`, `label` (−1 where there is none), `facts`
(n, F), `dice`, NaN where nobody drew a mask; and of attention for the answer `times` and `area`; `answer` and `sure`,
its probability."""


@dataclass(frozen=True, slots=True)
class Held:
    """A picture that the network never saw, with its true mask, or None where nobody drew one."""

    file: Path
    mask: Path | None
    group: str
    label: int


def passes(engine: Engine, held: Sequence[Held], others: Sequence[Path]) -> Rows:
    """Pictures as they are, those with a true mask in each way harmed too, and pictures of another kind.

    The Dice of another kind of picture is 0, whatever the network draws: there is nothing to outline.
    """
    rows: list[dict[str, Any]] = []
    for kind, one, rgb, truth in _pictures(held, others):
        evidence = engine.evidence([Picture(rgb)], NEEDS)
        assert evidence.mask is not None  # noqa: S101 - it was asked for
        looks = looking(evidence)
        rows.append(
            {
                "kind": kind,
                "picture": one.file.name,
                "group": one.group,
                "label": one.label,
                "facts": facts_of(evidence.mask)[0],
                "dice": 0.0 if kind == OTHER else np.nan if truth is None else dice(evidence.mask[0] > 0.5, truth),
                "times": looks.times[0],
                "area": looks.area[0],
                "answer": evidence.predicted[0],
                "sure": evidence.probabilities[0].max(),
            }
        )
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def dice(found: Mask, truth: Mask) -> float:
    """Dice of a mask on the network's grid with the nearest cells of the truth, which has the picture's size."""
    rows, columns = ((np.arange(n) + 0.5) * size // n for n, size in zip(found.shape, truth.shape, strict=True))
    there = truth[np.ix_(rows.astype(np.intp), columns.astype(np.intp))]
    return float(2 * (found & there).sum() / max(found.sum() + there.sum(), 1))


def _pictures(held: Sequence[Held], others: Sequence[Path]) -> Iterator[tuple[str, Held, Rgb, Mask | None]]:
    for one in held:
        rgb = read(one.file)
        if one.mask is None:
            yield AS_IT_IS, one, rgb, None
            continue
        truth = read(one.mask)[..., 0] >= BRIGHT
        yield AS_IT_IS, one, rgb, truth
        for kind, harm in HARMS.items():
            random = np.random.default_rng(zlib.crc32(f"{one.file.name} {kind}".encode()))
            yield kind, one, *harm(rgb, truth, random)
    for file in others:
        yield OTHER, Held(file, None, f"other {file.name}", -1), read(file), None


def read(file: Path) -> Rgb:
    """A picture as it is displayed."""
    source = open_source(file)
    try:
        return source.decode(0).rgb()
    finally:
        source.close()
