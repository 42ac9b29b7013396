import numpy as np
import pytest
from viewer_confidence_scores import probability

HALF = np.array([[0.5, 0.25, 0.25]])
SURE = np.array([[1.0, 0.0, 0.0]])
EVEN = np.full((1, 4), 0.25)
LN2, LN3 = np.log(2), np.log(3)


def test_that_top_probability_is_the_largest():
    assert probability.top_probability(np.array([[0.1, 0.7, 0.2], [0.4, 0.3, 0.3]])).tolist() == [0.7, 0.4]


@pytest.mark.parametrize(("k", "margin"), [(2, 0.5), (3, 0.6), (9, 0.6)])
def test_that_the_margin_reaches_down_to_the_kth_class(k, margin):
    assert probability.top_margin(np.array([[0.2, 0.7, 0.1]]), k)[0] == pytest.approx(margin)


def test_that_entropy_is_in_nats_and_zero_when_sure():
    assert probability.entropy(HALF)[0] == pytest.approx(1.5 * LN2)
    assert probability.entropy(EVEN)[0] == pytest.approx(2 * LN2)
    assert probability.entropy(SURE)[0] == 0


def test_that_certainty_is_one_when_sure_and_zero_when_even():
    assert probability.certainty(np.array([0.0, LN3]), 3) == pytest.approx([1.0, 0.0])


def test_that_max_logit_and_energy_follow_their_formulas():
    z = np.log(np.array([[1.0, 2.0, 5.0]], np.float32))
    assert probability.max_logit(z)[0] == pytest.approx(np.log(5))
    assert probability.energy(z)[0] == pytest.approx(np.log(8))


def test_that_energy_stays_finite_for_large_logits():
    assert probability.energy(np.array([[1e4, 1e4]], np.float32))[0] == pytest.approx(1e4 + LN2)


def test_that_doctor_is_the_odds_of_being_wrong():
    raw = probability.doctor_alpha(HALF)  # g = 3/8
    assert raw[0] == pytest.approx(-5 / 3)
    assert probability.doctor_trust(raw, 3)[0] == pytest.approx(1 / 6)
    assert probability.doctor_trust(probability.doctor_alpha(EVEN), 4)[0] == pytest.approx(0)
    assert probability.doctor_trust(probability.doctor_alpha(SURE), 3)[0] == 1


def test_that_generalised_entropy_sums_the_top_terms():
    assert probability.generalised_entropy(HALF, gamma=0.5)[0] == pytest.approx(-(0.5 + 2 * np.sqrt(0.1875)))
    assert probability.generalised_entropy(HALF, gamma=0.5, top=1)[0] == pytest.approx(-0.5)


@pytest.mark.parametrize("top", [2, 4, 100])
def test_that_generalised_entropy_as_trust_stays_in_bounds(top):
    p = np.random.default_rng(0).dirichlet(np.full(4, 0.5), 500)
    trust = probability.generalised_entropy_trust(probability.generalised_entropy(p, top=top), 4, top=top)
    assert trust.min() >= -1e-12
    assert trust.max() <= 1


def test_that_generalised_entropy_trusts_nothing_that_is_even():
    assert probability.generalised_entropy_trust(probability.generalised_entropy(EVEN), 4)[0] == pytest.approx(0)
    assert probability.generalised_entropy_trust(probability.generalised_entropy(SURE), 3)[0] == 1
