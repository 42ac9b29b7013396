import numpy as np
import pytest
from viewer_attention_verification.combination import learn_weights, weighed

from viewer.api import auroc


def cases(strengths, n=600, seed=0):
    """p-values that say more or less of right answers, each in its own way."""
    random = np.random.default_rng(seed)
    correct = random.random(n) < 0.7
    shown = np.asarray(strengths) * correct[:, None] + random.normal(size=(n, len(strengths)))
    return 1 / (1 + np.exp(-shown)), correct, np.array([f"g{i // 2}" for i in range(n)])


def test_that_metrics_that_tell_different_things_are_weighed_together():
    p, correct, groups = cases([1.0, 1.0, 0.0])
    weights, learnt = learn_weights(p, correct, groups)
    assert learnt
    assert weights.sum() == pytest.approx(1)
    assert min(weights[:2]) > 0.3
    assert auroc(weighed(p, weights), correct) > max(auroc(column, correct) for column in p.T) + 0.03


def test_that_the_best_one_speaks_alone_where_the_others_tell_no_more():
    p, correct, groups = cases([1.5, 0.0, 0.0, 0.0])
    assert learn_weights(p, correct, groups).weights.tolist() == [1, 0, 0, 0]


def test_that_a_metric_that_points_the_wrong_way_never_counts():
    p, correct, groups = cases([1.0, 1.0, -2.0])
    assert learn_weights(p, correct, groups).weights[2] == 0


@pytest.mark.parametrize("wrong", [0, 4])
def test_that_too_few_wrong_answers_teach_nothing(wrong):
    p, correct, groups = cases([1.0, 1.0])
    correct = np.arange(len(correct)) >= wrong
    assert learn_weights(p, correct, groups).weights.tolist() == [0.5, 0.5]
    assert not learn_weights(p, correct, groups).learnt


def test_that_one_group_alone_gives_one_metric_the_word():
    p, correct, _ = cases([1.0, 0.5], n=40)
    weights, learnt = learn_weights(p, correct, np.full(40, "only"))
    assert learnt
    assert sorted(weights.tolist()) == [0, 1]
