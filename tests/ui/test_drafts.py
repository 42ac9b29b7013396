"""An answer that was begun is neither lost when another frame comes up nor silently when the window closes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from .conftest import Room, opened


@pytest.fixture
def grey(room: Room) -> Room:
    """A clip of three frames whose answers are on screen."""
    room.open(opened("grey.dcm", 3), opened("other.dcm", 2))
    room.work()
    return room


def begin(room: Room, *, note: str = "", answer: str = "") -> None:
    """Enter by keys, without confirming."""
    review = room.window.review
    if answer:
        QTest.keyClicks(review.answers, answer)
    QTest.keyClicks(review.note, note)


def go(room: Room, frame: int) -> None:
    room.window.player.seek(frame)
    room.settle()


def entered(room: Room) -> tuple[str | None, str]:
    return room.window.review.answers.currentData(), room.window.review.note.text()


def button(room: Room, text: str) -> QPushButton:
    return next(made for made in room.window.unconfirmed.buttons if made.text().replace("&", "") == text)


def test_that_what_was_begun_waits_for_its_frame(grey: Room) -> None:
    begin(grey, answer="mel", note="border")
    go(grey, 1)
    assert entered(grey) == (None, "")
    go(grey, 0)
    assert entered(grey) == ("melanoma", "border")
    assert grey.window.review.confirm.isEnabled()


def test_that_frame_clip_and_whole_clip_are_kept_apart(grey: Room) -> None:
    review = grey.window.review
    begin(grey, note="frame")
    QTest.mouseClick(review.whole, Qt.MouseButton.LeftButton)
    assert entered(grey) == (None, "")
    begin(grey, note="clip")
    clip = grey.desk.clip
    grey.desk.show_clip(grey.window.series.clips.clips[1])
    grey.settle()
    assert entered(grey) == (None, "")
    assert clip is not None
    grey.desk.show_clip(clip)
    grey.settle()
    assert entered(grey) == (None, "frame")
    review.whole.setChecked(True)
    assert entered(grey) == (None, "clip")


def test_that_closing_tells_once_of_what_is_not_confirmed(grey: Room) -> None:
    go(grey, 2)
    begin(grey, note="border")
    assert not grey.window.close()
    strip = grey.window.unconfirmed
    assert strip.isVisible()
    said = "Your answer to grey.dcm, frame 3 is not confirmed. Closing the viewer drops it."
    assert strip.words.text() == said
    assert grey.window.close()


def test_that_names_are_kept_back_where_nobody_shall_read_them(grey: Room) -> None:
    begin(grey, note="border")
    assert not grey.window.close()
    grey.window.action("de_identified").trigger()
    words = grey.window.unconfirmed.words.text()
    assert "is not confirmed" in words
    assert "grey" not in words


def test_that_several_are_counted(grey: Room) -> None:
    begin(grey, note="a")
    go(grey, 1)
    begin(grey, answer="nev")
    go(grey, 2)
    assert not grey.window.close()
    assert grey.window.unconfirmed.words.text().startswith(
        "2 of your answers are not confirmed, the last to grey.dcm, frame 2."
    )


def test_that_the_reader_gets_there_and_confirms(grey: Room) -> None:
    begin(grey, answer="mel")
    grey.desk.show_clip(grey.window.series.clips.clips[1])
    grey.settle()
    assert not grey.window.close()
    QTest.mouseClick(button(grey, "Go there"), Qt.MouseButton.LeftButton)
    grey.settle()
    assert grey.desk.clip is not None
    assert grey.desk.clip.path.name == "grey.dcm"
    assert entered(grey) == ("melanoma", "")
    QTest.mouseClick(grey.window.review.confirm, Qt.MouseButton.LeftButton)
    grey.write()
    assert not grey.window.unconfirmed.isVisible()
    assert grey.window.close()


def test_that_the_reader_goes_to_an_answer_to_the_whole_clip(grey: Room) -> None:
    grey.window.review.whole.setChecked(True)
    begin(grey, note="clip")
    grey.window.review.whole.setChecked(False)
    assert not grey.window.close()
    QTest.mouseClick(button(grey, "Go there"), Qt.MouseButton.LeftButton)
    grey.settle()
    assert grey.window.review.whole.isChecked()
    assert entered(grey) == (None, "clip")


def test_that_the_reader_closes_without(grey: Room) -> None:
    begin(grey, note="border")
    assert not grey.window.close()
    QTest.mouseClick(button(grey, "Close without"), Qt.MouseButton.LeftButton)
    assert not grey.window.isVisible()


def test_that_more_is_told_again(grey: Room) -> None:
    begin(grey, note="border")
    assert not grey.window.close()
    begin(grey, note="s")
    assert not grey.window.close()


def test_that_what_was_confirmed_or_deleted_is_no_longer_begun(grey: Room) -> None:
    begin(grey, answer="mel", note="border")
    QTest.keyClick(grey.window.review.note, Qt.Key.Key_Return)
    grey.write()
    go(grey, 1)
    begin(grey, note="x")
    QTest.keyClick(grey.window.review.note, Qt.Key.Key_Backspace)
    go(grey, 0)
    assert entered(grey) == (None, "")
    assert grey.window.close()


@pytest.mark.parametrize("room", [{"read_first": True}], indirect=True)
def test_that_a_first_answer_offered_again_is_not_begun_by_the_reader(grey: Room) -> None:
    begin(grey, answer="mel")
    QTest.mouseClick(grey.window.review.confirm, Qt.MouseButton.LeftButton)
    grey.write()
    go(grey, 1)
    go(grey, 0)
    assert entered(grey)[0] == "melanoma"
    assert grey.window.close()
