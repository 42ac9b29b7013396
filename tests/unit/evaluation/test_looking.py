import numpy as np
import pytest

from viewer.evaluation.looking import looks_at, mask_steadiness

PEAK = np.array([[[1.0, 0], [0, 0]], [[1.0, 1], [1, 1]], [[-1.0, 0], [0, 0]], [[1.0, 1], [0, 0]], [[1.0, 0], [0, 0]]])
MASKS = np.zeros((5, 4, 4), np.float32)
MASKS[:3, :2, :2] = 1
MASKS[4] = np.nan


def test_that_attention_is_counted_inside_and_outside_by_the_area():
    looks = looks_at(PEAK, MASKS)
    assert looks.inside[:2] == pytest.approx([1, 0.25])
    assert looks.area[:2] == pytest.approx([0.25, 0.25])
    assert looks.times[:2] == pytest.approx([4, 1])
    assert looks.outside_times[:2] == pytest.approx([0, 1])


def test_that_there_is_nothing_to_tell_without_attention_without_a_mask_and_with_an_empty_one():
    looks = looks_at(PEAK, MASKS)
    assert looks.told.tolist() == [True, True, False, False, False]
    assert (looks.seen.tolist()[2], looks.masked.tolist()[3:]) == (False, [True, False])


def test_that_a_mask_over_everything_leaves_no_outside():
    assert np.isnan(looks_at(PEAK[:1], np.ones((1, 4, 4), np.float32)).outside_times[0])


def test_that_a_mask_is_steady_where_its_size_does_not_depend_on_the_level():
    masks = np.array([[[1, 1, 0]], [[0.9, 0.5, 0]], [[0, 0, 0.1]]], np.float32)
    assert mask_steadiness(masks).tolist() == [1, 0.5, 0]
    assert mask_steadiness(np.array([[[0.8, 0.6], [0.3, 0.1]]], np.float32)) == pytest.approx([1 / 3])
