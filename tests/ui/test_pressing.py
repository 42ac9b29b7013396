import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from .conftest import Room, opened, press_focused


@pytest.fixture
def reading(room: Room) -> Room:
    room.open(opened(frames=5))
    room.work()
    room.window.activateWindow()
    return room


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_that_space_and_return_press_the_button_that_has_the_focus(reading, key):
    agree = reading.window.review.agree
    press_focused(agree, key)
    assert reading.window.review.answers.currentData() == "nevus"
    assert not reading.window.player.playing


def test_that_space_ticks_the_box_that_has_the_focus(reading):
    whole = reading.window.review.whole
    press_focused(whole, Qt.Key.Key_Space)
    assert whole.isChecked()
    assert not reading.window.player.playing


def test_that_space_plays_where_no_button_has_the_focus(reading):
    reading.window.review.agree.setFocus()
    reading.window.canvas.setFocus()
    QTest.keyClick(reading.window.canvas, Qt.Key.Key_Space)
    assert reading.window.player.playing
    reading.window.player.set_playing(False)
