"""The table of labels: one row per file, with its class and the group it must not be separated from."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from viewer.domain.errors import ViewerError


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuery:
    """Which rows and columns of which table to train on.

    Attributes:
        data: CSV file with a header line, UTF-8.
        image_root: Folder the file column is relative to.
        label: Column of the class name; rows without one are dropped.
        group: Column of the patient, else lesion; rows without one are dropped.
        file_column: Column of the picture's path.
        where: Only rows whose columns have exactly these values.
    """

    data: Path
    image_root: Path
    label: str
    group: str
    file_column: str = "file"
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled file.

    Attributes:
        path: The file.
        label: Index of its class.
        group: Patient, else lesion. Never logged.
    """

    path: Path
    label: int
    group: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTable:
    """The rows asked for.

    Attributes:
        classes: Class names in alphabetical order.
        samples: In the order of the table.
        notes: What was left out and how much of it, one sentence each.
    """

    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    notes: tuple[str, ...] = ()

    @property
    def labels(self) -> list[int]:
        """Class index of every sample."""
        return [sample.label for sample in self.samples]

    @property
    def groups(self) -> list[str]:
        """Group of every sample."""
        return [sample.group for sample in self.samples]


def read_table(query: TableQuery) -> LabelTable:
    """Read the rows of `query`.

    Raises:
        ViewerError: The table cannot be read, lacks a column, or leaves fewer than two classes.
    """
    rows, columns = _rows(query.data)
    for column in (query.file_column, query.label, query.group, *query.where):
        if column not in columns:
            raise ViewerError(f"{query.data}: there is no column {column!r}; columns are {', '.join(columns)}")
    wanted = [row for row in rows if all(row[name] == value for name, value in query.where.items())]
    labelled = [row for row in wanted if row[query.label]]
    kept = [row for row in labelled if row[query.group] and row[query.file_column]]
    classes = tuple(sorted({row[query.label] for row in kept}))
    if len(classes) < 2:
        found = f"only {classes[0]!r}" if classes else "none"
        raise ViewerError(f"{query.data}: a classifier needs two classes or more in {query.label!r}, found {found}")
    samples = tuple(
        Sample(query.image_root / row[query.file_column], classes.index(row[query.label]), row[query.group])
        for row in kept
    )
    notes = _notes(
        (len(rows) - len(wanted), "do not match the filter"),
        (len(wanted) - len(labelled), f"have no {query.label}"),
        (len(labelled) - len(kept), f"have no {query.group} or no {query.file_column}"),
    )
    return LabelTable(classes=classes, samples=samples, notes=notes)


def _rows(path: Path) -> tuple[list[dict[str, str]], Sequence[str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = [{key: (value or "").strip() for key, value in row.items() if key is not None} for row in reader]
            return rows, reader.fieldnames or ()
    except OSError as error:
        raise ViewerError(f"{path}: the table of labels cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ViewerError(f"{path}: the table of labels is no CSV in UTF-8") from error


def _notes(*counts: tuple[int, str]) -> tuple[str, ...]:
    return tuple(f"{count} rows {why} and are left out" for count, why in counts if count)
