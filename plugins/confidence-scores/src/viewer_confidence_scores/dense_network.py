"""The network of `viewer_confidence_scores.dense`, and the way ImageNet weights get into its backbone."""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision import models

from viewer.api import ViewerError

GRID = 6
"""Cells along each side of the maps that are flattened."""

WIDTH = 128
"""Units of each dense layer."""

DROPOUT = 0.5
"""Share of the units left out after each dense layer; the last one is what uncertainty samples."""

_HEADS = ("fc.", "classifier.")
"""Of torchvision's networks; left out of the backbone."""


class DenseNetwork(nn.Module):
    """Trunk → 6×6 maps, flattened → 3 × (dense 128, batch norm, ReLU, dropout) → linear.

    The features are those of the third dense layer; the dropout after it belongs to the classifier.

    Args:
        backbone: `resnet50` or `mobilenet_v2`.
        classes: Number of classes.
    """

    def __init__(self, backbone: str, classes: int) -> None:
        super().__init__()
        model = models.get_model(backbone, weights=None)
        children = [(name, child) for name, child in model.named_children() if name not in ("avgpool", "fc")]
        is_one = any(name == "features" for name, _ in children)
        self.trunk = model.get_submodule("features") if is_one else nn.Sequential(OrderedDict(children))
        channels = next(model.get_submodule("classifier" if is_one else "fc").parameters()).shape[1]
        first, second = _dense(channels * GRID * GRID), _dense(WIDTH)
        third = _dense(WIDTH)[:-1]
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(GRID), nn.Flatten(), *first, *second, *third)
        self.classifier = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(WIDTH, classes))

    def forward(self, pictures: Tensor) -> Tensor:
        """(B, 3, H, W) → logits (B, K)."""
        return cast("Tensor", self.classifier(self.pool(self.trunk(pictures))))


def load_backbone(network: nn.Module, backbone: str, weights: Path | None, download: str) -> None:
    """Load torchvision's ImageNet weights into the trunk, every tensor of it.

    Args:
        network: A `DenseNetwork`.
        backbone: Its name.
        weights: A .pth or .safetensors file, or None to download.
        download: Name of what is downloaded.

    Raises:
        ViewerError: The file is none of this backbone, or the download failed.
    """
    state = _read(weights) if weights else _download(backbone, download)
    own = {name.removeprefix("features."): t for name, t in state.items() if not name.startswith(_HEADS)}
    try:
        network.get_submodule("trunk").load_state_dict(own)
    except RuntimeError as error:
        raise ViewerError(f"{weights or download}: these are no ImageNet weights of {backbone}") from error


def _dense(inputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU(), nn.Dropout(DROPOUT))


def _read(weights: Path) -> Mapping[str, Tensor]:
    try:
        if weights.suffix.lower() == ".safetensors":
            return load_file(weights)
        state = torch.load(weights, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise ViewerError(f"{weights}: there is no such file") from error
    except (UnpicklingError, SafetensorError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ViewerError(f"{weights}: it holds no plain table of weights") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise ViewerError(f"{weights}: it holds no plain table of weights")
    return state


def _download(backbone: str, name: str) -> Mapping[str, Tensor]:
    try:
        return dict(models.get_model_weights(backbone)[name].get_state_dict(check_hash=True))
    except (OSError, RuntimeError) as error:
        raise ViewerError(f"the ImageNet weights of {backbone} could not be downloaded ({error})") from error
