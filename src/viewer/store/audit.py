"""Checks the chain of the journal, and says what such a check cannot prove."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from viewer.domain.errors import ViewerError
from viewer.store.canonical import START, canonical, chained
from viewer.store.entries import entry_of, time_text
from viewer.store.journal import Head, Journal
from viewer.store.schema import OBJECTS

FORMAT = 1
"""Of an exported head."""

MOST_FAULTS = 20
"""Faults told one by one; a journal written over throughout would name every entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedHead:
    """The end of the chain as it was once, kept where whoever can change the journal cannot reach it.

    Attributes:
        head: Number and hash of the last entry.
        exported: When, as the file says: `2026-03-01T09:30:00.125Z`.
    """

    head: Head
    exported: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What checking a journal came to.

    Attributes:
        head: Its end.
        faults: What is wrong, one sentence each, at most `MOST_FAULTS`.
        more_faults: How many others there are.
        proven: What holds, one sentence each.
        unproven: What this check cannot tell, one sentence each.
    """

    head: Head
    faults: tuple[str, ...]
    more_faults: int
    proven: tuple[str, ...]
    unproven: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def audit(journal: Journal, exported: ExportedHead | None = None) -> Audit:
    """Check every entry against its hash and the one before it, and the whole against an exported head.

    Args:
        journal: Any journal, also one open for reading only.
        exported: An earlier end of its chain, or None.

    Raises:
        ViewerError: The database cannot be read.
    """
    end = journal.head()
    faults = [*_pages(journal), *_guards(journal), *_chain(journal, end)]
    if exported is not None:
        faults += _against(journal, exported)
    return Audit(
        head=end,
        faults=tuple(faults[:MOST_FAULTS]),
        more_faults=max(0, len(faults) - MOST_FAULTS),
        proven=() if faults else tuple(_proven(end, exported)),
        unproven=tuple(_unproven(end, exported)),
    )


def head_text(head: Head, exported: datetime) -> str:
    """An exported head, as JSON."""
    record = {"format": FORMAT, "sequence": head.sequence, "hash": head.hash, "exported": time_text(exported)}
    return json.dumps(record, indent=1)


def read_head(path: Path) -> ExportedHead:
    """Read what `head_text` wrote.

    Raises:
        ViewerError: It cannot be read or is none, in one sentence.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        format_, sequence, digest = record["format"], record["sequence"], record["hash"]
        exported = time_text(datetime.fromisoformat(record["exported"]))
    except OSError as error:
        raise ViewerError(f"{path}: cannot be read ({error.strerror})") from error
    except (KeyError, TypeError, ValueError) as error:  # also what is no text, and what is no JSON
        raise ViewerError(f"{path}: is no exported head of a journal") from error
    if format_ != FORMAT:
        raise ViewerError(f"{path}: is an exported head of form {format_}; this viewer reads {FORMAT}")
    if not (isinstance(sequence, int) and sequence >= 0 and isinstance(digest, str)):
        raise ViewerError(f"{path}: is no exported head of a journal")
    return ExportedHead(head=Head(sequence, digest), exported=exported)


def _pages(journal: Journal) -> Iterator[str]:
    """What SQLite finds wrong with the file and its indexes."""
    for (found,) in journal.rows("PRAGMA integrity_check"):
        if found != "ok":
            yield f"the database is damaged: {' '.join(str(found).split())}"


def _guards(journal: Journal) -> Iterator[str]:
    """Parts of the database that are not as the viewer made them."""
    rows = journal.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    found = dict(rows)
    wanted = {name: statement.strip() for name, statement in OBJECTS.items()}
    for name in sorted({*found, *wanted}):
        if name not in found:
            yield f"{name} is missing from the database, which guards the journal or reads it"
        elif found[name] != wanted.get(name):
            yield f"{name} in the database is not as the viewer made it"


def _chain(journal: Journal, end: Head) -> Iterator[str]:
    """Entries that are missing, changed, or none.

    An entry is compared with the hash stored before it, so that one changed entry is one fault. Entries that another
    viewer adds meanwhile are left for the next check.
    """
    expected, previous = 1, START
    for sequence, text, digest in journal.stored():
        if sequence > end.sequence:
            break
        if sequence != expected:
            yield _gap(expected, sequence - 1)
        elif chained(previous, text) != digest:
            yield f"entry {sequence} was changed, or the one before it was, after it was recorded"
        elif fault := _form(sequence, text, digest):
            yield f"entry {sequence} {fault}"
        expected, previous = sequence + 1, digest


def _gap(first: int, last: int) -> str:
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"


def _form(sequence: int, text: str, digest: str) -> str:
    """What is wrong with an entry whose hash fits."""
    try:
        entry = entry_of(text, digest)
    except ValueError:
        return "is no entry of a review"
    if entry.sequence != sequence or canonical(json.loads(text)) != text:
        return "was not written by the viewer"
    return ""


def _against(journal: Journal, exported: ExportedHead) -> Iterator[str]:
    """Whether the journal still leads through an exported head."""
    wanted = exported.head
    if not wanted.sequence:
        return
    rows = journal.rows("SELECT hash FROM entry WHERE sequence = ?", (wanted.sequence,))
    if not rows:
        yield (
            f"entry {wanted.sequence}, the last when the head was exported, is missing: the end was cut off, or this "
            "is an older copy"
        )
    elif rows[0][0] != wanted.hash:
        yield (
            f"entry {wanted.sequence} is not the one the head was exported from: the journal was written anew, or is "
            "another one"
        )


def _proven(end: Head, exported: ExportedHead | None) -> Iterator[str]:
    yield f"all {end.sequence} entries are chained without a gap"
    if exported is not None and exported.head.sequence:
        yield f"the first {exported.head.sequence} are those the head of {exported.exported} was exported from"


def _unproven(end: Head, exported: ExportedHead | None) -> Iterator[str]:
    """What no chain can show by itself: its end and its beginning can be replaced together."""
    if exported is None:
        yield "that no entries were cut off the end; an exported head would show it"
        yield "that the chain was not written anew, from its start or later; an exported head would show it"
        return
    known, last = exported.head.sequence, end.sequence
    later = f"entries {known + 1} to {last} were not written anew since" if last > known else ""
    yield f"that no entries after {known} were cut off" + (f", and that {later}" if later else "")
