import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from viewer.evaluation import classification

# True 0: answered 0, 0, 1.  True 1: answered 1, 0.  True 2: answered 2.
TRUE, ANSWER = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 2])
CONFUSION = classification.confusion_matrix(TRUE, ANSWER, 3)


def test_that_rows_of_the_confusion_matrix_are_true_classes():
    assert CONFUSION.tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_the_figures_of_six_answers():
    assert classification.support(CONFUSION).tolist() == [3, 2, 1]
    assert classification.accuracy(CONFUSION) == pytest.approx(4 / 6)
    assert classification.recall(CONFUSION) == pytest.approx([2 / 3, 1 / 2, 1])
    assert classification.precision(CONFUSION) == pytest.approx([2 / 3, 1 / 2, 1])
    assert classification.f1(CONFUSION) == pytest.approx([4 / 6, 2 / 4, 1])
    assert classification.mean_recall(CONFUSION) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    # pₒ = 4/6; pₑ = (3·3 + 2·2 + 1·1) / 36 = 14/36; κ = (24/36 − 14/36) / (22/36).
    assert classification.kappa(CONFUSION) == pytest.approx(10 / 22)


def test_that_a_class_never_answered_has_no_precision_and_one_never_seen_no_recall():
    confusion = classification.confusion_matrix(np.array([0, 0, 1]), np.array([0, 0, 0]), 3)
    assert np.isnan(classification.precision(confusion)).tolist() == [False, True, True]
    assert np.isnan(classification.recall(confusion)).tolist() == [False, False, True]
    assert classification.f1(confusion)[:2] == pytest.approx([4 / 5, 0])
    assert np.isnan(classification.f1(confusion)[2])
    assert classification.mean_recall(confusion) == pytest.approx(1 / 2)


def test_that_kappa_is_undefined_where_chance_always_agrees():
    assert np.isnan(classification.kappa(classification.confusion_matrix(np.zeros(3, int), np.zeros(3, int), 2)))


answers = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@settings(deadline=None)
@given(answers)
def test_that_figures_are_scikit_learns(pairs):
    true, answer = np.array(pairs).T
    confusion = classification.confusion_matrix(true, answer, 4)
    assert (confusion == sklearn_metrics.confusion_matrix(true, answer, labels=range(4))).all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where a figure is undefined
        precision, recall, f1, support = sklearn_metrics.precision_recall_fscore_support(
            true, answer, labels=range(4), zero_division=np.nan
        )
        balanced = sklearn_metrics.balanced_accuracy_score(true, answer)
        kappa = sklearn_metrics.cohen_kappa_score(true, answer)
    assert classification.accuracy(confusion) == pytest.approx(sklearn_metrics.accuracy_score(true, answer))
    assert classification.precision(confusion) == pytest.approx(precision, nan_ok=True)
    assert classification.recall(confusion) == pytest.approx(recall, nan_ok=True)
    assert classification.f1(confusion) == pytest.approx(f1, nan_ok=True)
    assert classification.support(confusion).tolist() == support.tolist()
    assert classification.mean_recall(confusion) == pytest.approx(balanced)
    assert classification.kappa(confusion) == pytest.approx(kappa, nan_ok=True)


@settings(deadline=None)
@given(answers, st.data())
def test_that_a_weight_is_a_repetition(pairs, data):
    true, answer = np.array(pairs).T
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(true), max_size=len(true))))
    weighted = classification.confusion_matrix(true, answer, 4, np.stack([times, times]).astype(float))
    repeated = classification.confusion_matrix(np.repeat(true, times), np.repeat(answer, times), 4)
    assert weighted.tolist() == [repeated.tolist()] * 2


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20))
@settings(max_examples=50)
def test_that_averages_over_the_classes_are_those_of_scikit_learn(pairs):
    true, answer = np.array(pairs).T
    confusion = classification.confusion_matrix(true, answer, 4)
    names = {"macro": classification.macro, "weighted": classification.weighted}
    for name, average in names.items():
        expected = sklearn_metrics.precision_recall_fscore_support(true, answer, average=name, zero_division=0)
        ours = (classification.precision, classification.recall, classification.f1)
        found = [average(figure(confusion), confusion) for figure in ours]
        assert found == pytest.approx(list(expected[:3]))
