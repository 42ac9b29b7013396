"""What readers do reaches the journal in order, or waits and says why."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip
from viewer.session.reviewing import Kept, Make, Reviewing
from viewer.store.acts import KeyImage, Review, Stage
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
