"""A journal whose clock is set by hand, and a reader who does whatever a test asks for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from viewer.domain.result import Light
from viewer.store.acts import (
    AiAnswer,
    Annotation,
    KeyImage,
    Override,
    ReadingState,
    Reveal,
    Review,
    Stage,
    StudyState,
    Subject,
)
from viewer.store.journal import Journal


class Clock:
    """Goes on by a second whenever somebody looks."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Reader:
    """Makes acts of one reader on one picture; every word of an act may be changed."""

    subject = Subject(study="1.2", series="1.2.3", file="scans/a.dcm", digest="a" * 64)
    ai = AiAnswer(
        predicted="nevus", final="nevus", trust=0.75, light=Light.AMBER, bundle="skin 1", bundle_digest="b" * 64
    )

    def review(self, answer: str = "nevus", **changes: object) -> Review:
        act = Review(reader="anna", subject=self.subject, frame=2, answer=answer, ai=self.ai, ai_seen=True)
        return replace(act, **changes)

    def first(self, answer: str = "nevus", **changes: object) -> Review:
        return self.review(answer, ai_seen=False, stage=Stage.FIRST, **changes)

    def override(self, **changes: object) -> Override:
        act = Override(
            reader="anna",
            subject=self.subject,
            frame=2,
            what="class",
            shown="nevus",
            chosen="melanoma",
            ai=self.ai,
            reason="streaks",
        )
        return replace(act, **changes)

    def reveal(self, **changes: object) -> Reveal:
        act = Reveal(reader="anna", subject=self.subject, frame=2, ai=self.ai, why="the light is red")
        return replace(act, **changes)

    def annotation(self, item: str = "line 1", **changes: object) -> Annotation:
        act = Annotation(
            reader="anna", subject=self.subject, frame=2, item=item, payload={"ends": [[1, 2.5], [3, 4]], "text": "µ"}
        )
        return replace(act, **changes)

    def key_image(self, frame: int = 2, *, marked: bool = True, **changes: object) -> KeyImage:
        return replace(KeyImage(reader="anna", subject=self.subject, frame=frame, marked=marked), **changes)

    def study(self, state: ReadingState, study: str = "1.2", reader: str = "anna") -> StudyState:
        return StudyState(reader=reader, subject=Subject(study=study, file=f"scans/{study}"), state=state)

    def everything(self) -> tuple[object, ...]:
        """One act of every kind."""
        return (
            self.study(ReadingState.UNREAD),
            self.first(),
            self.review(follows=2, note="sure\nnow"),
            self.override(),
            self.reveal(),
            self.annotation(),
            self.key_image(),
        )


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own folder" / "reviews.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[[], Journal]]:
    """Opens the journal as often as is asked for, and closes it in the end."""
    journals: list[Journal] = []

    def open_journal() -> Journal:
        journals.append(Journal(path, clock=Clock()))
        return journals[-1]

    yield open_journal
    for journal in journals:
        journal.close()


@pytest.fixture
def journal(opened: Callable[[], Journal]) -> Journal:
    return opened()
