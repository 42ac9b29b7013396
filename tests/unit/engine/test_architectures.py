"""torchvision's networks, cut into trunk, pool and classifier."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn
from torchvision import models

from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Need
from viewer.engine.architectures import Architectures, built_in, join_members
from viewer.engine.architectures.network import MeanAndSpread, PartedNetwork, linear_head
from viewer.engine.capture import TappedNetwork
from viewer.engine.fusion import fuse_batch_norm
from viewer.engine.head import dropout_rate
from viewer.protocols import Architecture

FAMILIES = ("resnet18", "resnet50", "efficientnet_b0", "mobilenet_v2", "squeezenet1_0")
OWN_CLASSES = 1000


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def by_name(name: str) -> Any:
    return Architectures().get(name)


def settle(network: nn.Module) -> nn.Module:
    """Give BatchNorm statistics that do something, so that folding them is no triviality."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.1, 0.1)
            module.running_var.uniform_(0.8, 1.2)
            nn.init.uniform_(module.weight, 0.8, 1.2)
    return network.eval().requires_grad_(False)


def test_that_the_networks_of_the_field_are_there() -> None:
    assert Architectures().names == (
        "resnet18",
        "resnet50",
        "efficientnet_b0",
        "efficientnet_b1",
        "efficientnet_b3",
        "efficientnet_b4",
        "mobilenet_v2",
        "mobilenet_v2_textures",
        "squeezenet1_0",
        "vgg16",
    )
    assert all(isinstance(architecture, Architecture) for architecture in built_in())
    assert [a.name for a in built_in() if not a.gap_linear] == ["mobilenet_v2_textures", "vgg16"]


def test_that_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ViewerError, match="no architecture 'alexnet'; there are: resnet18, resnet50"):
        by_name("alexnet")


def test_that_no_plugin_takes_the_name_of_a_shipped_network() -> None:
    with pytest.raises(ViewerError, match="resnet18 exists already"):
        Architectures([built_in()[0]])


@pytest.mark.parametrize("name", FAMILIES)
def test_that_a_network_is_torchvisions_own_tapped_and_folded(name: str) -> None:
    architecture = by_name(name)
    original: Any = settle(models.get_model(name, weights=None, num_classes=5))
    pictures = torch.randn(2, 3, 48, 48)
    with torch.inference_mode():
        expected = original(pictures)
    trunk, pool, features = architecture.cut(original)
    head = linear_head(features, 5, architecture.dropout)
    network = PartedNetwork(trunk, pool, head).eval()
    if name == "squeezenet1_0":  # its own head is convolution, ReLU and pooling; ours is the same without the ReLU
        kernel = original.classifier[1]
        head[1].load_state_dict({"weight": kernel.weight[:, :, 0, 0], "bias": kernel.bias})
        with torch.inference_mode():
            expected = kernel(original.features(pictures)).mean(dim=(2, 3))
    else:
        last = original.fc if name.startswith("resnet") else original.classifier[1]
        head[1].load_state_dict(last.state_dict())
    fuse_batch_norm(network)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in network.modules())

    tapped = TappedNetwork(
        network, classes=5, stem=architecture.stem, middle=architecture.middle, gap_linear=True, samples=4
    )
    captured = tapped(pictures, frozenset(Need), [None, None])
    assert (captured.logits - expected).abs().max() <= 1e-4 * max(1.0, float(expected.abs().max()))
    assert tapped.linear is head[1]
    assert dropout_rate(head) > 0.19
    assert captured.head_samples is not None
    assert captured.head_samples.shape == (4, 2, 5)
    assert captured.stem is not None
    assert captured.middle is not None
    assert captured.activations is not None
    sizes = captured.stem.shape[2], captured.activations.shape[2]
    assert sizes == ((21, 2) if name == "squeezenet1_0" else (24, 2))


@pytest.mark.parametrize("architecture", built_in(), ids=lambda architecture: architecture.name)
def test_that_every_network_has_its_taps(architecture: Any) -> None:
    with torch.device("meta"):  # shapes without memory
        network = architecture.build(5).eval()
        assert network(torch.zeros(1, 3, 64, 64)).shape == (1, 5)
    assert network.trunk.get_submodule(architecture.stem) is not None
    assert network.trunk.get_submodule(architecture.middle) is not None


@pytest.mark.slow
def test_that_vgg16_is_torchvisions_own_and_is_tapped_before_its_last_pooling() -> None:
    architecture = by_name("vgg16")
    original: Any = settle(models.vgg16(weights=None))
    trunk, pool, features = architecture.cut(original)  # shares the weights, 0.5 GB of them
    network = PartedNetwork(trunk, pool, original.classifier[6])
    pictures = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        expected = original(pictures)
    tapped = TappedNetwork(
        network, classes=1000, stem=architecture.stem, middle=architecture.middle, gap_linear=False, samples=2
    )
    captured = tapped(pictures, frozenset({Need.GRADIENTS, Need.ACTIVATIONS, Need.FEATURES}), [7])
    assert torch.allclose(captured.logits, expected, rtol=1e-4, atol=1e-5)
    assert captured.activations is not None
    assert captured.gradients is not None
    assert captured.features is not None
    assert captured.activations.shape == captured.gradients.shape == (1, 512, 4, 4)
    assert captured.features.shape == (1, features) == (1, 4096)
    backbone = set(network.state_dict())
    renamed = architecture._backbone(original.state_dict())
    assert set(renamed) == {name for name in backbone if not name.startswith("classifier.")}


def test_that_textures_are_mean_and_spread_of_the_middle_maps_of_mobilenet(tmp_path: Path) -> None:
    architecture = by_name("mobilenet_v2_textures")
    original: Any = settle(models.mobilenet_v2(weights=None))
    network = architecture.build(5).eval()
    said = architecture.load_pretrained(network, _saved(original, tmp_path / "start.pth"))
    assert said == "The backbone started from ImageNet weights (start.pth)."
    pictures = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        maps = original.features[:14](pictures)
        features = network.pool(network.trunk(pictures))
    spread, mean = torch.std_mean(maps, dim=(2, 3), correction=0)
    assert features.shape == (2, 192)  # as scaled before anything was learned: by 1
    assert torch.allclose(features, torch.cat([mean, spread], dim=1), rtol=1e-3, atol=4e-3)


def test_that_the_spread_of_a_flat_map_has_a_finite_gradient() -> None:
    maps = torch.ones(1, 3, 4, 4, requires_grad=True)
    MeanAndSpread()(maps).sum().backward()
    assert maps.grad is not None
    assert maps.grad.isfinite().all()


def test_that_a_start_from_a_file_fills_the_backbone_and_leaves_the_head(tmp_path: Path) -> None:
    architecture = by_name("mobilenet_v2")
    original = models.mobilenet_v2(weights=None)
    for suffix in (".pth", ".safetensors"):
        network = architecture.build(5)
        head = network.classifier[1].weight.clone()
        said = architecture.load_pretrained(network, _saved(original, tmp_path / f"start{suffix}"))
        assert said == f"The backbone started from ImageNet weights (start{suffix})."
        assert torch.equal(network.trunk[18][0].weight, original.features[18][0].weight)
        assert torch.equal(network.classifier[1].weight, head)


@pytest.mark.parametrize("name", ["resnet18", "efficientnet_b0", "squeezenet1_0"])
def test_that_every_layout_of_torchvision_fits_its_network(name: str, tmp_path: Path) -> None:
    architecture = by_name(name)
    original = models.get_model(name, weights=None)
    network = architecture.build(5)
    architecture.load_pretrained(network, _saved(original, tmp_path / "start.pth"))
    ours = [t for n, t in network.state_dict().items() if not n.startswith("classifier.")]
    theirs = [t for n, t in original.state_dict().items() if not n.startswith(("classifier.", "fc."))]
    assert len(ours) == len(theirs)
    assert all(torch.equal(one, other) for one, other in zip(ours, theirs, strict=True))


def _saved(network: nn.Module, path: Path) -> Path:
    if path.suffix == ".safetensors":
        safetensors.torch.save_file(network.state_dict(), path)
    else:
        torch.save(network.state_dict(), path)
    return path


def test_that_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    other = _saved(models.squeezenet1_0(weights=None), tmp_path / "other.pth")
    with pytest.raises(ViewerError, match=r"features|trunk.* does not fit mobilenet_v2"):
        by_name("mobilenet_v2").load_pretrained(by_name("mobilenet_v2").build(5), other)
    wide = _saved(models.mobilenet_v2(weights=None, width_mult=0.5), tmp_path / "wide.pth")
    with pytest.raises(ViewerError, match="another shape than mobilenet_v2's"):
        by_name("mobilenet_v2").load_pretrained(by_name("mobilenet_v2").build(5), wide)


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["mobilenet_v2", "squeezenet1_0"])
def test_that_the_imagenet_backbone_loads_strictly_and_sees_what_torchvision_sees(
    name: str, viewer_data: Path
) -> None:
    file = viewer_data / "weights" / name / f"{name}_imagenet_torchvision.pth"
    architecture = by_name(name)
    network = architecture.build(OWN_CLASSES)
    architecture.load_pretrained(network, file)
    original: Any = models.get_model(name, weights=None)
    original.load_state_dict(torch.load(file, weights_only=True))
    network.eval()
    original.eval()
    picture = torch.from_numpy(np.random.default_rng(0).normal(size=(1, 3, 96, 96)).astype(np.float32))
    with torch.inference_mode():
        assert torch.equal(network.trunk(picture), original.features(picture))


def test_that_an_ensemble_answers_with_the_mean_of_its_members_logits() -> None:
    base = by_name("mobilenet_v2")
    members = [settle(base.build(3)) for _ in range(2)]
    ensemble = by_name("mobilenet_v2_x2")
    network = settle(ensemble.build(3))
    tensors = join_members([{k: v.numpy() for k, v in member.state_dict().items()} for member in members])
    network.load_state_dict({name: torch.from_numpy(np.asarray(tensor)) for name, tensor in tensors.items()})
    fuse_batch_norm(network)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in network.modules())

    pictures = torch.randn(2, 3, 48, 48)
    names = {"classes": 3, "stem": ensemble.stem, "middle": ensemble.middle}
    tapped = TappedNetwork(network, **names, gap_linear=True, samples=4, members=2)
    captured = tapped(pictures, frozenset(Need), [None, None])
    with torch.inference_mode():
        each = torch.stack([member(pictures) for member in members])
    assert torch.allclose(captured.logits, each.mean(dim=0), rtol=1e-4, atol=1e-4)
    biases = torch.stack([member.classifier[1].bias for member in members])[:, None]
    assert captured.members is not None
    assert torch.allclose(captured.members, each - biases + biases.mean(dim=0), rtol=1e-4, atol=1e-4)
    assert torch.allclose(captured.members.mean(dim=0), captured.logits, rtol=1e-4, atol=1e-4)
    assert tapped.linear is not None
    assert captured.features is not None
    assert captured.features.shape == (2, 2 * 1280)


def test_that_mirrored_views_answer_with_the_mean_of_their_logits_and_tap_the_picture_as_it_is() -> None:
    base = by_name("mobilenet_v2")
    member = settle(base.build(3))
    tensors = join_members([{k: v.numpy() for k, v in member.state_dict().items()}], flips=True)
    views = by_name("mobilenet_v2_flips")
    network = settle(views.build(3))
    network.load_state_dict({name: torch.from_numpy(np.asarray(tensor)) for name, tensor in tensors.items()})
    pictures = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        mirrored = [pictures, pictures.flip(-1), pictures.flip(-2), pictures.flip(-1, -2)]
        expected = torch.stack([member(view) for view in mirrored]).mean(dim=0)
        stem = member.trunk[0](pictures)
    tapped = TappedNetwork(network, classes=5, stem=views.stem, middle=views.middle, gap_linear=True, samples=4)
    captured = tapped(pictures, frozenset(Need), [None, None])
    assert captured.members is None
    assert torch.allclose(captured.logits, expected, rtol=1e-4, atol=1e-4)
    assert captured.stem is not None
    assert torch.allclose(captured.stem, stem)


def test_that_every_member_of_an_ensemble_starts_from_the_backbone(tmp_path: Path) -> None:
    original = models.mobilenet_v2(weights=None).state_dict()
    safetensors.torch.save_file(original, tmp_path / "start.safetensors")
    ensemble = by_name("mobilenet_v2_x2_flips")
    network = ensemble.build(3)
    assert "start.safetensors" in ensemble.load_pretrained(network, tmp_path / "start.safetensors")
    state = network.state_dict()
    for number in (0, 1):
        assert torch.equal(state[f"trunk.trunk.members.{number}.0.0.weight"], original["features.0.0.weight"])


@pytest.mark.parametrize("name", ["mobilenet_v2_x1", "mobilenet_v2_x10", "alexnet_x3", "alexnet_flips"])
def test_that_no_other_name_means_an_ensemble(name: str) -> None:
    with pytest.raises(ViewerError, match="there is no architecture"):
        by_name(name)


def test_that_there_is_no_ensemble_of_a_network_with_a_deeper_head() -> None:
    with pytest.raises(ViewerError, match="vgg16 does not end in one linear layer"):
        by_name("vgg16_x2")
