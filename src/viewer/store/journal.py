"""The journal: acts are added at its end, chained by hash, and confirmed once they are on disk.

A window calls `append` in a job of its worker, as a commit waits for the disk, and shows "confirmed" when it returns.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from viewer.domain.errors import ViewerError
from viewer.resources import user_data
from viewer.settings import Settings
from viewer.store.acts import Act, Review, Stage
from viewer.store.canonical import START, chained
from viewer.store.database import Database
from viewer.store.entries import Entry, entry_of, entry_text

FILE_NAME = "reviews.db"

A = TypeVar("A", bound=Act)

_PAGE = 1000
_ADD = "INSERT INTO entry (sequence, text, hash) VALUES (?, ?, ?)"
_LAST = "SELECT sequence, hash FROM entry ORDER BY sequence DESC LIMIT 1"
_PAGE_OF = "SELECT sequence, text, hash FROM entry WHERE sequence > ? ORDER BY sequence LIMIT ?"
_NAMED = "SELECT sequence, text, hash FROM entry WHERE sequence IN (SELECT value FROM json_each(?)) ORDER BY sequence"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: it stands for every entry up to it.

    Attributes:
        sequence: Number of the last entry; 0 of an empty journal.
        hash: Its hash.
    """

    sequence: int
    hash: str


class Journal:
    """An open journal of reviews. Several may be open on one file, in one program or in several.

    Its methods may be called from any thread. Reading never waits for an entry that is being written.
    """

    def __init__(
        self, path: Path, *, create: bool = True, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Open the journal, or begin one.

        Args:
            path: The database; see `database_path`.
            create: Begin a journal where there is none, and allow writing; else only reading.
            clock: Gives the time of entries, with its zone.

        Raises:
            ViewerError: It cannot be opened: one sentence; the file is left untouched.
        """
        self._database = Database(path, create=create)
        self._clock = clock

    def __enter__(self) -> Self:
        """The journal itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    @property
    def path(self) -> Path:
        """The database."""
        return self._database.path

    def append(self, act: A, at: datetime | None = None) -> Entry[A]:
        """Record one act; when this returns, it is confirmed: on disk and chained.

        Args:
            act: What was done.
            at: When, with its zone; by default now.

        Raises:
            ViewerError: It could not be recorded, and is not: one sentence.
            ValueError: It follows an answer that is not the reader's own first one on that picture.
        """
        (entry,) = self.append_all((act,), at)
        return entry

    def append_all(self, acts: Sequence[A], at: datetime | None = None) -> tuple[Entry[A], ...]:
        """Record several acts that belong together: all of them, or none. Raises as `append` does."""
        recorded: list[Entry[A]] = []
        with self._database.writing() as connection:
            time = at or self._clock()
            sequence, last = connection.execute(_LAST).fetchone() or (0, START)
            for act in acts:
                self._check_first(connection, act)
                sequence += 1
                text = entry_text(sequence, time, act)
                last = chained(last, text)
                connection.execute(_ADD, (sequence, text, last))
                recorded.append(_checked(entry_of(text, last), type(act)))
        return tuple(recorded)

    def head(self) -> Head:
        """The end of the chain; it moves when this or another viewer records something."""
        rows = self._database.rows(_LAST)
        return Head(*rows[0]) if rows else Head(0, START)

    def entries(self, after: int = 0) -> Iterator[Entry[Act]]:
        """The entries in order.

        Args:
            after: Only those with a higher number.

        Raises:
            ViewerError: An entry is none of ours; `viewer audit verify` says what happened to it.
        """
        for sequence, text, digest in self.stored(after):
            yield self._read(sequence, text, digest)

    def stored(self, after: int = 0) -> Iterator[tuple[int, str, str]]:
        """Number, canonical JSON and hash of every entry in order, as they are stored."""
        while page := self.rows(_PAGE_OF, (after, _PAGE)):
            yield from page
            after = page[-1][0]

    def select(self, kind: type[A], query: str, values: Sequence[object] = ()) -> tuple[Entry[A], ...]:
        """Entries of one kind whose numbers a query finds, in order."""
        numbers = [number for (number,) in self.rows(query, values)]
        return tuple(_checked(self._read(*row), kind) for row in self.rows(_NAMED, (json.dumps(numbers),)))

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of any query on the journal's table and views."""
        return self._database.rows(query, values)

    def close(self) -> None:
        """Close the journal; further calls are harmless."""
        self._database.close()

    def _read(self, sequence: int, text: str, digest: str) -> Entry[Act]:
        try:
            return entry_of(text, digest)
        except ValueError as error:
            raise ViewerError(f"{self.path}: entry {sequence} is damaged; viewer audit verify says more") from error

    def _check_first(self, connection: sqlite3.Connection, act: Act) -> None:
        """An answer may only follow a first answer of the same reader to the same picture."""
        if not isinstance(act, Review) or act.follows is None:
            return
        row = connection.execute("SELECT text, hash FROM entry WHERE sequence = ?", (act.follows,)).fetchone()
        first = entry_of(*row).act if row else None
        if not (
            isinstance(first, Review)
            and first.stage is Stage.FIRST
            and (first.reader, first.subject.digest, first.frame) == (act.reader, act.subject.digest, act.frame)
        ):
            raise ValueError(f"entry {act.follows} is no first answer of this reader to this picture")


def database_path(settings: Settings) -> Path:
    """Where the reviews lie: as the settings say, else in the user's own folder."""
    return user_data() / (Path(settings.reviews_database).expanduser() if settings.reviews_database else FILE_NAME)


def _checked(entry: Entry[Act], kind: type[A]) -> Entry[A]:
    if not isinstance(entry.act, kind):
        raise TypeError(f"entry {entry.sequence} is no {kind.kind}")
    return entry  # type: ignore[return-value]  # checked just now
