import numpy as np
import pytest

from viewer.evaluation.conformal import Conformal, Rarity, group_weights

GROUPS = np.array([0, 1, 1, 2])
KNOWN = np.array([1.0, 2.0, 4.0, 3.0])
WEIGHTS = group_weights(GROUPS)


def test_that_the_pictures_of_a_group_share_its_weight():
    assert WEIGHTS.tolist() == [1, 0.5, 0.5, 1]


@pytest.mark.parametrize(
    ("value", "p"), [(0.0, 4 / 4), (1.0, 4 / 4), (2.5, 2.5 / 4), (3.0, 2.5 / 4), (3.5, 1.5 / 4), (9.0, 1 / 4)]
)
def test_that_p_counts_groups_at_least_as_strange_and_the_new_one(value, p):
    assert Conformal(KNOWN, WEIGHTS)(np.array([value])) == pytest.approx([p])


def test_that_p_is_uniform_over_new_groups_of_the_same_kind():
    random = np.random.default_rng(3)
    groups = np.repeat(np.arange(150), random.integers(1, 6, 150))
    means = random.normal(size=4150)
    known = means[groups] + 0.1 * random.normal(size=len(groups))
    new = means[150:] + 0.1 * random.normal(size=4000)
    p = Conformal(known, group_weights(groups))(new)
    for level in (0.05, 0.2, 0.5):
        assert (p <= level).mean() == pytest.approx(level, abs=0.05)


def test_that_rarity_is_the_share_at_least_as_large_and_an_exponential_beyond_nine_in_ten():
    rarity = Rarity(np.arange(1.0, 21.0), np.ones(20))
    # 19 is the largest that at least a tenth reach; 20 alone lies beyond, by 1.
    assert rarity(np.array([0.5, 1.0, 11.0, 19.0])) == pytest.approx(-np.log([1, 1, 0.5, 0.1]))
    assert rarity(np.array([19.5, 20.0, 40.0])) == pytest.approx(-np.log(0.1) + np.array([0.5, 1.0, 21.0]))


def test_that_the_pictures_of_a_group_share_its_weight_in_the_tail_as_well():
    # Nine groups at 1 … 9 and one of three pictures at 10, 20 and 30: u = 10, mean excess over it (10 + 20) / 2.
    known = np.append(np.arange(1.0, 10.0), [10.0, 20.0, 30.0])
    rarity = Rarity(known, group_weights(np.append(np.arange(9), [9, 9, 9])))
    assert rarity(np.array([10.0, 40.0])) == pytest.approx(-np.log(0.1) + np.array([0.0, 2.0]))


def test_that_rarity_rises_with_the_distance_whatever_the_ties():
    random = np.random.default_rng(1)
    rarity = Rarity(random.integers(0, 6, 80) / 2, np.ones(80))
    found = rarity(np.linspace(-1, 9, 200))
    assert (np.diff(found) >= 0).all()
    assert (found >= 0).all()
    alike = Rarity(np.full(30, 2.0), np.ones(30))(np.array([1.0, 2.0, 2.1]))
    assert alike[0] == alike[1] < alike[2] < np.inf
