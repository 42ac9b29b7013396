"""PH²: a folder per lesion with its picture and its mask, and a table of diagnoses.

`ROOT/PH2 Dataset images/IMD002/IMD002_Dermoscopic_Image/IMD002.bmp`, `…/IMD002_lesion/IMD002_lesion.bmp` and
`ROOT/PH2_dataset.txt`, or the same table saved as CSV. Every lesion was photographed once, so a picture is a group.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from viewer.datasets.layouts.found import Entry, Found
from viewer.datasets.layouts.pictures import folders_in
from viewer.datasets.query import DataQuery
from viewer.domain.errors import ViewerError

FOLDER = "PH2 Dataset images"
NAME = "Name"
DIAGNOSIS = "Clinical Diagnosis"
CLASSES = {"0": "common_nevus", "1": "atypical_nevus", "2": "melanoma"}
"""Codes of the clinical diagnosis."""


def recognises(query: DataQuery) -> bool:
    """Whether the folder of the lesions is there."""
    return query.data.is_dir() and (query.data / FOLDER).is_dir()


def read(query: DataQuery) -> Found:
    """Every lesion of the table that has a picture.

    Raises:
        ViewerError: There is no table, or it has not the columns it should have.
    """
    diagnoses = _diagnoses(query)
    entries, untold = [], 0
    for folder in folders_in(query.data / FOLDER):
        label = diagnoses.get(folder.name, "")
        if not label:
            untold += 1
            continue
        picture = _only_file(folder / f"{folder.name}_Dermoscopic_Image")
        if picture is not None:
            mask = _only_file(folder / f"{folder.name}_lesion")
            entries.append(Entry(path=picture, label=label, group=folder.name, mask=mask, source="PH2"))
    notes = (f"{untold} lesions have no diagnosis in the table and are left out",) if untold else ()
    return Found(entries=entries, described="PH2", notes=notes)


def _only_file(folder: Path) -> Path | None:
    if not folder.is_dir():
        return None
    return next((path for path in sorted(folder.iterdir()) if path.is_file() and path.name[0] != "."), None)


def _diagnoses(query: DataQuery) -> Mapping[str, str]:
    """Class of every lesion, by its name."""
    tables = [path for path in sorted(query.data.iterdir()) if path.suffix.lower() in (".txt", ".csv")]
    column = query.label or DIAGNOSIS
    for path in tables:
        rows = _rows(path)
        columns = rows[0] if rows else []
        if NAME in columns and column in columns:
            name, diagnosis = columns.index(NAME), columns.index(column)
            told = [row for row in rows[1:] if len(row) > max(name, diagnosis)]
            return {row[name]: CLASSES.get(row[diagnosis], row[diagnosis]) for row in told}
    raise ViewerError(
        f"{query.data}: there is no table (PH2_dataset.txt, or the same saved as CSV) with the columns "
        f"{NAME!r} and {column!r}"
    )


def _rows(path: Path) -> list[list[str]]:
    """Cells of PH²'s own table, whose columns stand between `||`, or of a CSV file; the first row is the header."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise ViewerError(f"{path}: the table cannot be read ({error.strerror})") from error
    if path.suffix.lower() == ".csv":
        return [[cell.strip() for cell in row] for row in csv.reader(text.splitlines())]
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("||")]
    return [[cell.strip() for cell in line.strip("|").split("||")] for line in lines]
