import numpy as np
import pytest

from viewer.evaluation.attention import (
    attention_shares,
    found_mask,
    has_mask,
    mask_cells,
    share_in_mask,
    view_agreement,
)

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


def test_that_probabilities_become_cells_too_finer_or_coarser_and_keep_their_mean():
    probabilities = np.random.default_rng(0).random((2, 9, 6), np.float32)
    for rows, columns in ((3, 2), (4, 4), (18, 7)):
        cells = mask_cells(probabilities, rows, columns)
        assert cells.shape == (2, rows, columns)
        assert cells.mean(axis=(1, 2)) == pytest.approx(probabilities.mean(axis=(1, 2)))
        assert (cells >= 0).all()
        assert (cells <= 1).all()
    assert mask_cells(probabilities, 3, 2)[0, 0, 0] == pytest.approx(probabilities[0, :3, :3].mean())


def test_that_a_frame_without_a_mask_stays_without_and_leaves_the_others_as_they_are():
    probabilities = np.random.default_rng(1).random((3, 10, 10), np.float32)
    probabilities[1] = np.nan
    cells = mask_cells(probabilities, 4, 4)
    assert np.isnan(cells[1]).all()
    assert (cells[2] == mask_cells(probabilities[2:], 4, 4)[0]).all()
    assert has_mask(probabilities).tolist() == [True, False, True]
    assert np.isnan(share_in_mask(np.ones((3, 4, 4)), cells)).tolist() == [False, True, False]


def test_that_a_mask_is_what_is_likelier_than_not_and_nothing_where_there_is_none():
    found = found_mask(np.array([[[0.5, 0.51]], [[np.nan, np.nan]]], np.float32))
    assert found.tolist() == [[[False, True]], [[False, False]]]


def test_that_agreement_with_mirrored_views_is_their_correlation():
    random = np.random.default_rng(2)
    maps, views = random.normal(size=(3, 5, 4)), random.normal(size=(3, 2, 5, 4))
    views[0, 0], views[0, 1] = 3 * maps[0] + 1, -maps[0]
    agreement = view_agreement(maps, views)
    assert agreement[0] == pytest.approx([1, -1])
    expected = [[np.corrcoef(maps[b].ravel(), views[b, v].ravel())[0, 1] for v in (0, 1)] for b in (1, 2)]
    assert agreement[1:] == pytest.approx(np.array(expected))


def test_that_agreement_is_unknown_without_attention_and_none_with_a_view_that_is_even():
    maps = np.stack([PEAK[0], -PEAK[0], 0.1 * FLAT[0], 0 * FLAT[0]])
    even = np.full((4, 1, 2, 2), 0.1)
    assert view_agreement(maps, even)[0] == [0]
    assert np.isnan(view_agreement(maps, even)[1:]).all()
