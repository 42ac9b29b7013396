"""Maps over the picture belong to its frame, however fast one walks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from .conftest import Room, deliver, opened


@pytest.fixture
def reading(room: Room) -> Room:
    room.open(opened(frames=6))
    room.work()
    return room


def step(room: Room, key: Qt.Key) -> None:
    """Go on, and let nothing but the picture follow."""
    QTest.keyClick(room.window, key)
    deliver()


def test_that_maps_leave_with_their_frame_at_once(reading):
    assert reading.window.canvas.maps
    step(reading, Qt.Key.Key_Right)
    assert not reading.window.canvas.maps


def test_that_rows_stay_until_it_is_known_what_follows(reading):
    rows = reading.window.explanations.overlays
    step(reading, Qt.Key.Key_Right)
    assert rows.row("heat/0").isVisible()
    reading.settle()
    assert not rows.row("heat/0").isVisible()
    reading.work()
    assert rows.row("heat/0").isVisible()
    assert reading.window.canvas.maps


def test_that_maps_are_back_when_the_eye_was_away_only_shortly(reading):
    step(reading, Qt.Key.Key_Right)
    step(reading, Qt.Key.Key_Left)
    assert reading.window.canvas.maps
    reading.work()
    assert reading.window.canvas.maps


def test_that_an_explanation_that_came_while_the_eye_was_away_is_shown_when_it_is_back(room):
    room.open(opened(frames=6))
    step(room, Qt.Key.Key_Right)
    step(room, Qt.Key.Key_Right)
    room.jobs.run_all()  # explains the second frame, where the eye was when it was asked
    deliver()
    assert not room.window.canvas.maps
    step(room, Qt.Key.Key_Left)
    assert room.window.canvas.maps


def test_that_nothing_of_an_earlier_clip_comes_back(room):
    room.open(opened("a.dcm", 6), opened("b.dcm", 6))
    room.work()
    step(room, Qt.Key.Key_Down)
    assert not room.window.canvas.maps
    room.settle()
    assert not room.window.explanations.overlays.row("heat/0").isVisible()


def words_of(room: Room, place: int) -> list[str]:
    page = room.window.explanations.tabs.widget(place)
    return [part.text() for part in page.findChildren(QLabel)]


def test_that_a_page_is_filled_when_it_is_turned_to_and_from_then_on(reading):
    tabs = reading.window.explanations.tabs
    assert "Plain text" not in words_of(reading, 1)
    tabs.setCurrentIndex(1)
    assert "Plain text" in words_of(reading, 1)
    step(reading, Qt.Key.Key_Right)
    reading.work()
    assert tabs.currentIndex() == 1
    assert words_of(reading, 1).count("Plain text") == 1
