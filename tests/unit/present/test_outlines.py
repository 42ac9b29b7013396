"""Outlines: traced, and drawn into small pictures."""

import numpy as np
import pytest
from skimage.measure import find_contours

from viewer.domain.bundle import FieldOfView
from viewer.domain.outline import Outline
from viewer.domain.result import Maps, Overlay
from viewer.present.outlines import outlined, traced
from viewer.present.tiles import tiles

WHOLE = FieldOfView(left=0, top=0, right=1, bottom=1)


def spot(across, down, radius, side=64):
    """Probabilities of a round thing whose edge lies where they are a half."""
    y, x = (np.mgrid[:side, :side] + 0.5) / side
    return (1 / (1 + np.exp(40 * (np.hypot(x - across, y - down) - radius)))).astype(np.float32)


def outline(values, **changes):
    return Outline(**{"title": "Lungs", "values": np.asarray(values, np.float32)} | changes)


def test_that_a_round_thing_has_one_closed_smooth_line_at_its_edge():
    (line,) = traced(outline(spot(0.4, 0.6, 0.2)))
    assert (line[0] == line[-1]).all()
    assert np.hypot(*(line - (0.4, 0.6)).T) == pytest.approx(0.2, abs=0.002)


def test_that_each_part_and_each_hole_has_a_line_of_its_own():
    lungs = np.maximum(spot(0.25, 0.5, 0.15), spot(0.75, 0.5, 0.15))
    assert len(traced(outline(lungs))) == 2
    assert len(traced(outline(spot(0.5, 0.5, 0.4) - spot(0.5, 0.5, 0.1)))) == 2


def test_that_a_line_ends_at_the_border_where_a_mask_goes_on_beyond_it():
    (line,) = traced(outline(spot(0.0, 0.5, 0.2)))
    assert line[[0, -1], 0].tolist() == [0, 0]
    assert sorted(line[[0, -1], 1].tolist()) == pytest.approx([0.3, 0.7], abs=0.005)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_that_nothing_and_everything_have_no_outline(value):
    assert traced(outline(np.full((5, 5), value))) == ()


def test_that_corners_which_touch_are_joined_where_the_middle_is_above():
    cross = np.array([[1, 0], [0, 1]])
    apart, joined = (traced(outline(cross, level=level)) for level in (0.6, 0.4))
    assert sorted(len(line) for line in apart) == sorted(len(line) for line in joined)
    assert {tuple(line[0] > 0.5) for line in apart} != {tuple(line[0] > 0.5) for line in joined}


def test_that_lines_are_those_of_scikit_image():
    values = np.zeros((20, 30), np.float32)
    values[3:-3, 3:-3] = np.random.default_rng(0).random((14, 24), np.float32)
    ours = np.concatenate([line[1:] for line in traced(outline(values))])
    theirs = np.concatenate([line[1:] for line in find_contours(values.astype(np.float64), 0.5)])
    places = (theirs[:, ::-1] + 0.5) / (30, 20)
    assert sorted(map(tuple, ours.round(9).tolist())) == sorted(map(tuple, places.round(9).tolist()))


def test_that_it_is_drawn_light_on_a_dark_rim_over_its_part_and_the_picture_stays():
    picture = np.full((90, 180, 3), 100, np.uint8)
    drawn = outlined(picture, outline(spot(0.5, 0.5, 0.25)), FieldOfView(left=0.5, top=0, right=1, bottom=1))
    assert (drawn[:, :90] == 100).all()
    row = drawn[45, 90:135, 0]
    assert row.max() > 200
    assert row.min() < 60
    assert (row[30:] == 100).all()
    assert (picture == 100).all()


@pytest.mark.parametrize("over_picture", [True, False])
def test_that_maps_side_by_side_carry_it(over_picture):
    item = Overlay(title="This picture", values=np.zeros((7, 7), np.float32))
    maps = Maps(title="m", items=(item, item), over_picture=over_picture, outline=outline(spot(0.5, 0.5, 0.25)))
    for drawn in tiles(maps, np.full((90, 90, 3), 100, np.uint8), WHOLE):
        assert drawn.max() > 200
