"""What holds now, derived from the journal each time it is asked for and stored nowhere."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from viewer.domain.result import Light
from viewer.present.wording import WORST_FIRST
from viewer.store.acts import (
    Annotation,
    KeyImage,
    ReadingState,
    Review,
    Stage,
    StudyFacts,
    StudyState,
    changed_mind,
)
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
        about: What study it is; None where the journal does not say.
    """

    study: str = field(repr=False)
    file: str = field(repr=False)
    state: ReadingState
    reader: str
    since: datetime
    about: StudyFacts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStanding:
    """What holds now for the content of one file.

    Attributes:
        digest: Of the file.
        studies: Which it was answered or marked in, as in `Subject.study`.
        files: Paths under which it was.
        answers: Frames with a final answer, and one more where the clip as a whole has one.
        light: The AI's light at the latest answer to the clip as a whole, else the worst one at those to its frames;
            None where no answer had any.
        key_images: Frames marked as key images.
    """

    digest: str
    studies: frozenset[str] = field(repr=False)
    files: frozenset[str] = field(repr=False)
    answers: int
    light: Light | None
    key_images: int


def worklist(journal: Journal, *, after: int = 0) -> tuple[WorklistRow, ...]:
    """Every study ever put on the list, in the order of their latest change.

    Args:
        journal: Where they stand.
        after: Only studies that changed in entries with a higher number.
    """
    entries = journal.select(StudyState, "SELECT sequence FROM latest_state WHERE sequence > ?", (after,))
    return tuple(_row(entry) for entry in entries)


def file_standings(journal: Journal, *, after: int = 0) -> tuple[FileStanding, ...]:
    """Every file that was ever answered or marked, by its content.

    Args:
        journal: Where they stand.
        after: Only files that something was done to in entries with a higher number.
    """
    done = journal.rows("SELECT DISTINCT digest FROM entry WHERE sequence > ?", (after,)) if after else ()
    only = json.dumps([digest for (digest,) in done]) if after else None
    found: dict[str, _Found] = defaultdict(_Found)
    answers = (
        "SELECT r.study, r.digest, r.frame, r.light, json_extract(text, '$.subject.file') "
        "FROM latest_review r JOIN entry USING (sequence) "
        "WHERE ?1 IS NULL OR r.digest IN (SELECT value FROM json_each(?1)) "
        "ORDER BY sequence"  # the latest has the say, in any study
    )
    for study, digest, frame, light, file in journal.rows(answers, (only,)):
        found[digest].studies.add(study)
        found[digest].files.add(file)
        found[digest].lights[frame] = None if light is None else Light(light)
    marks = (
        "SELECT study, k.digest, json_extract(text, '$.subject.file'), json_extract(text, '$.content.marked') "
        "FROM latest_key_image k JOIN entry USING (sequence) "
        "WHERE ?1 IS NULL OR k.digest IN (SELECT value FROM json_each(?1))"
    )
    for study, digest, file, marked in journal.rows(marks, (only,)):
        found[digest].studies.add(study)
        found[digest].files.add(file)
        found[digest].key_images += marked
    return tuple(standing.standing(digest) for digest, standing in found.items())


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


class Comparison:
    """Compares a reader's first answers with the AI's over a whole journal; each time it reads only what is new."""

    def __init__(self, reader: str) -> None:
        """Begin with nothing read."""
        self._reader = spoken(reader)
        self._read = 0
        self._firsts: dict[int, Review] = {}
        self._finals: dict[int, Review] = {}

    def agreement(self, journal: Journal) -> Agreement:
        """How things stand in the journal; always the same one."""
        query = "SELECT sequence FROM entry WHERE kind = 'review' AND sequence > ? AND reader = ?"
        for entry in journal.select(Review, query, (self._read, self._reader)):
            self._read = entry.sequence
            if entry.act.stage is Stage.FIRST:
                self._firsts[entry.sequence] = entry.act
            elif entry.act.follows is not None:
                self._finals[entry.act.follows] = entry.act
        pairs = [(self._firsts[follows], last) for follows, last in self._finals.items()]
        told = [(first, last, last.ai.final) for first, last in pairs if last.ai is not None and last.ai_seen]
        changed = [(last, final) for first, last, final in told if changed_mind(first, last)]
        return Agreement(
            first=len(told),
            agreed=sum(first.answer == final for first, _, final in told),
            changed=len(changed),
            to_ai=sum(last.answer == final for last, final in changed),
            open=len(self._firsts) - len(pairs),
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


@dataclass(slots=True)
class _Found:
    """A `FileStanding` while it is put together; `lights` by frame, also of answers without any."""

    studies: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    lights: dict[int | None, Light | None] = field(default_factory=dict)
    key_images: int = 0

    def standing(self, digest: str) -> FileStanding:
        lights = set(self.lights.values()) - {None}
        worst = next((light for light in WORST_FIRST if light in lights), None)
        return FileStanding(
            digest=digest,
            studies=frozenset(self.studies),
            files=frozenset(self.files),
            answers=len(self.lights),
            light=self.lights.get(None) or worst,
            key_images=self.key_images,
        )


def _row(entry: Entry[StudyState]) -> WorklistRow:
    act = entry.act
    return WorklistRow(
        study=act.subject.study,
        file=act.subject.file,
        state=act.state,
        reader=act.reader,
        since=entry.time,
        about=act.about,
    )
