"""Shares of several models in the average of their probabilities."""

import numpy as np
import pytest

from viewer.evaluation.mixing import FIRM, fit_shares


def test_that_models_that_say_the_same_share_alike() -> None:
    likelihoods = np.repeat(np.linspace(0.1, 0.9, 50)[:, None], 3, axis=1)
    assert fit_shares(likelihoods, [str(n) for n in range(50)]) == pytest.approx([1 / 3] * 3)


def test_that_the_model_that_knows_better_has_the_larger_share() -> None:
    likelihoods = np.tile([0.9, 0.3], (400, 1))
    shares = fit_shares(likelihoods, [str(n) for n in range(400)])
    assert shares.sum() == pytest.approx(1)
    assert shares[0] > 0.9


def test_that_no_better_shares_exist() -> None:
    random = np.random.default_rng(0)
    likelihoods = random.uniform(0.01, 1, (80, 2))
    groups = [str(n // 2) for n in range(80)]
    best = fit_shares(likelihoods, groups)

    def worth(share: float) -> float:
        shares = np.array([share, 1 - share])
        spoken = np.log(likelihoods @ shares).reshape(40, 2).mean(axis=1).sum()
        return float(spoken + FIRM * np.log(shares).mean())

    assert worth(best[0]) >= max(worth(share) for share in np.linspace(0.001, 0.999, 999)) - 1e-6


def test_that_few_groups_hardly_move_equal_shares() -> None:
    shares = fit_shares(np.tile([0.99, 0.01], (3, 1)), ["a", "b", "c"])
    assert 0.5 < shares[0] < 0.6


def test_that_a_group_counts_once_however_many_pictures_it_has() -> None:
    many = fit_shares(np.array([[0.9, 0.1]] * 50 + [[0.1, 0.9]]), ["a"] * 50 + ["b"])
    assert many == pytest.approx([0.5, 0.5])


def test_that_a_model_that_was_sure_of_the_wrong_class_breaks_nothing() -> None:
    shares = fit_shares(np.array([[0.0, 0.0], [0.0, 1.0]]), ["a", "b"])
    assert np.isfinite(shares).all()
    assert shares.sum() == pytest.approx(1)
