import numpy as np
import pytest
from scipy.optimize import minimize

from viewer.evaluation.logistic import RIDGES, choose_ridge, deal, fit_logistic


def views(n=300, d=4, seed=0):
    random = np.random.default_rng(seed)
    correct = random.random(n) < 0.75
    strength = np.linspace(1.5, 0.0, d)
    found = 1 / (1 + np.exp(-(strength * correct[:, None] + random.normal(size=(n, d)))))
    return found, correct, np.array([f"g{i // 2}" for i in range(n)])


@pytest.mark.parametrize("ridge", [1e-4, 1e-2, 1.0])
def test_that_the_weights_are_those_a_well_known_optimiser_finds(ridge):
    features, correct, groups = views()
    features = np.column_stack([features, 1 - features[:, 0]])

    def loss(w):
        z = features @ w[:-1] + w[-1]
        return np.mean(np.logaddexp(0, z) - correct * z) + ridge * (w[:-1] ** 2).sum() / 2

    bounds = [(0, None)] * 5 + [(None, None)]
    best = minimize(loss, np.zeros(6), bounds=bounds, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-10})
    found = fit_logistic(features, correct, groups, ridge)
    assert found.weights == pytest.approx(best.x[:-1], abs=1e-4)
    assert found.intercept == pytest.approx(best.x[-1], abs=1e-4)
    assert found.weights[4] == 0.0  # what points the wrong way gets nothing, never less


def test_that_views_that_say_the_same_share_their_weight():
    features, correct, groups = views(d=1)
    twins = fit_logistic(np.column_stack([features, features]), correct, groups, 1e-2).weights
    assert twins[0] == pytest.approx(twins[1])
    assert (twins > 0).all()


def test_that_groups_weigh_alike():
    features, correct, _ = views(40)
    often = np.concatenate([np.arange(40), np.zeros(60, int)])  # the first case sixty times more, of one group
    groups = np.array([f"g{i}" for i in range(40)])
    once = fit_logistic(features, correct, groups, 1e-2)
    repeated = fit_logistic(features[often], correct[often], groups[often], 1e-2)
    assert repeated.weights == pytest.approx(once.weights, abs=1e-8)


def test_that_a_perfect_view_is_held_by_the_ridge():
    correct = np.arange(60) % 3 > 0
    found = fit_logistic(correct[:, None].astype(float), correct, np.arange(60).astype(str), 1e-3)
    assert 1 < found.weights[0] < 100


def test_that_more_noise_asks_for_a_stronger_ridge():
    features, correct, groups = views(200, d=2)
    noise = np.random.default_rng(1).random((200, 60))
    few = choose_ridge(features, correct, groups)
    many = choose_ridge(np.column_stack([features, noise]), correct, groups)
    assert few in RIDGES
    assert many > few
    assert many == choose_ridge(np.column_stack([features, noise]), correct, groups)


def test_that_the_strongest_ridge_within_one_standard_error_is_taken():
    features, correct, groups = views(400, d=3)
    folds, sign = deal(groups), np.where(correct, 1, -1)
    surprise = np.zeros((len(RIDGES), 400))
    for fold in range(5):
        here, there = folds == fold, folds != fold
        for row, ridge in zip(surprise, RIDGES, strict=True):
            found = fit_logistic(features[there], correct[there], groups[there], ridge)
            row[here] = np.log1p(np.exp(-sign[here] * found.logits(features[here])))
    of_groups = surprise.reshape(len(RIDGES), 200, 2).mean(axis=2)
    best = of_groups[of_groups.mean(axis=1).argmin()]
    within = [
        ridge
        for ridge, row in zip(RIDGES, of_groups, strict=True)
        if (row - best).mean() <= (row - best).std() / np.sqrt(200)
    ]
    assert choose_ridge(features, correct, groups) == max(within)
    assert fit_logistic(features, correct, groups).weights.tolist() == (
        fit_logistic(features, correct, groups, max(within)).weights.tolist()
    )


def test_that_no_group_lies_in_two_folds_and_folds_are_alike_in_size():
    groups = np.repeat([f"g{i}" for i in range(23)], 3)
    folds = deal(groups)
    assert all(len(set(folds[groups == name])) == 1 for name in set(groups))
    assert sorted(np.bincount(folds)) == [12, 12, 15, 15, 15]


def test_that_where_nothing_can_be_judged_the_strongest_ridge_is_taken():
    features, _, groups = views(20)
    assert choose_ridge(features, np.full(20, True), groups) == RIDGES[-1]
