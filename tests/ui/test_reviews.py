"""What the reader does in the window is in the journal, and said not to be where it is not."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.store.acts import Act, Reveal
from viewer.store.journal import Journal

from .conftest import Room, digest_of_name, opened


def recorded(room: Room) -> Sequence[Act]:
    with Journal(room.database) as journal:
        return [entry.act for entry in journal.entries()]


@pytest.fixture
def red(room: Room) -> Room:
    """A clip of three frames under a red light."""
    room.session.made.lights = dict.fromkeys(range(3), Light.RED)
    room.open(opened("red.dcm", 3))
    room.work()
    return room


def test_that_a_reveal_by_key_is_recorded_with_what_was_shown(red: Room) -> None:
    QTest.keyClick(red.window, Qt.Key.Key_A)
    red.write()
    (act,) = recorded(red)
    assert isinstance(act, Reveal)
    assert (act.reader, act.frame, act.why) == ("Reader", 0, "red light")
    assert (act.ai.final, act.ai.light, act.ai.bundle) == ("nevus", Light.RED, "made-up 1")
    assert act.subject.digest == digest_of_name(red.desk.clip.path)  # type: ignore[union-attr]


def test_that_a_reveal_by_mouse_is_recorded_once(red: Room) -> None:
    QTest.mouseClick(red.window.reliability.card.anyway, Qt.MouseButton.LeftButton)
    red.window.reliability.card.asked_anyway.emit()
    red.write()
    assert len(recorded(red)) == 1


def test_that_what_cannot_be_written_is_said_until_it_is(red: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise ViewerError("reviews.db: the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", full)
        QTest.keyClick(red.window, Qt.Key.Key_A)
        red.write()
        strip = red.window.unsaved
        assert strip.isVisible()
        assert "One entry is NOT SAVED: reviews.db: the disk is full" in strip.words.toolTip()
        assert not red.window.close()
        assert red.window.isVisible()
    QTest.mouseClick(strip.retry, Qt.MouseButton.LeftButton)
    red.write()
    assert not strip.isVisible()
    assert len(recorded(red)) == 1


def test_that_an_unsaved_entry_does_not_keep_the_window_open_for_ever(
    red: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ViewerError("reviews.db: the disk is full")

    monkeypatch.setattr(Journal, "append", full)
    QTest.keyClick(red.window, Qt.Key.Key_A)
    assert not red.window.close()
    assert red.window.close()


def test_that_closing_waits_for_what_was_asked_for(red: Room) -> None:
    QTest.keyClick(red.window, Qt.Key.Key_A)
    assert red.window.close()
    assert len(recorded(red)) == 1
