"""An evaluated cohort as a reader goes through it.

Which answers are wrong, which of those were trusted, and where each case lies among its like. Nothing here knows of a
window. Cases are counted from 0 in the order of `cases.csv`.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.evaluation.embedding_map import Floats, Tell, fit_map, unheard
from viewer.present.wording import WORST_FIRST
from viewer.report.cohort import CASES, RECORD, Cohort, read_cohort, read_map, write_map
from viewer.resources import user_maps

Codes = NDArray[np.int16]
"""Of every case which of some kinds it is of, (n,)."""

BANDS = 5
"""Bands of trust of equal width that are told apart on the map."""

SEED = 0
"""Of maps that are made for the window."""


class Verdict(StrEnum):
    """How an answer compares with the truth, the worst first."""

    SILENT = "wrong and trusted"
    WRONG = "wrong"
    RIGHT = "right"


VERDICTS: tuple[Verdict, ...] = tuple(Verdict)


class Colouring(StrEnum):
    """By what the points of the map are told apart."""

    VERDICT = "verdict"
    TRUTH = "truth"
    ANSWER = "answer"
    TRUST = "trust"
    LIGHT = "light"


class Column(StrEnum):
    """Columns of the table of cases."""

    VERDICT = "verdict"
    FILE = "file"
    TRUTH = "truth"
    ANSWER = "answer"
    TRUST = "trust"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are shown: those that are all of it.

    Attributes:
        truth: Number of a class; None for every one.
        light: Of the light when the cohort was evaluated.
        verdict: Of the answer.
        words: Part of the file's name, in whatever case.
        without: Kinds of the colouring in use that are left out.
    """

    truth: int | None = None
    light: Light | None = None
    verdict: Verdict | None = None
    words: str = ""
    without: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explored:
    """A cohort with what is asked of each of its n cases, as arrays.

    Attributes:
        cohort: As it was read.
        files: Path of each case.
        frames: Its frame in that file.
        places: The case of each file and frame.
        truth, answer: Numbers of the classes of the cohort's table.
        trust: Combined trust; NaN where there is none.
        lights: Number of each light in `WORST_FIRST`.
        verdicts: Number in `VERDICTS`. An answer is trusted under a green light; in a cohort without any green, where
            its trust is at least that of the middle right answer.
        positions: On the map; None while there is none.
        concealed: Cases whose truth, answer and verdict are kept back: those under red, until the reader asks.
    """

    cohort: Cohort
    files: tuple[Path, ...] = field(repr=False)
    frames: NDArray[np.int32]
    places: Mapping[tuple[str, int], int] = field(repr=False)
    truth: Codes
    answer: Codes
    trust: NDArray[np.float64]
    lights: Codes
    verdicts: Codes
    positions: Floats | None
    concealed: NDArray[np.bool_]

    def __len__(self) -> int:
        """Number of cases."""
        return len(self.files)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes."""
        return self.cohort.table.classes

    @property
    def under_red(self) -> NDArray[np.bool_]:
        """The cases under a red light."""
        red: NDArray[np.bool_] = self.lights == WORST_FIRST.index(Light.RED)
        return red

    def light(self, case: int) -> Light:
        """Light of a case when the cohort was evaluated."""
        return WORST_FIRST[int(self.lights[case])]

    def verdict(self, case: int) -> Verdict:
        """How the answer to a case compares with the truth."""
        return VERDICTS[int(self.verdicts[case])]

    def kinds(self, colouring: Colouring) -> tuple[NDArray[np.intp], int]:
        """Of every case which kind it is of, (n,), and how many kinds there are.

        The last kind is that of what is kept back. Classes count as in `classes`, trusts by bands from the lowest
        with those that have none behind, verdicts and lights as in `VERDICTS` and `WORST_FIRST`.
        """
        if colouring is Colouring.TRUST:
            bands = np.clip(np.nan_to_num(self.trust) * BANDS, 0, BANDS - 1).astype(np.intp)
            return np.where(np.isnan(self.trust), BANDS, bands), BANDS + 2
        if colouring is Colouring.LIGHT:
            return self.lights.astype(np.intp), len(WORST_FIRST) + 1
        told, count = {
            Colouring.TRUTH: (self.truth, len(self.classes)),
            Colouring.ANSWER: (self.answer, len(self.classes)),
            Colouring.VERDICT: (self.verdicts, len(VERDICTS)),
        }[colouring]
        return np.where(self.concealed, count, told).astype(np.intp), count + 1

    def wanted(self, wanted: Wanted, colouring: Colouring) -> NDArray[np.bool_]:
        """Which cases are shown, (n,); what is kept back about a case never decides about it."""
        shown = np.ones(len(self), np.bool_)
        if wanted.truth is not None:
            shown &= (self.truth == wanted.truth) & ~self.concealed
        if wanted.light is not None:
            shown &= self.lights == WORST_FIRST.index(wanted.light)
        if wanted.verdict is not None:
            shown &= (self.verdicts == VERDICTS.index(wanted.verdict)) & ~self.concealed
        if wanted.words:
            words = wanted.words.casefold()
            shown &= np.array([words in path.name.casefold() for path in self.files], np.bool_)
        if wanted.without:
            shown &= ~np.isin(self.kinds(colouring)[0], list(wanted.without))
        return shown

    def ordered(self, column: Column, *, ascending: bool = True) -> NDArray[np.intp]:
        """Every case in the order of a column, those without a value last.

        The usual order, by verdict, is wrong and trusted first: the wrong answers by falling trust, then the right
        ones by falling trust. Where other columns are equal, that order holds.
        """
        wrong = self.verdicts != VERDICTS.index(Verdict.RIGHT)
        trust = np.nan_to_num(self.trust, nan=-1.0)
        usual = np.lexsort((np.arange(len(self)), -trust, ~wrong, self.concealed))
        ranks, absent = self._ranks(column)
        ranks, absent = ranks[usual], absent[usual]
        order = np.argsort(ranks if ascending else -ranks, kind="stable")
        order = order[np.argsort(absent[order], kind="stable")]
        found: NDArray[np.intp] = usual[order]
        return found

    def silent_failures(self) -> NDArray[np.intp]:
        """The cases that are wrong and trusted, the most trusted first; without those that are kept back."""
        order = self.ordered(Column.VERDICT)
        silent = (self.verdicts == VERDICTS.index(Verdict.SILENT)) & ~self.concealed
        found: NDArray[np.intp] = order[silent[order]]
        return found

    def _ranks(self, column: Column) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """What a column is sorted by, and which cases have no value in it."""
        if column is Column.TRUST:
            return np.nan_to_num(self.trust), np.isnan(self.trust)
        if column is Column.LIGHT:
            return self.lights.astype(np.float64), np.zeros(len(self), np.bool_)
        if column is Column.FILE:
            keys = sorted(range(len(self)), key=lambda case: (str(self.files[case]), self.frames[case]))
            ranks = np.empty(len(self))
            ranks[keys] = np.arange(len(self))
            return ranks, np.zeros(len(self), np.bool_)
        if column is Column.VERDICT:
            return self.verdicts.astype(np.float64), self.concealed
        names = np.argsort(np.argsort(np.array(self.classes)))
        codes = self.truth if column is Column.TRUTH else self.answer
        return names[codes].astype(np.float64), self.concealed


def is_cohort(folder: Path) -> bool:
    """Whether a folder says that it holds an evaluated cohort."""
    with suppress(OSError):
        return (folder / RECORD).is_file()
    return False


def open_cohort(folder: Path) -> Explored:
    """Read a cohort, and its map where one is kept; nothing is kept back yet.

    Raises:
        ViewerError: One sentence naming the file and the cause.
    """
    cohort = read_cohort(folder)
    if not len(cohort):
        raise ViewerError(f"{folder / CASES}: has no case with an answer")
    lights = _lights(cohort)
    trust, frames = cohort.trust.astype(np.float64), _frames(cohort)
    files = tuple(cohort.path(case) for case in range(len(cohort)))
    return Explored(
        cohort=cohort,
        files=files,
        frames=frames,
        places={(str(file), int(frame)): case for case, (file, frame) in enumerate(zip(files, frames, strict=True))},
        truth=cohort.table.true.astype(np.int16),
        answer=cohort.table.answer.astype(np.int16),
        trust=trust,
        lights=lights,
        verdicts=_verdicts(cohort.wrong, trust, lights == WORST_FIRST.index(Light.GREEN)),
        positions=kept_map(cohort),
        concealed=np.zeros(len(cohort), np.bool_),
    )


def kept_map(cohort: Cohort) -> Floats | None:
    """The map of a cohort: of its folder, else the one that was kept for these features; None where there is none."""
    if cohort.map is not None or cohort.features is None:
        return cohort.map
    with suppress(ViewerError):  # a damaged one is made anew
        return read_map(_own_place(cohort), len(cohort))
    return None


def make_map(cohort: Cohort, tell: Tell = unheard) -> Floats:
    """Make the map of a cohort and keep it: in its folder, else with the user's own data.

    Raises:
        ViewerError: It has no features, or they are no numbers.
    """
    if cohort.features is None:
        raise ViewerError(f"{cohort.folder}: holds no features to make a map of")
    positions = fit_map(cohort.features, SEED, tell=tell)
    try:
        write_map(cohort.folder, positions)
    except ViewerError:
        with suppress(ViewerError, OSError):  # it is made again the next time
            place = _own_place(cohort)
            place.mkdir(parents=True, exist_ok=True)
            write_map(place, positions)
    return positions


def _own_place(cohort: Cohort) -> Path:
    """Folder for the map of these features."""
    features = np.ascontiguousarray(cohort.features)
    return user_maps() / hashlib.sha256(repr(features.shape).encode() + features.tobytes()).hexdigest()


def _frames(cohort: Cohort) -> NDArray[np.int32]:
    frames = np.zeros(len(cohort), np.int32)
    for case, row in enumerate(cohort.rows):
        try:
            frames[case] = int(row["frame"] or 0)
        except (ValueError, OverflowError) as error:
            raise ViewerError(f"{cohort.folder / CASES}: the frame of {row['id']} is no number") from error
    return frames


def _lights(cohort: Cohort) -> Codes:
    """Numbers in `WORST_FIRST`; a case that has no light is not judged."""
    places = np.array([WORST_FIRST.index(light) for light in Light] + [WORST_FIRST.index(Light.GREY)], np.int16)
    told = cohort.table.lights
    return places[np.full(len(cohort), -1) if told is None else told]


def _verdicts(wrong: NDArray[np.bool_], trust: NDArray[np.float64], green: NDArray[np.bool_]) -> Codes:
    trusted = green
    if not green.any():
        known = trust[~wrong & ~np.isnan(trust)]
        trusted = trust >= np.median(known) if len(known) else np.zeros(len(trust), np.bool_)
    return np.where(wrong, np.where(trusted, 0, 1), 2).astype(np.int16)
