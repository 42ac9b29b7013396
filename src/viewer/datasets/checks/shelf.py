"""Facts that were found before, kept in one file, so that nothing is read twice while it stays as it is.

A file is known by its path, size and time of change, hashed together: the shelf holds no names. It does hold small
grey pictures (32×32) of what was looked at.
"""

import hashlib
import json
import sqlite3
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from viewer.datasets.checks.facts import SIDE, Facts
from viewer.domain.errors import ViewerError

_MADE_BY = "1"
"""Changes whenever facts are found in another way."""

_BETWEEN_COMMITS = 200


class FactShelf:
    """Facts by file; use as a context manager. What was found is kept even when the work is interrupted."""

    def __init__(self, path: Path | None) -> None:
        """Open the shelf.

        Args:
            path: Its file, made where it is not there; None keeps nothing beyond this run.

        Raises:
            ViewerError: The file cannot be opened or is something else.
        """
        self._path = path
        self._waiting = 0
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(":memory:" if path is None else path, timeout=30)
            self._database.execute("CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, facts TEXT, small BLOB)")
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error

    def __enter__(self) -> Self:
        """The shelf itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Keep what was found."""
        with suppress(sqlite3.Error):
            self._database.commit()
        self._database.close()

    def get(self, path: Path) -> Facts | None:
        """What is known of a file as it is now; None where it was not looked at, or has changed, or is gone."""
        key = _key(path)
        if key is None:
            return None
        try:
            row = self._database.execute("SELECT facts, small FROM facts WHERE key = ?", (key,)).fetchone()
            return None if row is None else _unpacked(*row)
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise self._unusable(error) from error

    def put(self, path: Path, facts: Facts) -> None:
        """Keep what was found out about a file that is there."""
        key = _key(path)
        if key is None:
            return
        text, small = _packed(facts)
        try:
            self._database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (key, text, small))
            self._waiting += 1
            if self._waiting >= _BETWEEN_COMMITS:
                self._database.commit()
                self._waiting = 0
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> ViewerError:
        return ViewerError(f"{self._path}: facts of files cannot be kept there ({error}); name another --cache")


def _key(path: Path) -> bytes | None:
    try:
        state = path.stat()
    except OSError:
        return None
    words = (_MADE_BY, version("reliability-viewer"), path.resolve().as_posix(), state.st_size, state.st_mtime_ns)
    return hashlib.sha256("\0".join(map(str, words)).encode("utf-8", "surrogateescape")).digest()


def _packed(facts: Facts) -> tuple[str, bytes]:
    fields = asdict(facts)
    return json.dumps(fields, default=lambda array: None), fields["small"].tobytes()


def _unpacked(text: str, small: bytes) -> Facts:
    fields = json.loads(text)
    fields["hashes"] = tuple(fields["hashes"])
    fields["small"] = np.frombuffer(small, np.uint8).reshape(-1, SIDE, SIDE)
    return Facts(**fields)
