"""Dropout samples and gradients of the head."""

import numpy as np
import pytest
import torch
from torch import nn

from viewer.engine.head import (
    dropout_masks,
    dropout_rate,
    linear_gradients,
    only_linear,
    sample_classifier,
    sample_linear,
)


def test_that_only_dropout_and_one_linear_layer_count_as_a_linear_head() -> None:
    linear = nn.Linear(4, 2)
    assert only_linear(nn.Sequential(nn.Dropout(0.1), linear)) is linear
    assert only_linear(linear) is linear
    assert only_linear(nn.Sequential(linear, nn.ReLU())) is None
    assert only_linear(nn.Sequential(nn.Linear(4, 4), linear)) is None


def test_that_dropout_rates_multiply_what_is_kept() -> None:
    assert dropout_rate(nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 2), nn.Dropout(0.2))) == pytest.approx(0.6)
    assert dropout_rate(nn.Linear(2, 2)) == 0.0


def test_that_masks_are_inverted_dropout_and_always_the_same() -> None:
    masks = dropout_masks(200, 300, 0.25)
    assert masks.unique().tolist() == [0.0, pytest.approx(4 / 3)]
    assert float(masks.mean()) == pytest.approx(1.0, abs=0.01)
    assert torch.equal(masks, dropout_masks(200, 300, 0.25))


def test_that_samples_are_the_linear_layer_on_masked_features() -> None:
    linear = nn.Linear(2, 2)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
        linear.bias.copy_(torch.tensor([0.5, -0.5]))
    masks = torch.tensor([[2.0, 0.0], [0.0, 0.0], [2.0, 2.0]])
    samples = sample_linear(torch.tensor([[1.0, 10.0]]), linear, masks).detach()
    assert samples.tolist() == [[[2.5, 5.5]], [[0.5, -0.5]], [[42.5, 85.5]]]


def test_that_any_classifier_is_sampled_with_its_dropout_on_and_left_as_it_was() -> None:
    torch.manual_seed(0)
    classifier = nn.Sequential(
        nn.Dropout(0.5), nn.Linear(64, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3)
    ).eval()
    features = torch.randn(2, 64)
    before = torch.get_rng_state()
    with torch.inference_mode():
        samples = sample_classifier(features, classifier, 400)
        exact = classifier(features)
    assert samples.shape == (400, 2, 3)
    assert samples.std(dim=0).min() > 0.01
    assert (samples.mean(dim=0) - exact).abs().max() < 0.3
    assert torch.equal(torch.get_rng_state(), before)
    assert not any(module.training for module in classifier.modules())
    with torch.inference_mode():  # a frame's samples do not depend on the frame before it
        assert torch.equal(sample_classifier(features[1:], classifier, 400)[:, 0], samples[:, 1])


def test_that_gradients_of_a_pooled_linear_head_are_its_weights_over_the_cells() -> None:
    weight = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float32)
    gradients = linear_gradients(weight, np.array([2, 0]), cells=4)
    assert gradients.dtype == np.float32
    np.testing.assert_allclose(gradients, [[[[1.25]], [[1.5]]], [[[0.25]], [[0.5]]]])
