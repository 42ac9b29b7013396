"""The study's networks and recipe: shape, start, folding, and evidence by way of the viewer's own engine."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torchvision import models
from viewer_confidence_scores.dense import dense_architectures
from viewer_confidence_scores.isic9 import ISIC9

from viewer.api import Modality, ViewerError
from viewer.domain.bundle import Manifest
from viewer.domain.evidence import Need
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.testing.architectures import check_architecture

CLASSES = tuple("abcdefghi")
MOBILE = next(a for a in dense_architectures() if a.name == "mobilenet_v2_dense")


@pytest.mark.parametrize("architecture", dense_architectures(), ids=lambda architecture: architecture.name)
def test_that_it_conforms(architecture):
    check_architecture(architecture)


@pytest.mark.parametrize("architecture", dense_architectures(), ids=lambda architecture: architecture.name)
def test_that_at_180_pixels_the_flattened_grid_is_that_of_the_last_maps(architecture):
    network = architecture.build(9).eval()
    with torch.inference_mode():
        maps = network.trunk(torch.zeros(1, 3, 180, 180))
        features = network.pool(maps)
    assert maps.shape[-2:] == (6, 6)
    assert torch.equal(network.pool[0](maps), maps)
    assert features.shape == (1, 128)
    dense = [layer for layer in (*network.pool, *network.classifier) if isinstance(layer, torch.nn.Linear)]
    assert [layer.out_features for layer in dense] == [128, 128, 128, 9]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A bundle of a network whose batch norms have seen something, its engine, and the network itself."""
    torch.manual_seed(3)
    network = MOBILE.build(9)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    manifest = Manifest(
        name="dense",
        version="1",
        architecture=MOBILE.name,
        classes=CLASSES,
        modality=Modality.DERMOSCOPY,
        intended_use="A test.",
        licence="CC0-1.0",
        input_size=180,
    )
    folder = tmp_path_factory.mktemp("bundles") / "dense"
    state = network.half().float().state_dict()
    tensors = {name: t.numpy() for name, t in state.items() if not name.endswith("num_batches_tracked")}
    write_bundle(folder, manifest, tensors, card="# A test\n")
    engine = Engine(read_bundle(folder), Architectures([MOBILE]), device="cpu", cache_bytes=0, head_samples=30)
    picture = Picture(np.random.default_rng(0).integers(0, 256, (180, 180, 3), np.uint8))
    return SimpleNamespace(network=network.eval(), engine=engine, picture=picture)


def test_that_folding_leaves_the_batch_norms_of_the_dense_layers_and_the_answer_as_they_are(made):
    evidence = made.engine.evidence([made.picture], frozenset({Need.LOGITS, Need.INPUT, Need.FEATURES}))
    with torch.inference_mode():
        features = made.network.pool(made.network.trunk(torch.from_numpy(evidence.input.copy())))
        logits = made.network.classifier(features)
    assert np.allclose(evidence.logits, logits.numpy(), atol=1e-3)
    assert np.allclose(evidence.features, features.numpy(), atol=1e-3)
    norms = [module for module in made.engine.network.modules() if isinstance(module, torch.nn.BatchNorm1d)]
    assert len(norms) == 3


def test_that_attention_goes_through_the_dense_layers_for_every_class(made):
    needs = frozenset({Need.GRADIENTS, Need.ACTIVATIONS})
    answers = [made.engine.evidence([made.picture], needs, [target]) for target in range(len(CLASSES))]
    gradients = [answer.gradients[0] for answer in answers]
    assert all(gradient.shape == (1280, 6, 6) and np.abs(gradient).max() > 0 for gradient in gradients)
    assert len({gradient.tobytes() for gradient in gradients}) == len(CLASSES)
    start = torch.tensor(answers[4].activations, requires_grad=True)
    made.network.classifier(made.network.pool(start))[0, 4].backward()
    assert np.allclose(gradients[4], start.grad[0].numpy(), atol=1e-5)


def test_that_dropout_samples_of_the_head_differ_and_keep_batch_norm_in_evaluation(made):
    samples = made.engine.evidence([made.picture], frozenset({Need.HEAD_SAMPLES})).head_samples
    again = made.engine.evidence([made.picture] * 2, frozenset({Need.HEAD_SAMPLES})).head_samples
    assert samples.shape == (30, 1, len(CLASSES))
    assert samples.std(axis=0).min() > 0
    assert np.allclose(again, samples, atol=1e-5)


def test_that_another_networks_weights_are_refused(tmp_path):
    file = tmp_path / "weights.pth"
    torch.save({"features.0.0.weight": torch.zeros(1)}, file)
    with pytest.raises(ViewerError, match="no ImageNet weights of mobilenet_v2"):
        MOBILE.load_pretrained(MOBILE.build(2), file)
    with pytest.raises(ViewerError, match="there is no such file"):
        MOBILE.load_pretrained(MOBILE.build(2), tmp_path / "missing.pth")


def test_that_every_tensor_of_the_backbone_is_loaded_and_nothing_of_the_old_head(tmp_path):
    torch.manual_seed(5)
    state = models.get_model("mobilenet_v2", weights=None).state_dict()
    torch.save(state, tmp_path / "imagenet.pth")
    network = MOBILE.build(9)
    assert MOBILE.load_pretrained(network, tmp_path / "imagenet.pth").endswith("ImageNet weights (imagenet.pth).")
    for name, tensor in network.trunk.state_dict().items():
        assert torch.equal(tensor, state[f"features.{name}"]), name


@pytest.mark.parametrize(
    ("chosen", "architecture", "frozen"),
    [
        ({}, "resnet50_dense", ("trunk",)),
        ({"head": "gap"}, "resnet50", ("trunk",)),
        ({"backbone": "mobilenet_v2"}, "mobilenet_v2_dense", ("trunk",)),
        ({"backbone": "mobilenet_v2", "head": "gap", "fine_tune": True}, "mobilenet_v2", ()),
    ],
    ids=str,
)
def test_that_options_decide_the_network_and_what_is_frozen(chosen, architecture, frozen):
    choices = ISIC9.choose(chosen)
    assert (ISIC9.architecture_for(choices), ISIC9.frozen_for(choices)) == (architecture, frozen)
