from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from viewer.evaluation.probability import SMALLEST, brier, calibration_error, loss, reliability

PROBABILITIES = np.array([[0.90, 0.10], [0.88, 0.12], [0.30, 0.70], [0.55, 0.45]])
TRUE = np.array([0, 1, 1, 1])


def test_the_calibration_error_of_four_rows():
    # Bins of 1/15: .90 and .88 share (13/15, 14/15], .70 lies in (10/15, 11/15], .55 in (8/15, 9/15].
    # First bin: 1 of 2 right at mean .89; then 1 right at .70; then 0 right at .55.
    expected = 2 / 4 * abs(1 / 2 - 0.89) + 1 / 4 * abs(1 - 0.70) + 1 / 4 * abs(0 - 0.55)
    assert calibration_error(PROBABILITIES, TRUE) == pytest.approx(expected)


def test_that_a_bin_holds_its_upper_edge():
    # Two bins: confidence .5 belongs to (0, .5]. Together with .6 the gaps .5 and −.4 would cancel to .05.
    probabilities = np.array([[0.5, 0.5], [0.4, 0.6]])
    assert calibration_error(probabilities, np.array([0, 0]), bins=2) == pytest.approx((0.5 + 0.6) / 2)


def test_that_certain_and_right_is_perfectly_calibrated():
    assert calibration_error(np.eye(3), np.arange(3)) == 0
    assert brier(np.eye(3), np.arange(3)) == 0


def test_the_brier_score_of_four_rows():
    # (.1² + .1²) + (.88² + .88²) + (.3² + .3²) + (.55² + .55²), divided by 4.
    assert brier(PROBABILITIES, TRUE) == pytest.approx(2 * (0.01 + 0.7744 + 0.09 + 0.3025) / 4)


@st.composite
def predictions(draw):
    size = draw(st.integers(1, 20))
    raw = np.array(draw(st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=3), min_size=size, max_size=size)))
    return raw / raw.sum(axis=1, keepdims=True), np.array(
        draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    )


@settings(deadline=None)
@given(predictions())
def test_that_brier_is_the_sum_of_scikit_learns_over_the_classes(case):
    probabilities, true = case
    expected = sum(brier_score_loss(true == k, probabilities[:, k], pos_label=True) for k in range(3))
    assert brier(probabilities, true) == pytest.approx(expected)


@settings(deadline=None)
@given(predictions())
def test_that_calibration_error_is_what_going_through_the_bins_gives(case):
    probabilities, true = case
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == true
    expected = 0.0
    edges = np.linspace(0, 1, 16)
    for low, high in pairwise(edges):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    assert calibration_error(probabilities, true) == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(predictions(), st.data())
def test_that_a_weight_is_a_repetition(case, data):
    probabilities, true = case
    times = np.array(data.draw(st.lists(st.integers(1, 3), min_size=len(true), max_size=len(true))))
    for metric in (brier, calibration_error):
        repeated = metric(np.repeat(probabilities, times, axis=0), np.repeat(true, times))
        assert metric(probabilities, true, times[None].astype(float))[0] == pytest.approx(float(repeated), abs=1e-12)


def test_that_the_loss_is_that_of_scikit_learn():
    assert loss(PROBABILITIES, TRUE) == pytest.approx(log_loss(TRUE, PROBABILITIES))


def test_that_a_probability_of_nothing_does_not_make_the_loss_infinite():
    assert loss(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(-np.log(SMALLEST))


def test_that_rows_that_count_twice_lose_twice():
    assert loss(PROBABILITIES, TRUE, np.array([2.0, 0, 0, 1])) == pytest.approx(-(2 * np.log(0.9) + np.log(0.45)) / 3)


def test_that_bins_of_confidence_hold_what_the_calibration_error_adds_up():
    found = reliability(PROBABILITIES, TRUE)
    assert found.rows.tolist() == [0] * 8 + [1, 0, 1, 0, 0, 2, 0]
    assert found.confidence[13] == pytest.approx(0.89)
    assert found.right[13] == 0.5
    assert np.isnan(found.right[0])
    gaps = np.nansum(found.rows * abs(found.right - found.confidence)) / 4
    assert gaps == pytest.approx(float(calibration_error(PROBABILITIES, TRUE)))
