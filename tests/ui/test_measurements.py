"""The table of everything drawn on a clip, and statistics of the pixels inside shapes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.image import Frame

from .conftest import MadeSource, Room, opened
from .drawing import CONTROL, MadeHand

Key = Qt.Key


@pytest.fixture
def hand(room: Room) -> MadeHand:
    """A line on the third frame, an ellipse on the first, a key mark on the fifth, and the table open."""
    room.open(opened(frames=6))
    made = MadeHand(room)
    made.go(2)
    made.key(Key.Key_D)
    made.drag((4, 5), (20, 15))
    made.go(0)
    made.key(Key.Key_E)
    made.drag((10, 8), (22, 16))
    made.go(4)
    made.key(Key.Key_K)
    made.key(Key.Key_U)
    QTest.keyClick(room.window, Key.Key_8)
    room.count()
    return made


def cells(hand: MadeHand) -> list[tuple[str, ...]]:
    return [row.cells for row in hand.room.window.measurements.model.rows]


def click(hand: MadeHand, row: int, column: int = 0) -> None:
    table = hand.room.window.measurements.table
    place = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hand.room.settle()


def test_that_the_table_lists_the_clip_by_frame(hand):
    assert [row[:2] for row in cells(hand)] == [("1", "Ellipse"), ("3", "Distance"), ("5", "Key image")]
    assert cells(hand)[1][3] == "Length 18.9 px\nnot calibrated"
    assert "n\N{NO-BREAK SPACE}80" in cells(hand)[0][3]


def test_that_the_key_shows_and_hides_it(hand):
    assert hand.room.window.docks["measurements"].isVisible()
    assert QApplication.focusWidget() is hand.room.window.measurements.table
    QTest.keyClick(hand.room.window, Key.Key_8)
    assert not hand.room.window.docks["measurements"].isVisible()


def test_that_it_can_be_narrowed_to_the_frame(hand):
    hand.go(2)
    hand.room.window.measurements.this_frame.setChecked(True)
    assert [row[1] for row in cells(hand)] == ["Distance"]
    hand.go(1)
    assert cells(hand) == []
    assert hand.room.window.measurements.nothing.isVisible()


def test_that_a_click_goes_to_the_frame_and_chooses_the_shape(hand):
    click(hand, 1)
    assert hand.room.desk.frame == 2
    assert hand.canvas.marks.selected == hand.room.window.measurements.model.rows[1].annotation.id
    click(hand, 2)
    assert hand.room.desk.frame == 4
    assert hand.canvas.marks.selected == ""


def test_that_the_arrows_go_through_the_shapes(hand):
    click(hand, 0)
    QTest.keyClick(hand.room.window.measurements.table, Key.Key_Down)
    hand.room.settle()
    assert hand.room.desk.frame == 2


def test_that_choosing_on_the_picture_chooses_the_row(hand):
    hand.go(2)
    hand.click((28, 3))
    hand.click((12, 10))
    table = hand.room.window.measurements.table
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    hand.click((28, 3))
    assert table.selectionModel().selectedRows() == []


def test_that_delete_takes_the_row_away_and_undo_brings_it_back(hand):
    click(hand, 1)
    QTest.keyClick(hand.room.window.measurements.table, Key.Key_Delete)
    assert [row[1] for row in cells(hand)] == ["Ellipse", "Key image"]
    hand.key(Key.Key_Z, CONTROL)
    assert [row[1] for row in cells(hand)] == ["Ellipse", "Distance", "Key image"]


def test_that_a_label_is_written_in_the_table(hand):
    model = hand.room.window.measurements.model
    assert model.setData(model.index(1, 2), " Femur\x07 ")
    assert cells(hand)[1][2] == "Femur"
    assert hand.room.window.action("undo").text() == "Undo: Rename distance"
    editable = [bool(model.flags(model.index(row, 2)) & Qt.ItemFlag.ItemIsEditable) for row in range(3)]
    assert editable == [True, True, False]


def test_that_enter_writes_a_label(hand):
    click(hand, 1)
    QTest.keyClick(hand.room.window.measurements.table, Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "Dorsal 2")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    hand.room.settle()
    assert cells(hand)[1][2] == "Dorsal 2"
    assert hand.room.window.action("pointer").isChecked()


def test_that_a_label_that_is_not_changed_is_no_step(hand):
    model = hand.room.window.measurements.model
    model.setData(model.index(1, 2), "")
    assert hand.room.window.action("undo").text() == "Undo: Mark key image"


def test_that_another_clip_has_its_own_rows(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    hand = MadeHand(room)
    QTest.keyClick(room.window, Key.Key_8)
    hand.key(Key.Key_D)
    hand.drag((4, 5), (20, 15))
    assert len(cells(hand)) == 1
    room.window.desk.show_clip(room.window.series.clips.clips[1])
    room.settle()
    assert cells(hand) == []


# Pixels inside -----------------------------------------------------------------------------------------------------


@pytest.fixture
def box(room: Room) -> MadeHand:
    """A rectangle of 10 × 10 pixels on the second frame, which holds ones."""
    room.open(opened())
    made = MadeHand(room)
    made.go(1)
    made.key(Key.Key_B)
    made.drag((4, 5), (14, 15))
    return made


def shown(hand: MadeHand) -> tuple[str, ...]:
    (mark,) = hand.canvas.marks.marks
    return (*mark.lines, *mark.small)


def test_that_pixels_are_counted_by_a_worker_of_their_own(box):
    assert shown(box)[3:] == ("Pixel values …",)
    assert box.room.counting.waiting == 1
    box.room.count()
    assert shown(box)[3] == "Red mean 1   SD 0   min 1   max 1   n 100"
    assert len(shown(box)) == 6


def test_that_only_the_last_form_of_a_drag_is_counted(box, monkeypatch):
    counted: list[Annotation] = []

    def count(drawn: Annotation, frame: Frame, clip: object) -> tuple[()]:
        counted.append(drawn)
        return ()

    monkeypatch.setattr("viewer.ui.values.statistics", count)
    box.room.counting.run_all()
    counted.clear()
    box.press((14, 15))
    for step in range(1, 6):
        box.move((14 + step, 15 + step))
    box.release((19, 20))
    box.room.count()
    assert len(counted) == 1
    assert counted[0].points[1] == pytest.approx((19, 20), abs=0.1)


def test_that_other_words_count_nothing_anew(box):
    box.room.count()
    box.room.window.measuring.marker.relabel(box.drawn[0].id, "Cyst")
    assert box.room.counting.waiting == 0
    assert shown(box)[4] == "Red mean 1   SD 0   min 1   max 1   n 100"


def test_that_a_form_seen_again_at_once_is_counted_all_the_same(box):
    original = box.drawn[0]
    edits = box.room.window.edits
    edits.change(box.file, original.moved(1, 1))
    edits.undo(box.file)
    box.room.count()
    assert shown(box)[3].endswith("n 100")


def test_that_a_frame_that_cannot_be_decoded_again_has_no_values(box):
    source: MadeSource = box.room.desk.opener.source_of(box.room.desk.clip)
    source.broken = frozenset({1})
    box.room.store.frames.clear()
    box.room.count()
    assert shown(box)[3:] == ()


def test_that_a_shape_beside_every_pixel_has_none(room):
    room.open(opened())
    hand = MadeHand(room)
    hand.key(Key.Key_E)
    hand.drag((4.6, 5.6), (5.4, 5.9))
    room.count()
    assert all("mean" not in line for line in shown(hand))


def test_that_only_the_chosen_shape_says_everything(box):
    box.room.count()
    box.key(Key.Key_U)
    box.click((28, 20))
    assert shown(box) == ("100 px²", "not calibrated")
    assert box.drawn[0].kind is Kind.RECTANGLE
