"""Measurements worked out by hand, with pixels that are not square among them."""

import math

import pytest

from viewer.domain.calibration import Scale
from viewer.domain.measure import (
    COINCIDE,
    CROSSES_ITSELF,
    angle,
    cobb_angle,
    distance,
    ellipse,
    polygon,
    rectangle,
)

MM = Scale(width=0.5, height=2.0, unit="mm", basis="PixelSpacing")
PX = Scale(width=1.0, height=1.0, unit="px", basis="not calibrated", note="it leaves its ultrasound region")
TALL = Scale(width=1.0, height=2.0, unit="px", basis="not calibrated")


def test_that_a_distance_takes_rows_and_columns_by_their_own_size():
    found = distance((10, 10), (16, 12), MM)  # 6·0.5 = 3 mm across, 2·2 = 4 mm down

    assert (found.name, found.value, found.unit, found.basis, found.note) == ("length", 5.0, "mm", "PixelSpacing", "")


def test_that_a_distance_without_calibration_is_in_pixels_and_says_why():
    found = distance((0, 0), (3, 4), PX)

    assert (found.value, found.unit, found.basis) == (5.0, "px", "not calibrated")
    assert found.note == "it leaves its ultrasound region"
    assert distance((0, 0), (3, 2), TALL).value == 5.0  # 3 and 2·2 pixel widths


@pytest.mark.parametrize(
    ("scale", "last", "wanted"),
    [
        (PX, (1, 1), 45.0),
        (TALL, (1, 1), math.degrees(math.atan(2))),
        (MM, (4, 1), 45.0),  # 2 mm across, 2 mm down
        (PX, (-1, 0), 180.0),
        (PX, (5, 0), 0.0),
        (PX, (0, -3), 90.0),
    ],
)
def test_that_an_angle_is_measured_at_its_vertex(scale, last, wanted):
    assert angle((7, 0), (0, 0), last, scale).value == pytest.approx(wanted, abs=1e-12)
    assert angle(last, (0, 0), (7, 0), scale).value == pytest.approx(wanted, abs=1e-12)


def test_that_a_tiny_angle_is_not_lost():
    assert angle((1e4, 0), (0, 0), (1e4, 1e-4), PX).value == pytest.approx(math.degrees(1e-8), rel=1e-9)


def test_that_an_angle_needs_three_different_points():
    found = angle((1, 1), (1, 1), (2, 2), MM)

    assert (found.value, found.unit, found.note) == (None, "°", COINCIDE)
    assert cobb_angle(((0, 0), (1, 0)), ((5, 5), (5, 5)), MM).value is None


@pytest.mark.parametrize("way", [1, -1])
def test_that_a_cobb_angle_does_not_depend_on_which_way_its_lines_were_drawn(way):
    upper = ((0, 10), (10, 10))
    lower = ((0, 50), (10, 50 + 10 * math.tan(math.radians(25))))

    assert cobb_angle(upper[::way], lower, PX).value == pytest.approx(25)
    assert cobb_angle(upper, lower[::way], PX).value == pytest.approx(25)


def test_that_a_cobb_angle_needs_true_proportions():
    found = cobb_angle(((0, 0), (4, 0)), ((0, 9), (4, 10)), MM)  # 2 mm across, 2 mm down

    assert (found.value, found.basis) == (pytest.approx(45), "PixelSpacing")


def test_that_a_polygon_has_area_and_perimeter_in_its_unit():
    area, perimeter = polygon([(0, 0), (6, 0), (0, 2)], MM)  # legs of 3 and 4 mm

    assert (area.name, area.value, area.unit) == ("area", 6.0, "mm²")
    assert (perimeter.name, perimeter.value, perimeter.unit) == ("perimeter", 12.0, "mm")


def test_that_an_outline_that_crosses_itself_has_no_area():
    area, perimeter = polygon([(0, 0), (4, 4), (4, 0), (0, 4)], PX)

    assert (area.value, area.note) == (None, CROSSES_ITSELF)
    assert perimeter.value == pytest.approx(8 + 8 * math.sqrt(2))


def test_that_a_rectangle_is_measured_from_any_corner():
    for corners in (((2, 3), (8, 5)), ((8, 5), (2, 3)), ((2, 5), (8, 3))):
        area, perimeter = rectangle(*corners, MM)  # 3 mm × 4 mm
        assert (area.value, perimeter.value) == (12.0, 14.0)


def test_that_an_ellipse_fills_its_box():
    area, perimeter = ellipse((0, 0), (8, 2), MM)  # 4 mm × 4 mm: a circle in the patient

    assert area.value == pytest.approx(4 * math.pi)
    assert perimeter.value == pytest.approx(4 * math.pi)
    assert (area.unit, perimeter.unit) == ("mm²", "mm")
    assert ellipse((0, 0), (8, 2), PX)[0].value == pytest.approx(4 * math.pi)  # π·4·1


def test_that_a_flat_box_encloses_nothing():
    assert [found.value for found in rectangle((0, 0), (4, 0), PX)] == [0, 8]
    assert [found.value for found in ellipse((0, 0), (4, 0), PX)] == [0, 8]
