import pytest
import torch

from viewer.training.classifier import class_weights, warm_up_then_cosine

COUNTS = torch.tensor([10, 30])


def test_that_power_one_weighs_every_class_alike():
    weights = class_weights(COUNTS, 1.0)
    assert (weights * COUNTS).tolist() == pytest.approx([20, 20])


def test_that_power_zero_weighs_every_picture_alike():
    assert class_weights(COUNTS, 0.0).tolist() == pytest.approx([1, 1])


def test_that_the_mean_weight_of_pictures_stays_one():
    weights = class_weights(COUNTS, 0.5)
    assert float((weights * COUNTS).sum() / COUNTS.sum()) == pytest.approx(1)
    assert float(weights[0] / weights[1]) == pytest.approx(3**0.5)


def test_that_the_learning_rate_rises_over_the_first_steps_and_falls_to_one_per_cent():
    factor = warm_up_then_cosine(100)
    assert [factor(0), factor(14)] == pytest.approx([1 / 15, 1])
    assert factor(15) == pytest.approx(1)
    assert factor(100) == pytest.approx(0.01)
    assert all(factor(step) >= factor(step + 1) for step in range(15, 100))
