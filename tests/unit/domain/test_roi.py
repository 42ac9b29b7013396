import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.domain.display import GreyDisplay, LookupTable
from viewer.domain.geometry import holds
from viewer.domain.image import Frame
from viewer.domain.roi import ellipse_mask, polygon_mask, rectangle_mask, statistics

ALL = np.ones((2, 3), bool)


def grey(values: list[list[float]], dtype: type = np.int16, **display) -> Frame:
    return Frame(values=np.array(values, dtype), grey=GreyDisplay(center=0, width=1, **display))


def drawn(mask: np.ndarray) -> list[str]:
    return ["".join("#" if on else "." for on in row) for row in mask]


def test_that_a_pixel_belongs_to_the_outline_that_holds_its_centre():
    assert drawn(rectangle_mask((1, 1), (3, 2), 3, 4)) == ["....", ".##.", "...."]
    assert drawn(rectangle_mask((3.4, 2.4), (0.6, 0.6), 3, 4)) == ["....", ".##.", "...."]
    assert drawn(polygon_mask([(0, 0), (4, 0), (0, 4)], 4, 4)) == ["###.", "##..", "#...", "...."]
    assert drawn(ellipse_mask((0, 0), (4, 4), 4, 4)) == [".##.", "####", "####", ".##."]
    assert drawn(ellipse_mask((0, 1), (5, 2), 3, 5)) == [".....", "#####", "....."]


def test_that_outlines_beyond_the_picture_are_cut_at_its_edge():
    far = [(-50, -50), (50, -50), (50, 50), (-50, 50)]

    assert polygon_mask(far, 2, 3).all()
    assert rectangle_mask((-5, -5), (50, 50), 2, 3).all()
    assert not rectangle_mask((5, 5), (9, 9), 2, 3).any()
    assert not ellipse_mask((-9, -9), (-5, -5), 2, 3).any()
    assert not polygon_mask([(-9, -9), (-5, -9), (-5, 9)], 2, 3).any()


def test_that_flat_outlines_hold_no_pixel():
    assert not ellipse_mask((1, 1), (1, 3), 4, 4).any()
    assert not rectangle_mask((1, 1), (3, 1), 4, 4).any()
    assert not polygon_mask([(0, 1), (4, 1), (2, 1)], 4, 4).any()


def test_that_neighbouring_outlines_share_no_pixel_and_leave_none_out():
    left = [(0, 0), (2.5, 0), (4.5, 6), (0, 6)]
    right = [(2.5, 0), (8, 0), (8, 6), (4.5, 6)]

    together = polygon_mask(left, 6, 8).astype(int) + polygon_mask(right, 6, 8)

    assert (together == 1).all()


@given(st.lists(st.tuples(st.integers(-8, 32), st.integers(-8, 32)), min_size=3, max_size=12))
def test_that_a_mask_holds_the_centres_that_the_outline_holds(corners):
    outline = [(x / 2, y / 2) for x, y in corners]

    mask = polygon_mask(outline, 12, 12)

    wanted = [[holds(outline, (column + 0.5, row + 0.5)) for column in range(12)] for row in range(12)]
    np.testing.assert_array_equal(mask, wanted)


def test_that_statistics_are_those_of_the_rescaled_values():
    frame = grey([[1000, 1010, 0], [1020, 1030, 0]], slope=2.0, intercept=-2000.0)
    mask = np.array([[1, 1, 0], [1, 1, 0]], bool)  # 0, 20, 40, 60

    (found,) = statistics(frame, mask, "HU")

    assert (found.mean, found.minimum, found.maximum, found.pixels) == (30, 0, 60, 4)
    assert found.sd == pytest.approx(np.sqrt((30**2 + 10**2 + 10**2 + 30**2) / 3))
    assert (found.unit, found.basis, found.channel) == ("HU", "rescaled values", "")


def test_that_the_window_on_screen_changes_no_statistics():
    plain, shown = grey([[1, 2, 3], [4, 5, 6]]), grey([[1, 2, 3], [4, 5, 6]], inverted=True)

    assert statistics(plain, ALL) == statistics(shown, ALL)
    assert statistics(plain, ALL)[0].basis == "stored values"


def test_that_a_lookup_table_of_the_file_is_applied():
    table = LookupTable(first=0, entries=np.array([5, 7], np.uint16), bits=8)

    (found,) = statistics(grey([[0, 1, 1], [0, 0, 1]], modality_lut=table), ALL)

    assert (found.mean, found.minimum, found.maximum, found.basis) == (6, 5, 7, "rescaled values")


def test_that_padding_and_what_is_no_number_are_left_out():
    padded = grey([[-2000, 4, 6], [-2000, -1999, 8]], padding=(-2000, -1999))
    holes = grey([[np.nan, 4, 6], [np.inf, -np.inf, 8]], np.float32)

    for frame in (padded, holes):
        (found,) = statistics(frame, ALL)
        assert (found.mean, found.pixels) == (6, 3)
    assert statistics(grey([[7, 7, 7], [7, 7, 7]], padding=(7, 7)), ALL) == ()


def test_that_colour_is_measured_channel_by_channel():
    values = np.array([[[0, 10, 20], [2, 10, 40]]], np.uint8)

    found = statistics(Frame(values=values, grey=None), np.ones((1, 2), bool), "HU")

    assert [(entry.channel, entry.mean, entry.sd) for entry in found] == [
        ("red", 1, pytest.approx(np.sqrt(2))),
        ("green", 10, 0),
        ("blue", 30, pytest.approx(np.sqrt(200))),
    ]
    assert {(entry.unit, entry.basis, entry.pixels) for entry in found} == {("", "sRGB, 8 bit", 2)}


def test_that_one_pixel_has_no_deviation_and_none_has_no_statistics():
    one = np.zeros((2, 3), bool)
    one[1, 2] = True

    assert statistics(grey([[1, 2, 3], [4, 5, 6]]), one)[0].sd is None
    assert statistics(grey([[1, 2, 3], [4, 5, 6]]), ~ALL) == ()
    assert statistics(Frame(values=np.zeros((2, 3, 3), np.uint8), grey=None), ~ALL) == ()


def test_that_the_mean_of_many_large_values_is_exact():
    frame = Frame(values=np.full((500, 500), 65535, np.uint16), grey=GreyDisplay(center=0, width=1))

    assert statistics(frame, np.ones((500, 500), bool))[0].mean == 65535
