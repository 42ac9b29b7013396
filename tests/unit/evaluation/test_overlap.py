"""Agreement of two masks, against values worked out by hand."""

import numpy as np
import pytest

from viewer.evaluation.overlap import dice, iou, pixel_accuracy

FOUND = np.array([[1, 1, 0, 0], [1, 1, 0, 0]], bool)
TRUE = np.array([[0, 1, 1, 0], [0, 1, 1, 0]], bool)
NOTHING = np.zeros((2, 4), bool)


def test_that_agreement_is_what_the_hand_gives():
    assert dice(FOUND, TRUE) == pytest.approx(4 / 8)
    assert iou(FOUND, TRUE) == pytest.approx(2 / 6)
    assert pixel_accuracy(FOUND, TRUE) == pytest.approx(4 / 8)


@pytest.mark.parametrize("measure", [dice, iou, pixel_accuracy])
def test_that_equal_masks_agree_fully_even_where_both_are_empty(measure):
    assert measure(FOUND, FOUND) == measure(NOTHING, NOTHING) == 1


@pytest.mark.parametrize("measure", [dice, iou])
def test_that_a_mask_beside_none_has_nothing_in_common(measure):
    assert measure(FOUND, NOTHING) == measure(FOUND, ~FOUND) == 0
