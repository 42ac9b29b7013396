import numpy as np
import pytest

from viewer.domain.display import GreyDisplay, LookupTable


def test_that_linear_follows_the_standards_formula():
    display = GreyDisplay(center=2048, width=4096)

    # PS3.3 C.11.2.1.2.1: ((x − (c − 0.5)) / (w − 1) + 0.5) · 255
    assert display.render(np.array([[0, 2048, 4095]], np.uint16)).tolist() == [[0, 128, 255]]


def test_that_linear_exact_spans_its_width():
    display = GreyDisplay(center=50, width=100, function="LINEAR_EXACT")

    assert display.render(np.array([[0, 50, 100]], np.uint8)).tolist() == [[0, 128, 255]]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.float32])
def test_that_the_table_and_the_formula_agree(dtype):
    display = GreyDisplay(
        slope=2, intercept=-30, center=40, width=120, function="SIGMOID", inverted=True, padding=(7, 9)
    )
    values = np.arange(-100 if np.dtype(dtype).kind != "u" else 0, 120, dtype=dtype).reshape(2, -1)

    assert np.array_equal(display.render(values), display.render(values.astype(np.float64)))


def test_that_a_view_that_skips_pixels_renders_like_its_copy():
    display = GreyDisplay(center=0, width=200)
    values = np.arange(-60, 60, dtype=np.int16).reshape(10, 12)[::2, ::-3]

    assert np.array_equal(display.render(values), display.render(values.copy()))


def test_that_grey_that_is_already_grey_comes_back_as_it_is():
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)

    assert np.shares_memory(GreyDisplay(center=127.5, width=255, function="LINEAR_EXACT").render(values), values)


def test_that_what_is_no_number_is_black():
    values = np.array([[np.nan, 0.0, 1.0, np.inf, -np.inf]], np.float32)

    assert GreyDisplay(center=0.5, width=1, function="LINEAR_EXACT").render(values).tolist() == [[0, 0, 255, 255, 0]]


def test_that_a_lookup_table_holds_its_ends_and_never_overflows():
    table = LookupTable(first=10, entries=np.array([0, 128, 300], np.uint16), bits=8)

    assert table(np.array([0, 10, 11, 12, 99])).tolist() == [0, 0, 128, 300, 300]
    display = GreyDisplay(center=0, width=1, voi_lut=table)
    assert display.render(np.array([[11, 12]], np.uint8)).tolist() == [[128, 255]]


def test_that_a_users_window_replaces_the_files_lut():
    table = LookupTable(first=0, entries=np.array([255, 0], np.uint16), bits=8)
    display = GreyDisplay(center=0, width=1, voi_lut=table).with_window(50.5, 101)

    assert display.render(np.array([[0, 50, 100]], np.uint8)).tolist() == [[0, 128, 255]]


def test_that_inversion_twice_is_none():
    display = GreyDisplay(center=50, width=100)

    assert display.with_inversion().with_inversion() == display
    assert display.with_inversion().render(np.array([[0, 255]], np.uint8)).tolist() == [[255, 0]]
