"""The cases a site has shown to its models: numbers and days without a name, each case once, only ever added to.

A case is known by a pseudonym: a keyed hash of the patient, or of the file's content, under a key that was drawn by
lot for this record and is nowhere else. Whether a case has been seen can be told with the record alone, and from the
record alone nobody can tell whose it was.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from viewer.domain.drift import Case
from viewer.domain.result import Light
from viewer.store.database import Database
from viewer.store.schema import Schema

SITE = Schema(
    what="record of a site's cases",
    application=0x56575354,  # "VWST"
    version=1,
    objects={
        "secret": "CREATE TABLE secret (key TEXT NOT NULL) STRICT",
        "entry": """
CREATE TABLE entry (
  sequence INTEGER PRIMARY KEY,
  bundle TEXT NOT NULL,
  run INTEGER NOT NULL,
  day TEXT NOT NULL,
  pseudonym TEXT,
  predicted TEXT,
  light TEXT,
  trust REAL,
  suitability REAL,
  fingerprint REAL,
  reader TEXT,
  CHECK ((pseudonym IS NULL) = (reader IS NOT NULL))
) STRICT""",
        "case_counts_once": "CREATE UNIQUE INDEX case_counts_once ON entry (bundle, run, pseudonym)",
        "entry_is_never_changed": """
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries of the record are never changed'); END""",
        "entry_is_never_removed": """
CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries of the record are never removed'); END""",
    },
)
"""An entry is a case, or, with a reader in place of a pseudonym, that a person started again."""

_ADD = """
INSERT INTO entry (sequence, bundle, run, day, pseudonym, predicted, light, trust, suitability, fingerprint)
SELECT coalesce(max(sequence), 0) + 1, :bundle,
  (SELECT count(*) FROM entry WHERE bundle = :bundle AND reader IS NOT NULL),
  :day, :pseudonym, :predicted, :light, :trust, :suitability, :fingerprint
FROM entry WHERE true
ON CONFLICT (bundle, run, pseudonym) DO NOTHING"""
_START = """
INSERT INTO entry (sequence, bundle, run, day, reader)
SELECT coalesce(max(sequence), 0) + 1, :bundle,
  (SELECT count(*) FROM entry WHERE bundle = :bundle AND reader IS NOT NULL) + 1,
  :day, :reader
FROM entry"""
_AFTER = """
SELECT sequence, day, reader, predicted, light, trust, suitability, fingerprint
FROM entry WHERE bundle = ? AND sequence > ? ORDER BY sequence"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One entry.

    Attributes:
        sequence: Its number, ascending.
        day: When it was added.
        case: What was seen; None where somebody started again.
        reader: Who started again; `""` of a case.
    """

    sequence: int
    day: date
    case: Case | None
    reader: str


class SiteRecord:
    """An open record; several may be open on one file, and methods may be called from any thread."""

    def __init__(
        self, path: Path, *, create: bool = True, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Open the record, or begin one.

        Args:
            path: The file, on a local disk.
            create: Begin one where there is none, and allow writing; else only reading.
            clock: Gives the time.

        Raises:
            ViewerError: It is missing, damaged, of a newer viewer or of another program; it is left untouched.
        """
        self._database = Database(path, create=create, schema=SITE)
        self._clock = clock
        self._key = ""

    def __enter__(self) -> Self:
        """The record itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def add(self, bundle: str, whose: str, case: Case) -> None:
        """Add a case, unless it has been counted since somebody last started again; returned means on disk.

        Args:
            bundle: Digest of the model.
            whose: What tells the case from others, e.g. the patient's number; it is not kept.
            case: What was seen.

        Raises:
            ViewerError: It could not be kept.
        """
        pseudonym = hmac.new(bytes.fromhex(self._secret()), whose.encode("utf-8", "surrogatepass"), hashlib.sha256)
        values = {**asdict(case), "light": case.light.value, "pseudonym": pseudonym.hexdigest()}
        with self._database.writing() as connection:
            connection.execute(_ADD, {"bundle": bundle, "day": self._day(), **values})

    def start_again(self, bundle: str, reader: str) -> None:
        """Note that a person starts again: what was seen stays, and does not count any more.

        Raises:
            ViewerError: It could not be kept.
        """
        with self._database.writing() as connection:
            connection.execute(_START, {"bundle": bundle, "day": self._day(), "reader": reader})

    def entries(self, bundle: str, after: int = 0) -> list[Recorded]:
        """What was recorded for a model, in order.

        Args:
            bundle: Its digest.
            after: Only entries with a higher number.

        Raises:
            ViewerError: The file is damaged or gone.
        """
        return [
            Recorded(
                sequence=sequence,
                day=date.fromisoformat(day),
                case=None if reader is not None else _case(*values),
                reader=reader or "",
            )
            for sequence, day, reader, *values in self._database.rows(_AFTER, (bundle, after))
        ]

    def close(self) -> None:
        """Close the file; further calls are harmless."""
        self._database.close()

    def _secret(self) -> str:
        """The key of the pseudonyms, drawn when the first case is added."""
        if not self._key:
            with self._database.writing() as connection:
                found = connection.execute("SELECT key FROM secret").fetchone()
                self._key = secrets.token_hex(32) if found is None else str(found[0])
                if found is None:
                    connection.execute("INSERT INTO secret (key) VALUES (?)", (self._key,))
        return self._key

    def _day(self) -> str:
        return self._clock().date().isoformat()


def _case(
    predicted: str, light: str, trust: float | None, suitability: float | None, fingerprint: float | None
) -> Case:
    return Case(
        predicted=predicted, light=Light(light), trust=trust, suitability=suitability, fingerprint=fingerprint
    )
