"""Frames around a frame, by their numbers in the clip."""

import numpy as np
import pytest

from viewer.domain.around import smoothed, spans, sums_between
from viewer.domain.evidence import softmax

PLACES = np.array([0, 1, 2, 10, 11, 40])
SHARES = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.6, 0.4], [0.5, 0.5], [0.3, 0.7]])


def test_that_a_frame_is_smoothed_with_those_at_most_the_reach_away() -> None:
    around = smoothed(SHARES, PLACES, reach=9)
    assert around[0] == pytest.approx(SHARES[:3].mean(axis=0))
    assert around[1] == pytest.approx(SHARES[:4].mean(axis=0))
    assert around[2] == pytest.approx(SHARES[:5].mean(axis=0))
    assert around[5] == pytest.approx(SHARES[5])


def test_that_smoothed_probabilities_sum_to_one_and_a_constant_clip_stays_as_it_is() -> None:
    shares = softmax(np.random.default_rng(0).normal(size=(50, 3)))
    assert smoothed(shares, np.arange(50)).sum(axis=1) == pytest.approx(np.ones(50))
    constant = np.tile([0.25, 0.75], (40, 1))
    assert smoothed(constant, np.arange(40)) == pytest.approx(constant)


def test_that_sums_over_spans_are_those_of_the_frames_in_them() -> None:
    first, end = spans(PLACES, 9)
    expected = [SHARES[a:b].sum(axis=0) for a, b in zip(first, end, strict=True)]
    assert sums_between(SHARES, first, end) == pytest.approx(np.array(expected))


def test_that_an_empty_clip_has_nothing_around_it() -> None:
    assert smoothed(SHARES[:0], PLACES[:0]).shape == (0, 2)


def test_that_places_must_ascend() -> None:
    with pytest.raises(ValueError, match="ascend"):
        smoothed(SHARES, PLACES[::-1])
