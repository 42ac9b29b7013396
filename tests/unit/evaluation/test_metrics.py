import numpy as np
import pytest

from viewer.evaluation.metrics import auroc, balanced_accuracy, group_interval, recalls

LABELS = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 0, 2])


def test_that_recall_is_the_share_of_a_class_that_is_recognised():
    assert recalls(LABELS, PREDICTED, 3) == pytest.approx([2 / 3, 1 / 2, 1])


def test_that_a_class_without_samples_has_no_recall_and_does_not_count():
    assert np.isnan(recalls(LABELS, PREDICTED, 4)[3])
    assert balanced_accuracy(LABELS, PREDICTED, 4) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_that_auroc_counts_pairs_with_ties_as_half():
    # Pairs (right, wrong): (.9, .5) 1, (.9, .2) 1, (.5, .5) ½, (.5, .2) 1 → 3.5 of 4.
    trust, correct = np.array([0.9, 0.5, 0.5, 0.2]), np.array([True, True, False, False])
    assert auroc(trust, correct) == pytest.approx(3.5 / 4)


def test_that_auroc_without_errors_is_undefined():
    assert np.isnan(auroc(np.array([0.1, 0.2]), np.array([True, True])))


def test_that_the_interval_comes_from_groups_and_not_from_frames():
    # One patient with 99 right frames, one with a single wrong one: drawing patients gives 0, .99 or 1.
    correct = np.array([1.0] * 99 + [0.0])
    groups = ["a"] * 99 + ["b"]
    low, high = group_interval(lambda rows: float(correct[rows].mean()), groups, seed=0)
    assert (low, high) == (0.0, 1.0)


def test_that_the_same_seed_gives_the_same_interval():
    values = np.arange(20.0)
    groups = [str(i) for i in range(20)]
    first, second = (group_interval(lambda rows: float(values[rows].mean()), groups, seed=7) for _ in range(2))
    assert first == second
    assert first[0] < values.mean() < first[1]


def test_that_an_interval_of_nothing_is_undefined():
    assert np.isnan(group_interval(lambda _: float("nan"), ["a", "b"], seed=0)).all()
