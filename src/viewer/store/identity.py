"""Which file and which reader an act belongs to."""

import getpass
import hashlib
from collections.abc import Callable
from pathlib import Path

from viewer.domain.errors import UnreadableFile
from viewer.io.reader import locate_file

NOBODY = "unnamed reader"
"""Who reads where the system names no user."""

_CHUNK = 1 << 20


def content_digest(path: Path, check: Callable[[], None] = lambda: None) -> str:
    """SHA-256 of a file's bytes, so that a review stays with a file that is moved or renamed.

    Args:
        path: A file, or a member of an archive named as `archive.zip/inner/name.dcm`.
        check: Called for every megabyte; raises to stop, as `CancelToken.check` does.

    Raises:
        UnreadableFile: It cannot be read, with one sentence.
    """
    found = locate_file(path)
    if found.archive is None:
        found.head()  # says why a file cannot be read, and refuses a pipe
        return _digest(path, path, check)
    try:
        copy = found.archive.unpack(found.member)
        try:
            return _digest(copy.path, path, check)
        finally:
            copy.close()
    finally:
        found.archive.close()


def current_reader() -> str:
    """Who works at this computer, as the system knows them."""
    try:
        return getpass.getuser() or NOBODY
    except (ImportError, KeyError, OSError):  # a user id without a name
        return NOBODY


def _digest(location: Path, name: Path, check: Callable[[], None]) -> str:
    total = hashlib.sha256()
    try:
        with location.open("rb") as file:
            while chunk := file.read(_CHUNK):
                check()
                total.update(chunk)
    except OSError as error:
        raise UnreadableFile(name, reason=f"it cannot be read ({error.strerror})") from error
    return total.hexdigest()
