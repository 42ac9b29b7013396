"""Cases a reader should look at: groups that go wrong, silent failures, missed critical cases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Light
from viewer.evaluation.table import PredictionTable

_LIGHTS = tuple(Light)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """How one group fared.

    Attributes:
        name: Patient, else lesion.
        cases, right: How many.
        trust: Mean over the cases that have one; None without any.
        lights: Number of cases under each light, in the order of `Light`; None where the table has no lights.
        silent: Wrong answers under green.
    """

    name: str
    cases: int
    right: int
    trust: float | None
    lights: tuple[int, ...] | None
    silent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalLine:
    """How the cases of one critical class fared.

    Attributes:
        name: The class.
        cases: How many are truly of it.
        recognised: Answered with a critical class, of whichever kind.
        missed: Answered with another class, by light in the order of `Light`; None where the table has no lights.
    """

    name: str
    cases: int
    recognised: int
    missed: tuple[int, ...] | None


def group_lines(table: PredictionTable, trust: NDArray[np.float64] | None) -> list[GroupLine]:
    """Every group, those with most wrong answers under green first, then with most wrong answers, then by share.

    Args:
        table: Cases with truth and answer.
        trust: Of every case, NaN where there is none; None for no trust at all.
    """
    if table.groups is None:
        return []
    count = len(table.group_names)
    right = table.true == table.answer
    cases = np.bincount(table.groups, minlength=count)
    correct = np.bincount(table.groups[right], minlength=count)
    lit = None if table.lights is None else _by_light(table.groups, table.lights, count)
    silent = np.zeros(count, np.intp)
    if table.lights is not None:
        silent = np.bincount(table.groups[~right & (table.lights == 0)], minlength=count)
    known = np.zeros(len(table), bool) if trust is None else np.isfinite(trust)
    sums = np.bincount(table.groups[known], weights=None if trust is None else trust[known], minlength=count)
    counts = np.bincount(table.groups[known], minlength=count)
    order = np.lexsort((-cases, correct / cases, correct - cases, -silent))
    return [
        GroupLine(
            name=table.group_names[g],
            cases=int(cases[g]),
            right=int(correct[g]),
            trust=float(sums[g] / counts[g]) if counts[g] else None,
            lights=None if lit is None else tuple(lit[g].tolist()),
            silent=int(silent[g]),
        )
        for g in order
    ]


def silent_failures(table: PredictionTable, trust: NDArray[np.float64] | None, most: int) -> list[int]:
    """Rows that are wrong, the most trusted first; rows without a trust come last.

    Args:
        table: Cases with truth and answer.
        trust: Of every case, NaN where there is none; None for no trust at all: then none is silent.
        most: How many at most.
    """
    if trust is None:
        return []
    wrong = np.flatnonzero((table.true != table.answer) & np.isfinite(trust))
    return [int(row) for row in wrong[np.argsort(-trust[wrong], kind="stable")][:most]]


def missed_critical(table: PredictionTable, critical: Sequence[str]) -> list[int]:
    """Rows of a critical class that were answered with another class under green, in their order."""
    if table.lights is None:
        return []
    return [int(row) for row in np.flatnonzero(_missed(table, critical) & (table.lights == 0))]


def critical_lines(table: PredictionTable, critical: Sequence[str]) -> list[CriticalLine]:
    """How each critical class fared, in the order given; classes that no case has are left out."""
    missed = _missed(table, critical)
    lines = []
    for name in critical:
        of = table.true == (table.classes.index(name) if name in table.classes else -2)
        if not of.any():
            continue
        lights = None if table.lights is None else table.lights[of & missed]
        lines.append(
            CriticalLine(
                name=name,
                cases=int(of.sum()),
                recognised=int((of & ~missed).sum()),
                missed=None if lights is None else tuple(int((lights == k).sum()) for k in range(len(_LIGHTS))),
            )
        )
    return lines


def light_of(table: PredictionTable, row: int) -> Light | None:
    """Light of a row; None where it has none."""
    if table.lights is None or table.lights[row] < 0:
        return None
    return _LIGHTS[int(table.lights[row])]


def name_of(table: PredictionTable, row: int) -> str:
    """What a case is called: its file, and which frame where a file has several; else its id, else its line."""
    if "file" in table.keys:
        frame = table.keys["frame"][row] if "frame" in table.keys else ""
        return f"{table.keys['file'][row]}" + (f", frame {int(frame) + 1}" if _counts(frame) else "")
    return str(table.keys["id"][row]) if "id" in table.keys else f"row {table.lines[row]}"


def _counts(frame: str) -> bool:
    return frame.isascii() and frame.isdigit() and int(frame) > 0


def _missed(table: PredictionTable, critical: Sequence[str]) -> NDArray[np.bool_]:
    numbers = [table.classes.index(name) for name in critical if name in table.classes]
    missed: NDArray[np.bool_] = np.isin(table.true, numbers) & ~np.isin(table.answer, numbers)
    return missed


def _by_light(groups: NDArray[np.intp], lights: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Cases of each group under each light, (groups, lights)."""
    lit = lights >= 0
    cells = groups[lit] * len(_LIGHTS) + lights[lit]
    return np.bincount(cells, minlength=count * len(_LIGHTS)).reshape(count, len(_LIGHTS))
