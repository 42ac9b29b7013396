"""The file behind the journal: SQLite, opened so that what is confirmed stays, refused rather than overwritten."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from viewer.domain.errors import ViewerError
from viewer.store.schema import REVIEWS, Schema

OLDEST_SQLITE = (3, 38, 0)
"""The first that always knows JSON."""

PATIENCE_S = 30.0
"""Longest wait for other viewers that write to the same file."""

_ONE_WAIT_S = 2.0
_PAUSE_S = 0.02
_CODE = 0xFF
"""SQLite's extended error codes carry the plain one in their lowest byte."""

_SETTINGS = (
    "synchronous = FULL",  # a commit is on the disk, not only with the operating system
    "fullfsync = ON",  # on a Mac, in the disk's own memory is not enough either
    "checkpoint_fullfsync = ON",
    "recursive_triggers = ON",  # REPLACE may not remove an entry behind the guards' back
    "cell_size_check = ON",
)

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SENTENCES = {
    sqlite3.SQLITE_FULL: "the disk is full, nothing was recorded",
    sqlite3.SQLITE_READONLY: "it may not be written, nothing was recorded",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "it may not be opened",
    **dict.fromkeys(_BUSY, f"other viewers kept it busy for {PATIENCE_S:.0f} s, nothing was recorded"),
}


class Database:
    """An open database: one connection that writes and one that reads, each used from any thread.

    Whoever reads never waits for whoever writes: a window may read on its own thread while a worker commits.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, *, create: bool, schema: Schema = REVIEWS) -> None:
        """Open the database, or make it.

        Args:
            path: The file; on a local disk, as SQLite's write-ahead log cannot be shared over a network.
            create: Make it where there is none, and allow writing; else only reading.
            schema: What it holds.

        Raises:
            ViewerError: It is missing, damaged, of a newer viewer or of another program. It is left untouched then.
        """
        self.path = path
        self._schema = schema
        self._writing, self._reading = threading.Lock(), threading.Lock()
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise ViewerError(
                f"the viewer needs SQLite {_dotted(OLDEST_SQLITE)} or newer, not {sqlite3.sqlite_version}"
            )
        self._look_at_file(create)
        with self._told():
            self._reader = self._connect()
            self._writer: sqlite3.Connection | None = None
            try:
                empty = self._refuse_foreign(self._reader) == 0
                if create:
                    self._writer = self._connect()
                    self._make_ready(self._writer)
                elif empty:
                    raise ViewerError(f"{path}: there is no {self._schema.what}")
                self._refuse_damaged()
                self._reader.execute("PRAGMA query_only = ON")
            except BaseException:
                self.close()
                raise

    def __enter__(self) -> Self:
        """The database itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction in which nobody else writes; leaving it without an error means that all of it is on disk.

        Raises:
            ViewerError: It could not be kept, in one sentence; then nothing of it was.
        """
        with self._writing, self._told():
            if self._writer is None:
                raise ViewerError(f"{self.path}: is open for reading only")
            with _transaction(self._writer):
                yield self._writer

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows that a query finds.

        Raises:
            ViewerError: The file is damaged or gone.
        """
        with self._reading, self._told():
            return _patiently(self._reader, query, values)

    def close(self) -> None:
        """Close the file; further calls are harmless."""
        for lock, connection in ((self._reading, self._reader), (self._writing, self._writer)):
            with lock, suppress(sqlite3.Error):
                if connection is not None:
                    connection.close()

    def _look_at_file(self, create: bool) -> None:
        """Refuse a file that SQLite would silently take for a new one, and make the folder."""
        path = self.path
        try:
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
            elif not path.is_file():
                raise ViewerError(f"{path}: there is no {self._schema.what}")
            log = path.with_name(f"{path.name}-wal")
            emptied = _size(log) > 0 and not _size(path)
        except OSError as error:
            raise ViewerError(f"{path}: cannot be opened ({error.strerror})") from error
        if emptied:
            raise ViewerError(self._damage(f"empty, but {log.name} is not"))

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_ONE_WAIT_S, isolation_level=None, check_same_thread=False)
        try:
            for setting in _SETTINGS:
                connection.execute(f"PRAGMA {setting}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _refuse_foreign(self, connection: sqlite3.Connection) -> int:
        """Make sure that the file is ours and not of the future; returns its form, 0 while it is empty."""
        ((application, version, objects),) = _patiently(
            connection,
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master) "
            "FROM pragma_application_id, pragma_user_version",
        )
        if not objects and not application:
            return 0
        if application != self._schema.application:
            raise ViewerError(f"{self.path}: belongs to another program and is left untouched")
        if version > self._schema.version:
            raise ViewerError(
                f"{self.path}: was written by a newer viewer (form {version}; this one knows {self._schema.version}) "
                "and is left untouched"
            )
        return int(version)

    def _make_ready(self, connection: sqlite3.Connection) -> None:
        """Switch to the write-ahead log and make the table, unless another viewer has just done so.

        A file of an older form is of this one from now on: what is added would puzzle an older viewer.
        """
        ((mode,),) = _patiently(connection, "PRAGMA journal_mode = WAL")
        if mode != "wal":
            raise ViewerError(f"{self.path}: the disk allows no write-ahead log; choose a folder on a local disk")
        with _transaction(connection):
            form = self._refuse_foreign(connection)
            if form == 0:
                for statement in self._schema.objects.values():
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {self._schema.application}")
            if form != self._schema.version:
                connection.execute(f"PRAGMA user_version = {self._schema.version}")

    def _refuse_damaged(self) -> None:
        """Read through the file's pages once."""
        (found,) = self._reader.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise ViewerError(self._damage(" ".join(str(found).split())))

    def _damage(self, cause: str) -> str:
        what = self._schema.what
        return f"{self.path}: is damaged or no {what} ({cause}) and is left untouched; restore a copy of it"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one sentence what SQLite found."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & _CODE
            sentence = _SENTENCES.get(code, f"it cannot be used ({error})")
            message = self._damage(str(error)) if code in _DAMAGED else f"{self.path}: {sentence}"
            raise ViewerError(message) from error


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what happens inside, and nobody else writes meanwhile."""
    _patiently(connection, "BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # some errors have rolled back already
            connection.execute("ROLLBACK")
        raise


def _patiently(
    connection: sqlite3.Connection, statement: str, values: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """The rows of one statement, waiting for other viewers beyond what SQLite itself waits."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _CODE not in _BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)


def _size(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))
