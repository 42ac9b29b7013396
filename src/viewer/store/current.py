"""What holds now, derived from the journal each time it is asked for and stored nowhere."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from viewer.domain.result import Light
from viewer.store.acts import Annotation, KeyImage, ReadingState, Review, Stage, StudyState, changed_mind
from viewer.store.canonical import spoken
from viewer.store.entries import Entry
from viewer.store.journal import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistRow:
    """One study of the worklist.

    Attributes:
        study: As in `Subject.study`.
        file: What to open again.
        state: How far its reading is.
        reader: Who brought it there.
        since: When.
        reviewed: Files with a final answer.
        lights: Number of the AI's lights among the latest final answer to each picture or clip.
    """

    study: str = field(repr=False)
    file: str = field(repr=False)
    state: ReadingState
    reader: str
    since: datetime
    reviewed: int
    lights: Mapping[Light, int]


def worklist(journal: Journal) -> tuple[WorklistRow, ...]:
    """Every study ever put on the list, in the order of their latest change."""
    reviewed = dict(journal.rows("SELECT study, count(DISTINCT digest) FROM latest_review GROUP BY study"))
    lights: dict[str, dict[Light, int]] = defaultdict(dict)
    counted = "SELECT study, light, count(*) FROM latest_review WHERE light IS NOT NULL GROUP BY study, light"
    for study, light, count in journal.rows(counted):
        lights[study][Light(light)] = count
    entries = journal.select(StudyState, "SELECT sequence FROM latest_state")
    return tuple(_row(entry, reviewed, lights) for entry in entries)


def study_state(journal: Journal, study: str) -> ReadingState | None:
    """How far the reading of a study is; None where it never was on the list."""
    query = "SELECT sequence FROM latest_state WHERE study = ?"
    entries = journal.select(StudyState, query, (spoken(study),))
    return entries[0].act.state if entries else None


def latest_review(
    journal: Journal, digest: str, frame: int | None, *, reader: str | None = None, stage: Stage = Stage.FINAL
) -> Entry[Review] | None:
    """The latest answer to a picture or clip.

    Args:
        journal: Where it stands.
        digest: Of the file.
        frame: Index from 0; None for the clip as a whole.
        reader: Only this reader's answer; None for anybody's.
        stage: Final answers, or first ones.
    """
    query = (
        "SELECT max(sequence) FROM entry WHERE kind = 'review' AND digest = ? AND frame IS ? AND stage = ? "
        "AND (reader = ? OR ? IS NULL)"
    )
    name = None if reader is None else spoken(reader)
    entries = journal.select(Review, query, (digest, frame, stage.value, name, name))
    return entries[0] if entries else None


def reviews(journal: Journal, digest: str) -> tuple[Entry[Review], ...]:
    """Every answer ever given to a file and its frames, first and final ones, in order."""
    return journal.select(Review, "SELECT sequence FROM entry WHERE kind = 'review' AND digest = ?", (digest,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A reader's first answers beside those of the AI, which were shown afterwards.

    Counted are first answers that were confirmed or changed with the AI's class in view: agreement with a class that
    is still kept back is nothing to tell.

    Attributes:
        first: First answers.
        agreed: Those that were the AI's class.
        changed: Those that the reader changed afterwards.
        to_ai: Those that were changed to the AI's class.
        open: First answers that are neither confirmed nor changed yet.
    """

    first: int
    agreed: int
    changed: int
    to_ai: int
    open: int


def agreement(journal: Journal, reader: str) -> Agreement:
    """How a reader's first answers compare with the AI's, over the whole journal."""
    query = "SELECT sequence FROM entry WHERE kind = 'review' AND reader = ? AND stage = 'first'"
    firsts = {entry.sequence: entry.act for entry in journal.select(Review, query, (spoken(reader),))}
    query = (
        "SELECT max(sequence) FROM entry WHERE kind = 'review' AND reader = ? AND stage = 'final' "
        "AND json_extract(text, '$.content.follows') IS NOT NULL GROUP BY json_extract(text, '$.content.follows')"
    )
    finals = [entry.act for entry in journal.select(Review, query, (spoken(reader),))]
    pairs = [(firsts[last.follows], last) for last in finals if last.follows in firsts]
    told = [(first, last, last.ai.final) for first, last in pairs if last.ai is not None and last.ai_seen]
    changed = [(last, final) for first, last, final in told if changed_mind(first, last)]
    return Agreement(
        first=len(told),
        agreed=sum(first.answer == final for first, _, final in told),
        changed=len(changed),
        to_ai=sum(last.answer == final for last, final in changed),
        open=len(firsts) - len(pairs),
    )


def annotations(journal: Journal, digest: str) -> tuple[Entry[Annotation], ...]:
    """What is drawn on a file's frames now: the latest form of each thing that was not removed."""
    query = "SELECT sequence FROM latest_annotation WHERE digest = ?"
    latest = journal.select(Annotation, query, (digest,))
    return tuple(entry for entry in latest if entry.act.payload is not None)


def key_images(journal: Journal, digest: str) -> frozenset[int]:
    """Frames of a file that are marked as key images now."""
    latest = journal.select(KeyImage, "SELECT sequence FROM latest_key_image WHERE digest = ?", (digest,))
    return frozenset(entry.act.frame for entry in latest if entry.act.marked and entry.act.frame is not None)


def _row(
    entry: Entry[StudyState], reviewed: Mapping[str, int], lights: Mapping[str, Mapping[Light, int]]
) -> WorklistRow:
    act = entry.act
    study = act.subject.study
    return WorklistRow(
        study=study,
        file=act.subject.file,
        state=act.state,
        reader=act.reader,
        since=entry.time,
        reviewed=reviewed.get(study, 0),
        lights=dict(lights.get(study, {})),
    )
