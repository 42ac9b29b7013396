import numpy as np
import pytest
import torch
from pytorch_grad_cam import GradCAM, LayerCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torchvision import models
from viewer_attention_maps import maps

A = np.array([[[[1, 2], [3, 4]], [[4, 0], [0, 0]]]], np.float32)  # two channels on a grid of 2 × 2
G = np.array([[[[1, 1], [1, 1]], [[-1, -1], [-1, 5]]]], np.float32)  # channel means 1 and ½


def test_that_grad_cam_weights_channels_by_their_mean_gradient():
    assert maps.grad_cam(A, G).tolist() == [[[3, 2], [3, 4]]]


def test_that_layer_cam_weights_cells_by_their_own_positive_gradient():
    assert maps.layer_cam(A, G).tolist() == [[[1, 2], [3, 4]]]


def test_that_gradients_may_be_given_once_for_the_whole_grid():
    constant = np.array([[[[2]], [[-1]]]], np.float32)
    spread_out = np.broadcast_to(constant, A.shape)
    np.testing.assert_array_equal(maps.grad_cam(A, constant), maps.grad_cam(A, spread_out))
    np.testing.assert_array_equal(maps.layer_cam(A, constant), maps.layer_cam(A, spread_out))


def test_that_a_map_is_shown_as_share_of_its_maximum_and_an_empty_one_stays_empty():
    assert maps.share_of_maximum(np.array([[[0, 4]], [[0, 0]]], np.float32)).tolist() == [[[0, 1]], [[0, 0]]]


def test_that_empty_and_constant_maps_are_no_attention():
    three = np.array([[[0, 0]], [[2, 2]], [[1, 2]]], np.float32)
    assert maps.has_attention(three).tolist() == [False, False, True]


def test_that_the_central_share_of_an_even_map_is_a_quarter():
    for side in (2, 3, 4, 7):
        assert maps.central_share(np.ones((1, side, side), np.float32)) == pytest.approx([0.25])


def test_that_the_central_share_counts_only_the_middle():
    one = np.zeros((2, 4, 4), np.float32)
    one[0, 1, 2] = one[1, 0, 0] = 1
    assert maps.central_share(one).tolist() == [1, 0]


def test_that_spread_is_the_area_of_the_strongest_half():
    peak = np.zeros((1, 2, 5), np.float32)
    peak[0, 0, 0] = 1
    assert maps.spread(peak) == pytest.approx([0.1])
    assert maps.spread(np.ones((1, 2, 5), np.float32)) == pytest.approx([0.5])


def normalised(values):
    low, high = values.min(), values.max()
    return (values - low) / (high - low + 1e-7)


@pytest.fixture(scope="module", params=["resnet18", "squeezenet1_0"])
def network(request):
    """A real network with random weights, a head that is linear (resnet18) and one that is not (squeezenet)."""
    torch.manual_seed(0)
    network = models.get_model(request.param, weights=None, num_classes=5).eval()
    return network, network.layer4[-1] if request.param == "resnet18" else network.features[-1]


@pytest.mark.parametrize(("method", "reference"), [(maps.grad_cam, GradCAM), (maps.layer_cam, LayerCAM)])
def test_that_the_maps_are_those_of_the_grad_cam_package(network, method, reference):
    model, layer = network
    target = 3
    picture = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    kept = {}
    handle = layer.register_forward_hook(lambda _module, _inputs, output: kept.update(activations=output))
    logits = model(picture)
    handle.remove()
    (gradients,) = torch.autograd.grad(logits[0, target], kept["activations"])
    ours = method(kept["activations"].detach().numpy(), gradients.numpy())[0]
    with reference(model=model, target_layers=[layer]) as cam:
        activations = cam.activations_and_grads
        cam(input_tensor=picture, targets=[ClassifierOutputTarget(target)])
        theirs = cam.get_cam_image(
            picture,
            layer,
            [ClassifierOutputTarget(target)],
            activations.activations[0].numpy(),
            activations.gradients[0].numpy(),
            eigen_smooth=False,
        )[0]
    np.testing.assert_allclose(normalised(ours), normalised(np.maximum(theirs, 0)), atol=1e-4)
