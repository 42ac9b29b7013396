"""Batch norm learns from proper pictures alone."""

import pytest
import torch
from torch import nn

from viewer.training.garbage.norms import proper_norms


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 3), nn.BatchNorm2d(2))


def pictures():
    return torch.randn(6, 3, 9, 9, generator=torch.Generator().manual_seed(1))


def test_that_garbage_leaves_the_statistics_and_the_answers_to_proper_pictures_as_they_were(network):
    other = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 3), nn.BatchNorm2d(2))
    other.load_state_dict(network.state_dict())
    proper = pictures()
    bright = 255 * torch.randn(2, 3, 9, 9)
    with proper_norms(network, 6, 8):
        answers = network(torch.cat([proper, bright]))
    assert torch.allclose(answers[:6], other(proper), atol=1e-6)
    for name, value in other.state_dict().items():
        assert torch.allclose(network.state_dict()[name], value), name


def test_that_garbage_is_normalised_as_by_the_finished_network(network):
    bright = 255 * torch.randn(2, 3, 9, 9)
    with proper_norms(network, 6, 8):
        answers = network(torch.cat([pictures(), bright]))[6:]
    assert torch.allclose(answers, network.eval()(bright), rtol=1e-4, atol=1e-4)


def test_that_garbage_teaches_the_weights(network):
    with proper_norms(network, 6, 8):
        network(torch.cat([pictures(), torch.randn(2, 3, 9, 9)]))[6:].square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.parameters())


def test_that_everything_is_as_before_afterwards_and_where_no_garbage_is_in_the_batch(network):
    with proper_norms(network, 6, 6):
        assert "forward" not in vars(network[1])
    with proper_norms(network, 4, 6):
        assert "forward" in vars(network[1])
    assert "forward" not in vars(network[1])


def test_that_frozen_norms_are_left_alone(network):
    network[1].eval()
    with proper_norms(network, 4, 6):
        assert "forward" not in vars(network[1])
        assert "forward" in vars(network[4])
