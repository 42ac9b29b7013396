"""Two tables about the same cases → every difference with its interval, the cases drawn in pairs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError
from viewer.evaluation.bootstrap import Bootstrap, Figure, Name, estimate
from viewer.evaluation.evaluate import Json, bootstrap_json, number, put, units_of
from viewer.evaluation.figures import Questions, TableMeasure, higher_is_better, reservations
from viewer.evaluation.table import PredictionTable, complete
from viewer.evaluation.weights import Floats, once


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two tables.

    Attributes:
        a, b: Its value in each.
        difference: b − a with its interval.
        better: "a" or "b" where the interval excludes 0 and the figure has a direction, else None: no gain claimed.
    """

    a: float
    b: float
    difference: Figure
    better: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Every difference between two tables.

    Attributes:
        tables: The rows of a and of b that were compared, in pairs.
        rows: Number of pairs.
        groups: Number of groups, None where the tables name none.
        paired_by: What makes a row of a and a row of b one pair.
        bootstrap: How the intervals were made.
        differences: By the name of the figure; those that both tables have.
        notes: What is missing, left out or to be taken with care, one sentence each.
    """

    tables: tuple[PredictionTable, PredictionTable]
    rows: int
    groups: int | None
    paired_by: str
    bootstrap: Bootstrap
    differences: Mapping[Name, Difference]
    notes: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, str]:
        """Where the rows of a and of b come from."""
        return self.tables[0].source, self.tables[1].source


def compare(
    a: PredictionTable, b: PredictionTable, bootstrap: Bootstrap | None = None, questions: Questions | None = None
) -> Comparison:
    """Compare two classifiers, or two trusts, on the same cases.

    Rows are paired by the columns `id`, else `file` and `frame`, where both tables have them, else by their order.
    A row that lacks its truth or answer in either table is left out of both; a trust is compared on the rows where
    both have it.

    Raises:
        ViewerError: The tables are not about the same cases.
    """
    bootstrap, questions = bootstrap or Bootstrap(), questions or Questions()
    paired_by = _pairing(a, b)
    a, b = _prepared(*_matched(a, b, paired_by))
    units = units_of(a)
    groups = int(units.max()) + 1
    measures = TableMeasure(a, questions), TableMeasure(b, questions)
    in_a, in_b = (measure(once(len(a))[None]) for measure in measures)
    shared = [name for name in in_a if name in in_b and name[0] != "confusion"]

    def difference(weights: Floats) -> Mapping[Name, Floats]:
        of_a, of_b = (measure(weights) for measure in measures)
        return {name: of_b[name] - of_a[name] for name in shared}

    return Comparison(
        tables=(a, b),
        rows=len(a),
        groups=None if a.groups is None else groups,
        paired_by=" and ".join(paired_by) or "order of the rows",
        bootstrap=bootstrap,
        differences={
            name: Difference(float(in_a[name][0]), float(in_b[name][0]), figure, _better(name, figure))
            for name, figure in estimate(difference, units, bootstrap).items()
        },
        notes=tuple(_notes(a, b, groups, bootstrap)),
    )


def with_trusts(table: PredictionTable, names: Mapping[str, str]) -> PredictionTable:
    """The table with only these trust columns, under new names.

    Args:
        table: Any table.
        names: Old name by new name.
    """
    return replace(table, trusts={new: table.trusts[old] for new, old in names.items()})


def as_json(comparison: Comparison) -> Json:
    """The comparison as JSON values; its shape stands in docs/evaluation.md, an undefined number is null."""
    figures: Json = {}
    for name, found in comparison.differences.items():
        difference = found.difference
        leaf = {
            "a": number(found.a),
            "b": number(found.b),
            "difference": number(difference.value),
            "low": number(difference.low),
            "high": number(difference.high),
            "better": found.better,
        }
        put(figures, name, leaf)
    return {
        "a": comparison.sources[0],
        "b": comparison.sources[1],
        "n": comparison.rows,
        "groups": comparison.groups,
        "paired_by": comparison.paired_by,
        "bootstrap": bootstrap_json(comparison.bootstrap),
        "figures": figures,
        "notes": list(comparison.notes),
    }


def _pairing(a: PredictionTable, b: PredictionTable) -> Sequence[str]:
    """Columns that name a case in both tables; none: the order of the rows."""
    shared = [name for name in a.keys if name in b.keys]
    if "id" in shared:
        return ["id"]
    return shared if "file" in shared else []


def _matched(
    a: PredictionTable, b: PredictionTable, columns: Sequence[str]
) -> tuple[PredictionTable, PredictionTable]:
    """The same cases in the same order, with the same classes.

    Raises:
        ViewerError: There is a case, a truth, a class or a group that differs.
    """
    if len(a) != len(b):
        raise ViewerError(f"{a.source} has {len(a)} rows and {b.source} {len(b)}: they are not about the same cases")
    if columns:
        places = _places(b, columns)
        order = [places.get(key, -1) for key in _case_names(a, columns)]
        if -1 in order:
            row = a.lines[order.index(-1)]
            raise ViewerError(f"{a.source}: row {row}: {b.source} has no row with this {' and '.join(columns)}")
        _places(a, columns)
        b = b.take(np.array(order, dtype=np.intp))
    a, b = _same_classes(a, b)
    differs = np.flatnonzero(a.true != b.true)
    if differs.size:
        rows = f"row {a.lines[differs[0]]} of {a.source} and row {b.lines[differs[0]]} of {b.source}"
        raise ViewerError(f"{rows} have different true classes: they are not about the same case")
    return a, b


def _case_names(table: PredictionTable, columns: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(table.keys[name].tolist() for name in columns), strict=True))


def _places(table: PredictionTable, columns: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Index of every case; two rows of one case are refused."""
    places: dict[tuple[str, ...], int] = {}
    for index, case in enumerate(_case_names(table, columns)):
        first = places.setdefault(case, index)
        if first != index:
            rows = f"rows {table.lines[first]} and {table.lines[index]}"
            raise ViewerError(f"{table.source}: {rows} have the same {' and '.join(columns)}")
    return places


def _same_classes(a: PredictionTable, b: PredictionTable) -> tuple[PredictionTable, PredictionTable]:
    """Both tables with the classes in one order; a table without probabilities may lack classes nobody answered."""
    every = tuple(dict.fromkeys((*a.classes, *b.classes)))
    for one, other in ((a, b), (b, a)):
        unknown = [name for name in every if name not in one.classes]
        if unknown and one.probabilities is not None:
            raise ViewerError(f"{one.source} does not know the class {unknown[0]!r} of {other.source}")
    return _with_classes(a, every), _with_classes(b, every)


def _with_classes(table: PredictionTable, classes: tuple[str, ...]) -> PredictionTable:
    places = np.array([*(classes.index(name) for name in table.classes), -1], dtype=np.intp)  # a missing one stays −1
    columns = np.argsort(places[:-1])
    return replace(
        table,
        classes=classes,
        true=places[table.true],
        answer=places[table.answer],
        probabilities=None if table.probabilities is None else table.probabilities[:, columns],
    )


def _prepared(a: PredictionTable, b: PredictionTable) -> tuple[PredictionTable, PredictionTable]:
    """Both tables with the rows, groups and trusts that both have.

    Raises:
        ViewerError: No row is complete in both, or the rows are grouped differently.
    """
    whole = complete(a), complete(b)
    known = (a.true >= 0) & (a.answer >= 0) & (b.answer >= 0)
    if not known.any():
        raise ViewerError(f"no row has a truth and an answer in both {a.source} and {b.source}")
    a, b = (replace(table.take(known), notes=kept.notes) for table, kept in zip((a, b), whole, strict=True))
    groups, names = (b.groups, b.group_names) if a.groups is None else (a.groups, a.group_names)
    if a.groups is not None and b.groups is not None and not _same_partition(a.groups, b.groups):
        raise ViewerError(f"{a.source} and {b.source} put the rows into different groups")
    shared = [name for name in a.trusts if name in b.trusts]
    absent = {name: np.isnan(a.trusts[name]) | np.isnan(b.trusts[name]) for name in shared}
    a, b = (
        replace(
            table,
            groups=groups,
            group_names=names,
            trusts={name: np.where(absent[name], np.nan, table.trusts[name]) for name in shared},
            notes=(*table.notes, *_lone(table, shared)),
        )
        for table in (a, b)
    )
    return a, b


def _lone(table: PredictionTable, shared: Sequence[str]) -> Iterator[str]:
    alone = [name for name in table.trusts if name not in shared]
    if alone:
        yield f"only here, and left out: {', '.join(alone)}"


def _same_partition(a: NDArray[np.intp], b: NDArray[np.intp]) -> bool:
    pairs = len(np.unique(np.stack([a, b]), axis=1).T)
    return bool(pairs == a.max() + 1 == b.max() + 1)


def _better(name: Name, difference: Figure) -> str | None:
    """Which table is better where the interval excludes 0."""
    direction = higher_is_better(name)
    if direction is None or not (difference.low > 0 or difference.high < 0):
        return None
    return "b" if (difference.low > 0) == direction else "a"


def _notes(a: PredictionTable, b: PredictionTable, groups: int, bootstrap: Bootstrap) -> Iterator[str]:
    of_a, of_b = ((*table.notes, *reservations(table, groups)) for table in (a, b))
    yield from (note for note in of_a if note in of_b)
    yield from (f"a: {note}" for note in of_a if note not in of_b)
    yield from (f"b: {note}" for note in of_b if note not in of_a)
    chance = f"{100 * (1 - bootstrap.level):.3g} %"
    yield f"every interval is for its figure alone: of figures that do not differ, {chance} exclude 0 by chance"
