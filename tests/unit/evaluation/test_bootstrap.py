import numpy as np
import pytest

from viewer.evaluation.bootstrap import Bootstrap, estimate
from viewer.evaluation.metrics import group_interval
from viewer.evaluation.weights import ratio, tally

CORRECT = np.array([1.0] * 99 + [0.0])


def share_right(weights):
    return {("accuracy",): ratio(weights @ CORRECT, weights.sum(axis=-1))}


def test_that_whole_groups_are_drawn():
    # One group with 99 right rows, one with a single wrong one: drawing groups gives 0, .99 or 1.
    found = estimate(share_right, np.array([0] * 99 + [1]), Bootstrap())["accuracy",]
    assert (found.value, found.low, found.high) == (0.99, 0, 1)


def test_that_every_draw_has_as_many_groups_as_there_are():
    groups = np.array([0, 0, 1, 2, 2, 2])
    weights = np.concatenate(list(Bootstrap(draws=200).draw(groups)))
    assert weights.shape == (200, 6)
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, [0, 2, 3]].sum(axis=1) == 3).all()


def test_that_large_tables_are_drawn_in_pieces_of_bounded_size():
    pieces = [len(weights) for weights in Bootstrap(draws=7).draw(np.arange(400_000))]
    assert pieces == [2, 2, 2, 1]


def test_that_the_same_seed_gives_the_same_interval():
    groups = np.arange(100)
    first, second, other = (estimate(share_right, groups, Bootstrap(seed=seed)) for seed in (7, 7, 8))
    assert first == second
    assert first != other


def test_that_intervals_agree_with_drawing_row_by_row():
    rng = np.random.default_rng(0)
    groups, correct = rng.integers(0, 60, 600), (rng.random(600) < 0.8).astype(float)
    _, groups = np.unique(groups, return_inverse=True)

    def measure(weights):
        return {("accuracy",): ratio(weights @ correct, weights.sum(axis=-1))}

    found = estimate(measure, groups, Bootstrap(draws=4000))["accuracy",]
    low, high = group_interval(lambda rows: float(correct[rows].mean()), groups.astype(str), seed=1, draws=4000)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.004)


def test_that_one_group_has_no_interval():
    found = estimate(share_right, np.zeros(100, int), Bootstrap())["accuracy",]
    assert found.value == 0.99
    assert np.isnan([found.low, found.high]).all()


def test_that_no_draws_make_no_interval():
    found = estimate(share_right, np.arange(100), Bootstrap(draws=0))["accuracy",]
    assert np.isnan([found.low, found.high]).all()


def test_that_undefined_draws_are_left_out():
    # The figure is undefined in every draw without the first group.
    def measure(weights):
        return {("x",): np.where(weights[:, 0] > 0, 0.5, np.nan)}

    found = estimate(measure, np.arange(4), Bootstrap())["x",]
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


def test_that_about_95_of_100_intervals_hold_the_truth():
    # 100 studies of 60 groups, each group right in all or none of its 5 rows: frames would be five times too sure.
    rng = np.random.default_rng(3)
    held = 0
    for study in range(100):
        correct = np.repeat((rng.random(60) < 0.7).astype(float), 5)

        def measure(weights, correct=correct):
            return {("accuracy",): ratio(weights @ correct, weights.sum(axis=-1))}

        found = estimate(measure, np.repeat(np.arange(60), 5), Bootstrap(draws=400, seed=study))["accuracy",]
        held += found.low <= 0.7 <= found.high
    assert held >= 88  # 95 less three standard errors


def test_that_a_tally_sums_weights_by_cell_and_ratios_of_nothing_are_undefined():
    counts = tally(np.array([[1.0, 2, 3], [0, 1, 0]]), np.array([2, 0, 2]), 4)
    assert counts.tolist() == [[2, 0, 4, 0], [1, 0, 0, 0]]
    assert tally(np.ones((2, 0)), np.array([], int), 3).tolist() == [[0, 0, 0]] * 2
    assert ratio(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist() == pytest.approx([0.5, np.nan], nan_ok=True)
