"""All checks, in their order, over one set of data or several. Only this module knows them all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from viewer.datasets.checks.balance import class_balance
from viewer.datasets.checks.clips import clip_facts
from viewer.datasets.checks.confounding import class_from_facts, source_words
from viewer.datasets.checks.contents import duplicates, label_conflicts, unreadable_files
from viewer.datasets.checks.finding import Checked, Finding, gravest_first
from viewer.datasets.checks.grouping import groups_per_file, groups_to_merge
from viewer.datasets.checks.inspected import Inspected, inspect
from viewer.datasets.checks.leaks import leaks_of_makers, leaks_of_training
from viewer.datasets.checks.looking import Progress
from viewer.datasets.checks.predictions import KnownGroups, check_predictions, is_predictions
from viewer.datasets.checks.several import check_together
from viewer.datasets.checks.shelf import FactShelf
from viewer.datasets.layouts.found import SPLITS
from viewer.datasets.layouts.table import matches, read_rows
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import LabelTable, Sample

_SPLIT_WORDS = ("partition", "subset", "fold")
_SOURCE_WORDS = (
    "source",
    "site",
    "hospital",
    "scanner",
    "device",
    "manufacturer",
    "centre",
    "center",
    "probe",
    "set",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What is asked for beside the data.

    Attributes:
        seed: Of training's split, folds, trees and draws.
        makers_split: Whether the split that the makers of the data made is checked.
        trained_on: Groups that a classifier is known to have been trained on, for tables of its predictions.
    """

    seed: int = 0
    makers_split: bool = True
    trained_on: KnownGroups | None = None


def check(queries: Sequence[DataQuery], asked: Checking, shelf: FactShelf, progress: Progress) -> Checked:
    """Check every set of data, and whether several may be used together.

    Args:
        queries: One for each table or folder.
        asked: What else is asked for.
        shelf: Where facts of files are kept.
        progress: Told how far the reading of files is.

    Raises:
        ViewerError: Data cannot be read as labelled files at all.
    """
    notes: list[str] = []
    findings: list[Finding] = []
    inspected: list[Inspected] = []
    for query in queries:
        if is_predictions(query):
            findings += check_predictions(query, asked.trained_on)
            continue
        data, more, found = _check_one(query, asked, shelf, progress)
        name = f"{query.data}: " if len(queries) > 1 else ""
        notes += [f"{name}{note}" for note in more]
        findings += [replace(finding, sentence=f"{name}{finding.sentence}") for finding in found]
        inspected.append(data)
    if len(inspected) > 1:
        findings += check_together([str(query.data) for query in queries], inspected, seed=asked.seed)
    samples = [sample for data in inspected for sample in data.samples]
    return Checked(
        data=tuple(str(query.data) for query in queries),
        notes=tuple(notes),
        files=len({sample.path for sample in samples}),
        groups=len({sample.group for sample in samples}),
        findings=gravest_first(findings),
    )


def _check_one(
    query: DataQuery, asked: Checking, shelf: FactShelf, progress: Progress
) -> tuple[Inspected, tuple[str, ...], list[Finding]]:
    table = read_dataset(query)
    columns = _other_columns(query, table)
    samples, notes = _with_split(query, table.samples, columns)
    if not asked.makers_split:
        samples, notes = [replace(sample, split="") for sample in samples], ()
    data = inspect(table.classes, samples, shelf, progress, seed=asked.seed)
    sources = {**source_words(data), **{name: columns[name] for name in _source_columns(query, columns)}}
    return data, (*table.notes, *notes), list(_findings(data, query, columns, sources))


def _findings(
    data: Inspected, query: DataQuery, columns: Mapping[str, Sequence[str]], sources: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    yield from unreadable_files(data)
    yield from label_conflicts(data)
    yield from leaks_of_makers(data)
    yield from leaks_of_training(data)
    yield from duplicates(data)
    yield from groups_to_merge(data)
    yield from groups_per_file(data, columns, query.group)
    yield from clip_facts(data)
    yield from class_from_facts(data, sources)
    yield from class_balance(data)


def _other_columns(query: DataQuery, table: LabelTable) -> Mapping[str, Sequence[str]]:
    """Columns of the table that the query names not, a cell for each sample; none where rows and samples differ."""
    if table.layout != "table":
        return {}
    rows, columns = read_rows(query.data)
    needed = [name for name in (query.label, query.file_column, "" if query.group_from else query.group) if name]
    kept = [row for row in rows if matches(row, query.where) and all(row[name] for name in needed)]
    if len(kept) != len(table.samples):
        return {}
    named = {query.label, query.group, query.file_column, query.frame_column, query.mask, query.source_column}
    return {name: [row[name] for row in kept] for name in columns if name not in named}


def _source_columns(query: DataQuery, columns: Mapping[str, Sequence[str]]) -> list[str]:
    if query.source_column:
        return []
    return [
        name
        for name, cells in columns.items()
        if any(word in name.lower().split("_") for word in _SOURCE_WORDS) and len(set(cells)) > 1
    ]


def _with_split(
    query: DataQuery, samples: Sequence[Sample], columns: Mapping[str, Sequence[str]]
) -> tuple[Sequence[Sample], tuple[str, ...]]:
    """The samples with the split of the makers, where a column or folders that are called so tell of one."""
    if query.split_column or any(sample.split for sample in samples):
        return samples, ()
    for name, cells in columns.items():
        called_so = name.lower().endswith("split") or name.lower() in _SPLIT_WORDS
        if called_so and len({cell for cell in cells if cell}) > 1:
            split = [replace(sample, split=cell) for sample, cell in zip(samples, cells, strict=True)]
            return split, (
                f"the column {name!r} is taken for the split of the makers (--split-column names another)",
            )
    by_folder = [replace(sample, split=_split_folder(sample)) for sample in samples]
    if len({sample.split for sample in by_folder if sample.split}) > 1:
        return by_folder, ("folders called train, test and the like are taken for the makers' split",)
    return samples, ()


def _split_folder(sample: Sample) -> str:
    return next((SPLITS[part.lower()] for part in reversed(sample.path.parent.parts) if part.lower() in SPLITS), "")
