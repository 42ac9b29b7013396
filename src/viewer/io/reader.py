"""Files and folders → clips: finds them, tells their formats by content, and opens each on its own.

One bad file never stops the rest: `walk` yields one `Opened` per file, whatever it is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.domain.errors import NotAnImage, UnreadableFile
from viewer.domain.image import Clip, Frame, FrameSource
from viewer.io.archive import ZipArchive
from viewer.io.dicom import open_dicom
from viewer.io.dicomdir import locate, referenced_files
from viewer.io.faults import FAULTS, brief
from viewer.io.formats import HEAD_BYTES, packed_format, sniff
from viewer.io.raster import open_raster
from viewer.io.temporary import TemporaryCopy

if TYPE_CHECKING:
    from viewer.protocols import Reader

MAX_NESTING = 3
"""Archives inside archives are followed this deep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What became of one file: exactly one of `source`, `kind` and `error` is given.

    Attributes:
        path: The file as the user named it; an archive member reads `archive.zip/inner/name.dcm`.
        source: The opened clip; the receiver closes it.
        kind: What a file without an image is: `dicomdir`, `report`, `table`, `text`, `document` …
        error: Why it cannot be read, one sentence.
    """

    path: Path
    source: FrameSource | None = None
    kind: str = ""
    error: str = ""

    @property
    def clip(self) -> Clip | None:
        """What the opened file holds."""
        return None if self.source is None else self.source.clip


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file before it is opened.

    Attributes:
        path: As the user named it.
        archive: The archive around it, or None for a file on disk.
        member: Its name inside the archive; `""` for a file on disk.
    """

    path: Path
    archive: ZipArchive | None = None
    member: str = ""

    def head(self) -> bytes:
        """The first bytes.

        Raises:
            UnreadableFile: There is no such file, or it cannot be read.
        """
        if self.archive is not None:
            return self.archive.head(self.member)
        try:
            if self.path.is_dir():
                any(self.path.iterdir())  # says why a folder could not be searched
            elif self.path.exists() and not self.path.is_file():
                raise UnreadableFile(self.path, reason="it is no ordinary file")  # a pipe would be waited for
            with self.path.open("rb") as file:
                return file.read(HEAD_BYTES)
        except OSError as error:
            raise UnreadableFile(self.path, reason=_told(error)) from error


class _UnpackedSource:
    """A source whose file was unpacked for it, and is deleted when it closes."""

    def __init__(self, source: FrameSource, copy: TemporaryCopy) -> None:
        self._source = source
        self._copy = copy

    @property
    def clip(self) -> Clip:
        return self._source.clip

    def decode(self, index: int) -> Frame:
        return self._source.decode(index)

    def close(self) -> None:
        self._source.close()
        self._copy.close()


def open_source(path: Path, readers: Sequence["Reader"] = ()) -> FrameSource:
    """Open one file that holds one clip.

    Args:
        path: A file, or a member of an archive named as `archive.zip/inner/name.dcm`.
        readers: Further formats, asked after the viewer's own.

    Raises:
        UnreadableFile: It cannot be read, with one sentence.
        NotAnImage: It is readable but holds no image.
    """
    if path.is_dir():
        raise UnreadableFile(path, reason="it is a folder")
    found = locate_file(path)
    try:
        return _open(found, readers)
    finally:
        if found.archive is not None:
            found.archive.close()


def walk(paths: Iterable[Path], readers: Sequence["Reader"] = ()) -> Iterator[Opened]:
    """Open every file given or found, in a stable order, each once.

    Folders are searched in depth, archives are opened, and the files that a DICOMDIR names follow it.

    Args:
        paths: Files, folders, and members of archives named as `archive.zip/inner/name.dcm`.
        readers: Further formats, asked after the viewer's own.
    """
    seen: set[Path] = set()
    for path in paths:
        if any(parent.is_file() for parent in path.parents):
            yield from _walk_member(path, readers, seen)
            continue
        for found in find_files([path]):
            yield from _walk_file(found, readers, seen)


def find_files(paths: Iterable[Path]) -> Iterator[FoundFile]:
    """Files given or in folders, sorted by name within each folder; folders that are links are not followed."""
    for path in paths:
        if not path.is_dir():
            yield FoundFile(path=path)
            continue
        try:
            entries = sorted(path.iterdir())
        except OSError:
            yield FoundFile(path=path)  # opening it tells why
            continue
        for entry in entries:
            if not (entry.is_dir() and entry.is_symlink()):
                yield from find_files([entry])


def _walk_member(path: Path, readers: Sequence["Reader"], seen: set[Path]) -> Iterator[Opened]:
    try:
        found = locate_file(path)
    except UnreadableFile as error:
        yield Opened(path=path, error=error.reason)
        return
    try:
        yield from _walk_file(found, readers, seen)
    finally:
        if found.archive is not None:
            found.archive.close()


def _walk_file(found: FoundFile, readers: Sequence["Reader"], seen: set[Path], depth: int = 0) -> Iterator[Opened]:
    identity = found.path if found.archive is not None else _identity(found.path)
    if identity in seen:
        return
    seen.add(identity)
    try:
        opened = Opened(path=found.path, source=_open(found, readers))
    except NotAnImage as error:
        opened = Opened(path=found.path, kind=error.kind)
    except UnreadableFile as error:
        opened = Opened(path=found.path, error=error.reason)
    if opened.kind == "archive" and depth < MAX_NESTING:
        yield from _walk_archive(found, readers, seen, depth)
        return
    yield opened
    if opened.kind == "dicomdir" and found.archive is None:
        yield from _walk_directory(found.path, readers, seen)


def _walk_archive(found: FoundFile, readers: Sequence["Reader"], seen: set[Path], depth: int) -> Iterator[Opened]:
    try:
        archive = _open_archive(found)
    except UnreadableFile as error:
        yield Opened(path=found.path, error=error.reason)
        return
    try:
        if not archive.members:
            yield Opened(path=found.path, kind="archive")
        for member in archive.members:
            inner = FoundFile(path=archive.member_path(member), archive=archive, member=member)
            yield from _walk_file(inner, readers, seen, depth + 1)
    finally:
        archive.close()


def _open_archive(found: FoundFile) -> ZipArchive:
    if found.archive is None:
        return ZipArchive(found.path, found.path)
    copy = found.archive.unpack(found.member)
    return ZipArchive(copy.path, found.path, copy)


def _walk_directory(directory: Path, readers: Sequence["Reader"], seen: set[Path]) -> Iterator[Opened]:
    try:
        references = referenced_files(directory, directory)
    except UnreadableFile as error:
        yield Opened(path=directory, error=error.reason)
        return
    for parts in references:
        path = locate(directory.parent, parts)
        if path.is_file():
            yield from _walk_file(FoundFile(path=path), readers, seen)
        elif _identity(path) not in seen:
            seen.add(_identity(path))
            yield Opened(path=path, error=f"the file is missing although {directory.name} names it")


def _identity(location: Path) -> Path:
    try:
        return location.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return location.absolute()


def _open(found: FoundFile, readers: Sequence["Reader"]) -> FrameSource:
    head = found.head()
    opener = _opener(head, found.path, readers)
    if found.archive is None:
        return opener(found.path, found.path)
    copy = found.archive.unpack(found.member)
    try:
        return _UnpackedSource(opener(copy.path, found.path), copy)
    except BaseException:
        copy.close()
        raise


def _opener(head: bytes, path: Path, readers: Sequence["Reader"]) -> Callable[[Path, Path], FrameSource]:
    """What opens a file.

    Raises:
        UnreadableFile: Nothing does.
        NotAnImage: It holds no image.
    """
    form = sniff(head, path)
    if form in _OPENERS:
        return _OPENERS[form]
    for reader in readers:
        if _sniffs(reader, head, path):
            return lambda location, name: _open_with(reader, location, name)
    if form == "empty":
        raise UnreadableFile(path, reason="the file is empty")
    if form == "packed":
        raise UnreadableFile(
            path, reason=f"it is packed with {packed_format(head)}, which the viewer does not unpack"
        )
    if form == "unknown":
        raise UnreadableFile(path, reason="it is of no format that the viewer knows")
    raise NotAnImage(path, kind=form)


def _sniffs(reader: "Reader", head: bytes, path: Path) -> bool:
    try:
        return reader.sniff(head, path)
    except FAULTS:
        return False


def _open_with(reader: "Reader", location: Path, name: Path) -> FrameSource:
    try:
        return reader.open(location)
    except UnreadableFile as error:
        raise UnreadableFile(name, reason=error.reason) from error
    except FAULTS as error:
        raise UnreadableFile(name, reason=f"the reader {reader.name} failed ({brief(error)})") from error


def _open_video(location: Path, name: Path) -> FrameSource:
    from viewer.io.video import open_video  # libav takes longer to load than a DICOM clip to show

    return open_video(location, name)


_OPENERS: dict[str, Callable[[Path, Path], FrameSource]] = {
    "dicom": open_dicom,
    "raster": open_raster,
    "video": _open_video,
}


def locate_file(path: Path) -> FoundFile:
    """A file on disk, or the member of an archive that `archive.zip/inner/name.dcm` names; close its archive.

    Raises:
        UnreadableFile: The archive is damaged, or holds no such file.
    """
    for parent in path.parents:
        if parent.is_file():
            archive = ZipArchive(parent, parent)
            for member in archive.members:
                if archive.member_path(member) == path:
                    return FoundFile(path=path, archive=archive, member=member)
            archive.close()
            raise UnreadableFile(path, reason="there is no such file in the archive")
    return FoundFile(path=path)


def _told(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "it may not be read"
    return f"it cannot be read ({error.strerror or brief(error)})"
