import pytest

from viewer.domain.annotation import Annotation, Kind
from viewer.domain.handles import (
    constrained,
    handles,
    is_empty,
    kept_within,
    opposite_of,
    reaching,
    usual_points,
    with_handle,
)

BOX = Annotation(kind=Kind.RECTANGLE, frame=0, points=((1, 2), (5, 8)))
LINE = Annotation(kind=Kind.DISTANCE, frame=0, points=((1, 2), (5, 8)))


def test_that_a_box_is_taken_by_its_four_corners():
    assert handles(BOX) == ((1, 2), (5, 2), (5, 8), (1, 8))
    assert handles(LINE) == ((1, 2), (5, 8))


@pytest.mark.parametrize("index", range(4))
def test_that_the_opposite_corner_stays(index):
    stays = opposite_of(BOX, index)
    changed = with_handle(BOX, index, (20, 30))
    assert stays in handles(changed)
    assert (20, 30) in handles(changed)


def test_that_one_end_of_a_line_moves():
    assert with_handle(LINE, 1, (7, 7)).points == ((1, 2), (7, 7))
    assert (opposite_of(LINE, 0), opposite_of(LINE, 1)) == ((5, 8), (1, 2))


@pytest.mark.parametrize(
    ("kind", "point", "aspect", "wanted"),
    [
        (Kind.RECTANGLE, (4, 1), 1.0, (4, 4)),
        (Kind.ELLIPSE, (-4, 1), 1.0, (-4, 4)),
        (Kind.RECTANGLE, (4, 1), 2.0, (4, 2)),
        (Kind.DISTANCE, (10, 1), 1.0, (10.05, 0)),
        (Kind.DISTANCE, (3, 4), 1.0, (3.536, 3.536)),
        (Kind.DISTANCE, (4, 2), 2.0, (4, 2)),
        (Kind.ARROW, (0, -3), 1.0, (0, -3)),
    ],
)
def test_that_a_constraint_holds_as_it_is_seen(kind, point, aspect, wanted):
    assert constrained(kind, (0, 0), point, aspect) == pytest.approx(wanted, abs=0.01)


def test_that_a_line_keeps_its_direction_at_the_edge():
    assert reaching((5, 5), (25, 15), (0, 0, 10, 10)) == (10, 7.5)
    assert reaching((5, 5), (6, 4), (0, 0, 10, 10)) == (6, 4)
    assert reaching((0, 5), (-3, 5), (0, 0, 10, 10)) == (0, 5)


def test_that_a_move_ends_at_the_edge_and_does_not_pull_in_what_lies_outside():
    box = (0, 0, 10, 10)
    assert kept_within(BOX, 20, -20, box) == (5, -2)
    assert kept_within(BOX, 1, 1, box) == (1, 1)
    assert kept_within(BOX.moved(8, 0), 1, 0, box) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "points", "wanted"),
    [
        (Kind.DISTANCE, ((1, 1), (1, 1)), True),
        (Kind.DISTANCE, ((1, 1), (1, 2)), False),
        (Kind.RECTANGLE, ((1, 1), (1, 9)), True),
        (Kind.ELLIPSE, ((1, 1), (2, 9)), False),
        (Kind.POLYGON, ((1, 1), (1, 1), (1, 1)), True),
        (Kind.TEXT, ((1, 1),), False),
    ],
)
def test_what_is_a_slip(kind, points, wanted):
    assert is_empty(Annotation(kind=kind, frame=0, points=points, text="x")) is wanted


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.KEY_IMAGE])
def test_that_the_usual_shape_of_each_kind_lies_in_its_box(kind):
    points = usual_points(kind, (10, 20, 50, 40))
    made = Annotation(kind=kind, frame=0, points=points, text="x")
    assert not is_empty(made)
    assert all(10 <= x <= 50 and 20 <= y <= 40 for x, y in points)
