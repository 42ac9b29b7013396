"""Which files show the same: byte for byte, pixel for pixel, or nearly.

Near-copies are candidates by their perceptual hash (imagehash's pHash, 64 bits) that three further measures on small
grey pictures confirm: the correlation of the pictures, that of their detail, and that of the detail in the middle,
which pictures of one kind with the same frame, vignette or anatomy do not share.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.checks.facts import Facts, correlation

MOST_BITS = 8
"""Bits that the hashes of a candidate may differ in."""

ALIKE = 0.95
"""Least correlation of the small grey pictures of near-copies."""

ALIKE_IN_DETAIL = 0.90
"""Least correlation of the same pictures without what is coarser than a tenth of their side."""

ALIKE_IN_THE_MIDDLE = 0.80
"""Least correlation of that detail within the middle: a round vignette alone makes .92 of the whole."""

_MIDDLE = slice(6, -6)  # of 32 pixels
_DETAIL_SIGMA = 3.0  # pixels of the small picture
_PLAIN = 2.0  # grey levels; pictures that vary less show nothing that could be copied
_ROWS = 512  # hashes compared at a time with all others: bounds memory


Thing = TypeVar("Thing", bound=Hashable)


class Likeness(StrEnum):
    """How two files are the same."""

    BYTES = "bytes"
    PIXELS = "pixels"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Copy:
    """Two files that show the same.

    Attributes:
        first, second: The files, in the order they were given.
        likeness: How they are the same.
        alike: Correlation of their small pictures; 1 for the same bytes or pixels.
    """

    first: Path
    second: Path
    likeness: Likeness
    alike: float = 1.0


def find_copies(facts: Mapping[Path, Facts]) -> tuple[Copy, ...]:
    """Enough pairs to join all files that show the same: of n same files n - 1 pairs with the first of them.

    Near-copies are looked for between files of different content; every such pair is given.
    """
    seen: dict[str, Path] = {}
    shown: dict[str, Path] = {}
    copies = []
    for path, fact in facts.items():
        first = seen.setdefault(fact.digest, path) if fact.digest else path
        if first != path:
            copies.append(Copy(first, path, Likeness.BYTES))
            continue
        if fact.readable:
            first = shown.setdefault(fact.pixels, path)
            if first != path:
                copies.append(Copy(first, path, Likeness.PIXELS))
    return (*copies, *_near_copies({path: facts[path] for path in shown.values()}))


def copy_sets(copies: Iterable[Copy]) -> list[list[Path]]:
    """Files that copies join, directly or through others; each set and the list in the order of first appearance."""
    return joined([(copy.first, copy.second) for copy in copies])


def joined(pairs: Iterable[tuple[Thing, Thing]]) -> list[list[Thing]]:
    """Things that pairs join, directly or through others; each set and the list in the order of first appearance."""
    leader: dict[Thing, Thing] = {}

    def lead(thing: Thing) -> Thing:
        while leader.setdefault(thing, thing) != thing:
            leader[thing] = leader[leader[thing]]
            thing = leader[thing]
        return thing

    for first, second in pairs:
        ahead, behind = lead(first), lead(second)
        leader[behind] = ahead
    sets: defaultdict[Thing, list[Thing]] = defaultdict(list)
    for thing in leader:
        sets[lead(thing)].append(thing)
    return list(sets.values())


def _near_copies(facts: Mapping[Path, Facts]) -> list[Copy]:
    paths = list(facts)
    owner = np.repeat(np.arange(len(paths)), [len(facts[path].hashes) for path in paths])
    if not owner.size:
        return []
    hashes = np.array([code for path in paths for code in facts[path].hashes], np.uint64)
    pictures = np.concatenate([facts[path].small for path in paths])
    telling = np.flatnonzero(pictures.std(axis=(1, 2)) >= _PLAIN)
    owner, hashes, pictures = owner[telling], hashes[telling], pictures[telling]
    best: dict[tuple[int, int], float] = {}
    for one, other in _candidates(hashes, owner):
        alike = _confirmed(pictures[one], pictures[other])
        pair = (int(owner[one]), int(owner[other]))
        if alike is not None and alike > best.get(pair, 0.0):
            best[pair] = alike
    return [Copy(paths[a], paths[b], Likeness.NEAR, alike) for (a, b), alike in sorted(best.items())]


def _candidates(hashes: NDArray[np.uint64], owner: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Frames of different files whose hashes differ in few bits, the earlier file first."""
    for start in range(0, len(hashes), _ROWS):
        block = hashes[start : start + _ROWS]
        near = np.bitwise_count(block[:, None] ^ hashes[None]) <= MOST_BITS
        near &= owner[start : start + _ROWS, None] < owner[None]
        for row, column in np.argwhere(near).tolist():
            yield start + row, column


def _confirmed(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float | None:
    """Correlation of two small pictures where it, and that of their detail, is that of copies."""
    alike = correlation(first, second)
    if alike < ALIKE:
        return None
    details = [_detail(picture) for picture in (first, second)]
    middles = [detail[_MIDDLE, _MIDDLE] for detail in details]
    confirmed = correlation(*details) >= ALIKE_IN_DETAIL and correlation(*middles) >= ALIKE_IN_THE_MIDDLE
    return alike if confirmed else None


def _detail(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    from scipy.ndimage import gaussian_filter

    levels = picture.astype(np.float64)
    detail: NDArray[np.float64] = levels - gaussian_filter(levels, _DETAIL_SIGMA)
    return detail
