"""DICOMDIR: which files a directory record refers to."""

from pathlib import Path

from viewer.io.dicom_file import read_dicom_file
from viewer.io.dicom_values import items, texts
from viewer.io.faults import silenced

_FORBIDDEN = {":", "\0"}


def referenced_files(location: Path, name: Path) -> tuple[tuple[str, ...], ...]:
    """File IDs of all records in their order, each as path components below the directory's folder.

    Components that would lead elsewhere are refused.

    Raises:
        UnreadableFile: The directory is damaged.
    """
    dataset = read_dicom_file(location, name).dataset
    found = []
    with silenced():
        for record in items(dataset, "DirectoryRecordSequence"):
            parts = tuple(
                part for given in texts(record, "ReferencedFileID") for part in given.replace("/", "\\").split("\\")
            )
            if parts and all(part not in ("", ".", "..") and not _FORBIDDEN & set(part) for part in parts):
                found.append(parts)
    return tuple(dict.fromkeys(found))


def locate(folder: Path, parts: tuple[str, ...]) -> Path:
    """The file on disk; discs copied to other systems often change the case of names."""
    place = folder
    for part in parts:
        exact = place / part
        if not exact.exists() and place.is_dir():
            exact = next((entry for entry in sorted(place.iterdir()) if entry.name.lower() == part.lower()), exact)
        place = exact
    return place
