import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ellipe

from viewer.domain.geometry import (
    area,
    box_holds,
    box_of,
    crosses_itself,
    edges,
    ellipse_perimeter,
    holds,
    length,
    line_enters,
)

SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4)]
BOX = (10.0, 10.0, 20.0, 30.0)


def test_that_a_closed_outline_has_an_edge_back_to_its_first_point():
    assert list(edges([(0, 0), (1, 0), (1, 1)], closed=True))[-1] == ((1, 1), (0, 0))
    assert list(edges([(0, 0), (1, 0)], closed=True)) == [((0, 0), (1, 0))]  # no area, no way back
    assert len(list(edges([(0, 0), (1, 0), (1, 1)], closed=False))) == 2


def test_that_a_box_holds_its_points_and_its_edges():
    assert box_of([(3, 1), (-2, 5)]) == (-2, 1, 3, 5)
    assert box_holds(BOX, (10, 30))
    assert not box_holds(BOX, (9.9, 15))


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ((0, 20), (30, 20), True),  # through
        ((12, 12), (13, 13), True),  # within
        ((15, 0), (15, 15), True),  # into, straight down
        ((0, 0), (9, 50), False),  # past
        ((0, 10), (30, 10), False),  # along an edge
        ((10, 0), (10, 50), False),
        ((0, 20), (20, 0), False),  # touches the corner (10, 10)
        ((0, 20.5), (20.5, 0), True),  # cuts that corner off
        ((0, 20), (10, 20), False),  # ends at the edge
        ((5, 5), (5, 5), False),
    ],
)
def test_that_a_line_enters_a_box_only_through_its_inside(start, end, wanted):
    assert line_enters(start, end, BOX) is wanted
    assert line_enters(end, start, BOX) is wanted


def test_that_an_outline_holds_points_by_the_even_odd_rule():
    ring = [(0, 0), (8, 0), (8, 8), (0, 8), (0, 0), (2, 2), (6, 2), (6, 6), (2, 6), (2, 2)]

    assert holds(SQUARE, (2, 2))
    assert not holds(SQUARE, (5, 2))
    assert holds(ring, (1, 4))
    assert not holds(ring, (4, 4))


def test_that_the_shoelace_gives_areas_either_way_round():
    triangle = [(0, 0), (4, 0), (0, 3)]

    assert area(triangle) == area(triangle[::-1]) == 6
    assert area(SQUARE) == 16
    assert length(triangle, closed=True) == 12
    assert length(triangle, closed=False) == 9


@pytest.mark.parametrize(
    ("outline", "wanted"),
    [
        (SQUARE, False),
        ([(0, 0), (4, 4), (4, 0), (0, 4)], True),  # a bow tie
        ([(0, 0), (4, 0), (0, 3)], False),
        ([(0, 0), (8, 0), (8, 8), (4, 2), (0, 8)], False),  # hollow, not crossing
        ([(0, 0), (8, 0), (8, 8), (4, -2), (0, 8)], True),
        ([(0, 0), (2, 0), (2, 0), (2, 2), (0, 2)], False),  # a corner set twice
    ],
)
def test_that_only_an_outline_that_crosses_itself_is_said_to(outline, wanted):
    assert crosses_itself(outline) is wanted
    for turn in range(len(outline)):
        assert crosses_itself([*outline[turn:], *outline[:turn]]) is wanted


def test_that_the_perimeter_of_an_ellipse_is_exact():
    assert ellipse_perimeter(3, 3) == pytest.approx(6 * math.pi, rel=1e-15)
    assert ellipse_perimeter(5, 0) == 20
    assert ellipse_perimeter(0, 0) == 0


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_that_the_perimeter_of_an_ellipse_is_that_of_the_elliptic_integral(a, b):
    large, small = max(a, b), min(a, b)

    assert ellipse_perimeter(a, b) == pytest.approx(4 * large * ellipe(1 - (small / large) ** 2), rel=1e-10)
