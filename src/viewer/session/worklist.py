"""The worklist: studies that are open and those the journal knows, as the same rows in the window and without it."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from viewer.domain.image import Clip, Modality, group_clips, study_of
from viewer.domain.result import Light
from viewer.present.identity import DE_IDENTIFIED, Identity
from viewer.present.texts import tr
from viewer.present.wording import WORST_FIRST, light_word
from viewer.store.acts import ReadingState, StudyFacts, StudyState, Subject
from viewer.store.canonical import spoken
from viewer.store.current import FileStanding, WorklistRow, file_standings, worklist
from viewer.store.journal import Journal


@dataclass(frozen=True, slots=True)
class Marks:
    """What readers did to one clip or picture, as far as it is confirmed.

    Attributes:
        answers: Final answers that hold now, to its frames and to it as a whole.
        key_images: Frames marked as key images now.
    """

    answers: int = 0
    key_images: int = 0


NO_MARKS = Marks()


@dataclass(frozen=True)
class Known:
    """What the journal knows of studies and files.

    Attributes:
        head: Number of its last entry.
        studies: Of the worklist.
        files: What was answered or marked.
        digests: Of files whose content was read, by path.
    """

    head: int = 0
    studies: tuple[WorklistRow, ...] = ()
    files: tuple[FileStanding, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def found(self) -> "_Found":
        """Finds what is known of a file."""
        return _Found(self)


@dataclass(frozen=True, slots=True)
class Told:
    """What the files of a study say of it.

    Attributes:
        file: What to open again.
        patient: As in `StudyRow`.
        about: What study it is, with the number of pictures that are open.
    """

    file: str = field(repr=False)
    patient: str = field(repr=False)
    about: StudyFacts


NOTHING = Known()
"""What an empty journal knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRow:
    """One study of the worklist.

    Attributes:
        study: `Study.uid`.
        file: What to open again.
        patient: Name and number as the files have them; `""` while the study is not open, as neither is kept.
        about: What study it is; None where the journal does not say.
        answered: Pictures and clips with a final answer.
        pictures: Number of pictures and clips; 0 where the journal does not say.
        state: How far its reading is; unread while nobody did anything to it.
        reader: Who brought it there; `""` where nobody did.
        since: When.
        lights: Number of pictures and clips under each light so far, the worst first.
        is_open: Whether its files are open.
    """

    study: str = field(repr=False)
    file: str = field(repr=False)
    patient: str = field(repr=False)
    about: StudyFacts | None
    answered: int
    pictures: int
    state: ReadingState
    reader: str
    since: datetime | None
    lights: Mapping[Light, int]
    is_open: bool

    @property
    def title(self) -> str:
        """What the study is called."""
        return self.about.title if self.about else Path(self.file).name or self.study

    @property
    def share(self) -> float:
        """How much of it is answered, [0, 1]."""
        return self.answered / self.pictures if self.pictures else 0.0


class Sort(StrEnum):
    """Orders of the worklist."""

    OPENED = "opened"
    NAME = "name"
    STATE = "state"
    LIGHT = "light"
    PROGRESS = "progress"
    DATE = "date"


STATES = (ReadingState.UNREAD, ReadingState.IN_REVIEW, ReadingState.DONE)
"""In the order of reading."""


def read_known(journal: Journal, digests: Mapping[str, str], before: Known = NOTHING) -> Known:
    """What a journal knows.

    Args:
        journal: Where it stands.
        digests: Of files whose content was read, by path.
        before: What was read of the same journal before: only what changed since is read again.

    Raises:
        ViewerError: It cannot be read.
    """
    head = journal.head().sequence  # first: what is added meanwhile is read again next time
    studies = {row.study: row for row in before.studies}
    for row in worklist(journal, after=before.head):
        studies.pop(row.study, None)  # the latest change comes last
        studies[row.study] = row
    files = {file.digest: file for file in before.files}
    done = file_standings(journal, after=before.head)
    files.update({file.digest: file for file in done})
    return Known(head, tuple(studies.values()), tuple(files.values()), dict(digests))


def marks_of(clips: Iterable[Clip], known: Known) -> dict[str, Marks]:
    """What readers did to open clips, by path; clips nothing was done to are left out.

    A file is known by its content where that was read, else by its path.
    """
    found = known.found
    standings = {str(clip.path): standing for clip in clips if (standing := found.of(clip)) is not None}
    return {path: Marks(standing.answers, standing.key_images) for path, standing in standings.items()}


def study_rows(
    clips: Sequence[Clip],
    known: Known,
    lights: Mapping[str, Light] | None = None,
    *,
    earlier: bool = True,
    told: dict[str, Told] | None = None,
) -> tuple[StudyRow, ...]:
    """The studies that are open, in the order they were opened, then the others, the latest change last.

    Args:
        clips: That are open.
        known: What the journal knows.
        lights: Of clips that were assessed since they were opened, by path; without one, a clip has the light of its
            latest answer.
        earlier: Whether to tell lights of earlier answers.
        told: What the files say of each study, as it was found out before; it grows.
    """
    if not earlier:
        known = replace(known, files=tuple(replace(file, light=None) for file in known.files))
    now = lights or {}
    found = known.found
    listed = {row.study: row for row in known.studies}
    opened: dict[str, list[Clip]] = {}
    for clip in clips:
        opened.setdefault(spoken(study_of(clip)), []).append(clip)
    kept = {} if told is None else told
    for uid, members in opened.items():
        if uid not in kept or kept[uid].about.pictures != len(members):
            kept[uid] = Told(reopening(members), _patient(members[0]), study_facts(members))
    every = {**opened, **listed}
    return tuple(_row(uid, opened.get(uid, []), kept.get(uid), listed.get(uid), found, now) for uid in every)


def sorted_rows(rows: Iterable[StudyRow], sort: Sort) -> tuple[StudyRow, ...]:
    """Rows in another order; those that are alike stay as they were.

    By light, the study with the most pictures under the worst light comes first; by progress, the one with the least
    done; by date, the latest.
    """
    match sort:
        case Sort.NAME:
            return tuple(sorted(rows, key=lambda row: (row.patient or row.title).casefold()))
        case Sort.STATE:
            return tuple(sorted(rows, key=lambda row: STATES.index(row.state)))
        case Sort.LIGHT:
            return tuple(sorted(rows, key=lambda row: [-row.lights.get(light, 0) for light in WORST_FIRST]))
        case Sort.PROGRESS:
            return tuple(sorted(rows, key=lambda row: row.share))
        case Sort.DATE:
            return tuple(sorted(rows, key=lambda row: row.about.date if row.about else "", reverse=True))
        case Sort.OPENED:
            return tuple(rows)


def matching(
    rows: Iterable[StudyRow], words: str = "", state: ReadingState | None = None, light: Light | None = None
) -> tuple[StudyRow, ...]:
    """Rows that hold every one of some words, are in a state, and have a picture under a light."""
    wanted = words.casefold().split()
    return tuple(
        row
        for row in rows
        if (state is None or row.state is state)
        and (light is None or light in row.lights)
        and all(word in _searched(row) for word in wanted)
    )


def as_many_as_ever(about: StudyFacts, kept: StudyFacts | None) -> StudyFacts:
    """What is told of a study: one that is opened in part has as many pictures as the journal was told before."""
    return replace(about, pictures=kept.pictures) if kept and kept.pictures > about.pictures else about


def study_facts(clips: Sequence[Clip]) -> StudyFacts:
    """What the files of a study say of it.

    Args:
        clips: Of the study that are open; at least one.
    """
    first = clips[0]
    (study,) = group_clips((first,))
    nameless = first.study_uid and not first.study_description
    return StudyFacts(
        title=Path(reopening(clips)).name if nameless else study.title,
        modality=", ".join(sorted({clip.modality.value for clip in clips} - {Modality.UNKNOWN.value})),
        date=first.study_date,
        pictures=len(clips),
    )


def state_of(study: str, file: str, about: StudyFacts | None, state: ReadingState) -> Callable[[str], StudyState]:
    """Makes a reader's act that puts a study into a state.

    Args:
        study: `Study.uid`.
        file: What to open again.
        about: What study it is.
        state: From now on.
    """
    return lambda reader: StudyState(reader=reader, subject=Subject(study=study, file=file), state=state, about=about)


def reopening(clips: Sequence[Clip]) -> str:
    """What to open to have a study again: its only file, the archive it is in, or the folder of all its files."""
    first = clips[0].path
    archive = next((parent for parent in first.parents if parent.suffix.lower() == ".zip"), None)
    if archive is not None:
        return str(archive)
    if len(clips) == 1:
        return str(first)
    folders = {Path(name) for name in {os.path.dirname(clip.path) for clip in clips}}  # noqa: PTH120 - of thousands
    above = {folder.parent for folder in folders}
    return str(first.parent if len(folders) == 1 or len(above) > 1 else above.pop())  # folders of series lie together


def neutral_row(row: StudyRow, number: int) -> StudyRow:
    """A row that does not tell whose study it is, for a display that anybody may read.

    Args:
        row: As it is.
        number: By which the study is called, from 1.
    """
    title = tr("Study {number}").format(number=number)
    about = None if row.about is None else replace(row.about, title=title, date="")
    return replace(row, patient="", file=title, about=about)


def counts_of_states(rows: Iterable[StudyRow]) -> Mapping[ReadingState, int]:
    """Number of studies in each state, in the order of reading."""
    counted = Counter(row.state for row in rows)
    return {state: counted[state] for state in STATES}


def row_record(row: StudyRow) -> dict[str, object]:
    """A row as plain values, for JSON; frames and pictures are numbers, times ISO 8601 in UTC."""
    about = row.about
    return {
        "study": row.study,
        "file": row.file,
        "title": row.title,
        "modality": about.modality if about else "",
        "date": about.date if about else "",
        "pictures": row.pictures,
        "answered": row.answered,
        "state": row.state.value,
        "reader": row.reader,
        "since": row.since.isoformat(timespec="milliseconds") if row.since else None,
        "lights": {light.value: count for light, count in row.lights.items()},
        "open": row.is_open,
    }


class _Found:
    """Finds what is known of a file by its content, else by its path."""

    def __init__(self, known: Known) -> None:
        self._digests = known.digests
        self._by_digest = {standing.digest: standing for standing in known.files}
        self._by_path = {path: standing for standing in known.files for path in standing.files}
        self.by_study: dict[str, list[FileStanding]] = {}
        for standing in known.files:
            for study in standing.studies:
                self.by_study.setdefault(study, []).append(standing)

    def of(self, clip: Clip) -> FileStanding | None:
        path = str(clip.path)
        digest = self._digests.get(path)
        return self._by_path.get(spoken(path)) if digest is None else self._by_digest.get(digest)


def _row(
    uid: str,
    clips: Sequence[Clip],
    told: Told | None,
    listed: WorklistRow | None,
    found: _Found,
    now: Mapping[str, Light],
) -> StudyRow:
    if not clips:
        told = None  # of files that were open once
    standings = [found.of(clip) for clip in clips]
    here = {standing.digest for standing in standings if standing is not None}
    elsewhere = [standing for standing in found.by_study.get(uid, ()) if standing.digest not in here]
    lights = [
        now.get(str(clip.path)) or (standing.light if standing else None)
        for clip, standing in zip(clips, standings, strict=True)
    ]
    counted = Counter(lights + [standing.light for standing in elsewhere])
    answered = sum(1 for standing in (*standings, *elsewhere) if standing is not None and standing.answers)
    kept = listed.about if listed else None
    about = as_many_as_ever(told.about, kept) if told else kept
    touched = any(standing is not None for standing in standings)
    return StudyRow(
        study=uid,
        file=told.file if told else listed.file if listed else "",
        patient=told.patient if told else "",
        about=about,
        answered=answered,
        pictures=max(about.pictures, answered) if about else 0,
        state=listed.state if listed else ReadingState.IN_REVIEW if touched else ReadingState.UNREAD,
        reader=listed.reader if listed else "",
        since=listed.since if listed else None,
        lights={light: counted[light] for light in WORST_FIRST if counted[light]},
        is_open=bool(clips),
    )


def _patient(clip: Clip) -> str:
    """Name and ID as a clinic writes them; `""` where the file has neither."""
    told = Identity().names(clip).patient
    return "" if told == (tr(DE_IDENTIFIED),) else "   ".join(told)


def _searched(row: StudyRow) -> str:
    about = row.about
    parts = [row.patient, row.title, row.file, row.reader, row.state.value]
    parts += [about.modality, about.date] if about else []
    return " ".join([*parts, *(light_word(light) for light in row.lights)]).casefold()
