"""Networks that draw a mask beside their answer: shapes, skips, exact attention, fusing, ImageNet starts."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from viewer_segmentation_cam.network.architectures import BACKBONES, ENCODER, SMALL, unet_architectures, with_backbone
from viewer_segmentation_cam.network.unet import SKIPS

from viewer.api import Modality, Need, ViewerError
from viewer.domain.bundle import Manifest
from viewer.domain.errors import BundleRefused
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.fusion import fuse_batch_norm
from viewer.engine.picture import Picture
from viewer.testing.architectures import check_architecture

BY_NAME = {architecture.name: architecture for architecture in unet_architectures()}
DRAWING = [name for name in BY_NAME if name != ENCODER]
SIDE = 64


def experienced(name: str, classes: int = 3) -> torch.nn.Module:
    """A network whose batch norm has seen something, so that fusing it is no matter of course."""
    torch.manual_seed(1)
    network = BY_NAME[name].build(classes)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.3)
    return network.eval()


def bundle_of(network: torch.nn.Module, name: str, folder: Path, mask_shows: str = "lungs") -> Engine:
    manifest = Manifest(
        name="tiny",
        version="1",
        architecture=name,
        classes=("a", "b", "c"),
        modality=Modality.XRAY,
        intended_use="A test.",
        licence="CC0-1.0",
        input_size=SIDE,
        mask_shows=mask_shows,
    )
    tensors = {n: t.numpy() for n, t in network.state_dict().items() if not n.endswith("num_batches_tracked")}
    write_bundle(folder, manifest, tensors, card="# A test\n")
    return Engine(read_bundle(folder), Architectures(BY_NAME.values()), device="cpu", cache_bytes=0)


@pytest.mark.parametrize("name", BY_NAME)
def test_that_the_architecture_conforms(name):
    check_architecture(BY_NAME[name])


@pytest.mark.parametrize("name", DRAWING)
def test_that_the_mask_lies_on_the_grid_of_the_picture_and_the_levels_end_in_the_activations(name):
    network = experienced(name)
    pictures = torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        levels = network.trunk.levels(pictures)
        torch.testing.assert_close(levels[-1], network.trunk(pictures))
        assert network.decoder(levels).shape == (2, 1, SIDE, SIDE)
    sides = [level.shape[-1] for level in levels]
    assert len(levels) == 5
    assert all(fine == 2 * coarse for fine, coarse in pairwise(sides))


@pytest.mark.parametrize("name", DRAWING)
def test_that_fusing_batch_norm_changes_neither_answer_nor_mask(name):
    network = experienced(name)
    pictures = torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        answer, mask = network(pictures), network.decoder(network.trunk.levels(pictures))
        fuse_batch_norm(network, keep=frozenset({f"trunk.{BY_NAME[name].stem}"}))
        assert not [m for m in network.decoder.modules() if isinstance(m, torch.nn.BatchNorm2d)]
        torch.testing.assert_close(network(pictures), answer, rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(network.decoder(network.trunk.levels(pictures)), mask, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", DRAWING)
def test_that_one_pass_gives_the_answer_its_exact_attention_and_the_mask(name, tmp_path):
    engine = bundle_of(experienced(name), name, tmp_path / "tiny")
    picture = Picture(np.random.default_rng(0).integers(0, 256, (50, 80, 3), np.uint8))
    needs = frozenset({Need.LOGITS, Need.ATTENTION, Need.MASK})
    evidence = engine.evidence([picture], needs)
    assert evidence.linear_head is not None
    assert (evidence.mask.shape, evidence.mask_shows, evidence.mask_from) == ((1, SIDE, SIDE), "lungs", "")
    # Summed over the grid, the attention of a class is its logit without the bias: nothing is left unexplained.
    head, best = evidence.linear_head, int(evidence.predicted[0])
    assert float(evidence.attention.sum()) + head.bias[best] == pytest.approx(
        float(evidence.logits[0, best]), rel=1e-3, abs=1e-3
    )
    alone = engine.evidence([picture], frozenset({Need.LOGITS}))
    np.testing.assert_allclose(alone.logits, evidence.logits, rtol=1e-5)


def test_that_a_bundle_that_promises_a_mask_is_refused_where_its_network_draws_none(tmp_path):
    with pytest.raises(BundleRefused, match="unet-encoder draws no mask of lungs"):
        bundle_of(experienced(ENCODER), ENCODER, tmp_path / "tiny")


def test_that_the_encoder_alone_is_the_encoder_of_the_small_network():
    whole, alone = BY_NAME[SMALL].build(3).trunk.state_dict(), BY_NAME[ENCODER].build(3).trunk.state_dict()
    assert {name: tensor.shape for name, tensor in whole.items()} == {n: t.shape for n, t in alone.items()}


class TestStart:
    @pytest.fixture
    def imagenet(self, tmp_path):
        """A file in torchvision's layout, of random weights."""
        from torchvision import models

        torch.manual_seed(5)
        torch.save(models.mobilenet_v2(weights=None).state_dict(), tmp_path / "mobilenet_v2.pth")
        return tmp_path / "mobilenet_v2.pth"

    def test_that_the_encoder_starts_from_a_file_in_torchvisions_layout(self, imagenet):
        architecture = BY_NAME[with_backbone("mobilenet_v2")]
        network = architecture.build(3)
        assert architecture.load_pretrained(network, imagenet) == (
            "The encoder started from ImageNet weights (mobilenet_v2.pth)."
        )
        state = torch.load(imagenet, weights_only=True)
        assert torch.equal(network.trunk.state_dict()["18.0.weight"], state["features.18.0.weight"])

    def test_that_weights_of_another_network_are_refused_in_one_sentence(self, imagenet):
        architecture = BY_NAME[with_backbone("resnet18")]
        with pytest.raises(ViewerError, match=r"mobilenet_v2\.pth: these are no ImageNet weights of resnet18"):
            architecture.load_pretrained(architecture.build(3), imagenet)

    @pytest.mark.parametrize("content", [None, b"", b"not weights"])
    def test_that_a_file_that_is_no_weights_is_refused_in_one_sentence(self, content, tmp_path):
        architecture = BY_NAME[with_backbone("mobilenet_v2")]
        file = tmp_path / "broken.pth"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ViewerError, match=r"broken\.pth: (there is no such file|it holds no plain table)"):
            architecture.load_pretrained(architecture.build(3), file)

    def test_that_the_small_network_has_nothing_to_start_from(self, imagenet):
        with pytest.raises(ViewerError, match="learns from scratch"):
            BY_NAME[SMALL].load_pretrained(BY_NAME[SMALL].build(3), imagenet)


def test_that_every_backbone_has_four_skips():
    assert SKIPS.keys() == BACKBONES.keys()
    assert {len(skips) for skips in SKIPS.values()} == {4}
