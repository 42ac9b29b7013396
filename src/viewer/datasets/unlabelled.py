"""Pictures of which nobody says what they show: a folder, or a table with a row per file or frame."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from viewer.datasets.layouts.table import frame_of, matches, read_rows
from viewer.datasets.query import DataQuery
from viewer.domain.errors import ViewerError
from viewer.io.listing import list_files

GROUP_COLUMNS = ("group", "patient", "patient_id", "group_id")
"""Columns that say whose a picture is; the first that is there counts where none is named."""


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """One file, or one frame of it.

    Attributes:
        path: The file.
        group: Patient, else lesion; `""` where nobody says. Never logged.
        frame: From 0; None for the whole file.
    """

    path: Path
    group: str = field(default="", repr=False)
    frame: int | None = None


def unlabelled(query: DataQuery) -> tuple[Unlabelled, ...]:
    """The pictures asked for; of `query`, the class and all that belongs to it are not looked at.

    Raises:
        ViewerError: There is nothing at that place, or a table cannot be read, lacks a column or names no file.
    """
    if not query.data.exists():
        raise ViewerError(f"{query.data}: there is no such table or folder")
    if query.data.suffix.lower() != ".csv":
        files = tuple(Unlabelled(path) for path in list_files([query.data]))
        if not files:
            raise ViewerError(f"{query.data}: holds no file")
        return files
    rows, columns = read_rows(query.data)
    group = query.group or next((name for name in GROUP_COLUMNS if name in columns), "")
    _refuse_missing((query.file_column, group, query.frame_column, *query.where), columns, query.data)
    found = [
        Unlabelled(
            query.root / row[query.file_column],
            row[group] if group else "",
            frame_of(query, number, row) if query.frame_column else None,
        )
        for number, row in enumerate(rows, start=2)
        if row[query.file_column] and matches(row, query.where)
    ]
    if not found:
        raise ViewerError(f"{query.data}: no row names a file" + (" and matches --where" if query.where else ""))
    return tuple(dict.fromkeys(found))


def _refuse_missing(names: Sequence[str], columns: Sequence[str], table: Path) -> None:
    for name in filter(None, names):
        if name not in columns:
            raise ViewerError(f"{table}: there is no column {name!r}; columns are {', '.join(columns)}")
