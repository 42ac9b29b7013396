"""The three reliability classifiers of the source study: what they learn, and that they say so where they cannot."""

import numpy as np
import pytest
from sklearn.svm import SVC
from viewer_second_opinion.classifiers import (
    FEWEST,
    MOST,
    balanced,
    fit_network,
    fit_svc,
    fit_svc_per_class,
    logistic,
    network_trust,
    standard,
    svc_decision,
    svc_per_class_trust,
    svc_trust,
)

CLASSES = 3


def answers(n=400, seed=0):
    """Probabilities of which the sure ones are right more often: x (n, 3), predicted (n,), correct (n,)."""
    random = np.random.default_rng(seed)
    x = random.dirichlet(np.full(CLASSES, 0.6), n)
    return x, x.argmax(axis=1), random.random(n) < x.max(axis=1) ** 1.5


def trusts(x, predicted, correct, seed=0):
    """Trust by each of the three kinds."""
    return {
        "network": network_trust(x, fit_network(x, correct, seed)),
        "svc": svc_trust(x, fit_svc(x, correct, seed)),
        "per class": svc_per_class_trust(x, predicted, fit_svc_per_class(x, predicted, correct, CLASSES, seed)),
    }


def test_that_right_answers_are_trusted_more_than_wrong_ones():
    x, predicted, correct = answers()
    for kind, trust in trusts(np.sort(x, axis=1), predicted, correct).items():
        assert ((trust >= 0) & (trust <= 1)).all()
        assert trust[correct].mean() > trust[~correct].mean() + 0.1, kind


def test_that_a_linear_layer_on_probabilities_by_class_cannot_see_how_sure_they_are():
    """As the source study's: it only learns which classes are right more often than others."""
    x, predicted, correct = answers()
    found = trusts(x, predicted, correct)
    assert abs(found["network"][correct].mean() - found["network"][~correct].mean()) < 0.05
    assert found["svc"][correct].mean() > found["svc"][~correct].mean() + 0.1


def test_that_the_same_seed_learns_the_same_and_another_may_not():
    first, again, other = (fit_svc(*(answers()[i] for i in (0, 2)), seed) for seed in (1, 1, 2))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["vectors"], other["vectors"])


def test_that_numpy_decides_as_scikit_learn_does():
    x, predicted, correct = answers()
    arrays = fit_svc_per_class(x, predicted, correct, CLASSES, seed=5)
    mean, scale = standard(x)
    for index in range(CLASSES):
        mine = np.flatnonzero(predicted == index)
        drawn, counts = balanced(correct[mine], 5 + index)
        theirs = SVC(C=1.0, gamma=1 / CLASSES).fit(
            (x[mine[drawn]] - mean) / scale, correct[mine[drawn]], sample_weight=counts
        )
        expected = theirs.decision_function((x[mine] - mean) / scale)
        np.testing.assert_allclose(svc_decision(x[mine], predicted[mine], arrays), expected, atol=1e-9)


def test_that_the_linear_layer_is_the_one_where_the_penalised_likelihood_is_flat():
    x, _, correct = answers(60)
    counts = np.linspace(0.5, 1.5, 60)
    slope, bias = logistic(x, correct, counts, ridge=0.7)
    error = counts * (1 / (1 + np.exp(-(x @ slope + bias))) - correct)
    np.testing.assert_allclose(x.T @ error + 0.7 * slope, 0, atol=1e-3)
    assert abs(error.sum()) < 1e-3


def test_that_the_learnt_threshold_does_not_depend_on_how_many_answers_are_right():
    random = np.random.default_rng(3)
    x = np.concatenate([random.normal(1, 1, (900, 1)), random.normal(-1, 1, (100, 1))])
    correct = np.arange(1000) < 900
    trust = network_trust(np.array([[0.0]]), fit_network(x, correct, 0))
    assert trust == pytest.approx(0.5, abs=0.1)


def test_that_a_long_clip_counts_no_more_than_its_weight():
    """990 frames of one clip say that x = 1 is right, 100 clips of one frame say the opposite."""
    x = np.concatenate([np.ones(900), np.zeros(90), np.zeros(80), np.ones(20)])[:, None]
    correct = np.concatenate([np.ones(900), np.zeros(90), np.ones(80), np.zeros(20)]).astype(bool)
    weight = np.concatenate([np.full(990, 1 / 990), np.ones(100)])
    at_one_and_zero = np.array([[1.0], [0.0]])
    by_frame = network_trust(at_one_and_zero, fit_network(x, correct, 0))
    by_clip = network_trust(at_one_and_zero, fit_network(x, correct, 0, weight))
    assert by_frame[0] > by_frame[1]
    assert by_clip[0] < by_clip[1]


def test_that_as_many_right_as_wrong_answers_are_drawn_and_both_sides_count_alike():
    correct = np.arange(2000) < 1500
    weight = np.random.default_rng(0).uniform(0.1, 3, 2000)
    drawn, counts = balanced(correct, 0, weight)
    assert (correct[drawn].sum(), (~correct[drawn]).sum()) == (MOST, MOST)
    assert counts[correct[drawn]].sum() == pytest.approx(counts[~correct[drawn]].sum())
    assert len(set(drawn)) == 2 * MOST


def test_that_a_few_hundred_support_vectors_suffice():
    x, _, correct = answers(5000)
    assert len(fit_svc(x, correct, 0)["vectors"]) <= 2 * MOST


@pytest.mark.parametrize(
    "correct",
    [np.ones(40, bool), np.zeros(40, bool), np.arange(40) < FEWEST - 1, np.zeros(0, bool), np.array([True])],
    ids=["all right", "all wrong", "too few right", "nothing", "one answer"],
)
def test_that_too_little_to_learn_from_gives_no_trust(correct):
    x, predicted, _ = answers(max(len(correct), 1))
    x, predicted = x[: len(correct)], predicted[: len(correct)]
    arrays = [fit_network(x, correct, 0), fit_svc(x, correct, 0)]
    arrays.append(fit_svc_per_class(x, predicted, correct, CLASSES, 0))
    assert all(np.isfinite(array).all() for fitted in arrays for array in fitted.values())
    asked, classes, _ = answers(7)
    for trust in (network_trust(asked, arrays[0]), svc_trust(asked, arrays[1])):
        assert np.isnan(trust).all()
    assert np.isnan(svc_per_class_trust(asked, classes, arrays[2])).all()


def test_that_a_class_that_is_always_right_has_no_trust_and_the_others_have():
    x, predicted, correct = answers()
    correct = correct | (predicted == 1)
    trust = svc_per_class_trust(x, predicted, fit_svc_per_class(x, predicted, correct, CLASSES, 0))
    assert np.isnan(trust[predicted == 1]).all()
    assert np.isfinite(trust[predicted != 1]).all()


def test_that_inputs_that_never_change_teach_nothing_and_harm_nothing():
    _, predicted, correct = answers()
    for trust in trusts(np.full((400, 3), 0.25), predicted, correct).values():
        assert np.isfinite(trust).all()
    assert trusts(np.full((400, 3), 0.25), predicted, correct)["network"] == pytest.approx(0.5, abs=0.01)
