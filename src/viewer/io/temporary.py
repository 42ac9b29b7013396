"""Unpacked copies of what cannot be read in place, gone when their reader is."""

import os
import tempfile
import weakref
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from viewer.domain.errors import UnreadableFile

MAX_UNPACKED = 2 << 30
"""Largest unpacked size of one file, in bytes; a larger one is a mistake or an attack."""


class TemporaryCopy:
    """A file in the user's temporary folder, deleted by `close`, with its owner, or when the program ends.

    Attributes:
        path: The file.
    """

    def __init__(self, chunks: Iterable[bytes], name: Path, limit: int = MAX_UNPACKED) -> None:
        """Write `chunks`.

        Args:
            chunks: Pieces of the content, made one by one.
            name: What the file is called in an error.
            limit: Largest size in bytes.

        Raises:
            UnreadableFile: The content is larger than `limit`, or there is no room for it.
        """
        handle, text = tempfile.mkstemp(prefix="viewer-")
        self.path = Path(text)
        self._finalizer = weakref.finalize(self, _delete, self.path)
        size = 0
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise UnreadableFile(name, reason=f"it unpacks to more than {limit >> 20} MB")
                    file.write(chunk)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Delete the file; further calls are harmless."""
        self._finalizer()


def _delete(path: Path) -> None:
    with suppress(OSError):  # a scanner may hold it open on Windows; the system clears the folder some day
        path.unlink()
