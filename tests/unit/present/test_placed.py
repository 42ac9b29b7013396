"""A value among those of other pictures."""

import numpy as np
import pytest

from viewer.domain.result import Placement
from viewer.present.placed import BINS, placed_words, strip

OTHERS = np.linspace(0, 1, 101)


def placed(value, *, high_is_usual=True, sample=OTHERS, share=0.03):
    return Placement(
        title="Overlap", value=value, sample=sample, share=share, high_is_usual=high_is_usual, words="seldom"
    )


def test_that_the_unusual_end_lies_at_the_left_whichever_it_is():
    low, high = strip(placed(0.2)), strip(placed(0.2, high_is_usual=False))
    assert low.mark == pytest.approx(1 - high.mark)
    assert low.mark < 0.3
    assert low.below == int(low.mark * BINS)


@pytest.mark.parametrize(("value", "mark"), [(-40.0, 0.0), (90.0, 1.0)])
def test_that_a_value_beyond_the_others_is_marked_at_the_end_as_lying_beyond(value, mark):
    drawn = strip(placed(value))
    assert (drawn.mark, drawn.beyond) == (mark, True)
    assert not strip(placed(0.5)).beyond


def test_that_one_outlier_does_not_push_the_others_together():
    drawn = strip(placed(0.5, sample=np.append(np.repeat(OTHERS, 5), 1e6)))
    assert 0.4 < drawn.mark < 0.6
    assert sum(height > 0 for height in drawn.heights) > BINS / 2


@pytest.mark.parametrize("sample", [np.array([0.4]), np.full(30, 0.4), np.zeros(5)])
def test_that_others_that_are_all_alike_can_be_drawn(sample):
    drawn = strip(placed(0.4, sample=sample))
    assert len(drawn.heights) == BINS
    assert max(drawn.heights) == 1
    assert 0 <= drawn.mark <= 1


def test_that_a_place_is_told_in_words():
    said = placed_words(placed(0.05))
    assert said == "Overlap: 0.05, most others 0.1 to 0.9; 3 % are as unlike: seldom."


@pytest.mark.parametrize(
    "changes", [{"sample": np.zeros(0)}, {"sample": np.zeros((2, 2))}, {"share": 1.2}, {"share": float("nan")}]
)
def test_that_a_place_among_nothing_is_refused(changes):
    with pytest.raises(ValueError, match=r"placed among|share"):
        placed(0.5, **changes)
