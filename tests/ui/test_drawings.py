"""What is drawn is in the journal, and on the picture again when the file is opened again."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.domain.annotation import Kind
from viewer.domain.errors import ViewerError
from viewer.session.keeping import drawn_on
from viewer.store.acts import Annotation, KeyImage
from viewer.store.journal import Journal

from .conftest import Room, digest_of_name, opened
from .drawing import ALT, CONTROL, MadeHand

Key = Qt.Key


def entries(room: Room) -> list[tuple[str, bool]]:
    """Kind of each entry on a drawing or a mark, and whether it says that something is there."""
    with Journal(room.database) as journal:
        acts = [entry.act for entry in journal.entries()]
    there = {Annotation: lambda act: act.payload is not None, KeyImage: lambda act: act.marked}
    return [(act.kind, there[type(act)](act)) for act in acts if type(act) in there]


@pytest.fixture
def hand(room: Room) -> MadeHand:
    """A clip with one line on its first frame, and a key mark on it."""
    room.open(opened())
    made = MadeHand(room)
    made.key(Key.Key_D)
    made.drag((4, 5), (20, 15))
    made.key(Key.Key_K)
    return made


@pytest.fixture
def later(room: Room, hand: MadeHand, tmp_path: Path, qtbot: Any) -> Room:
    """Another sitting with the same journal."""
    room.write()
    made = Room(room.database)
    made.window.arrange(1200, 800)
    made.window.show()
    qtbot.addWidget(made.window)
    return made


def test_that_what_is_drawn_is_kept_and_comes_back(later, hand):
    later.open(opened())
    assert MadeHand(later).drawn == ()
    later.write()
    assert MadeHand(later).drawn == hand.drawn
    assert MadeHand(later).label == hand.label
    assert later.window.canvas.marks.badge
    assert not later.window.action("undo").isEnabled()
    later.write()
    assert entries(later) == [("annotation", True), ("key-image", True)]


def test_that_it_comes_back_to_a_copy_under_another_name(later, hand, monkeypatch):
    monkeypatch.setattr(
        "viewer.session.reviewing.content_digest", lambda path: digest_of_name(hand.room.desk.clip.path)
    )
    later.open(opened("renamed.dcm"))
    later.write()
    assert MadeHand(later).drawn == hand.drawn


def test_that_what_is_drawn_before_it_came_back_is_not_lost(later, hand):
    later.open(opened())
    mine = MadeHand(later)
    mine.key(Key.Key_E)
    mine.drag((22, 2), (30, 8))
    later.write()
    assert [entry.kind for entry in mine.drawn] == [Kind.DISTANCE, Kind.ELLIPSE]
    mine.key(Key.Key_Z, CONTROL)
    assert mine.drawn == hand.drawn
    later.write()
    assert entries(later) == [("annotation", True), ("key-image", True), ("annotation", True), ("annotation", False)]


def test_that_deleting_and_undoing_what_came_back_is_kept(later, hand):
    later.open(opened())
    later.write()
    mine = MadeHand(later)
    mine.click((12, 10))
    mine.key(Key.Key_Delete)
    later.write()
    assert entries(later)[2:] == [("annotation", False)]
    mine.key(Key.Key_Z, CONTROL)
    later.write()
    assert entries(later)[3:] == [("annotation", True)]
    assert mine.drawn == hand.drawn


def test_that_opening_a_clip_twice_brings_nothing_back_twice(room, hand):
    room.write()
    room.window.desk.show_clip(room.desk.clip)
    room.settle()
    room.write()
    assert len(hand.drawn) == 1
    assert len(entries(room)) == 2


def test_that_looking_at_a_picture_begins_no_journal(room):
    room.open(opened())
    room.write()
    assert not room.database.exists()


def test_that_a_drawing_that_cannot_be_kept_stays_and_is_said(room, hand, monkeypatch):
    def full(*_: object) -> None:
        raise ViewerError("reviews.db: the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", full)
        room.write()
        assert "2 entries are NOT SAVED: reviews.db: the disk is full" in room.window.unsaved.words.text()
        assert len(hand.drawn) == 1
    QTest.mouseClick(room.window.unsaved.retry, Qt.MouseButton.LeftButton)
    room.write()
    assert not room.window.unsaved.isVisible()
    assert entries(room) == [("annotation", True), ("key-image", True)]


def test_that_a_journal_that_cannot_be_read_is_said_and_asked_again(later, hand, monkeypatch):
    def damaged(*_: object) -> None:
        raise ViewerError("reviews.db: it is damaged")

    with monkeypatch.context() as broken:
        broken.setattr("viewer.session.keeping.current.annotations", damaged)
        later.open(opened("clip.dcm"), opened("other.dcm"))
        later.write()
        assert later.window.problems.isVisible()
        assert MadeHand(later).drawn == ()
    later.window.desk.show_clip(later.window.series.clips.clips[1])
    later.window.desk.show_clip(later.window.series.clips.clips[0])
    later.settle()
    later.write()
    assert MadeHand(later).drawn == hand.drawn


def test_that_closing_keeps_what_keys_have_just_moved(room, hand):
    room.write()
    hand.click((12, 10))
    hand.key(Key.Key_Right, ALT)
    moved = hand.drawn
    room.window.close()
    with Journal(room.database) as journal:
        assert drawn_on(journal, room.desk.clip, digest_of_name(room.desk.clip.path)).annotations[:1] == moved
