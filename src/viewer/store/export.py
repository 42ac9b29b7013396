"""The journal as a table for a spreadsheet, as a page for a browser, and as JSON that keeps the chain."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from viewer.present.colours import look
from viewer.present.rows import Row, path_text, text
from viewer.present.templates import rendered
from viewer.present.wording import RESEARCH_USE, class_word, percent
from viewer.store.acts import (
    KINDS,
    Act,
    AiAnswer,
    Annotation,
    KeyImage,
    Override,
    Reveal,
    Review,
    Stage,
    StudyState,
    changed_mind,
)
from viewer.store.canonical import canonical
from viewer.store.entries import Entry, entry_text, time_text
from viewer.store.journal import Head, Journal

FORMAT = 1
"""Of the exported JSON."""

COLUMNS = (
    *("sequence", "time", "kind", "reader", "study", "series", "file", "digest", "frame"),
    *("stage", "answer", "first_answer", "changed_mind", "agrees", "ai_seen"),
    *("ai_predicted", "ai_final", "ai_trust", "ai_light", "bundle", "bundle_digest"),
    *("detail", "note", "hash"),
)
"""Of the table: one row for each entry; a cell is empty where the entry says nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What is exported.

    Attributes:
        head: End of the journal it was read from.
        entries: In order.
        firsts: Every first answer in the journal, by the number of its entry.
        at: When it was read.
    """

    head: Head
    entries: tuple[Entry[Act], ...]
    firsts: Mapping[int, Review]
    at: datetime


def read_for_export(
    journal: Journal, at: datetime, *, kinds: Iterable[str] = KINDS, latest: bool = False
) -> Exported:
    """Read what is to be exported.

    Args:
        journal: Where it stands.
        at: The time, with its zone.
        kinds: Of acts; all by default.
        latest: Of the reviews, only each reader's latest final answer to each picture or clip.

    Raises:
        ViewerError: The journal cannot be read.
    """
    every = tuple(journal.entries())
    final: dict[tuple[str, str, int | None], int] = {}
    firsts: dict[int, Review] = {}
    for entry in every:
        act = entry.act
        if isinstance(act, Review) and act.stage is Stage.FIRST:
            firsts[entry.sequence] = act
        elif isinstance(act, Review):
            final[act.reader, act.subject.digest, act.frame] = entry.sequence
    wanted, standing = frozenset(kinds), frozenset(final.values())
    kept = (
        entry
        for entry in every
        if entry.act.kind in wanted
        and (not latest or not isinstance(entry.act, Review) or entry.sequence in standing)
    )
    head = Head(every[-1].sequence, every[-1].hash) if every else journal.head()
    return Exported(head=head, entries=tuple(kept), firsts=firsts, at=at)


def csv_text(exported: Exported) -> str:
    """One row for each entry, under a header."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(entry_row(entry, exported.firsts) for entry in exported.entries)
    return buffer.getvalue()


def json_text(exported: Exported) -> str:
    """The entries as they are chained, each with its hash: docs/reviews.md says how to check them."""
    record = {
        "format": FORMAT,
        "exported": time_text(exported.at),
        "viewer": version("reliability-viewer"),
        "head": {"sequence": exported.head.sequence, "hash": exported.head.hash},
        "entries": [
            json.loads(entry_text(entry.sequence, entry.time, entry.act)) | {"hash": entry.hash}
            for entry in exported.entries
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def html_text(exported: Exported) -> str:
    """A page that stands alone, for a person."""
    return rendered(
        "reviews.html",
        research_use=RESEARCH_USE,
        facts=list(_facts(exported)),
        lines=[_line(entry, exported.firsts) for entry in exported.entries],
    ).decode()


def entry_row(entry: Entry[Act], firsts: Mapping[int, Review]) -> Row:
    """One entry as `COLUMNS` name it; words are one line each, and never a formula for a spreadsheet to run."""
    act, subject = entry.act, entry.act.subject
    row: Row = {
        **dict.fromkeys(COLUMNS, ""),
        "sequence": entry.sequence,
        "time": time_text(entry.time),
        "kind": act.kind,
        "reader": text(act.reader),
        "study": path_text(subject.study),
        "series": text(subject.series),
        "file": path_text(subject.file),
        "digest": subject.digest,
        "frame": act.frame,
        "detail": text(_detail(act)),
        "note": text(_note(act)),
        "hash": entry.hash,
    }
    if isinstance(act, Review):
        first = _first(act, firsts)
        row |= {
            "stage": act.stage.value,
            "answer": text(act.answer),
            "first_answer": text(first.answer) if first else "",
            "changed_mind": _yes(changed_mind(first, act)),
            "agrees": _yes(act.agrees),
            "ai_seen": _yes(act.ai_seen),
        }
    ai = _ai(act)
    if ai is not None:
        row |= {
            "ai_predicted": text(ai.predicted),
            "ai_final": text(ai.final),
            "ai_trust": ai.trust,
            "ai_light": ai.light.value,
            "bundle": text(ai.bundle),
            "bundle_digest": ai.bundle_digest,
        }
    return row


def _facts(exported: Exported) -> Iterator[tuple[str, str]]:
    """What stands above the table."""
    acts = [entry.act for entry in exported.entries]
    final = [act for act in acts if isinstance(act, Review) and act.stage is Stage.FINAL]
    judged = [act for act in final if act.agrees is not None]
    changes = [changed_mind(_first(act, exported.firsts), act) for act in final]
    yield "Exported", f"{time_text(exported.at)} by viewer {version('reliability-viewer')}"
    counts = Counter(act.kind for act in acts)
    yield "Entries", ", ".join(f"{kind}: {counts[kind]}" for kind in KINDS if counts[kind]) or "none"
    yield "Readers", ", ".join(sorted({act.reader for act in acts})) or "none"
    yield "Final answers that agree with the AI", f"{sum(act.agrees is True for act in judged)} of {len(judged)}"
    read_first = [change for change in changes if change is not None]
    yield "Final answers that changed a first one", f"{sum(read_first)} of {len(read_first)}"
    yield "End of the journal", f"entry {exported.head.sequence}, {exported.head.hash}"


def _line(entry: Entry[Act], firsts: Mapping[int, Review]) -> dict[str, object]:
    """One entry in words."""
    act = entry.act
    review = act if isinstance(act, Review) else None
    first = _first(act, firsts) if review else None
    ai = _ai(act)
    return {
        "sequence": entry.sequence,
        "time": time_text(entry.time),
        "reader": act.reader,
        "kind": "first answer" if review and review.stage is Stage.FIRST else act.kind,
        "file": path_text(act.subject.file),
        "frame": "" if act.frame is None else f"frame {act.frame + 1}",
        "answer": class_word(review.answer) if review else "",
        "before": class_word(first.answer) if first and review and first.answer != review.answer else "",
        "agrees": {True: "agrees", False: "disagrees", None: ""}[review.agrees if review else None],
        "ai": None
        if ai is None
        else {"final": class_word(ai.final), "trust": percent(ai.trust), "bundle": ai.bundle},
        "light": None if ai is None else look(ai.light, "light"),
        "detail": _detail(act),
        "note": _note(act),
    }


def _detail(act: Act) -> str:
    """What the other columns have no place for."""
    match act:
        case Override():
            return f"{act.what}: {act.shown} → {act.chosen}"
        case Reveal():
            return f"withheld: {act.why}"
        case Annotation():
            form = "removed" if act.payload is None else canonical(act.payload)
            return f"{act.item} (form {act.payload_schema}): {form}"
        case KeyImage():
            return "marked" if act.marked else "mark taken away"
        case StudyState():
            return act.state.value
    return ""


def _note(act: Act) -> str:
    """The reader's own words."""
    match act:
        case Review():
            return act.note
        case Override():
            return act.reason
    return ""


def _ai(act: Act) -> AiAnswer | None:
    return act.ai if isinstance(act, Review | Override | Reveal) else None


def _first(act: Act, firsts: Mapping[int, Review]) -> Review | None:
    """The first answer that a review confirms or changes."""
    return firsts.get(act.follows) if isinstance(act, Review) and act.follows is not None else None


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]
