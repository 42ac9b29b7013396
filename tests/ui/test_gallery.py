"""Pictures of similar frames: seen, walked by key, opened beside the one on screen."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from viewer.domain.result import Exhibit, Explanation, Gallery
from viewer.ui.panes import Layout
from viewer.ui.widgets.gallery import LARGE, Enlarged, GalleryView, side_of
from viewer.ui.widgets.gallery import PICTURE as SMALL

from .conftest import UNDER, Room, opened

PICTURE = np.full((64, 64, 3), 90, np.uint8)


def gallery(count: int = 5, **changes: object) -> Gallery:
    exhibits = [
        Exhibit(**{"caption": f"nevus\nsimilar ({n})\npatient {n}", "picture": PICTURE} | changes)
        for n in range(count)
    ]
    return Gallery(title="Similar frames", items=tuple(exhibits), note="A note.")


@pytest.fixture
def shown(qtbot):
    """A gallery in a column of a given width."""
    made = []

    def show(content: Gallery, width: int = 400) -> GalleryView:
        room = QWidget()
        qtbot.addWidget(room)
        room.resize(width, 900)
        view = GalleryView(content)
        view.setParent(room)
        view.resize(width, 100)
        room.show()
        QApplication.processEvents()
        made.append(room)
        return view

    yield show
    for room in made:
        room.close()


def test_that_all_pictures_flow_into_the_width_there_is_without_a_bar(shown):
    wide, narrow = shown(gallery(11), 900), shown(gallery(11), 250)
    for view in (wide, narrow):
        last = view.visualItemRect(view.item(view.count() - 1))
        assert last.bottom() <= view.viewport().height()
        assert all(view.visualItemRect(view.item(i)).right() <= view.viewport().width() for i in range(view.count()))
    assert narrow.height() > 2 * wide.height()


def test_that_pictures_with_something_to_show_are_shown_large():
    large = np.zeros((100, 300, 3), np.uint8)
    assert [side_of(gallery(picture=one)) for one in (PICTURE, large, None)] == [SMALL, LARGE, SMALL]


def test_that_long_words_have_room(shown):
    short, long = (
        shown(gallery(3)),
        shown(gallery(3, caption="pigmented benign keratosis\nvery similar (0.93)\npatient 1")),
    )
    line = long.fontMetrics().lineSpacing()
    assert long.gridSize().height() >= short.gridSize().height() + line


def test_that_it_has_a_name_and_every_picture_has_one(shown):
    view = shown(gallery(2))
    assert view.accessibleName() == "Similar frames"
    spoken = [QAccessible.queryAccessibleInterface(view).child(n).text(QAccessible.Text.Name) for n in range(2)]
    assert spoken == ["nevus, similar (0), patient 0", "nevus, similar (1), patient 1"]


def test_that_a_missing_picture_has_a_placeholder_and_says_so(shown):
    view = shown(gallery(1, picture=None))
    assert not view.item(0).icon().isNull()
    assert QAccessible.queryAccessibleInterface(view).child(0).text(QAccessible.Text.Name).endswith("no picture")
    with_nothing_to_open = []
    view.asked.connect(with_nothing_to_open.append)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualItemRect(view.item(0)).center())
    assert not with_nothing_to_open


def test_that_no_path_is_told(shown):
    view = shown(gallery(1, file="/patients/Smith/a.png"))
    assert "Smith" not in view.item(0).toolTip() + view.item(0).text()


def test_that_arrows_walk_and_enter_asks_for_the_picture(shown):
    view = shown(gallery(5, file="/a.png"))
    asked = []
    view.asked.connect(asked.append)
    view.setFocus()
    view.setCurrentRow(0)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert [exhibit.caption.split("\n")[2] for exhibit in asked] == ["patient 1"]


def test_that_a_picture_without_a_file_is_enlarged_and_escape_takes_it_away(shown):
    view = shown(gallery(1))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualItemRect(view.item(0)).center())
    (large,) = view.findChildren(Enlarged)
    assert large.isVisible()
    QTest.keyClick(large, Qt.Key.Key_Escape)
    assert not large.isVisible()


# In the window ---------------------------------------------------------------------------------------------------


@pytest.fixture
def reading(room: Room) -> Room:
    room.open(opened("a.dcm", 9), opened("b.dcm", 6))
    return room


def exhibits(room: Room, file: Path, frame: int) -> GalleryView:
    """The gallery in the panel, with one picture."""
    content = gallery(1, file=str(file), frame=frame)
    panel = room.window.explanations
    explanation = Explanation(name="similar", title="Similar frames", plugin="p", result=(content,))
    panel.show_explanations([explanation], 0, *UNDER)
    panel.tabs.setCurrentIndex(1)
    QApplication.processEvents()
    return panel.findChildren(GalleryView)[-1]  # one before it may not be deleted yet


def choose(room: Room, view: GalleryView) -> None:
    view.setCurrentRow(0)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    room.settle()


def test_that_an_open_clip_is_shown_beside_at_its_frame_and_the_reader_stays_where_he_is(reading):
    panes = reading.window.panes
    choose(reading, exhibits(reading, opened("b.dcm", 6).path, 4))
    assert panes.arrangement is Layout.TWO
    assert [pane.clip.path.name for pane in panes.panes] == ["a.dcm", "b.dcm"]
    assert panes.panes[1].index == 4
    assert panes.active is panes.panes[0]
    assert reading.window.desk.clip.path.name == "a.dcm"


def test_that_a_second_picture_takes_the_place_of_the_first(reading):
    choose(reading, exhibits(reading, opened("b.dcm", 6).path, 4))
    choose(reading, exhibits(reading, opened("b.dcm", 6).path, 2))
    panes = reading.window.panes
    assert panes.arrangement is Layout.TWO
    assert panes.panes[1].index == 2


def test_that_a_frame_beyond_the_end_is_the_last(reading):
    choose(reading, exhibits(reading, opened("b.dcm", 6).path, 99))
    assert reading.window.panes.panes[1].index == 5


def test_that_a_file_that_is_not_open_is_opened_in_the_background(reading, monkeypatch):
    asked = []
    monkeypatch.setattr(reading.window.desk.opener, "open", lambda paths, tell: asked.append((paths, tell)))
    choose(reading, exhibits(reading, Path("/own/c.dcm"), 3))
    ((paths, tell),) = asked
    assert paths == [Path("/own/c.dcm")]
    tell("/own/c.dcm: it is gone")
    assert reading.window.problems.isVisible()
