"""The network of `viewer_confidence_scores.dense`."""

from collections import OrderedDict
from typing import cast

from torch import Tensor, nn
from torchvision import models

GRID = 6
"""Cells along each side of the maps that are flattened."""

WIDTH = 128
"""Units of each dense layer."""

DROPOUT = 0.5
"""Share of the units left out after each dense layer; the last one is what uncertainty samples."""


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


def _dense(inputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU(), nn.Dropout(DROPOUT))
