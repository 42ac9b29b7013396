"""Which files of a folder may be pictures."""

from collections.abc import Iterator
from pathlib import Path

from viewer.domain.errors import UnreadableFile
from viewer.io.formats import sniff
from viewer.io.reader import FoundFile, find_files

_PLAIN = {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".mp4", ".avi", ".mov", ".mkv"}
_NO_PICTURES = {"system", "text", "table", "document", "profile"}


def picture_files(folder: Path) -> Iterator[Path]:
    """Files below `folder` in a stable order, without those that are plainly something else (texts, tables …).

    Damaged files are among them: whoever reads the data shall hear of them.
    """
    for found in find_files([folder]):
        if found.path.is_dir():
            continue  # a folder that could not be searched
        plain = found.path.suffix.lower() in _PLAIN and not found.path.name.startswith(".")
        if plain or _kind(found) not in _NO_PICTURES:
            yield found.path


def folders_in(folder: Path) -> list[Path]:
    """Folders directly in `folder`, sorted by name, without hidden ones."""
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    except OSError:
        return []


def is_dicom(path: Path) -> bool:
    """Whether a file holds DICOM, by its content."""
    return _kind(FoundFile(path=path)) == "dicom"


def mask_beside(folder: Path, stem: str) -> Path | None:
    """The file in a folder of masks that is called as its picture, whatever its format; None without one."""
    return next((path for path in sorted(folder.glob(f"{_literal(stem)}.*")) if path.is_file()), None)


def _literal(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _kind(found: FoundFile) -> str:
    try:
        return sniff(found.head(), found.path)
    except UnreadableFile:
        return "unknown"
