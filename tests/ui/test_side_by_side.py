import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.ui.canvas.stage import Gaze
from viewer.ui.panes import Layout

from .conftest import Room, opened


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(room.window, key, modifiers)
    room.settle()


def names(room: Room) -> list[str]:
    return [pane.clip.path.name if pane.clip else "" for pane in room.window.panes.panes]


def shown(room: Room) -> list[int]:
    """The value that fills the picture of each pane: the frame's number."""
    return [int(pane.canvas.frame.values[0, 0, 0]) for pane in room.window.panes.panes]


def click(room: Room, place: int) -> None:
    QTest.mouseClick(room.window.panes.panes[place].canvas.viewport(), Qt.MouseButton.LeftButton)
    room.settle()


@pytest.fixture
def pair(room: Room) -> Room:
    """Two clips side by side, worked in the first."""
    room.open(opened("a.dcm", 9), opened("b.dcm", 6))
    press(room, Qt.Key.Key_F3)
    return room


def test_that_one_picture_fills_the_middle_at_first(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    assert names(room) == ["a.dcm"]


def test_that_the_next_clips_of_the_list_lie_beside(room):
    room.open(opened("a.dcm"), opened("b.dcm"), opened("c.dcm"))
    press(room, Qt.Key.Key_F4)
    assert names(room) == ["a.dcm", "b.dcm", "c.dcm", "a.dcm"]
    assert all(pane.isVisible() and pane.canvas.frame is not None for pane in room.window.panes.panes)


def test_that_panes_fill_while_files_are_opened(room):
    press(room, Qt.Key.Key_F3)
    room.open(opened("a.dcm"), opened("b.dcm"))
    assert names(room) == ["a.dcm", "b.dcm"]


def test_that_a_single_clip_lies_beside_itself_to_compare_its_frames(room):
    room.open(opened("a.dcm"))
    press(room, Qt.Key.Key_F3)
    assert names(room) == ["a.dcm", "a.dcm"]
    room.window.action("link_frames").setChecked(False)
    press(room, Qt.Key.Key_Right)
    assert shown(room) == [1, 0]


def test_that_linked_clips_go_on_together(pair):
    press(pair, Qt.Key.Key_Right)
    press(pair, Qt.Key.Key_Right)
    assert shown(pair) == [2, 2]


def test_that_linked_clips_stay_as_far_apart_as_they_were(pair):
    press(pair, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    press(pair, Qt.Key.Key_Right)
    press(pair, Qt.Key.Key_Right)
    press(pair, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    press(pair, Qt.Key.Key_Right)
    assert shown(pair) == [3, 1]


def test_that_a_shorter_clip_waits_at_its_end_and_keeps_its_distance(pair):
    press(pair, Qt.Key.Key_End)
    assert shown(pair) == [8, 5]
    press(pair, Qt.Key.Key_Home)
    assert shown(pair) == [0, 0]


def test_that_a_frame_beside_that_cannot_be_read_says_so(room):
    room.open(opened("a.dcm", 4), opened("b.dcm", 4, broken=[1]))
    press(room, Qt.Key.Key_F3)
    press(room, Qt.Key.Key_Right)
    beside = room.window.panes.panes[1].canvas
    assert "frame 2 is damaged" in beside.note
    press(room, Qt.Key.Key_Right)
    assert beside.note == ""


def test_that_a_click_turns_the_desk_to_another_pane(pair):
    press(pair, Qt.Key.Key_Right)
    pair.work()
    click(pair, 1)
    assert pair.desk.clip.path.name == "b.dcm"
    assert pair.desk.frame == 1
    assert pair.window.panes.active is pair.window.panes.panes[1]
    assert pair.window.series.currentIndex() == pair.window.series.clips.index_of(pair.desk.clip)
    pair.work()
    assert pair.session.made.explained[-1][0] == 1
    press(pair, Qt.Key.Key_Right)
    assert shown(pair) == [2, 2]


def test_that_what_is_known_of_a_clip_is_there_again_when_the_reader_comes_back(pair):
    pair.work()
    before = pair.window.timeline.track.trusts().tolist()
    click(pair, 1)
    pair.work()
    asked = len(pair.session.made.assessed)
    click(pair, 0)
    pair.work()
    assert pair.window.timeline.track.trusts().tolist() == before
    assert len(pair.session.made.assessed) == asked


def test_that_a_key_goes_from_pane_to_pane_and_gives_it_the_keys(pair):
    press(pair, Qt.Key.Key_Q)
    assert pair.desk.clip.path.name == "b.dcm"
    assert pair.window.panes.panes[1].canvas.hasFocus()
    press(pair, Qt.Key.Key_Q)
    assert pair.desk.clip.path.name == "a.dcm"


def test_that_only_the_active_picture_carries_maps(pair):
    pair.work()
    first, second = pair.window.panes.panes
    assert first.canvas.maps
    assert not second.canvas.maps
    click(pair, 1)
    assert not first.canvas.maps
    pair.work()
    assert second.canvas.maps


def test_that_maps_go_along_between_panes_of_one_clip(room):
    room.open(opened("a.dcm"))
    press(room, Qt.Key.Key_F3)
    room.work()
    click(room, 1)
    first, second = room.window.panes.panes
    assert not first.canvas.maps
    assert second.canvas.maps


def test_that_a_clip_chosen_in_the_list_goes_where_the_reader_works(room):
    room.open(opened("a.dcm"), opened("b.dcm"), opened("c.dcm"))
    press(room, Qt.Key.Key_F3)
    click(room, 1)
    press(room, Qt.Key.Key_Down)
    assert names(room) == ["a.dcm", "c.dcm"]


def test_that_linked_pictures_are_zoomed_and_moved_alike(pair):
    first, second = (pane.canvas for pane in pair.window.panes.panes)
    QTest.keyClick(pair.window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert second.gaze.zoom == pytest.approx(1.25)
    first.look(Gaze(2.0, 0.3, 0.6))
    first.looked.emit()
    assert (second.gaze.zoom, second.gaze.across, second.gaze.down) == pytest.approx((2.0, 0.3, 0.6))
    press(pair, Qt.Key.Key_F)
    assert second.gaze == pytest.approx(Gaze()) or second.gaze.zoom == pytest.approx(1.0)


def test_that_pictures_that_are_not_linked_keep_their_zoom(pair):
    press(pair, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(pair.window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert pair.window.panes.panes[1].canvas.gaze.zoom == pytest.approx(1.0)


def test_that_fewer_panes_keep_the_one_the_reader_works_in(pair):
    click(pair, 1)
    press(pair, Qt.Key.Key_F2)
    assert names(pair) == ["b.dcm"]
    assert pair.desk.clip.path.name == "b.dcm"
    press(pair, Qt.Key.Key_F3)
    assert sorted(names(pair)) == ["a.dcm", "b.dcm"]
    assert pair.window.panes.arrangement is Layout.TWO


def test_that_the_active_picture_is_told_from_the_others(pair):
    active, beside = pair.window.panes.panes
    assert (active.property("state"), beside.property("state")) == ("active", "beside")
    assert active.canvas.accessibleName() == "Picture 1"
    assert active.canvas.accessibleDescription()
    assert active.caption.text() == "1: the AI speaks of this picture"
    assert beside.caption.text() == "2: without the AI; click to work here"
    click(pair, 1)
    assert beside.caption.text() == "2: the AI speaks of this picture"
    click(pair, 0)
    press(pair, Qt.Key.Key_F2)
    assert active.property("state") == ""
    assert not active.caption.isVisible()
    assert active.canvas.accessibleName() == "Picture"


def test_that_playing_takes_the_linked_clip_along(pair):
    pair.window.player.set_playing(True)
    pair.window.player.seek(4)
    pair.settle()
    pair.window.player.set_playing(False)
    assert shown(pair) == [4, 4]


def test_that_what_lay_where_comes_back(pair):
    side = pair.window.side_by_side
    press(pair, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    click(pair, 1)
    press(pair, Qt.Key.Key_Right)
    kept = json.loads(json.dumps(side.kept()))
    press(pair, Qt.Key.Key_F2)
    press(pair, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    side.restore(kept)

    assert names(pair) == ["a.dcm", "b.dcm"]
    assert pair.window.panes.active is pair.window.panes.panes[1]
    assert not pair.window.action("link_zoom").isChecked()
    assert shown(pair) == [0, 1]


def test_that_clips_that_are_still_being_opened_come_to_their_places(room):
    room.session.files = [opened("a.dcm"), *(opened(f"other{n}.dcm") for n in range(8)), opened("b.dcm")]
    room.desk.opener.open([Path("dropped")])
    room.files.step()
    room.settle()
    wanted = str((Path("study") / "b.dcm").absolute())
    kept = {"layout": "1x2", "active": 0, "panes": [["", 0], [wanted, 99]], "links": []}
    room.window.side_by_side.restore(kept)
    assert names(room) == ["a.dcm", ""]
    room.files.run_all()
    room.settle()
    assert names(room) == ["a.dcm", "b.dcm"]
    assert shown(room) == [0, 4]


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {},
        {"layout": "9x9", "active": 0, "panes": [], "links": []},
        {"layout": "1x2", "active": 7, "panes": [], "links": []},
        {"layout": "1x2", "active": 0, "panes": [[1]], "links": []},
        {"layout": "1x2", "active": 0, "panes": 5, "links": []},
        {"layout": "1x2", "active": 0, "panes": [], "links": None},
    ],
)
def test_that_a_damaged_memory_of_what_lay_where_changes_nothing(room, kept):
    room.open(opened("a.dcm"), opened("b.dcm"))
    room.window.side_by_side.restore(kept)
    assert names(room) == ["a.dcm"]


def invert(room: Room) -> None:
    QTest.keyClick(room.window, Qt.Key.Key_Plus)
    room.settle()


def inverted(room: Room) -> list[bool]:
    return [pane.canvas.view.inverted for pane in room.window.panes.panes]


def test_that_linked_pictures_share_their_window(pair):
    invert(pair)
    assert inverted(pair) == [True, True]
    pair.window.edits.undo(str(pair.desk.clip.path))
    pair.settle()
    assert inverted(pair) == [False, False]


def test_that_linked_pictures_follow_a_drag_while_it_goes_on(pair):
    first, second = (pane.canvas for pane in pair.window.panes.panes)
    first.window_dragged.emit(0.1, 0.0, False)
    assert second.view.window == first.view.window != (128.0, 256.0)
    first.window_dragged.emit(0.1, 0.0, True)
    pair.settle()
    assert second.view.window == first.view.window
    assert pair.window.edits.edits(str(Path("study/b.dcm"))).view.window == first.view.window


def test_that_pictures_that_are_not_linked_keep_their_window(pair):
    pair.window.action("link_window").setChecked(False)
    invert(pair)
    assert inverted(pair) == [True, False]


def test_that_turning_one_picture_turns_no_other(pair):
    press(pair, Qt.Key.Key_Period)
    assert [pane.canvas.view.turn.quarters for pane in pair.window.panes.panes] == [1, 0]


def test_that_a_theme_reaches_pictures_out_of_sight(pair):
    press(pair, Qt.Key.Key_F2)
    pair.window.apply_setting("theme", "light")
    press(pair, Qt.Key.Key_F3)
    first, second = (pane.canvas.backgroundBrush().color() for pane in pair.window.panes.panes)
    pair.window.apply_setting("theme", "dark")
    assert first == second
