import numpy as np
import pytest

from viewer.assessment.combine import combined_trust, combined_trusts
from viewer.assessment.fitting import augrc, fit_combination
from viewer.domain.result import About, Score, ScoreRow

KNOTS = np.linspace(0, 1, 11)


def study(seed=0, n=600, *, second=1.2):
    """Answers right with probability .75; two independent views of that, and one of nothing."""
    random = np.random.default_rng(seed)
    correct = random.random(n) < 0.75
    squash = lambda d: 1 / (1 + np.exp(-(d * correct + random.normal(size=n))))  # noqa: E731
    trusts = {"softmax": squash(1.0), "second": squash(second), "noise": random.random(n)}
    return trusts, correct, np.array([f"g{i // 2}" for i in range(n)])


def test_that_two_independent_views_together_beat_the_softmax_probability():
    trusts, correct, groups = study()
    found = fit_combination(trusts, correct, groups)
    assert found.fitted
    assert found.interval[0] > 0
    assert sum(found.weights.values()) == pytest.approx(1)
    assert min(found.weights["softmax"], found.weights["second"]) > 5 * found.weights.get("noise", 0)
    assert "finds errors better than the softmax probability (AUGRC lower by" in found.sentence


def test_that_a_combination_that_gains_nothing_is_not_presented_as_one_that_does():
    trusts, correct, groups = study(second=0.0)
    found = fit_combination(trusts, correct, groups)
    assert found.weights == {"softmax": 1.0}
    assert not found.fitted
    assert "does not find errors significantly better" in found.sentence
    assert "softmax probability alone is used" in found.sentence


def test_that_pure_noise_beside_the_baseline_is_taken_for_a_gain_in_few_studies():
    fitted = [fit_combination(*study(seed, 200, second=0.0)).fitted for seed in range(40)]
    assert np.mean(fitted) <= 0.1


def test_that_a_scorer_with_a_gap_takes_no_part_and_no_baseline_is_an_error():
    trusts, correct, groups = study()
    trusts["second"][3] = np.nan
    assert "second" not in fit_combination(trusts, correct, groups).weights
    trusts["softmax"][3] = np.nan
    with pytest.raises(ValueError, match="no softmax"):
        fit_combination(trusts, correct, groups)


def test_that_without_errors_nothing_is_fitted():
    trusts, _, groups = study()
    found = fit_combination(trusts, np.full(600, True), groups)
    assert found.weights == {"softmax": 1.0}
    assert "too little to learn from" in found.sentence


def test_that_thirty_scorers_of_little_use_do_not_spoil_two_good_ones():
    trusts, correct, groups = study()
    random = np.random.default_rng(8)
    like_softmax = {f"like_{i}": np.clip(trusts["softmax"] + random.normal(0, 0.1, 600), 0, 1) for i in range(15)}
    crowd = trusts | like_softmax | {f"noise_{i}": random.random(600) for i in range(15)}
    alone, crowded = fit_combination(trusts, correct, groups), fit_combination(crowd, correct, groups)
    assert crowded.fitted
    assert crowded.gain > 0.7 * alone.gain
    assert crowded == fit_combination(crowd, correct, groups)


def test_that_thirty_scorers_that_say_the_same_or_nothing_are_no_gain():
    trusts, correct, groups = study(second=0.0)
    random = np.random.default_rng(8)
    like_softmax = {f"like_{i}": np.clip(trusts["softmax"] + random.normal(0, 0.1, 600), 0, 1) for i in range(15)}
    crowd = trusts | like_softmax | {f"noise_{i}": random.random(600) for i in range(15)}
    found = fit_combination(crowd, correct, groups)
    assert found.weights == {"softmax": 1.0}
    assert found.gain > -0.005


def test_that_augrc_is_the_area_under_the_generalised_risk():
    # Sorted by trust: right, wrong, right. Generalised risk after 1, 2, 3 answers: 0, 1/3, 1/3; the trapezoids
    # over coverage are (0 + 1/3)/2/3 + 1/3/3 = 1/6.
    assert augrc(np.array([0.9, 0.5, 0.1]), np.array([True, False, True])) == pytest.approx(1 / 6)
    assert augrc(np.array([0.9, 0.5]), np.array([True, True])) == 0.0
    assert augrc(np.array([0.9, 0.5]), np.array([False, False])) == 0.5


def test_that_many_answers_are_combined_exactly_as_one():
    random = np.random.default_rng(1)
    trusts = {name: random.random(20) for name in ("softmax", "margin", "doctor")}
    weights = {"softmax": 0.3, "margin": 0.7, "doctor": 0.0}
    together = combined_trusts(trusts, weights, {"softmax": KNOTS, "margin": KNOTS})
    for i, expected in enumerate(together):
        rows = [
            ScoreRow(
                name=name, title=name, plugin="p", about=About.CORRECTNESS, weight=0, result=Score(trust=values[i])
            )
            for name, values in trusts.items()
        ]
        assert combined_trust(rows, weights, {"softmax": KNOTS, "margin": KNOTS}) == expected
    trusts["margin"][4] = np.nan
    assert np.isnan(combined_trusts(trusts, weights, {"softmax": KNOTS, "margin": KNOTS})[4])
