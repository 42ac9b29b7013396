"""Tables of a classifier's outputs, and whether they may teach a judge of its reliability.

A classifier is right more often, and more sure, on what it was trained on. A judge that learns from such outputs
learns a world in which the classifier is better than it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import PurePath

from viewer.datasets.checks.finding import Finding, Severity, counted
from viewer.datasets.layouts.table import matches, read_rows
from viewer.datasets.query import DataQuery
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError

_TOLERANCE = 0.011
_ROWS_LOOKED_AT = 50
_TRAINED = re.compile(r"(^|[^a-z])train(ed|ing)?([^a-z]|$)", re.IGNORECASE)
_ANSWERS = ("predicted", "prediction", "pred", "final", "answer")
_TRUTHS = ("true", "truth", "label", "target", "class")
_FILES = ("file", "path", "image", "id")
_GROUPS = ("group", "patient", "group_id", "patient_id")


@dataclass(frozen=True, slots=True)
class KnownGroups:
    """Groups whose part in a training is known.

    Attributes:
        name: Of the table or bundle that says so.
        trained: Pseudonyms of groups that were trained on.
        held_out: Pseudonyms of groups that were not.
    """

    name: str
    trained: Set[str] = field(default_factory=frozenset, repr=False)
    held_out: Set[str] = field(default_factory=frozenset, repr=False)


@dataclass(frozen=True, slots=True)
class _Outputs:
    rows: Sequence[Mapping[str, str]]
    columns: Sequence[str]
    probabilities: Sequence[str]


def is_predictions(query: DataQuery) -> bool:
    """Whether the data is a table with probabilities of classes that add up to 1 in every row."""
    if query.data.is_dir() or not query.data.exists():
        return False
    rows, columns = read_rows(query.data)
    return len(_probabilities(rows[:_ROWS_LOOKED_AT], columns)) > 1


def check_predictions(query: DataQuery, known: KnownGroups | None) -> Iterator[Finding]:
    """What the outputs were made on, as far as the table, its name and `known` tell.

    Raises:
        ViewerError: The table cannot be read, lacks a column, or `--group-from` is no regular expression.
    """
    rows, columns = read_rows(query.data)
    for name in (*query.where, query.group):
        if name and name not in columns:
            raise ViewerError(f"{query.data}: there is no column {name!r}; columns are {', '.join(columns)}")
    kept = [row for row in rows if matches(row, query.where)]
    outputs = _Outputs(kept, columns, _probabilities(kept[:_ROWS_LOOKED_AT], columns))
    groups, how = _groups(query, outputs)
    yield Finding(
        kind="predictions",
        severity=Severity.INFORM,
        sentence=f"{query.data} holds no pictures but {counted(len(kept), 'output')} of a classifier "
        f"({', '.join(outputs.probabilities)}){_correct(outputs)}; {how}",
    )
    yield from _own_training(query, outputs, groups, known)


def _own_training(
    query: DataQuery, outputs: _Outputs, groups: Sequence[str], known: KnownGroups | None
) -> Iterator[Finding]:
    lesson = (
        "outputs on what a classifier was trained on must not teach a judge of its reliability; use outputs on other "
        "patients, e.g. by cross-fitting"
    )
    told = False
    if known is not None:
        names = {pseudonym(group) for group in groups if group}
        shared, unknown = len(names & known.trained), len(names - known.held_out)
        if shared:
            told = True
            yield Finding(
                kind="training-outputs",
                severity=Severity.REFUSE,
                sentence=f"{shared} of {counted(len(names), 'group')} of the outputs are among those of "
                f"{known.name}, on which the classifier was trained: {lesson}",
            )
        elif known.held_out and unknown:
            yield Finding(
                kind="trained-on-unknown",
                severity=Severity.WARN,
                sentence=f"{unknown} of {counted(len(names), 'group')} of the outputs are not among those that "
                f"{known.name} is known not to have been trained on",
            )
        elif names:
            yield Finding(
                kind="held-out-outputs",
                severity=Severity.INFORM,
                sentence=f"none of the {counted(len(names), 'group')} of the outputs is among those that the "
                f"classifier was trained on, as far as {known.name} tells",
            )
            return
    sign = _sign(query, outputs)
    if sign and not told:
        told = True
        yield Finding(
            kind="training-outputs",
            severity=Severity.REFUSE,
            sentence=f"{sign} says that these are outputs on the classifier's own training data: {lesson}",
        )
    if known is None:
        yield Finding(
            kind="trained-on-unknown",
            severity=Severity.INFORM if told else Severity.WARN,
            sentence="nothing in the table says on which patients the classifier was trained; --trained-on names a "
            "table or a model that does",
        )


def _sign(query: DataQuery, outputs: _Outputs) -> str:
    """What says `train`: the table's name, a column of the split, or the folder of the files."""
    if _TRAINED.search(query.data.stem):
        return f"the name {query.data.name}"
    for name in outputs.columns:
        cells = {row[name].lower() for row in outputs.rows}
        if (name.lower().endswith("split") or name.lower() in ("part", "subset")) and "train" in cells:
            return f"the column {name!r}"
    file = _first(outputs.columns, _FILES)
    if file and any("train" in PurePath(row[file].lower()).parts for row in outputs.rows):
        return f"a folder in {file!r}"
    return ""


def _groups(query: DataQuery, outputs: _Outputs) -> tuple[list[str], str]:
    """The group of every row, and how it is known."""
    file = query.file_column if query.file_column in outputs.columns else _first(outputs.columns, _FILES)
    if query.group_from and file:
        try:
            pattern = re.compile(query.group_from)
        except re.error as error:
            raise ViewerError(f"--group-from {query.group_from!r} is no regular expression ({error})") from error
        found = [pattern.search(row[file]) for row in outputs.rows]
        groups = [m[1 if pattern.groups else 0] or "" if m else "" for m in found]
        return groups, f"{len(set(groups) - {''})} groups are named by {query.group_from!r} in {file!r}"
    column = query.group or _first(outputs.columns, _GROUPS)
    if column:
        groups = [row[column] for row in outputs.rows]
        return groups, f"{counted(len(set(groups) - {''}), 'group')} in {column!r}"
    if file:
        groups = [re.split(r"[_\W]", PurePath(row[file]).stem)[0] for row in outputs.rows]
        distinct = len(set(groups))
        if 1 < distinct <= len(groups) / 10:
            return groups, f"their names begin with {distinct} different words, taken for patients"
    return [], "nothing names their patients (--group, --group-from)"


def _correct(outputs: _Outputs) -> str:
    truth, answer = _first(outputs.columns, _TRUTHS), _first(outputs.columns, _ANSWERS)
    if not truth or not answer or not outputs.rows:
        return ""
    right = sum(row[truth] == row[answer] for row in outputs.rows) / len(outputs.rows)
    return f", {right:.1%} of them right".replace("%", " %")


def _first(columns: Sequence[str], names: Sequence[str]) -> str:
    return next((column for name in names for column in columns if column.lower() == name), "")


def _probabilities(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> list[str]:
    """Columns called alike but for their ending (`p_nevus`, `sm0`) whose cells add up to 1 in every row."""
    stems: dict[str, list[str]] = {}
    for column in columns:
        match = re.match(r"^([A-Za-z]+?)(_.+|\d+)$", column)
        if match is not None and rows and all(_share(row[column]) is not None for row in rows):
            stems.setdefault(match[1], []).append(column)
    for names in stems.values():
        sums = [sum(_share(row[name]) or 0.0 for name in names) for row in rows]
        if len(names) > 1 and all(abs(total - 1) <= _TOLERANCE for total in sums):
            return names
    return []


def _share(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
