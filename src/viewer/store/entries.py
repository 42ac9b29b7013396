"""Entries of the journal: an act, its number, its time and its hash, to and from canonical JSON."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from viewer.domain.result import Light
from viewer.store.acts import KINDS, Act, AiAnswer, ReadingState, Stage, StudyFacts, Subject
from viewer.store.canonical import canonical

A_co = TypeVar("A_co", bound=Act, covariant=True)

_COMMON = {field.name for field in dataclasses.fields(Act)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[A_co]):
    """A confirmed act: it is on disk.

    Attributes:
        sequence: Number in the journal, from 1.
        time: When it was recorded, UTC, milliseconds.
        act: What was done.
        hash: SHA-256 that chains it to all entries before it.
    """

    sequence: int
    time: datetime
    act: A_co
    hash: str


def entry_text(sequence: int, time: datetime, act: Act) -> str:
    """The canonical JSON of an entry: all that its hash covers besides the hash before it.

    Raises:
        ValueError: The time has no zone.
    """
    content = {field.name: getattr(act, field.name) for field in dataclasses.fields(act)}
    return canonical(
        {
            "sequence": sequence,
            "time": time_text(time),
            "kind": act.kind,
            "reader": act.reader,
            "subject": dataclasses.asdict(act.subject),
            "frame": act.frame,
            "content": {
                name: _plain(value)
                for name, value in content.items()
                if name not in _COMMON and not (name == "about" and value is None)  # as the first form had it
            },
        }
    )


def entry_of(text: str, digest: str) -> Entry[Act]:
    """The entry that a text of the journal holds.

    Raises:
        ValueError: It holds none.
    """
    try:
        record = json.loads(text)
        act = KINDS[record["kind"]](
            reader=record["reader"],
            subject=Subject(**record["subject"]),
            frame=record["frame"],
            **{name: _value(name, value) for name, value in record["content"].items()},
        )
        time = datetime.fromisoformat(record["time"])
        return Entry(sequence=record["sequence"], time=time, act=act, hash=digest)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("this is no entry of a review") from error


def time_text(time: datetime) -> str:
    """A time as the journal writes it: `2026-03-01T09:30:00.125Z`.

    Raises:
        ValueError: It has no zone.
    """
    if time.tzinfo is None:
        raise ValueError("a time without its zone is no time")
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: object) -> object:
    """A field as JSON has it; words of an enumeration are words already."""
    return dataclasses.asdict(value) if isinstance(value, AiAnswer | StudyFacts) else value


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - a field of any act
    """A field as its act has it."""
    if name == "ai" and isinstance(value, Mapping):
        return AiAnswer(**{**value, "light": Light(value["light"])})
    if name == "about" and isinstance(value, Mapping):
        return StudyFacts(**value)
    kinds = {"stage": Stage, "state": ReadingState}
    return kinds[name](value) if name in kinds else value
