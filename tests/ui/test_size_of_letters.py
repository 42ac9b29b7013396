"""Everything grows with the letters, and still has room."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QToolBar, QToolButton

from viewer.domain.result import Light
from viewer.ui.theme import apply_theme, load_theme
from viewer.ui.widgets.labels import ElidedLabel
from viewer.ui.widgets.light_sign import LightMark, LightSign

from .conftest import Room, deliver, opened


@pytest.fixture
def large(qapp: Any, request: pytest.FixtureRequest) -> Iterator[Room]:
    """A window whose letters are large from the beginning."""
    apply_theme(qapp, load_theme("dark"), 150)
    yield request.getfixturevalue("room")
    apply_theme(qapp, load_theme("dark"))


def settle() -> None:
    for _ in range(8):
        deliver()


def fill(room: Room) -> None:
    room.session.made.lights = {0: Light.AMBER}
    room.open(opened(), opened("still.png", frames=1))
    room.work()
    settle()


@pytest.mark.parametrize("size", [(1600, 1000), (1100, 700)])
def test_that_a_window_with_large_letters_keeps_its_size_and_cuts_no_words(large, size):
    fill(large)
    large.window.arrange(*size)
    settle()
    assert (large.window.width(), large.window.height()) == size
    cut = []
    for part in large.window.findChildren(QLabel):
        whole = isinstance(part, ElidedLabel) or part.wordWrap() or "\n" in part.text()
        if part.isVisible() and not whole and part.fontMetrics().horizontalAdvance(part.text()) > part.width():
            cut.append(part.text())
    assert cut == []


def test_that_choosers_show_what_is_chosen_with_large_letters(large):
    fill(large)
    large.window.arrange(1100, 700)
    settle()
    speed = large.window.timeline.speed
    arrow = 24 * 1.5
    assert speed.fontMetrics().horizontalAdvance(speed.currentText()) <= speed.width() - arrow - 9 * 1.5


def test_that_signs_and_rows_grow_with_the_letters_while_the_window_is_open(room):
    fill(room)
    parts = [*room.window.findChildren(LightSign), *room.window.findChildren(LightMark), room.window.timeline.track]
    tables = [table for _, table in room.window.reliability._sections]
    before = [part.height() for part in parts], [table.rowHeight(0) for table in tables]
    room.window.apply_setting("font_scale", 200)
    settle()
    assert [part.height() for part in parts] == [2 * height for height in before[0]]
    rows = zip(tables, before[1], strict=True)
    assert all(table.rowHeight(0) >= 2 * height for table, height in rows)  # more where the notes break


def test_that_every_button_of_the_tool_bar_is_there_with_large_letters(large):
    fill(large)
    large.window.arrange(1100, 700)
    settle()
    tools = large.window.findChild(QToolBar, "tools")
    buttons = [part for part in tools.findChildren(QToolButton) if part.objectName() != "qt_toolbar_ext_button"]
    assert [part.text() for part in buttons if not part.isVisible()] == []


def test_that_a_click_on_the_timeline_goes_to_the_frame_under_it_with_large_letters(qtbot, room):
    fill(room)
    room.window.apply_setting("font_scale", 150)
    settle()
    track = room.window.timeline.track
    for frame in (0, 2, 4):
        place = round(track._places.x(frame) * 1.5)
        assert track.frame_at(place) == frame
