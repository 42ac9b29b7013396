"""Whether pictures differ from a calibration's: no more alarms than the p-value says, and power where they do."""

import numpy as np
import pytest

from viewer.assessment import shift
from viewer.assessment.shift import Pictures, shift_of


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shift, "DRAWS", 99)


def pictures(random: np.random.Generator, groups: int, *, each: int = 1, away: float = 0.0, answers=None) -> Pictures:
    """Normal values of three metrics; pictures of a group share most of theirs, and answers move them."""
    numbers = np.repeat(np.arange(groups), each)
    own = random.normal(size=(groups, 3))[numbers]
    chosen = random.integers(0, 3, groups)[numbers] if answers is None else answers[numbers]
    values = own + 0.3 * random.normal(size=own.shape) + chosen[:, None] - away
    return Pictures(values=values, answers=chosen, groups=numbers)


@pytest.mark.parametrize("each", [1, 5])
def test_that_without_a_shift_p_is_uniform_however_many_pictures_a_group_has(each):
    random = np.random.default_rng(0)
    found = [shift_of(pictures(random, 30, each=each), pictures(random, 60, each=each)) for _ in range(120)]
    for share in (0.05, 0.2, 0.5):
        assert np.mean([one.p_value <= share for one in found]) == pytest.approx(share, abs=0.1)
        assert np.mean([one.p_values <= share for one in found]) == pytest.approx(share, abs=0.08)
    assert np.mean([one.effects for one in found]) == pytest.approx(0.5, abs=0.02)


def test_that_other_shares_of_the_answers_are_no_shift():
    random = np.random.default_rng(1)
    found = [shift_of(pictures(random, 30, answers=np.full(30, 2)), pictures(random, 90)).p_value for _ in range(100)]
    assert np.mean(np.array(found) <= 0.05) <= 0.1


def test_that_a_shift_of_one_standard_deviation_is_found_in_its_direction():
    random = np.random.default_rng(2)
    found = [shift_of(pictures(random, 30, away=1.0), pictures(random, 90)) for _ in range(20)]
    assert max(one.p_value for one in found) <= 0.02
    assert np.mean([one.effects for one in found]) == pytest.approx(0.75, abs=0.04)
    back = shift_of(pictures(random, 30, away=-1.0), pictures(random, 90))
    assert back.p_value <= 0.02
    assert (back.effects < 0.4).all()


def test_that_the_effect_is_the_share_of_pairs_within_an_answer_ties_counting_half():
    here = Pictures(values=np.array([[1.0], [5.0]]), answers=np.array([0, 0]), groups=np.array([0, 1]))
    values = np.array([[0.0], [1.0], [2.0], [6.0], [7.0], [0.0]])
    there = Pictures(values=values, answers=np.array([0, 0, 0, 0, 0, 1]), groups=np.arange(6))
    # the single picture with the other answer joins the five of the first: (3.5 of 6 + 2 of 6) / 2
    assert shift_of(here, there).effects[0] == pytest.approx((3.5 / 6 + 2 / 6) / 2)


def test_that_groups_weigh_alike_however_many_pictures_they_have():
    values = np.array([[0.0]] * 9 + [[2.0]])
    here = Pictures(values=values, answers=np.zeros(10, int), groups=np.array([0] * 9 + [1]))
    there = Pictures(values=np.ones((6, 1)), answers=np.zeros(6, int), groups=np.arange(6))
    assert shift_of(here, there).effects[0] == pytest.approx(0.5)


def test_that_a_metric_without_values_is_not_compared_and_does_not_disturb_the_others():
    random = np.random.default_rng(3)
    here, there = pictures(random, 30, away=1.0), pictures(random, 60)
    whole = shift_of(here, there)
    here.values[:, 1] = np.nan
    found = shift_of(here, there)
    assert np.isnan(found.effects[1])
    assert np.isnan(found.p_values[1])
    assert found.effects[[0, 2]] == pytest.approx(whole.effects[[0, 2]])
    assert found.p_value <= 0.02


def test_that_metrics_that_never_vary_say_nothing():
    same = Pictures(values=np.ones((20, 2)), answers=np.zeros(20, int), groups=np.arange(20))
    found = shift_of(same, same)
    assert found.p_value == 1.0
    assert found.effects == pytest.approx(0.5)


def test_that_the_same_pictures_get_the_same_p():
    random = np.random.default_rng(4)
    here, there = pictures(random, 25), pictures(random, 50)
    assert shift_of(here, there).p_value == shift_of(here, there).p_value


def test_that_an_answer_the_calibration_never_gave_is_compared_with_rare_ones():
    random = np.random.default_rng(5)
    strange = pictures(random, 30, answers=np.full(30, 7), away=12.0)
    found = shift_of(strange, pictures(random, 60))
    assert found.p_value <= 0.02
    assert (found.effects > 0.6).all()
