"""Tables of predictions with their truth, from any classifier: one row per case, read strictly."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.evaluation.cells import Cells, read_cells
from viewer.evaluation.weights import Floats

SUM_TOLERANCE = 0.01
"""Probabilities of a row may miss 1 by this: tables round."""

_TRUTH = ("true", "label")
_ANSWERS = ("final", "predicted")
_LIGHTS = tuple(light.value for light in Light)
_KEYS = ("id", "file", "frame")
_WORDS = ("predicted", "trail", "reason")
_MISSING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionTable:
    """Rows that have a truth and an answer.

    Attributes:
        source: Where the rows come from, for the reader.
        classes: Names, in the order of the probabilities, else of the alphabet, (K,).
        true: Index of the true class, int (n,).
        answer: Index of the class that is judged, int (n,).
        lines: Number of each row in its file, the header being 1, int (n,).
        keys: What may name a case, by column (`id`, `file`, `frame`), str (n,). Never logged.
        probabilities: float64 (n, K), or None.
        trusts: By column name, higher is safer, NaN where there is none, float64 (n,).
        groups: Number of each row's group, from 0 in order of appearance, int (n,), or None.
        lights: Index into `Light`, −1 where there is none, int (n,), or None.
        columns: Which columns were read as `true` and `answer`.
        group_names: Name of each group, by its number; `()` where there are no groups. Never logged.
        words: What else is told of a case, by column (`predicted`, `trail`, `reason`), str (n,).
        notes: What was left out or taken for something else, one sentence each.
    """

    source: str
    classes: tuple[str, ...]
    true: NDArray[np.intp]
    answer: NDArray[np.intp]
    lines: NDArray[np.intp]
    keys: Mapping[str, NDArray[np.str_]]
    probabilities: Floats | None
    trusts: Mapping[str, Floats]
    groups: NDArray[np.intp] | None
    lights: NDArray[np.intp] | None
    columns: Mapping[str, str]
    group_names: tuple[str, ...] = ()
    words: Mapping[str, NDArray[np.str_]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.true)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "PredictionTable":
        """The table of these rows, in this order; groups are numbered anew."""
        kept, groups = (None, None) if self.groups is None else np.unique(self.groups[rows], return_inverse=True)
        return replace(
            self,
            true=self.true[rows],
            answer=self.answer[rows],
            lines=self.lines[rows],
            keys={name: values[rows] for name, values in self.keys.items()},
            probabilities=None if self.probabilities is None else self.probabilities[rows],
            trusts={name: values[rows] for name, values in self.trusts.items()},
            groups=groups,
            group_names=() if kept is None else tuple(self.group_names[number] for number in kept),
            words={name: values[rows] for name, values in self.words.items()},
            lights=None if self.lights is None else self.lights[rows],
        )


def read_predictions(path: Path, trusts: Sequence[str] | None = None) -> PredictionTable:
    """Read a table of predictions; rows without a truth or an answer keep −1 there.

    Args:
        path: CSV file, UTF-8, commas, with a header line.
        trusts: Columns to read as trust; None for every column whose name begins with `trust`.

    Raises:
        ViewerError: One sentence naming the file, the row (the header is row 1) and the cause.
    """
    return _Reader(read_cells(path)).table(trusts)


def complete(table: PredictionTable) -> PredictionTable:
    """Only the rows that have a truth and an answer; the note says how many do not.

    Raises:
        ViewerError: There is no such row.
    """
    known = (table.true != _MISSING) & (table.answer != _MISSING)
    if not known.any():
        raise ViewerError(f"{table.source}: no row has both {_names(table)}")
    if known.all():
        return table
    note = f"{(~known).sum()} of {len(known)} rows lack {_names(table)} and are left out"
    return replace(table.take(known), notes=(*table.notes, note))


def _names(table: PredictionTable) -> str:
    return f"'{table.columns['true']}' and '{table.columns['answer']}'"


class _Reader:
    """Turns the cells of one table into arrays, naming the row of the first cell that does not fit."""

    def __init__(self, cells: Cells) -> None:
        self._source = cells.source
        self._header = cells.header
        self._columns = dict(zip(cells.header, zip(*cells.rows, strict=True), strict=True))
        self._numbers = cells.lines

    def table(self, trusts: Sequence[str] | None) -> PredictionTable:
        truth, answer = self._one_of(_TRUTH), self._one_of(_ANSWERS)
        named = [name.removeprefix("p_") for name in self._header if name.startswith("p_") and name != "p_"]
        if trusts is None:
            trusts = [name for name in self._header if name.startswith("trust")]
        used = {name for column in (truth, answer) for name in self._columns[column] if name}
        classes = tuple(named) or tuple(sorted(used))
        notes = [f"'{truth}' is read as the true class"] if truth != _TRUTH[0] else []
        if answer == _ANSWERS[0] and _ANSWERS[1] in self._columns:
            notes.append("'final' is judged, not 'predicted'")
        true, judged = (self._indices(column, classes, "none of the p_ columns") for column in (truth, answer))
        known = (true != _MISSING) & (judged != _MISSING)
        groups, names = self._groups() if "group" in self._columns else (None, ())
        return PredictionTable(
            source=self._source,
            classes=classes,
            true=true,
            answer=judged,
            lines=np.array(self._numbers, dtype=np.intp),
            keys={name: np.array(self._columns[name]) for name in _KEYS if name in self._columns},
            probabilities=self._probabilities(classes, known) if named else None,
            trusts={name: self._numbers_of(name) for name in dict.fromkeys(trusts)},
            groups=groups,
            group_names=names,
            words={name: np.array(self._columns[name]) for name in _WORDS if name in self._columns},
            lights=self._indices("light", _LIGHTS, "no light") if "light" in self._columns else None,
            columns={"true": truth, "answer": answer},
            notes=tuple(notes),
        )

    def _one_of(self, names: Sequence[str]) -> str:
        for name in names:
            if name in self._columns:
                return name
        wanted = " or ".join(f"'{name}'" for name in names)
        raise ViewerError(f"{self._source}: there is no column {wanted}; columns are {', '.join(self._header)}")

    def _parsed(self, column: str, parse: Callable[[str], float | None], what: str) -> list[float]:
        """Every cell of a column as a number; `parse` answers None for a cell that does not fit."""
        if column not in self._columns:
            raise ViewerError(f"{self._source}: there is no column {column!r}; columns are {', '.join(self._header)}")
        values = []
        for cell, number in zip(self._columns[column], self._numbers, strict=True):
            value = parse(cell)
            if value is None:
                raise ViewerError(f"{self._source}: row {number}: {cell!r} in {column!r} is {what}")
            values.append(value)
        return values

    def _indices(self, column: str, names: Sequence[str], what: str) -> NDArray[np.intp]:
        known = {name: index for index, name in enumerate(names)} | {"": _MISSING}
        choices = f"{what} ({', '.join(names)})"
        return np.array(self._parsed(column, known.get, choices), dtype=np.intp)

    def _numbers_of(self, column: str) -> Floats:
        """A column of numbers, NaN where a cell is empty."""

        def parse(cell: str) -> float | None:
            if cell.lower() in ("", "nan"):
                return math.nan
            try:
                value = float(cell)
            except ValueError:
                return None
            return value if math.isfinite(value) else None

        return np.array(self._parsed(column, parse, "not a finite number"))

    def _probabilities(self, classes: Sequence[str], judged: NDArray[np.bool_]) -> Floats:
        """Probabilities; rows that are not judged, such as those of unreadable files, may have none."""
        table = np.column_stack([self._numbers_of(f"p_{name}") for name in classes])
        self._refuse(judged & np.isnan(table).any(axis=1), lambda _: "a probability is missing")
        outside = ((table < 0) | (table > 1)).any(axis=1)
        self._refuse(judged & outside, lambda _: "a probability is not between 0 and 1")
        sums = table.sum(axis=1)
        off = np.abs(sums - 1) > SUM_TOLERANCE
        self._refuse(judged & off, lambda row: f"the probabilities sum to {sums[row]:.4g}, not to 1")
        return table

    def _refuse(self, bad: NDArray[np.bool_], reason: Callable[[int], str]) -> None:
        """Name the first bad row, if there is one."""
        if bad.any():
            row = int(bad.argmax())
            raise ViewerError(f"{self._source}: row {self._numbers[row]}: {reason(row)}")

    def _groups(self) -> tuple[NDArray[np.intp], tuple[str, ...]]:
        """Number of every row's group, and the groups' names by number."""
        names = self._columns["group"]
        if "" in names:
            raise ViewerError(f"{self._source}: row {self._numbers[names.index('')]}: there is no 'group'")
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.intp), tuple(numbers)
