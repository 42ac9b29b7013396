"""What readers do reaches the journal in order, or waits and says why."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, study_of
from viewer.domain.result import Light
from viewer.session.reviewing import Begin, Kept, Make, Reviewing
from viewer.session.worklist import state_of
from viewer.store.acts import Act, AiAnswer, KeyImage, ReadingState, Reveal, Review, Stage, StudyState, Subject
from viewer.store.current import Agreement
from viewer.store.entries import Entry
from viewer.store.journal import Journal
from viewer.testing.executor import ExecutorByHand


def mark(frame: int) -> Make:
    return lambda reader, subject: KeyImage(reader=reader, subject=subject, frame=frame)


def say(answer: str, stage: Stage) -> Make:
    return lambda reader, subject: Review(
        reader=reader, subject=subject, frame=0, answer=answer, ai=None, ai_seen=False, stage=stage
    )


class Desk:
    """A journal that can be taken away, and what was told of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.there = True
        self.told: list[Kept] = []
        self.thread = ExecutorByHand()
        self.reviewing = Reviewing(self.open, self.thread, "Reader", self.told.append)

    def open(self) -> Journal:
        if not self.there:
            raise ViewerError("reviews.db: the disk is full")
        return Journal(self.folder / "reviews.db")

    def clip(self, name: str = "a.png", content: bytes = b"a") -> Clip:
        path = self.folder / name
        path.write_bytes(content)
        return Clip(path=path, kind="image", frames=9, rows=1, columns=1, photometric="RGB")

    def frames(self) -> list[int | None]:
        with Journal(self.folder / "reviews.db") as journal:
            return [entry.act.frame for entry in journal.entries()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_that_nothing_is_confirmed_before_it_is_on_disk(desk: Desk) -> None:
    desk.reviewing.record(desk.clip(), mark(1))
    assert (desk.told, desk.reviewing.waiting) == ([], 1)
    desk.thread.run_all()
    (kept,) = desk.told
    assert (kept.unsaved, kept.sentence) == (0, "")
    assert kept.confirmed[0].act.subject.digest == hashlib.sha256(b"a").hexdigest()
    assert kept.confirmed[0].act.subject.study == f"folder:{desk.folder.as_posix()}"
    assert kept.confirmed[0].act.reader == "Reader"
    desk.reviewing.close()
    assert desk.frames() == [1]


def test_that_a_journal_that_fails_loses_nothing_and_keeps_the_order(desk: Desk) -> None:
    desk.there = False
    desk.reviewing.record(desk.clip(), mark(1))
    desk.reviewing.record(desk.clip(), mark(2))
    desk.thread.run_all()
    assert desk.told[-1] == Kept((), 2, "reviews.db: the disk is full")
    desk.there = True
    desk.reviewing.record(desk.clip(), mark(3))
    desk.thread.run_all()
    assert [entry.act.frame for entry in desk.told[-1].confirmed] == [1, 2, 3]
    desk.reviewing.close()
    assert desk.frames() == [1, 2, 3]


def test_that_a_file_that_is_gone_holds_up_no_other(desk: Desk) -> None:
    gone, there = desk.clip("gone.png"), desk.clip()
    gone.path.unlink()
    desk.reviewing.record(gone, mark(1))
    desk.reviewing.record(there, mark(2))
    desk.thread.run_all()
    kept = desk.told[-1]
    assert kept.unsaved == 1
    assert "gone.png" in kept.sentence
    gone.path.write_bytes(b"back")
    desk.reviewing.retry()
    desk.thread.run_all()
    assert desk.told[-1].unsaved == 0
    desk.reviewing.close()
    assert desk.frames() == [2, 1]


def test_that_a_final_answer_follows_the_first_one_even_where_both_had_to_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = iter([True, False])

    def sometimes(journal: Journal, act: object) -> object:
        if next(failing, False):
            raise ViewerError("reviews.db: the disk is full")
        return written(journal, act)

    written = Journal.append
    monkeypatch.setattr(Journal, "append", sometimes)
    clip = desk.clip()
    desk.reviewing.record(clip, say("nevus", Stage.FIRST))
    desk.reviewing.record(clip, say("melanoma", Stage.FINAL))
    desk.thread.run_all()
    first, final = desk.told[-1].confirmed or desk.told[-2].confirmed
    assert isinstance(first.act, Review)
    assert isinstance(final.act, Review)
    assert (first.act.stage, final.act.follows) == (Stage.FIRST, first.sequence)


def test_that_every_earlier_answer_and_their_agreement_are_told(desk: Desk) -> None:
    given: list[tuple[Entry[Review], ...]] = []
    compared: list[Agreement] = []
    clip = desk.clip()
    desk.reviewing.record(clip, say("nevus", Stage.FIRST))
    desk.reviewing.recall(clip, given.append)
    desk.reviewing.agreement(compared.append)
    desk.thread.run_all()
    assert [[entry.act.answer for entry in entries] for entries in given] == [["nevus"]]
    assert compared == [Agreement(first=0, agreed=0, changed=0, to_ai=0, open=1)]


def test_that_finishing_says_what_is_still_not_saved(desk: Desk) -> None:
    desk.there = False
    desk.reviewing.record(desk.clip(), mark(1))
    assert desk.reviewing.finish() == 1
    desk.there = True
    assert desk.reviewing.finish() == 0
    desk.reviewing.close()


def test_that_a_fault_of_the_viewer_is_one_sentence(desk: Desk) -> None:
    desk.reviewing.record(desk.clip(), mark(-1))
    desk.thread.run_all()
    assert desk.told[-1] == Kept((), 1, "this ended in a fault of the viewer (ValueError)")
    desk.reviewing.close()


def test_that_it_writes_on_its_own_thread_and_ends_it(tmp_path: Path) -> None:
    seen: list[str] = []
    reviewing = Reviewing(
        lambda: Journal(tmp_path / "reviews.db"),
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="own"),
        "Reader",
        lambda kept: seen.append(threading.current_thread().name),
    )
    reviewing.record(Desk(tmp_path).clip(), mark(1))
    reviewing.close()
    assert len(seen) == 1
    assert seen[0].startswith("own")


def begin(reader: str) -> StudyState:
    return StudyState(reader=reader, subject=Subject(study="scans", file="scans"), state=ReadingState.IN_REVIEW)


def states(desk: Desk) -> list[ReadingState]:
    with Journal(desk.folder / "reviews.db") as journal:
        return [entry.act.state for entry in journal.entries() if isinstance(entry.act, StudyState)]


def begin_of(desk: Desk) -> Begin:
    study = study_of(desk.clip())
    return lambda reader: StudyState(
        reader=reader, subject=Subject(study=study, file="scans"), state=ReadingState.IN_REVIEW
    )


def test_that_the_first_act_begins_the_reading_of_a_study_and_later_ones_do_not(desk: Desk) -> None:
    for frame in range(3):
        desk.reviewing.record(desk.clip(), mark(frame), begin_of(desk))
    desk.thread.run_all()
    kinds = [entry.act.kind for kept in desk.told for entry in kept.confirmed]
    assert kinds == ["key-image", "study", "key-image", "key-image"]
    desk.reviewing.close()
    assert states(desk) == [ReadingState.IN_REVIEW]


def test_that_only_what_is_done_to_a_picture_begins_the_reading(desk: Desk) -> None:
    ai = AiAnswer(predicted="a", final="a", trust=None, light=Light.RED, bundle="b 1", bundle_digest="b" * 64)
    desk.reviewing.record(
        desk.clip(), lambda reader, subject: Reveal(reader=reader, subject=subject, ai=ai, why="red"), begin_of(desk)
    )
    desk.reviewing.close()
    assert states(desk) == []


def test_that_a_study_that_is_done_stays_done_when_an_answer_is_added(desk: Desk) -> None:
    study = study_of(desk.clip())
    desk.reviewing.record_state(state_of(study, "scans", None, ReadingState.DONE))
    desk.reviewing.record(desk.clip(), mark(1), begin_of(desk))
    desk.reviewing.close()
    assert states(desk) == [ReadingState.DONE]


def test_that_a_state_that_cannot_be_written_is_tried_again_without_its_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Journal.append

    def refusing(journal: Journal, act: Act) -> object:
        if isinstance(act, StudyState):
            raise ViewerError("reviews.db: the disk is full")
        return append(journal, act)

    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", refusing)
        desk.reviewing.record(desk.clip(), mark(1), begin_of(desk))
        desk.thread.run_all()
    assert [entry.act.kind for entry in desk.told[-1].confirmed] == ["key-image"]
    assert desk.told[-1].unsaved == 1
    desk.reviewing.retry()
    desk.reviewing.close()
    assert states(desk) == [ReadingState.IN_REVIEW]


def test_that_looking_begins_no_journal(desk: Desk) -> None:
    told: list[object] = []
    reviewing = Reviewing(desk.open, desk.thread, "Reader", desk.told.append, begun=lambda: False)
    reviewing.survey(told.append)
    reviewing.export(desk.folder / "out.csv", told.append)
    desk.thread.run_all()
    (error,) = told
    assert str(error) == "there are no reviews yet: nothing is exported"
    assert list(desk.folder.iterdir()) == []


def test_that_a_survey_tells_what_changed_since_the_last_one_whoever_wrote_it(desk: Desk) -> None:
    told: list[Any] = []
    desk.reviewing.record(desk.clip(), mark(1))
    for _ in range(2):
        desk.reviewing.survey(told.append)
    desk.thread.run_all()
    assert [(known.head, len(known.files), known.studies) for known in told] == [(1, 1, ())]
    with Journal(desk.folder / "reviews.db") as other:
        other.append(begin("somebody else"))
    desk.reviewing.survey(told.append)
    desk.thread.run_all()
    assert [row.reader for row in told[-1].studies] == ["somebody else"]
    desk.reviewing.close()


def test_that_a_journal_that_cannot_be_read_is_told(desk: Desk) -> None:
    told: list[object] = []
    desk.there = False
    desk.reviewing.survey(told.append)
    desk.thread.run_all()
    assert [str(error) for error in told] == ["reviews.db: the disk is full"]


def test_that_an_export_says_how_many_entries_it_wrote_or_why_none(desk: Desk) -> None:
    told: list[object] = []
    desk.reviewing.record(desk.clip(), mark(1))
    for name in ("all.csv", "all.doc"):
        desk.reviewing.export(desk.folder / name, told.append)
    desk.reviewing.close()
    assert told[0] == 1
    assert (desk.folder / "all.csv").read_text(encoding="utf-8").count("\n") == 2
    assert str(told[1]).endswith("all.doc: an export's name ends in .csv, .json, .html")
