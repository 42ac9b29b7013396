"""Zip archives: their members, unpacked one by one within bounds."""

import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, TypeVar

from viewer.domain.errors import UnreadableFile
from viewer.io.faults import FAULTS, brief
from viewer.io.formats import HEAD_BYTES
from viewer.io.temporary import MAX_UNPACKED, TemporaryCopy

MAX_MEMBERS = 100_000
"""Most members of one archive."""

MAX_TOTAL = 16 << 30
"""Most bytes unpacked from one archive while it is open."""

_CHUNK = 1 << 20
_FAULTS: tuple[type[Exception], ...] = (*FAULTS, zipfile.BadZipFile, zipfile.LargeZipFile)


T = TypeVar("T")


class ZipArchive:
    """An open archive.

    Attributes:
        path: As the user named it.
        members: Names of the files inside, in the archive's order.
    """

    def __init__(self, location: Path, path: Path, copy: TemporaryCopy | None = None) -> None:
        """Read the archive's directory.

        Args:
            location: Where its bytes are.
            path: As the user named it.
            copy: The unpacked archive, for one that lay inside another; deleted by `close`.

        Raises:
            UnreadableFile: It is damaged or holds too many members.
        """
        self.path = path
        self._copy = copy
        self._left = MAX_TOTAL
        try:
            self._zip = zipfile.ZipFile(location)
        except _FAULTS as error:
            raise UnreadableFile(path, reason=f"the archive is damaged ({brief(error)})") from error
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if len(entries) > MAX_MEMBERS:
            self.close()
            raise UnreadableFile(path, reason=f"the archive holds more than {MAX_MEMBERS} files")
        self._entries = {entry.filename: entry for entry in entries}
        self.members = tuple(self._entries)

    def member_path(self, member: str) -> Path:
        """What a member is called: `archive.zip/inner/name.dcm`; it never leads out of the archive."""
        parts = PurePosixPath(member.replace("\\", "/")).parts
        return self.path.joinpath(*(part for part in parts if part not in ("..", "/") and ":" not in part))

    def head(self, member: str) -> bytes:
        """The first bytes of a member, for telling its format.

        Raises:
            UnreadableFile: It is encrypted, damaged or too large.
        """
        return self._read(member, lambda file: file.read(HEAD_BYTES))

    def unpack(self, member: str) -> TemporaryCopy:
        """Unpack one member into a temporary file of no chosen name.

        Raises:
            UnreadableFile: It is encrypted, damaged or too large, or the archive as a whole is.
        """
        size = self._entries[member].file_size
        if size > self._left:
            raise UnreadableFile(self.path, reason=f"the archive unpacks to more than {MAX_TOTAL >> 30} GB")
        self._left -= size
        name = self.member_path(member)
        return self._read(member, lambda file: TemporaryCopy(iter(lambda: file.read(_CHUNK), b""), name))

    def close(self) -> None:
        """Close the archive; further calls are harmless."""
        self._zip.close()
        if self._copy is not None:
            self._copy.close()

    def _read(self, member: str, read: Callable[[IO[bytes]], T]) -> T:
        name = self.member_path(member)
        entry = self._entries[member]
        if entry.flag_bits & 1:
            raise UnreadableFile(name, reason="it is encrypted in its archive")
        if entry.file_size > MAX_UNPACKED:
            raise UnreadableFile(name, reason=f"it unpacks to more than {MAX_UNPACKED >> 20} MB")
        try:
            with self._zip.open(entry) as file:
                return read(file)
        except _FAULTS as error:
            raise UnreadableFile(name, reason=f"it is damaged in its archive ({brief(error)})") from error
