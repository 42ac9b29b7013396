import numpy as np
import pytest

from viewer.domain.evidence import softmax
from viewer.training.temperature import LIMITS, fit_temperature, negative_log_likelihood


def test_that_the_temperature_of_two_classes_is_the_logit_over_the_log_odds():
    # Every answer has logits (3, 0) and 80 % are right: the best p is .8, so 3/T = ln(.8/.2) and T = 3/ln 4.
    logits = np.tile(np.array([3.0, 0.0]), (10, 1))
    labels = np.array([0] * 8 + [1] * 2)
    assert fit_temperature(logits, labels) == pytest.approx(3 / np.log(4), rel=1e-6)


def test_that_honest_probabilities_keep_temperature_one():
    logits = np.tile(np.log(np.array([0.7, 0.3])), (10, 1))
    assert fit_temperature(logits, np.array([0] * 7 + [1] * 3)) == pytest.approx(1.0, rel=1e-6)


def test_that_the_fitted_temperature_is_a_minimum():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(500, 4)) * 3
    labels = np.array([rng.choice(4, p=shares) for shares in softmax(logits / 2)])
    best = fit_temperature(logits, labels)
    assert 1.5 < best < 2.7
    at_best = negative_log_likelihood(logits, labels, best)
    assert at_best < negative_log_likelihood(logits, labels, best * 1.05)
    assert at_best < negative_log_likelihood(logits, labels, best / 1.05)


def test_that_a_network_that_is_always_right_gets_the_lowest_temperature_that_is_believed():
    logits = np.tile(np.array([1.0, 0.0]), (5, 1))
    assert fit_temperature(logits, np.zeros(5, np.intp)) == pytest.approx(LIMITS[0], rel=1e-6)


def test_that_the_likelihood_of_a_coin_is_ln_2():
    assert negative_log_likelihood(np.zeros((3, 2)), np.array([0, 1, 1]), 1.0) == pytest.approx(np.log(2))
