import numpy as np
import pytest

from viewer.domain.display import GreyDisplay, WindowPreset
from viewer.domain.image import Frame
from viewer.domain.view import Turn, View
from viewer.domain.windowing import (
    COLOUR_PRESETS,
    COLOUR_WINDOW,
    auto_window,
    default_window,
    dragged,
    least_width,
    presets_of,
)

COLOUR = Frame(values=np.full((4, 4, 3), 100, np.uint8), grey=None)


def grey(values, **display) -> Frame:
    return Frame(values=np.asarray(values), grey=GreyDisplay(**{"center": 40.0, "width": 400.0, **display}))


def test_that_presets_of_grey_are_the_full_range_and_the_files_own():
    bone = WindowPreset("Bone", 400, 1500)
    found = presets_of(grey(np.array([[0, 50], [150, 200]], np.int16), slope=2), [bone])
    assert found == (WindowPreset("Full range", 200.0, 400.0), bone)
    assert presets_of(COLOUR, [bone]) == COLOUR_PRESETS


def test_that_padding_and_what_is_no_number_count_in_no_window():
    values = np.array([[-2000, 0], [50, 100]], np.int16)
    assert presets_of(grey(values, padding=(-2000, -2000)), ())[0] == WindowPreset("Full range", 50.0, 100.0)
    floating = grey(np.array([[np.nan, 0.0], [np.inf, 1.0]], np.float32), function="LINEAR_EXACT", width=1.0)
    assert auto_window(floating) == pytest.approx((0.5, 0.98))
    nothing = grey(np.full((2, 2), -2000, np.int16), padding=(-2000, -2000))
    assert auto_window(nothing) == default_window(nothing)


def test_that_the_automatic_window_leaves_out_the_brightest_and_darkest_hundredth():
    values = np.arange(1000, dtype=np.int16).reshape(20, 50)
    values[0, :5] = 30_000
    center, width = auto_window(grey(values))
    assert center == pytest.approx(501.5, abs=10)
    assert width == pytest.approx(980, abs=10)


def test_that_the_automatic_window_of_an_even_picture_still_shows_something():
    assert auto_window(grey(np.full((3, 3), 7, np.int16))) == (7.0, 1.0)
    assert auto_window(COLOUR) == (100.0, 1.0)


def test_that_a_drag_starts_from_the_files_window_and_keeps_the_turn():
    before = View(turn=Turn(quarters=1), inverted=True)
    after = dragged(before, grey(np.zeros((2, 2), np.int16)), 0.5, 0.25)
    assert after.window == (140.0, 800.0)
    assert (after.turn, after.inverted) == (before.turn, True)
    assert dragged(after, COLOUR, -10.0, 0.0).window == (140.0, 1.0)


def test_that_values_below_one_can_be_windowed_where_the_function_allows_it():
    suv = grey(np.zeros((2, 2), np.float32), center=0.5, width=1.0, function="LINEAR_EXACT")
    assert least_width(suv) == pytest.approx(0.001)
    assert least_width(grey(np.zeros((2, 2), np.int16))) == least_width(COLOUR) == 1.0
    assert default_window(COLOUR) == COLOUR_WINDOW
