"""Features of cases that are written as they come, beside a table that grows, and survive a kill at any byte."""

import struct
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError
from viewer.report.rows import close, writing

_WIDTH = struct.Struct("<I")
_LARGEST = 65504.0
"""Largest finite float16."""


class GrowingFeatures:
    """Rows of float16 behind a head that says how many numbers a row has.

    Append features before the rows of the table they belong to: then a kill leaves at least as many of them, and what
    is too much is dropped. Use as a context manager.
    """

    def __init__(self, path: Path) -> None:
        """Open or create `path`.

        Raises:
            ViewerError: It cannot be written.
        """
        self.path = path
        with writing(path):
            self._file: BinaryIO = path.open("r+b" if path.exists() else "x+b")
        self._width = 0

    def __enter__(self) -> Self:
        """The features themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the file; every row appended so far is in it."""
        close(self._file, self.path, failed=error is not None)

    def recover(self, rows: int) -> None:
        """Keep the first `rows` rows, and make ready to append.

        Raises:
            ViewerError: There are fewer.
        """
        self._file.seek(0)
        head = self._file.read(_WIDTH.size)
        self._width = _WIDTH.unpack(head)[0] if len(head) == _WIDTH.size and rows else 0
        wanted = _WIDTH.size + 2 * rows * self._width if rows else 0
        size = self._file.seek(0, 2)
        if size < wanted or (rows and not self._width):
            raise ViewerError(f"{self.path}: lacks features of cases that were assessed; start over with --fresh")
        with writing(self.path):
            self._file.truncate(wanted)
            self._file.seek(wanted)

    def append(self, features: NDArray[np.float32]) -> None:
        """Write the features of some cases, float32 (m, D), and hand them to the operating system.

        What float16 cannot hold becomes the largest that it can.
        """
        with writing(self.path):
            if not self._width:
                self._width = features.shape[1]
                self._file.write(_WIDTH.pack(self._width))
            self._file.write(np.clip(features, -_LARGEST, _LARGEST).astype("<f2").tobytes())
            self._file.flush()

    def read(self) -> NDArray[np.float16]:
        """Every row, float16 (n, D)."""
        self._file.flush()
        self._file.seek(0)
        rows = np.frombuffer(self._file.read()[_WIDTH.size :], "<f2")
        return rows.reshape(-1, self._width or 1).astype(np.float16)

    def refill(self, features: NDArray[np.float16]) -> None:
        """Begin with these rows, where an earlier run had put them elsewhere."""
        self._file.seek(0)
        with writing(self.path):
            self._file.truncate(0)
        self._width = 0
        self.append(features.astype(np.float32))

    def remove(self) -> None:
        """Close and delete the file."""
        self._file.close()
        with writing(self.path):
            self.path.unlink(missing_ok=True)
