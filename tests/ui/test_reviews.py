"""What the reader does in the window is in the journal, and said not to be where it is not."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.store.acts import Act, Reveal, Review, StudyState
from viewer.store.journal import Journal

from .conftest import Room, digest_of_name, opened


def recorded(room: Room) -> Sequence[Act]:
    with Journal(room.database) as journal:
        return [entry.act for entry in journal.entries() if not isinstance(entry.act, StudyState)]


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
        assert "One entry is NOT SAVED: reviews.db: the disk is full" in strip.words.text()
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


@pytest.fixture
def grey(room: Room) -> Room:
    """A clip of three frames whose answers are on screen."""
    room.open(opened("grey.dcm", 3))
    room.work()
    return room


def test_that_an_answer_is_confirmed_by_keys_once_it_is_on_disk(grey: Room) -> None:
    window = grey.window
    QTest.keyClick(window, Qt.Key.Key_5)
    assert window.focusWidget() is window.review.answers
    QTest.keyClicks(window.review.answers, "mel")
    QTest.keyClick(window.review.answers, Qt.Key.Key_Tab)
    QTest.keyClicks(window.focusWidget(), "border")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.review.before.text() == "Saving … melanoma"
    grey.write()
    assert window.review.before.text().startswith("Confirmed: melanoma, Reader, ")
    assert window.review.before.text().endswith(" – border")
    (act,) = recorded(grey)
    assert isinstance(act, Review)
    assert (act.frame, act.answer, act.ai_seen, act.agrees, act.note) == (0, "melanoma", True, False, "border")


def test_that_agreeing_takes_the_class_of_the_ai(grey: Room) -> None:
    review = grey.window.review
    QTest.mouseClick(review.agree, Qt.MouseButton.LeftButton)
    QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
    grey.write()
    (act,) = recorded(grey)
    assert isinstance(act, Review)
    assert (act.answer, act.agrees) == ("nevus", True)


def test_that_nobody_can_agree_with_what_is_withheld(red: Room) -> None:
    review = red.window.review
    assert not review.agree.isEnabled()
    review.answers.setCurrentIndex(review.answers.findData("unsure"))
    QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
    QTest.keyClick(red.window, Qt.Key.Key_A)
    assert review.agree.isEnabled()
    red.write()
    answer, reveal = recorded(red)
    assert isinstance(answer, Review)
    assert isinstance(reveal, Reveal)
    assert (answer.answer, answer.ai_seen) == ("unsure", False)


def test_that_an_answer_that_is_not_saved_stays_on_screen_as_such(
    grey: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ViewerError("reviews.db: the disk is full")

    review = grey.window.review
    with monkeypatch.context() as broken:
        broken.setattr(Journal, "append", full)
        review.answers.setCurrentIndex(2)
        QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
        grey.write()
        assert review.before.text() == "NOT SAVED: melanoma"
    QTest.mouseClick(grey.window.unsaved.retry, Qt.MouseButton.LeftButton)
    grey.write()
    assert review.before.text().startswith("Confirmed: melanoma")


def test_that_earlier_answers_are_found_by_the_content_of_the_file(grey: Room) -> None:
    review, clip = grey.window.review, grey.desk.clip
    assert clip is not None
    review.answers.setCurrentIndex(1)
    QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
    grey.write()
    grey.window.answering._confirmed.clear()
    grey.window.player.seek(1)
    grey.settle()
    assert review.before.text() == "Not answered yet"
    grey.desk.show_clip(clip)
    grey.settle()
    grey.write()
    assert review.before.text().startswith("Confirmed: nevus")


def test_that_a_clip_as_a_whole_has_an_answer_of_its_own(grey: Room) -> None:
    review = grey.window.review
    review.whole.setChecked(True)
    assert review.subject.text() == "The clip as a whole"
    review.answers.setCurrentIndex(1)
    QTest.mouseClick(review.confirm, Qt.MouseButton.LeftButton)
    grey.write()
    (act,) = recorded(grey)
    assert act.frame is None
    review.whole.setChecked(False)
    assert review.before.text() == "Not answered yet"


def test_that_a_new_picture_begins_without_an_answer(grey: Room) -> None:
    review = grey.window.review
    review.answers.setCurrentIndex(1)
    grey.window.player.seek(1)
    grey.settle()
    assert review.subject.text() == "Frame 2 of 3"
    assert review.answers.currentIndex() == 0
    assert not review.confirm.isEnabled()


def test_that_the_answers_keep_arrows_and_letters_while_they_have_the_focus(grey: Room) -> None:
    window = grey.window
    looped = window.action("loop").isChecked()
    QTest.keyClick(window, Qt.Key.Key_5)
    QTest.keyClick(window.review.answers, Qt.Key.Key_Down)
    QTest.keyClick(window.review.answers, Qt.Key.Key_L)
    assert window.review.answers.currentData() == "nevus"
    assert window.action("loop").isChecked() == looped
