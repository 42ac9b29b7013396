import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.calibration import Scale
from viewer.domain.view import (
    Affine,
    EdgeLetters,
    Turn,
    View,
    edge_letters,
    laid_out,
    laid_out_size,
    magnified,
    mm_across,
    turned,
)

TURNS = [Turn(quarters=quarters, mirrored=mirrored) for quarters in range(4) for mirrored in (False, True)]
PIXELS = np.arange(6).reshape(2, 3)
turns = st.sampled_from(TURNS)


def seen(turn: Turn) -> list[list[int]]:
    return turned(PIXELS, turn).tolist()


def test_that_turning_right_is_clockwise():
    assert seen(Turn().rotated(1)) == [[3, 0], [4, 1], [5, 2]]
    assert seen(Turn().rotated(-1)) == [[2, 5], [1, 4], [0, 3]]
    assert seen(Turn().rotated(2)) == [[5, 4, 3], [2, 1, 0]]


@pytest.mark.parametrize("turn", TURNS)
def test_that_tools_act_on_what_is_seen(turn):
    before = turned(PIXELS, turn)

    np.testing.assert_array_equal(turned(PIXELS, turn.rotated(1)), np.rot90(before, -1))
    np.testing.assert_array_equal(turned(PIXELS, turn.rotated(-1)), np.rot90(before, 1))
    np.testing.assert_array_equal(turned(PIXELS, turn.flipped_sideways()), before[:, ::-1])
    np.testing.assert_array_equal(turned(PIXELS, turn.flipped_over()), before[::-1])


@pytest.mark.parametrize("turn", TURNS)
def test_that_doing_and_undoing_a_turn_leaves_all_as_it_was(turn):
    assert turn.flipped_sideways().flipped_sideways() == turn
    assert turn.flipped_over().flipped_over() == turn
    assert turn.rotated(3).rotated(1) == turn
    assert turn.flipped_sideways().flipped_over() == turn.rotated(2)


def test_that_there_are_eight_ways_to_lay_a_picture():
    assert len({str(seen(turn)) for turn in TURNS}) == 8


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("aspect", [1.0, 2.5])
def test_that_the_map_puts_every_pixel_where_the_turned_picture_has_it(turn, aspect):
    where = laid_out(turn, 2, 3, aspect)
    shown = turned(PIXELS, turn)
    width, height = (aspect, 1.0) if turn.sideways else (1.0, aspect)  # of a shown pixel

    for row in range(2):
        for column in range(3):
            x, y = where((column + 0.5, row + 0.5))
            assert shown[int(y / height), int(x / width)] == PIXELS[row, column]


@pytest.mark.parametrize("turn", TURNS)
def test_that_the_turned_picture_begins_at_its_upper_left_corner(turn):
    where = laid_out(turn, 20, 30, 2.0)
    corners = [where(point) for point in ((0, 0), (30, 0), (0, 20), (30, 20))]

    width, height = laid_out_size(turn, 20, 30, 2.0)

    assert {(x, y) for x, y in corners} == {(0, 0), (width, 0), (0, height), (width, height)}
    assert (width, height) == ((40, 30) if turn.sideways else (30, 40))
    assert laid_out_size(turn, 20, 30) == ((20, 30) if turn.sideways else (30, 20))


@given(turns, st.floats(0.05, 40), st.floats(-500, 500), st.floats(-500, 500), st.floats(0.2, 5), st.data())
def test_that_every_point_of_the_screen_leads_back_to_its_pixel(turn, zoom, right, down, aspect, data):
    there = laid_out(turn, 480, 640, aspect).then(magnified(zoom, right, down))
    point = data.draw(st.tuples(st.floats(0, 640), st.floats(0, 480)))

    assert there.inverse()(there(point)) == pytest.approx(point, abs=1e-6)


def test_that_maps_follow_each_other_in_order():
    first, then = Affine(1, 0, 5, 0, 1, 0), magnified(2, 1, 1)

    assert first.then(then)((1, 1)) == (13, 3)  # 1 + 5, doubled, and 1 to the right


def test_that_a_map_onto_a_line_has_no_way_back():
    with pytest.raises(ValueError, match="no way back"):
        Affine(1, 1, 0, 1, 1, 0).inverse()


@pytest.mark.parametrize(
    ("turn", "wanted"),
    [
        (Turn(), EdgeLetters("R", "A", "L", "P")),
        (Turn(quarters=1), EdgeLetters("P", "R", "A", "L")),
        (Turn(quarters=2), EdgeLetters("L", "P", "R", "A")),
        (Turn(quarters=3), EdgeLetters("A", "L", "P", "R")),
        (Turn().flipped_sideways(), EdgeLetters("L", "A", "R", "P")),
        (Turn().flipped_over(), EdgeLetters("R", "P", "L", "A")),
        (Turn(quarters=1).flipped_sideways(), EdgeLetters("A", "R", "P", "L")),
    ],
)
def test_that_letters_turn_with_an_axial_picture(turn, wanted):
    assert edge_letters(("L", "P"), turn) == wanted


@pytest.mark.parametrize("turn", TURNS)
def test_that_letters_stand_at_the_edges_their_pixels_go_to(turn):
    marked = np.array([["", "A", ""], ["R", "", "L"], ["", "P", ""]])

    shown = turned(marked, turn)

    wanted = EdgeLetters(shown[1, 0], shown[0, 1], shown[1, 2], shown[2, 1])
    assert edge_letters(("L", "P"), turn) == wanted


def test_that_oblique_directions_keep_all_their_letters():
    assert edge_letters(("L", "PF"), Turn()) == EdgeLetters("R", "AH", "L", "PF")


def test_that_no_letters_are_made_up():
    assert edge_letters(None, Turn()) is None


def test_that_millimetres_across_are_those_of_what_runs_across():
    scale = Scale(width=0.25, height=0.5, unit="mm", basis="PixelSpacing")

    assert mm_across(scale, Turn(), 2.0) == 0.25
    assert mm_across(scale, Turn(quarters=1), 2.0) == 0.25  # a row is drawn 2 wide and is 0.5 mm
    assert mm_across(scale, Turn(quarters=1), 1.0) == 0.5  # drawn square although it is not
    assert mm_across(Scale(width=1, height=1, unit="px", basis="not calibrated"), Turn()) is None


@pytest.mark.parametrize("quarters", [-1, 4])
def test_that_a_turn_has_up_to_three_quarters(quarters):
    with pytest.raises(ValueError, match="quarter turns"):
        Turn(quarters=quarters)


@pytest.mark.parametrize("window", [(0, 0), (0, -1), (float("nan"), 1), (0, float("inf")), (0, float("nan"))])
def test_that_a_window_has_a_width(window):
    with pytest.raises(ValueError, match="no window"):
        View(window=window)
