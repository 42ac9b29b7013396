"""Names of files before any of them is opened as an image."""

from collections.abc import Iterable
from pathlib import Path

from viewer.domain.errors import UnreadableFile
from viewer.io.archive import ZipArchive
from viewer.io.dicomdir import locate, referenced_files
from viewer.io.reader import find_files


def list_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """What `walk` would come to, by name: files given or in folders, in zip archives, or named by a given DICOMDIR.

    It is quick, as files are only looked for, and may name files that hold no image. Archives inside archives are
    left out.

    Args:
        paths: As for `walk`.
    """
    found = (file for path in paths for file in (_directory(path) or _files(path)))
    return tuple(dict.fromkeys(found))


def _files(path: Path) -> Iterable[Path]:
    for file in find_files([path]):
        yield from _members(file.path) if file.path.suffix.lower() == ".zip" else [file.path]


def _members(path: Path) -> Iterable[Path]:
    try:
        archive = ZipArchive(path, path)
    except UnreadableFile:
        return []
    members = [archive.member_path(member) for member in archive.members]
    archive.close()
    return members


def _directory(path: Path) -> Iterable[Path]:
    """Files that a DICOMDIR names; none for anything else."""
    if path.name.upper() != "DICOMDIR" or not path.is_file():
        return []
    try:
        return [locate(path.parent, parts) for parts in referenced_files(path, path)]
    except UnreadableFile:
        return []
