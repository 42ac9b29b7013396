"""DICOM files with labels: folders per class, or a table keyed by file name, SOPInstanceUID or PatientID.

The group is the patient the file names, unless the table has a column for it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from viewer.datasets.layouts import class_folders
from viewer.datasets.layouts.found import Entry, Found, left_out
from viewer.datasets.layouts.pictures import is_dicom, picture_files
from viewer.datasets.layouts.table import Row, matches, optional_cells, read_rows, refuse_missing_columns
from viewer.datasets.query import DataQuery
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.io.dicom_identity import DicomIdentity, read_identity

_NOBODY = DicomIdentity(patient="", study="", instance="")
_ENOUGH = 5
"""Files of a folder that are looked at before it is taken for one without DICOM."""


def recognises(query: DataQuery) -> bool:
    """Whether the class folders hold DICOM, or the table has a column of DICOM identifiers for its files."""
    if query.data.is_dir():
        return any(is_dicom(path) for path in _first_files(query.data))
    return query.file_column.lower() in ("patientid", "sopinstanceuid")


def read(query: DataQuery) -> Found:
    """Every labelled file.

    Raises:
        ViewerError: The table cannot be read or lacks a column.
    """
    return _read_folders(query) if query.data.is_dir() else _read_table(query)


def _first_files(root: Path) -> Iterable[Path]:
    for _, folder in class_folders.class_folders(root):
        for count, path in enumerate(picture_files(folder)):
            if count == _ENOUGH:
                break
            yield path


def _read_folders(query: DataQuery) -> Found:
    found = class_folders.read(query)
    identities = [_identity(entry.path) for entry in found.entries]
    entries = [
        Entry(path=e.path, label=e.label, group=_group(i), mask=e.mask, split=e.split)
        for e, i in zip(found.entries, identities, strict=True)
    ]
    return Found(entries=entries, described=f"DICOM in {found.described}", notes=_without_patient(identities))


def _read_table(query: DataQuery) -> Found:
    rows, columns = read_rows(query.data)
    refuse_missing_columns(query, columns, query.file_column)
    kept = [row for row in rows if matches(row, query.where) and row[query.label] and row[query.file_column]]
    files = list(picture_files(query.root))
    identities = [_identity(path) for path in files]
    row_of, key = _keyed(query, kept, files, identities)
    entries, told, unlabelled = [], [], 0
    for path, identity in zip(files, identities, strict=True):
        row = row_of.get(_key_of(key, path, identity, query.root))
        if row is None:
            unlabelled += 1
            continue
        cells = optional_cells(query, row)
        told.append(identity)
        cells["group"] = cells.get("group") or _group(identity)
        entries.append(Entry(path=path, label=row[query.label], **cells))
    notes = left_out((len(rows) - len(kept), f"do not match the filter or have no {query.label}"))
    if unlabelled:
        notes = (*notes, f"{unlabelled} files have no row in the table and are left out")
    if not query.group:
        notes = (*notes, *_without_patient(told))
    return Found(entries=entries, described=f"DICOM files with a table by {key}", notes=notes)


def _keyed(
    query: DataQuery, rows: Sequence[Row], files: Sequence[Path], identities: Sequence[DicomIdentity]
) -> tuple[dict[str, Row], str]:
    """Rows by their key, and what the key is: that of the three which finds the most files.

    Raises:
        ViewerError: None finds any, or two rows of one key differ in their class.
    """
    row_of: dict[str, Row] = {}
    for row in rows:
        before = row_of.setdefault(row[query.file_column], row)
        if before[query.label] != row[query.label]:
            raise ViewerError(
                f"{query.data}: two rows have the same {query.file_column} and another {query.label}; "
                "name a column that tells them apart with --file-column"
            )
    counts = {
        key: sum(
            _key_of(key, path, identity, query.root) in row_of
            for path, identity in zip(files, identities, strict=True)
        )
        for key in ("file name", "SOPInstanceUID", "PatientID")
    }
    best = max(counts, key=lambda key: counts[key])
    if not counts[best]:
        raise ViewerError(
            f"{query.data}: nothing in {query.file_column!r} is the name, the SOPInstanceUID or the PatientID of a "
            f"DICOM file in {query.root}"
        )
    return row_of, best


def _key_of(key: str, path: Path, identity: DicomIdentity, root: Path) -> str:
    if key == "file name":
        return path.relative_to(root).as_posix()
    return identity.instance if key == "SOPInstanceUID" else identity.patient


def _identity(path: Path) -> DicomIdentity:
    """What the file says; nothing where it cannot be read, which is told when it is opened."""
    try:
        return read_identity(path)
    except UnreadableFile:
        return _NOBODY


def _group(identity: DicomIdentity) -> str:
    return identity.patient or identity.study


def _without_patient(identities: Sequence[DicomIdentity]) -> tuple[str, ...]:
    by_study = sum(not i.patient and bool(i.study) for i in identities)
    return (f"{by_study} files name no patient; those of one study are a group",) if by_study else ()
