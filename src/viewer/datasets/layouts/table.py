"""A CSV table: one row per file, or per frame with a frame column."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from viewer.datasets.layouts.found import Entry, Found, left_out
from viewer.datasets.query import DataQuery
from viewer.domain.errors import ViewerError

Row = Mapping[str, str]


class Cells(TypedDict, total=False):
    """What a table may say of a row besides its file and class."""

    group: str
    source: str
    split: str


def recognises(query: DataQuery) -> bool:
    """Whether the data is a file, which can only be a table."""
    return not query.data.is_dir()


def read(query: DataQuery) -> Found:
    """Read the rows asked for.

    Raises:
        ViewerError: The table cannot be read, lacks a column, or names a frame that is no number.
    """
    rows, columns = read_rows(query.data)
    refuse_missing_columns(query, columns, query.file_column)
    if not query.group and not query.group_from:
        raise ViewerError(
            f"{query.data}: which column says what belongs together? Name that of the patient, else the lesion, with "
            f"--group (or --group {query.file_column}, where no two files do); columns are {', '.join(columns)}"
        )
    wanted = [(number, row) for number, row in enumerate(rows, start=2) if matches(row, query.where)]
    labelled = [(number, row) for number, row in wanted if row[query.label]]
    needed = [name for name in (query.group if not query.group_from else "", query.file_column) if name]
    kept = [(number, row) for number, row in labelled if all(row[name] for name in needed)]
    lacking = " or ".join(f"no {name}" for name in dict.fromkeys(needed))
    return Found(
        entries=[_entry(query, number, row) for number, row in kept],
        described="a table",
        notes=left_out(
            (len(rows) - len(wanted), "do not match the filter"),
            (len(wanted) - len(labelled), f"have no {query.label}"),
            (len(labelled) - len(kept), f"have {lacking}"),
        ),
    )


def read_rows(path: Path) -> tuple[list[dict[str, str]], Sequence[str]]:
    """Rows, their cells stripped, and the names of the columns.

    Raises:
        ViewerError: The file cannot be read or is no table.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            return list(_cells(reader)), reader.fieldnames or ()
    except OSError as error:
        raise ViewerError(f"{path}: the table of labels cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ViewerError(f"{path}: the table of labels is no CSV in UTF-8") from error


def refuse_missing_columns(query: DataQuery, columns: Sequence[str], *more: str) -> None:
    """Check that the table has the columns that are asked for, and that the one of the class is.

    Raises:
        ViewerError: With the columns that there are.
    """
    if not query.label:
        raise ViewerError(
            f"{query.data}: name the column of the class with --label; columns are {', '.join(columns)}"
        )
    group = "" if query.group_from else query.group
    optional = (group, query.frame_column, query.mask, query.source_column, query.split_column)
    for column in (*more, query.label, *filter(None, optional), *query.where):
        if column not in columns:
            raise ViewerError(f"{query.data}: there is no column {column!r}; columns are {', '.join(columns)}")


def matches(row: Row, where: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a row has the values asked for."""
    return all(row[name] in values for name, values in where.items())


def optional_cells(query: DataQuery, row: Row) -> Cells:
    """Group, source and split of a row, where the query names their columns."""
    cells = Cells()
    if query.group and not query.group_from:
        cells["group"] = row[query.group]
    if query.source_column:
        cells["source"] = row[query.source_column]
    if query.split_column:
        cells["split"] = row[query.split_column]
    return cells


def _cells(reader: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    for row in reader:
        yield {key: (value or "").strip() for key, value in row.items() if key is not None}


def _entry(query: DataQuery, number: int, row: Row) -> Entry:
    mask = row[query.mask] if query.mask else ""
    return Entry(
        path=query.root / row[query.file_column],
        label=row[query.label],
        frame=frame_of(query, number, row) if query.frame_column else None,
        mask=query.root / mask if mask else None,
        **optional_cells(query, row),
    )


def frame_of(query: DataQuery, number: int, row: Row) -> int | None:
    """The frame that a row names; None where it names none.

    Raises:
        ViewerError: It is no number.
    """
    cell = row[query.frame_column]
    if not cell:
        return None
    if not cell.isdecimal():
        raise ViewerError(
            f"{query.data}: row {number} has {cell!r} in {query.frame_column!r}, which is no frame; "
            "frames are counted from 0"
        )
    return int(cell)
