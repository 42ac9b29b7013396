"""Tiny networks and bundles, for tests of the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from viewer.domain.bundle import Manifest
from viewer.domain.image import Modality
from viewer.engine.architectures import Architectures
from viewer.engine.architectures.network import PartedNetwork, average_pool, linear_head
from viewer.engine.bundle import Bundle, write_bundle
from viewer.engine.picture import Picture
from viewer.engine.tensors import network_arrays

CLASSES = ("melanoma", "nevus", "wart")


def tiny_trunk() -> nn.Sequential:
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(3, 6, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(inplace=True)),
        nn.Sequential(nn.Conv2d(6, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True)),
        nn.Sequential(nn.Conv2d(8, 10, 3, stride=2, padding=1), nn.ReLU(inplace=True)),
    )


@dataclass
class Tiny:
    """Average pooling and one linear layer, as most networks end."""

    name: str = "tiny"
    stem: str = "0"
    middle: str = "1"
    gap_linear: bool = True
    input_size: int = 32

    def build(self, classes: int) -> nn.Module:
        return PartedNetwork(tiny_trunk(), average_pool(), linear_head(10, classes, 0.3))

    def load_pretrained(self, network: nn.Module, weights: Path | None) -> str:
        return "Nothing was loaded."


@dataclass
class TinyDense(Tiny):
    """Two dense layers after a grid of 2×2, as in VGG: CAM needs gradients."""

    name: str = "tiny_dense"
    gap_linear: bool = False

    def build(self, classes: int) -> nn.Module:
        pool = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten())
        dense = (nn.Linear(40, 12), nn.ReLU(inplace=True), nn.Dropout(0.4), nn.Linear(12, classes))
        return PartedNetwork(tiny_trunk(), pool, nn.Sequential(nn.Dropout(0.2), *dense))


@dataclass
class TinyLiar(Tiny):
    """Claims to pool by averages, and pools by maxima."""

    name: str = "tiny_liar"

    def build(self, classes: int) -> nn.Module:
        pool = nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten())
        return PartedNetwork(tiny_trunk(), pool, linear_head(10, classes, 0.3))


@dataclass
class TinyCertain(Tiny):
    """Has no dropout to sample."""

    name: str = "tiny_certain"

    def build(self, classes: int) -> nn.Module:
        return PartedNetwork(tiny_trunk(), average_pool(), nn.Linear(10, classes))


class MaskingTrunk(nn.Sequential):
    """Gives its maps one by one."""

    def levels(self, pictures: torch.Tensor) -> tuple[torch.Tensor, ...]:
        maps = []
        for layer in self:
            pictures = layer(pictures)
            maps.append(pictures)
        return tuple(maps)


class FirstLevel(nn.Conv2d):
    """Draws a mask from the first of the maps."""

    def forward(self, levels: tuple[torch.Tensor, ...]) -> torch.Tensor:
        return super().forward(levels[0])


@dataclass
class TinyMasking(Tiny):
    """Draws a mask beside its answer."""

    name: str = "tiny_masking"

    def build(self, classes: int) -> nn.Module:
        network = PartedNetwork(MaskingTrunk(*tiny_trunk()), average_pool(), linear_head(10, classes, 0.3))
        network.decoder = FirstLevel(6, 1, 1)
        return network


@pytest.fixture(scope="session")
def architectures() -> Architectures:
    return Architectures([Tiny(), TinyDense(), TinyLiar(), TinyCertain(), TinyMasking()])


def manifest(**changes: Any) -> Manifest:
    given = {
        "name": "spots",
        "version": "1.2",
        "architecture": "tiny",
        "classes": CLASSES,
        "critical_classes": ("melanoma",),
        "modality": Modality.DERMOSCOPY,
        "intended_use": "Tests.",
        "licence": "CC0-1.0",
        "input_size": 32,
    }
    return Manifest(**(given | changes))


@pytest.fixture(name="manifest")
def make_manifest() -> Callable[..., Manifest]:
    return manifest


def trained(architecture: Any, classes: int = 3, seed: int = 0) -> nn.Module:
    """A network whose BatchNorm statistics and weights look as if it had been trained."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    network = architecture.build(classes).eval()
    for name, tensor in network.state_dict().items():
        if name.endswith("running_var"):
            tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
        elif name.endswith("running_mean"):
            tensor.copy_(torch.randn(tensor.shape, generator=generator) * 0.2)
        elif tensor.is_floating_point():
            tensor.copy_(torch.randn(tensor.shape, generator=generator) * 0.4)
    return network


@pytest.fixture(name="trained")
def make_trained() -> Callable[..., nn.Module]:
    return trained


@pytest.fixture
def make_bundle(tmp_path: Path, architectures: Architectures) -> Callable[..., Bundle]:
    def make(*, folder: str = "bundle", seed: int = 0, tensors: Any = None, card: str = "# Card\n", **kwargs: Any):
        parts = {key: kwargs.pop(key) for key in list(kwargs) if key in _PARTS}
        about = manifest(**kwargs)
        network = trained(architectures.get(about.architecture), about.outputs, seed)
        arrays = network_arrays(network) if tensors is None else tensors
        return write_bundle(tmp_path / folder, about, arrays, card=card, **parts)

    return make


_PARTS = ("temperature", "distributions", "combination", "states", "versions", "gate", "predictions")


@pytest.fixture
def picture() -> Callable[..., Picture]:
    def make(seed: int = 0, rows: int = 40, columns: int = 48, **kwargs: Any) -> Picture:
        random = np.random.default_rng(seed)
        rgb = random.integers(0, 256, (rows, columns, 3), dtype=np.uint8)
        rgb.setflags(write=False)
        return Picture(rgb, **kwargs)

    return make
