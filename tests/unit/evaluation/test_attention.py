import numpy as np
import pytest

from viewer.evaluation.attention import attention_shares, mask_cells, share_in_mask

PEAK = np.array([[[0.0, 0.0], [0.0, 4.0]]])
FLAT = np.ones((1, 2, 2))
MASK = np.array([[[0.0, 0.0], [0.0, 1.0]]])  # a quarter of the area


def test_that_shares_sum_to_one_and_leave_out_what_speaks_against_the_class():
    assert attention_shares(np.array([[[3.0, 1.0], [-5.0, 0.0]]])).tolist() == [[[0.75, 0.25], [0, 0]]]


def test_that_a_map_with_nothing_positive_has_no_shares_and_is_never_nan():
    assert attention_shares(-FLAT).tolist() == [[[0, 0], [0, 0]]]


def test_that_the_share_in_a_mask_is_corrected_for_its_area():
    assert share_in_mask(attention_shares(FLAT), MASK) == pytest.approx([1])
    assert share_in_mask(attention_shares(PEAK), MASK) == pytest.approx([4])
    assert share_in_mask(attention_shares(PEAK), 1 - MASK) == pytest.approx([0])
    assert share_in_mask(attention_shares(PEAK), 0 * MASK) == pytest.approx([0])


def test_that_masks_become_cells_by_area():
    mask = np.zeros((1, 4, 4), bool)
    mask[0, :2, :1] = True
    assert mask_cells(mask, 2, 2).tolist() == [[[0.5, 0], [0, 0]]]
