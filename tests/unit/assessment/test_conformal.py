import numpy as np
import pytest

from viewer.assessment.conformal import conformal_p, group_weights, weight_above

GROUPS = np.array([0, 1, 1, 2])
KNOWN = np.array([1.0, 2.0, 4.0, 3.0])
WEIGHTS = group_weights(GROUPS)


def test_that_the_pictures_of_a_group_share_its_weight():
    assert WEIGHTS.tolist() == [1, 0.5, 0.5, 1]


@pytest.mark.parametrize(
    ("value", "p"), [(0.0, 4 / 4), (1.0, 4 / 4), (2.5, 2.5 / 4), (3.0, 2.5 / 4), (3.5, 1.5 / 4), (9.0, 1 / 4)]
)
def test_that_p_counts_groups_at_least_as_strange_and_the_new_one(value, p):
    assert conformal_p(value, KNOWN, WEIGHTS) == pytest.approx(p)


def test_that_what_is_above_each_picture_counts_itself_and_ties():
    assert weight_above(KNOWN, WEIGHTS).tolist() == [3, 2, 0.5, 1.5]
    assert weight_above(np.array([1.0, 2.0, 2.0]), np.array([1.0, 0.5, 0.5])).tolist() == [2, 1, 1]


def test_that_p_is_uniform_over_new_groups_of_the_same_kind():
    random = np.random.default_rng(3)
    groups = np.repeat(np.arange(150), random.integers(1, 6, 150))
    means = random.normal(size=4150)
    known = means[groups] + 0.1 * random.normal(size=len(groups))
    new = means[150:] + 0.1 * random.normal(size=4000)
    p = np.array([conformal_p(value, known, group_weights(groups)) for value in new])
    for level in (0.05, 0.2, 0.5):
        assert (p <= level).mean() == pytest.approx(level, abs=0.05)
