import numpy as np
import pytest
from scipy.stats import binom

from viewer.assessment.pvalues import betting_p_value, binomial_p_value, fewest_without_error, group_losses


@pytest.mark.parametrize(("errors", "accepted"), [(0, 0), (0, 1), (1, 1), (0, 29), (3, 80), (6, 120), (900, 10_000)])
def test_that_the_binomial_is_exact(errors, accepted):
    expected = binom.cdf(errors, accepted, 0.1) if accepted else 1.0
    assert binomial_p_value(errors, accepted, 0.1) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("risk", "fewest"), [(0.10, 29), (0.05, 59), (0.02, 149)])
def test_that_the_fewest_groups_without_error_are_those_of_the_textbook(risk, fewest):
    assert fewest_without_error(risk, 0.05) == fewest
    assert binomial_p_value(0, fewest, risk) <= 0.05 < binomial_p_value(0, fewest - 1, risk)


def test_that_the_loss_of_a_group_is_r_where_nothing_is_accepted_and_its_error_where_everything_is():
    accepted = np.array([False, False, True, True, True, False])
    wrong = np.array([True, False, True, True, False, True])
    losses = group_losses(accepted, wrong, np.array([0, 0, 1, 1, 2, 2]), 0.1)
    # mean(accepted·(wrong − .1)) + .1: nothing accepted; both wrong; (−.1 + 0)/2 + .1
    assert losses == pytest.approx([0.1, 1.0, 0.05])


def test_that_wealth_is_the_product_of_the_bets():
    # Twenty guessed gains of .1 less half a group at −.9: bet (2 − .45)/(.2 + .405) = 2.56, capped at .9/.9 = 1:
    # wealth 1.1; then (1.65)/(.615), capped: 1.21; the wrong group costs .9 of it.
    losses = np.array([0.0, 0.0, 1.0, 0.0])
    assert betting_p_value(losses, 0.1, np.zeros(20)) == pytest.approx(1 / 1.21)
    # Five: (.5 − .45)/(.05 + .405) = .1099, then (.6 − .45)/(.06 + .405) = .3226.
    assert betting_p_value(losses[:2], 0.1, np.zeros(5)) == pytest.approx(1 / (1 + 0.01 / 0.91) / (1 + 0.015 / 0.465))
    assert betting_p_value(np.array([]), 0.1, np.zeros(9)) == 1.0
    assert betting_p_value(np.full(50, 0.1), 0.1, np.zeros(9)) == 1.0


@pytest.mark.parametrize("shares", [(0.9, 0.1), (0.98, 0.02)])
def test_that_a_bet_against_a_true_hypothesis_rarely_wins(shares):
    """Groups whose mean loss is exactly r: P(p ≤ δ) ≤ δ, whatever the guess."""
    random = np.random.default_rng(3)
    right, wrong = shares
    high = 0.1 / wrong  # so that the mean is .1
    studies = random.choice([0.0, high], size=(2000, 150), p=[right, wrong]).clip(0, 1)
    studies += 0.1 - min(high, 1.0) * wrong  # where the loss was clipped, move the mean back to r
    for guess in (np.zeros(50), np.full(50, 0.3)):
        false = np.mean([betting_p_value(study, 0.1, guess) <= 0.05 for study in studies])
        assert false <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 2000)
