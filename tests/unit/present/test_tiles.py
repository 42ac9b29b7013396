"""Maps side by side: drawn and said."""

import numpy as np
import pytest

from viewer.domain.bundle import FieldOfView
from viewer.domain.result import Maps, Overlay
from viewer.present.tiles import PALEST, scales, tiles, where_words

WHOLE = FieldOfView(left=0, top=0, right=1, bottom=1)
GREY = np.full((90, 90, 3), 100, np.uint8)


def peak(row, column, value=1.0):
    values = np.zeros((9, 9), np.float32)
    values[row, column] = value
    return values


def one(values, **changes):
    return Overlay(**{"title": "This picture", "values": values, "unit": "share of maximum"} | changes)


def difference(values):
    return one(values, limits=(-1.0, 1.0), colour_map="coolwarm")


def test_that_the_picture_shows_through_in_grey_where_a_map_is_low():
    (drawn,) = tiles(Maps(title="m", items=(one(peak(4, 4)),)), np.full((90, 90, 3), (200, 90, 10), np.uint8), WHOLE)
    assert drawn.shape == (90, 90, 3)
    corner = drawn[0, 0]
    assert corner.min() == corner.max() > PALEST
    assert np.ptp(drawn[45, 45].astype(int)) > 40


def test_that_a_map_covers_the_part_of_the_picture_that_the_network_saw():
    half = FieldOfView(left=0.5, top=0, right=1, bottom=1)
    (drawn,) = tiles(Maps(title="m", items=(one(np.ones((3, 3), np.float32)),)), GREY, half)
    untouched = np.array([[PALEST + 100 * (255 - PALEST) // 255] * 3])
    assert np.abs(drawn[:, :45].astype(int) - untouched).max() <= 1
    assert (np.ptp(drawn[:, 45:].astype(int), axis=2) > 20).all()


def test_that_maps_without_the_picture_are_the_colours_alone():
    (drawn,) = tiles(Maps(title="m", items=(one(np.ones((4, 4), np.float32)),), over_picture=False), GREY, WHOLE)
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) == 1


def test_that_more_and_less_are_told_without_colours():
    """A plus and a minus stand where the map is farthest from its middle."""
    values = peak(2, 2) - peak(6, 6)
    (drawn,) = tiles(Maps(title="m", items=(difference(values),)), GREY, WHOLE)
    plus, minus = drawn[25, 25], drawn[65, 65]
    assert plus.tolist() == minus.tolist() == [255] * 3
    upright = [drawn[row, column].tolist() == [255] * 3 for row, column in ((27, 25), (67, 65))]
    assert upright == [True, False]


@pytest.mark.parametrize("row", [0, 8])
def test_that_a_sign_at_the_border_lies_inside(row):
    (drawn,) = tiles(Maps(title="m", items=(difference(peak(row, row)),)), GREY, WHOLE)
    assert (drawn == 255).all(axis=2).sum() > 5


def test_that_no_sign_stands_where_nothing_differs():
    (drawn,) = tiles(Maps(title="m", items=(difference(np.zeros((9, 9), np.float32)),)), GREY, WHOLE)
    assert not (drawn == 255).all(axis=2).any()


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        (one(peak(0, 0)), "highest: upper left (1)"),
        (one(peak(4, 4, 0.5)), "highest: centre (0.5)"),
        (difference(peak(8, 0, 0.61) - peak(4, 8, 0.44)), "highest: lower left (0.61), lowest: right (−0.44)"),
        (one(np.zeros((9, 9), np.float32)), "nothing anywhere"),
        (one(np.full((9, 9), np.nan, np.float32)), "nothing anywhere"),
        (one(np.full((9, 9), 0.7, np.float32)), "the same everywhere (0.7)"),
    ],
)
def test_that_a_map_is_told_in_words(overlay, said):
    assert where_words(overlay) == said


def test_that_maps_of_one_scale_share_a_legend():
    here, usual, apart = one(peak(0, 0)), one(peak(4, 4)), difference(peak(1, 1))
    assert scales(Maps(title="m", items=(here, usual, apart))) == (here, apart)
