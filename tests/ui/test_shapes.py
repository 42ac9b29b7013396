"""Measuring and drawing on the picture with mouse and keys."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolBar

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.image import FrameGeometry, Region
from viewer.domain.view import Turn

from .conftest import Room, opened
from .drawing import ALT, CONTROL, SHIFT, MadeHand

Key = Qt.Key


@pytest.fixture
def hand(room: Room) -> MadeHand:
    """A clip of five frames of 32 × 24 pixels, without calibration."""
    room.open(opened())
    return MadeHand(room)


def points(annotation: Annotation) -> list[float]:
    return [value for point in annotation.points for value in point]


# Drawing -----------------------------------------------------------------------------------------------------------

TWO = [
    (Key.Key_D, Kind.DISTANCE),
    (Key.Key_E, Kind.ELLIPSE),
    (Key.Key_B, Kind.RECTANGLE),
    (Key.Key_X, Kind.ARROW),
]


@pytest.mark.parametrize(("key", "kind"), TWO)
def test_that_a_drag_draws_what_two_points_make(hand, key, kind):
    hand.key(key)
    hand.drag((4, 5), (20, 15))
    (drawn,) = hand.drawn
    assert (drawn.kind, drawn.frame, drawn.author) == (kind, 0, "Reader")
    assert points(drawn) == pytest.approx([4, 5, 20, 15], abs=0.05)


@pytest.mark.parametrize(("key", "kind"), TWO)
def test_that_two_clicks_draw_it_as_well(hand, key, kind):
    hand.key(key)
    hand.click((4, 5), (20, 15))
    (drawn,) = hand.drawn
    assert drawn.kind is kind
    assert points(drawn) == pytest.approx([4, 5, 20, 15], abs=0.05)


def test_that_an_angle_is_three_clicks_with_the_vertex_between(hand):
    hand.key(Key.Key_D, SHIFT)
    hand.click((20, 5), (10, 5), (10, 15))
    (drawn,) = hand.drawn
    assert drawn.kind is Kind.ANGLE
    assert hand.label[0] == "90.0°"


def test_that_an_angle_may_begin_with_a_drag(hand):
    hand.key(Key.Key_D, SHIFT)
    hand.drag((20, 5), (10, 5))
    hand.click((10, 15))
    assert hand.label[0] == "90.0°"


@pytest.mark.parametrize("by_clicks", [True, False])
def test_that_a_cobb_angle_is_two_lines(hand, by_clicks):
    hand.key(Key.Key_G)
    if by_clicks:
        hand.click((4, 5), (20, 5), (4, 15), (20, 19))
    else:
        hand.drag((4, 5), (20, 5))
        hand.drag((4, 15), (20, 19))
    (drawn,) = hand.drawn
    assert drawn.kind is Kind.COBB
    assert hand.label[0] == "14.0°"


CORNERS = [(5.0, 5.0), (20.0, 5.0), (20.0, 15.0), (5.0, 15.0)]


@pytest.mark.parametrize("way", ["double click", "first corner", "enter"])
def test_that_a_polygon_is_closed_in_three_ways(hand, way):
    hand.key(Key.Key_Y)
    if way == "double click":
        hand.click(*CORNERS[:3])
        hand.double_click(CORNERS[3])
    else:
        hand.click(*CORNERS)
        assert hand.drawn == ()
        if way == "enter":
            hand.key(Key.Key_Return)
        else:
            hand.click(CORNERS[0])
    (drawn,) = hand.drawn
    assert drawn.kind is Kind.POLYGON
    assert points(drawn) == pytest.approx([value for corner in CORNERS for value in corner], abs=0.05)
    assert hand.label[:2] == ("Area 150 px²", "Perimeter 50.0 px")


def test_that_backspace_takes_the_last_corner_back(hand):
    hand.key(Key.Key_Y)
    hand.click(*CORNERS, (28, 20))
    hand.key(Key.Key_Backspace)
    hand.key(Key.Key_Return)
    assert len(hand.drawn[0].points) == 4


def test_that_two_corners_make_no_polygon(hand):
    hand.key(Key.Key_Y)
    hand.click(*CORNERS[:2])
    hand.key(Key.Key_Return)
    assert hand.drawn == ()
    assert hand.canvas.marks.stroke is not None


def test_that_a_polygon_that_crosses_itself_has_no_area(hand):
    hand.key(Key.Key_Y)
    hand.click((5, 5), (20, 15), (20, 5), (5, 15))
    hand.key(Key.Key_Return)
    assert hand.label[0] == "Area –"
    assert "the outline crosses itself" in hand.label[2]


def test_that_text_is_written_where_it_was_clicked(hand):
    hand.key(Key.Key_T)
    hand.click((10, 8))
    hand.write("Pleura")
    (drawn,) = hand.drawn
    assert (drawn.kind, drawn.text) == (Kind.TEXT, "Pleura")
    assert points(drawn) == pytest.approx([10, 8], abs=0.05)


def test_that_what_cannot_be_written_becomes_a_blank(hand):
    hand.key(Key.Key_T)
    hand.click((10, 8))
    hand.write("  a\x07b\u2028c\ud800  d\te ")
    assert hand.drawn[0].text == "a b c d e"


@pytest.mark.parametrize("words", ["", "   ", "\x07\n"])
def test_that_words_without_a_letter_are_no_text(hand, words):
    hand.key(Key.Key_T)
    hand.click((10, 8))
    hand.write(words)
    assert hand.drawn == ()


def test_that_escape_leaves_the_words_unwritten_and_the_work_alone(hand):
    hand.key(Key.Key_T)
    hand.click((10, 8))
    waiting = hand.room.jobs.waiting
    QApplication.focusWidget().setText("Pleura")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert hand.drawn == ()
    assert QApplication.focusWidget() is hand.canvas
    assert hand.room.jobs.waiting == waiting


def test_that_letters_that_are_keys_can_be_written(hand):
    hand.key(Key.Key_T)
    hand.click((10, 8))
    QTest.keyClicks(QApplication.focusWidget(), "Dekubitus 2 rot")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert hand.drawn[0].text == "Dekubitus 2 rot"
    assert hand.room.window.action("draw_text").isChecked()


def test_that_a_click_elsewhere_keeps_what_was_written(hand):
    hand.key(Key.Key_T)
    hand.click((10, 8))
    QApplication.focusWidget().setText("Pleura")
    hand.room.window.review.note.setFocus()
    assert hand.drawn[0].text == "Pleura"


@pytest.mark.parametrize("key", [Key.Key_D, Key.Key_E, Key.Key_B, Key.Key_X])
def test_that_a_shape_without_extent_is_a_slip(hand, key):
    hand.key(key)
    hand.click((10, 10), (10, 10))
    assert hand.drawn == ()
    assert hand.canvas.marks.stroke is None


def test_that_a_flat_box_is_a_slip(hand):
    hand.key(Key.Key_B)
    hand.drag((4, 10), (20, 10))
    assert hand.drawn == ()


def test_that_escape_gives_up_the_drawing_and_then_stops_the_work(hand):
    hand.key(Key.Key_Y)
    hand.click(*CORNERS[:3])
    hand.room.jobs.step()
    hand.room.settle()
    assert hand.room.window.activity.busy
    hand.key(Key.Key_Escape)
    assert hand.canvas.marks.stroke is None
    assert hand.room.window.activity.busy
    hand.key(Key.Key_Escape)
    assert not hand.room.window.activity.busy


def test_that_points_beside_the_picture_lie_on_its_edge(hand):
    hand.key(Key.Key_D)
    hand.drag((4, 5), (60, 50))
    assert points(hand.drawn[0]) == pytest.approx([4, 5, 32, 24], abs=0.05)


@pytest.mark.parametrize(
    ("key", "wanted"), [(Key.Key_E, (4, 4, 14, 14)), (Key.Key_B, (4, 4, 14, 14)), (Key.Key_D, (4, 4, 14, 4))]
)
def test_that_shift_makes_boxes_square_and_lines_straight(hand, key, wanted):
    hand.key(key)
    hand.drag((4, 4), (14, 6), SHIFT)
    assert points(hand.drawn[0]) == pytest.approx(wanted, abs=0.3)


def test_that_a_square_is_square_on_screen_and_stays_in_the_picture(room):
    room.open(opened(pixel_aspect=2.0))
    hand = MadeHand(room)
    hand.key(Key.Key_B)
    hand.drag((16, 4), (90, 5), SHIFT)
    (x1, y1), (x2, y2) = hand.drawn[0].points
    assert x2 - x1 == pytest.approx(2 * (y2 - y1), abs=0.05)
    assert x2 <= 32


def test_that_nothing_is_drawn_where_there_is_no_picture(room):
    room.open(opened(broken=[0]))
    hand = MadeHand(room)
    hand.key(Key.Key_D)
    hand.drag((4, 5), (20, 15))
    hand.key(Key.Key_Return)
    hand.key(Key.Key_K)
    assert room.window.edits.edits(hand.file).annotations == ()


def test_that_another_frame_forgets_the_unfinished_shape(hand, qtbot):
    hand.key(Key.Key_Y)
    hand.click(*CORNERS[:3])
    hand.go(2)
    qtbot.waitUntil(lambda: hand.canvas.marks.stroke is None)


def test_that_a_frame_too_many_of_a_stopped_clip_forgets_nothing(hand, qtbot):
    hand.key(Key.Key_Y)
    hand.click(*CORNERS)
    hand.go(2)
    hand.go(0)
    qtbot.waitUntil(lambda: not hand.room.window.measuring.marker._away.isActive())
    hand.key(Key.Key_Return)
    assert [entry.frame for entry in hand.drawn] == [0]


def test_that_tools_exclude_each_other_and_the_window_tool(hand):
    window = hand.room.window
    hand.key(Key.Key_W)
    hand.key(Key.Key_E)
    assert not window.action("windowing").isChecked()
    assert window.action("draw_ellipse").isChecked()
    hand.key(Key.Key_W)
    assert window.action("pointer").isChecked()
    assert window.action("windowing").isChecked()


# Choosing and changing ---------------------------------------------------------------------------------------------


@pytest.fixture
def line(hand: MadeHand) -> MadeHand:
    """A line from (4, 5) to (20, 15), and the pointer in hand."""
    hand.key(Key.Key_D)
    hand.drag((4, 5), (20, 15))
    hand.key(Key.Key_U)
    return hand


def test_that_a_click_chooses_and_a_click_beside_chooses_none(line):
    marks = line.canvas.marks
    line.click((28, 3))
    assert marks.selected == ""
    line.click((12, 10))
    assert marks.selected == line.drawn[0].id


def test_that_a_drag_moves_the_line_in_one_step(line):
    line.drag((12, 10), (15, 12))
    assert points(line.drawn[0]) == pytest.approx([7, 7, 23, 17], abs=0.1)
    assert line.room.window.action("undo").text() == "Undo: Move distance"
    line.key(Key.Key_Z, CONTROL)
    assert points(line.drawn[0]) == pytest.approx([4, 5, 20, 15], abs=0.1)


def test_that_a_shape_is_not_moved_out_of_the_picture(line):
    line.drag((12, 10), (60, 10))
    assert points(line.drawn[0]) == pytest.approx([16, 5, 32, 15], abs=0.1)


def test_that_a_handle_changes_one_end(line):
    line.drag((20, 15), (24, 20))
    assert points(line.drawn[0]) == pytest.approx([4, 5, 24, 20], abs=0.1)
    assert line.room.window.action("undo").text() == "Undo: Change distance"


def test_that_every_corner_of_a_box_can_be_dragged(hand):
    hand.key(Key.Key_B)
    hand.drag((4, 5), (20, 15))
    hand.drag((20, 5), (24, 3))  # the tool stays in hand; handles of the chosen shape can be taken all the same
    (drawn,) = hand.drawn
    assert sorted(points(drawn)) == pytest.approx(sorted([4, 15, 24, 3]), abs=0.1)


def test_that_escape_takes_a_drag_back(line):
    line.press((12, 10))
    line.move((15, 12))
    assert points(line.drawn[0]) != pytest.approx([4, 5, 20, 15], abs=0.1)
    line.key(Key.Key_Escape)
    line.release((15, 12))
    assert points(line.drawn[0]) == pytest.approx([4, 5, 20, 15], abs=0.1)
    assert line.room.window.action("undo").text() == "Undo: Draw distance"


def test_that_delete_takes_the_chosen_shape_and_undo_brings_it_back(line):
    before = line.drawn
    line.key(Key.Key_Delete)
    assert line.drawn == ()
    line.key(Key.Key_Z, CONTROL)
    assert line.drawn == before
    line.key(Key.Key_Y, CONTROL)
    assert line.drawn == ()


def test_that_shift_delete_takes_all_of_the_frame_but_its_key_mark(line):
    line.key(Key.Key_E)
    line.drag((4, 5), (20, 15))
    line.key(Key.Key_K)
    line.go(1)
    line.drag((4, 5), (20, 15))
    line.go(0)
    line.key(Key.Key_Delete, SHIFT)
    assert [entry.frame for entry in line.drawn] == [1]
    assert line.room.window.edits.edits(line.file).key_frames == (0,)


def test_that_a_double_click_asks_for_a_label(line):
    line.double_click((12, 10))
    line.write("Femur")
    assert line.drawn[0].text == "Femur"
    assert line.label[0] == "Femur"
    line.double_click((12, 10))
    line.write("")
    assert line.drawn[0].text == ""


def test_that_a_text_keeps_its_words_where_none_are_given(hand):
    hand.key(Key.Key_T)
    hand.click((10, 8))
    hand.write("Pleura")
    hand.key(Key.Key_T, SHIFT)
    hand.write("")
    assert hand.drawn[0].text == "Pleura"


def test_that_beside_shapes_the_pointer_moves_the_picture(line):
    before = line.at((0, 0))
    line.drag((28, 3), (24, 6))
    assert (line.at((0, 0)) - before).manhattanLength() > 10
    assert points(line.drawn[0]) == pytest.approx([4, 5, 20, 15], abs=0.1)


# By keyboard alone -------------------------------------------------------------------------------------------------

EVERY = [
    (Key.Key_D, Qt.KeyboardModifier.NoModifier, Kind.DISTANCE),
    (Key.Key_D, SHIFT, Kind.ANGLE),
    (Key.Key_G, Qt.KeyboardModifier.NoModifier, Kind.COBB),
    (Key.Key_E, Qt.KeyboardModifier.NoModifier, Kind.ELLIPSE),
    (Key.Key_B, Qt.KeyboardModifier.NoModifier, Kind.RECTANGLE),
    (Key.Key_Y, Qt.KeyboardModifier.NoModifier, Kind.POLYGON),
    (Key.Key_X, Qt.KeyboardModifier.NoModifier, Kind.ARROW),
]


@pytest.mark.parametrize(("key", "modifiers", "kind"), EVERY)
def test_that_enter_places_a_shape_in_the_middle(hand, key, modifiers, kind):
    hand.room.window.activity.cancel.setFocus()
    QTest.keyClick(hand.room.window, key, modifiers)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    (drawn,) = hand.drawn
    assert drawn.kind is kind
    assert all(8 < x < 24 and 6 < y < 18 for x, y in drawn.points)
    assert hand.canvas.marks.selected == drawn.id


def test_that_enter_writes_a_text_in_the_middle(hand):
    hand.key(Key.Key_T)
    hand.key(Key.Key_Return)
    hand.write("Pleura")
    assert hand.drawn[0].text == "Pleura"


def test_that_alt_and_arrows_move_the_chosen_shape_and_leave_the_frame(line):
    zoom = line.canvas.zoom
    line.key(Key.Key_Right, ALT)
    line.key(Key.Key_Down, ALT | SHIFT)
    shift = 1 / zoom
    assert points(line.drawn[0]) == pytest.approx([4 + shift, 5 + 10 * shift, 20 + shift, 15 + 10 * shift], abs=0.05)
    assert line.room.desk.frame == 0


def test_that_a_key_that_is_held_down_moves_in_one_step(line, qtbot):
    for _ in range(5):
        line.key(Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: line.room.window.action("undo").text() == "Undo: Move distance")
    line.key(Key.Key_Z, CONTROL)
    assert points(line.drawn[0]) == pytest.approx([4, 5, 20, 15], abs=0.05)


def test_that_what_follows_a_move_by_key_is_a_step_of_its_own(line):
    line.key(Key.Key_Right, ALT)
    line.key(Key.Key_Delete)
    line.key(Key.Key_Z, CONTROL)
    assert line.room.window.action("undo").text() == "Undo: Move distance"
    line.key(Key.Key_Left, ALT)
    line.key(Key.Key_Z, CONTROL)
    assert line.room.window.action("undo").text() == "Undo: Move distance"


def test_that_keys_choose_shapes_and_handles(line):
    line.key(Key.Key_E)
    line.drag((22, 2), (30, 8))
    first, second = line.drawn
    marks = line.canvas.marks
    line.key(Key.Key_Right, CONTROL)
    assert marks.selected == first.id
    line.key(Key.Key_Left, CONTROL)
    assert marks.selected == second.id
    line.key(Key.Key_Right, CONTROL)
    line.key(Key.Key_Right, CONTROL | SHIFT)
    line.key(Key.Key_Left, ALT | SHIFT)
    assert points(line.drawn[0])[2:] == pytest.approx([20, 15], abs=0.05)
    assert points(line.drawn[0])[0] < 4
    line.key(Key.Key_Right, CONTROL | SHIFT)
    line.key(Key.Key_Right, CONTROL | SHIFT)
    assert marks.handle is None


def test_that_the_first_or_the_last_shape_comes_first(line):
    line.key(Key.Key_E)
    line.drag((22, 2), (30, 8))
    marks = line.canvas.marks
    for direction, place in ((Key.Key_Right, 0), (Key.Key_Left, -1)):
        line.room.window.measuring.marker.select("")
        line.key(direction, CONTROL)
        assert marks.selected == line.drawn[place].id


def test_that_alt_and_arrows_go_where_the_eye_sees_them_go(line):
    line.look(Turn(quarters=1))
    before = line.at(line.drawn[0].points[0])
    line.key(Key.Key_Right, ALT | SHIFT)
    after = line.at(line.drawn[0].points[0])
    assert (after.x() - before.x(), after.y() - before.y()) == pytest.approx((10, 0), abs=0.1)


# What is measured --------------------------------------------------------------------------------------------------


def test_that_without_calibration_nothing_is_in_millimetres(line):
    assert line.label == ("18.9 px", "not calibrated")


def test_that_spacing_makes_millimetres(room):
    room.open(opened(spacing_mm=(0.5, 0.5), spacing_source="PixelSpacing"))
    hand = MadeHand(room)
    hand.key(Key.Key_B)
    hand.drag((4, 5), (24, 15))
    assert hand.label[:3] == ("Area 50.0 mm²", "Perimeter 30.0 mm", "PixelSpacing")


def region(per_pixel: float, right: int = 31) -> Region:
    return Region(
        left=0,
        top=0,
        right=right,
        bottom=23,
        spatial_format="2D",
        data_type="tissue",
        units=("cm", "cm"),
        delta=(per_pixel, per_pixel),
    )


def test_that_every_frame_is_measured_by_its_own_ultrasound_regions(room):
    geometries = (
        FrameGeometry(regions=(region(0.1),)),
        FrameGeometry(regions=(region(0.2),)),
        FrameGeometry(regions=(region(0.1, right=15),)),
        FrameGeometry(),
    )
    room.open(opened(frames=4, frame_geometries=geometries))
    hand = MadeHand(room)
    hand.key(Key.Key_D)
    found = []
    for frame in range(4):
        hand.go(frame)
        hand.drag((4, 5), (24, 5))
        found.append(hand.label)
    assert found == [
        ("20.0 mm", "ultrasound region 1"),
        ("40.0 mm", "ultrasound region 1"),
        ("20.0 px", "not calibrated; it leaves its ultrasound region"),
        ("20.0 px", "not calibrated"),
    ]


# What is seen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [Turn(quarters=q, mirrored=m) for q in range(4) for m in (False, True)])
def test_that_turning_leaves_shapes_where_they_are_in_the_picture(line, turn):
    before = line.drawn
    line.look(turn)
    assert line.drawn == before
    line.click((28, 3))
    line.click((12, 10))
    assert line.canvas.marks.selected == before[0].id
    line.key(Key.Key_D)
    line.drag((6, 20), (26, 21))
    assert points(line.drawn[1]) == pytest.approx([6, 20, 26, 21], abs=0.05)


def test_that_only_what_lies_on_the_frame_is_shown(line):
    line.go(1)
    assert line.canvas.marks.marks == ()
    line.go(0)
    assert len(line.canvas.marks.marks) == 1


def test_that_a_line_is_as_wide_however_much_the_picture_is_enlarged(line):
    def width() -> int:
        image = line.canvas.grab().toImage()
        middle = line.at((12, 10))
        column = [image.pixelColor(int(middle.x()), int(middle.y()) + step).lightness() for step in range(-12, 13)]
        return sum(value > 90 for value in column)

    line.click((28, 3))
    line.canvas.set_zoom(20)
    once = width()
    line.canvas.set_zoom(60)
    assert width() == pytest.approx(once, abs=1)
    assert once >= 2


def test_that_a_white_picture_still_shows_the_line(room):
    room.open(opened(frames=251))
    hand = MadeHand(room)
    hand.go(250)
    hand.key(Key.Key_D)
    hand.drag((4, 12), (28, 12))
    hand.key(Key.Key_U)
    at = hand.at((16, 12))
    image = hand.canvas.grab().toImage()
    column = np.array([image.pixelColor(int(at.x()), int(at.y()) + step).lightness() for step in range(-5, 6)])
    assert column.min() < 120  # the halo


def test_that_labels_stay_in_sight_and_apart(hand):
    hand.key(Key.Key_B)
    for left in range(2, 30, 3):
        hand.drag((left, 20), (left + 1.5, 23.5))
    places = list(hand.canvas.marks.places().values())
    assert len(places) == 10
    area = hand.canvas.viewport().rect()
    assert all(area.contains(box.toRect()) for box in places)
    assert not any(one.intersects(other) for one, other in pairwise(places))


def test_that_the_label_of_the_chosen_shape_leaves_the_shape_free(hand):
    hand.key(Key.Key_E)
    hand.drag((20, 8), (26, 16))
    hand.room.count()
    (place,) = hand.canvas.marks.places().values()
    corners = [hand.at(corner) for corner in ((20, 8), (26, 16))]
    assert not place.intersects(QRectF(corners[0], corners[1]))


def test_that_a_shape_out_of_sight_has_no_label(line):
    line.key(Key.Key_E)
    line.drag((24, 2), (30, 6))
    line.canvas.set_zoom(60)
    assert set(line.canvas.marks.places()) == {line.drawn[0].id}


def test_that_a_key_image_says_so_on_the_picture(hand):
    hand.key(Key.Key_K)
    assert hand.canvas.marks.badge == "★ Key image"
    assert hand.room.window.edits.edits(hand.file).key_frames == (0,)
    hand.go(1)
    assert hand.canvas.marks.badge == ""
    hand.go(0)
    hand.key(Key.Key_K)
    assert hand.canvas.marks.badge == ""


def test_that_undo_brings_the_frame_into_view_where_it_happens(line):
    line.go(4)
    line.key(Key.Key_Z, CONTROL)
    assert line.room.desk.frame == 0
    line.go(3)
    line.key(Key.Key_Z, CONTROL | SHIFT)
    assert line.room.desk.frame == 0
    assert len(line.drawn) == 1


def test_that_undo_concerns_the_clip_on_screen(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    hand = MadeHand(room)
    hand.key(Key.Key_D)
    hand.drag((4, 5), (20, 15))
    assert room.window.action("undo").isEnabled()
    hand.key(Key.Key_Down)
    room.settle()
    assert hand.drawn == ()
    assert not room.window.action("undo").isEnabled()
    hand.key(Key.Key_Up)
    room.settle()
    assert len(hand.drawn) == 1
    assert room.window.action("undo").text() == "Undo: Draw distance"


@pytest.mark.parametrize("key", [Key.Key_T, Key.Key_D, Key.Key_Y])
def test_that_drawing_stops_the_clip_at_the_frame_that_is_seen(hand, key):
    hand.go(3)
    hand.key(key)
    hand.key(Key.Key_Space)
    assert hand.room.window.player.playing
    seen = hand.room.window.measuring.marker.frame
    hand.click((10, 8))
    assert not hand.room.window.player.playing
    assert hand.room.desk.frame == seen


def test_that_undo_takes_the_last_corner_of_an_unfinished_shape_back(line):
    line.key(Key.Key_Y)
    line.click((25, 5), (30, 5), (30, 9), (1, 23))
    line.key(Key.Key_Z, CONTROL)
    line.key(Key.Key_Return)
    assert [len(entry.points) for entry in line.drawn] == [2, 3]


def test_that_undo_in_the_middle_of_a_drag_ends_it(line):
    line.press((12, 10))
    line.move((15, 12))
    line.key(Key.Key_Z, CONTROL)
    line.move((18, 12))
    line.release((18, 12))
    assert points(line.drawn[0]) == pytest.approx([4, 5, 20, 15], abs=0.1)
    assert line.room.window.action("redo").text() == "Redo: Move distance"


def test_that_the_tool_bar_fits_a_small_window(room):
    room.window.arrange(1100, 700)
    room.settle()
    bar = room.window.findChild(QToolBar, "tools")
    hidden = [action.text() for action in bar.actions() if not bar.widgetForAction(action).isVisible()]
    assert hidden == []


def test_that_the_cursor_says_what_can_be_taken(line):
    view = line.canvas.viewport()
    line.move((12, 10), held=False)
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    line.move((28, 3), held=False)
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor
    line.key(Key.Key_D)
    assert view.cursor().shape() == Qt.CursorShape.CrossCursor


def test_that_a_drag_ends_where_nobody_saw_the_button_go_up(line):
    line.press((12, 10))
    line.move((15, 12))
    line.move((25, 12), held=False)
    assert points(line.drawn[0]) == pytest.approx([7, 7, 23, 17], abs=0.1)
    assert line.room.window.action("undo").text() == "Undo: Move distance"


def test_that_a_label_can_be_taken_like_its_shape(line):
    line.click((28, 3))
    place = line.canvas.marks.places()[line.drawn[0].id]
    centre = line.canvas.stored_to_scene.inverted()[0].map(QPointF(place.center()))
    line.click((centre.x(), centre.y()))
    assert line.canvas.marks.selected == line.drawn[0].id


def test_that_what_was_drawn_on_another_frame_leaves_the_screen(line):
    at = line.at((6, 6.25))

    def light() -> int:
        line.canvas.viewport().repaint()
        return line.canvas.grab().toImage().pixelColor(at.toPoint()).lightness()

    assert light() > 90
    line.go(1)
    assert light() < 10


# Many shapes, several panes -----------------------------------------------------------------------------------------


def test_that_a_step_between_frames_measures_nothing_again(hand, monkeypatch):
    edits, rng = hand.room.window.edits, np.random.default_rng(1)
    for frame in (0, 1):
        for _ in range(20):
            box = [(float(x), float(y)) for x, y in rng.uniform(1, 23, (2, 2))]
            edits.add(hand.file, Annotation(kind=Kind.ELLIPSE, frame=frame, points=tuple(box)))
    for frame in (1, 0):
        hand.go(frame)
        hand.canvas.viewport().repaint()

    def never(*_: object) -> None:
        pytest.fail("it was measured again")

    monkeypatch.setattr("viewer.ui.values.measurements", never)
    monkeypatch.setattr("viewer.ui.canvas.marks.lettering", never)
    for frame in (1, 0):
        hand.go(frame)
        hand.canvas.viewport().repaint()
        assert len(hand.canvas.marks.marks) == 20


def test_that_many_lines_are_plain_in_motion_and_smooth_at_rest(hand, qtbot):
    hand.key(Key.Key_D)
    for down in range(6):
        hand.drag((4, 3 + 3 * down), (20, 4 + 3 * down))
    hand.go(1)
    hand.go(0)
    assert hand.canvas.marks.in_motion
    qtbot.waitUntil(lambda: not hand.canvas.marks.in_motion)


def test_that_a_clip_in_two_panes_shows_its_shapes_in_both(hand):
    hand.key(Key.Key_D)
    hand.drag((4, 5), (20, 15))
    hand.room.window.action("two_pictures").trigger()
    hand.room.settle()
    first, second = hand.room.window.panes.panes
    assert second.clip is hand.room.desk.clip
    assert [len(pane.canvas.marks.marks) for pane in (first, second)] == [1, 1]


def test_that_drawing_in_another_pane_works_there(room):
    room.open(opened("a.dcm"), opened("b.dcm"))
    room.window.action("two_pictures").trigger()
    room.settle()
    hand = MadeHand(room)
    second = room.window.panes.panes[1]
    hand.key(Key.Key_D)
    other = MadeHand(room, second)
    other.drag((4, 5), (20, 15))
    room.settle()
    assert room.window.panes.active is second
    assert [entry.kind for entry in room.window.edits.edits(str(second.clip.path)).annotations] == [Kind.DISTANCE]
    assert room.window.action("undo").text() == "Undo: Draw distance"
    assert room.desk.clip is second.clip
