"""Clearing of masks: the surest parts stay, without holes, and the mask stays as sure of itself as it was."""

import numpy as np
import pytest

from viewer.evaluation.attention import found_mask
from viewer.evaluation.looking import mask_steadiness
from viewer.evaluation.mask_clearing import cleared


def drawn(*rows: str) -> np.ndarray:
    """One mask; `#` is inside at .9, `.` outside at .1."""
    return np.array([[[0.9 if cell == "#" else 0.1 for cell in row] for row in rows]], np.float32)


TWO_AND_A_SPECK = drawn(
    "####..###.",
    "#..#..###.",
    "####..#.#.",
    "......###.",
    "#.........",
)


def test_that_the_largest_part_is_kept_without_its_holes():
    expected = drawn("......###.", "......###.", "......###.", "......###.", "..........")
    np.testing.assert_array_equal(found_mask(cleared(TWO_AND_A_SPECK, 1)), found_mask(expected))


def test_that_a_small_part_that_is_sure_is_kept_before_a_large_one_that_is_not():
    mask = drawn("####..##", "####..##", "####....")
    mask[0, :, :5] = np.where(mask[0, :, :5] > 0.5, np.float32(0.55), mask[0, :, :5])
    np.testing.assert_array_equal(found_mask(cleared(mask, 1)), found_mask(drawn("......##", "......##", "........")))


def test_that_as_many_parts_are_kept_as_there_may_be():
    expected = drawn("####..###.", "####..###.", "####..###.", "......###.", "..........")
    np.testing.assert_array_equal(found_mask(cleared(TWO_AND_A_SPECK, 2)), found_mask(expected))
    all_parts = found_mask(cleared(TWO_AND_A_SPECK, 9))
    assert all_parts[0, 4, 0]
    assert all_parts[0, 1, 1]


def test_that_no_number_of_parts_leaves_a_mask_as_it_is():
    assert cleared(TWO_AND_A_SPECK, 0) is TWO_AND_A_SPECK


def test_that_cells_that_touch_by_a_corner_are_two_parts():
    corner = drawn("##..", "##..", "..#.", "....")
    np.testing.assert_array_equal(found_mask(cleared(corner, 1)), found_mask(drawn("##..", "##..", "....", "....")))


def test_that_cells_nobody_doubts_keep_their_probability():
    after = cleared(TWO_AND_A_SPECK, 1)
    unchanged = found_mask(after) == found_mask(TWO_AND_A_SPECK)
    np.testing.assert_array_equal(after[unchanged], TWO_AND_A_SPECK[unchanged])


def test_that_a_mask_that_had_to_be_cleared_is_less_sure_of_itself():
    whole, pieces = drawn("###.", "###.", "....", "...."), drawn("###.", "###.", "....", "..##")
    assert mask_steadiness(cleared(whole, 1))[0] == 1
    assert mask_steadiness(cleared(pieces, 1))[0] == pytest.approx(6 / 8)


@pytest.mark.parametrize("level", [0.1, 0.9])
def test_that_a_mask_of_nothing_or_of_all_stays_as_it_is(level):
    even = np.full((2, 3, 4), level, np.float32)
    np.testing.assert_array_equal(cleared(even, 1), even)


def test_that_frames_without_a_mask_still_have_none_and_others_are_cleared_each_alone():
    batch = np.concatenate([np.full((1, 5, 10), np.nan, np.float32), TWO_AND_A_SPECK, 1 - TWO_AND_A_SPECK])
    after = cleared(batch, 1)
    assert np.isnan(after[0]).all()
    np.testing.assert_array_equal(after[1:2], cleared(TWO_AND_A_SPECK, 1))
    np.testing.assert_array_equal(after[2:3], cleared(batch[2:3], 1))


def test_that_no_frames_are_no_frames():
    assert cleared(np.zeros((0, 3, 4), np.float32), 1).shape == (0, 3, 4)
