"""A small network that learns from scratch; torch comes in when it is built."""

from collections import OrderedDict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.api import ViewerError

if TYPE_CHECKING:
    from torch import nn

WIDTHS = (3, 16, 32, 64, 128, 256)
"""Channels before the first and after each of five blocks."""

DROPOUT = 0.3


class SmallCnn:
    """An `Architecture`: five blocks that halve the side, global average pooling, dropout, one linear layer.

    A block is a 3×3 convolution, batch norm, ReLU and 2×2 max pooling. 390,000 weights, a sixth of MobileNetV2's.
    """

    name = "small_cnn"
    stem = "block1"
    middle = "block3"
    gap_linear = True
    input_size = 160

    def build(self, classes: int) -> "nn.Module":
        """A network with random weights for `classes` classes."""
        from torch import nn

        blocks: OrderedDict[str, nn.Module] = OrderedDict(
            (f"block{number}", _block(before, after)) for number, (before, after) in enumerate(pairwise(WIDTHS), 1)
        )
        parts: dict[str, nn.Module] = {
            "trunk": nn.Sequential(blocks),
            "pool": nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
            "classifier": nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(WIDTHS[-1], classes)),
        }
        return nn.Sequential(OrderedDict(parts))

    def load_pretrained(self, network: "nn.Module", weights: Path | None) -> str:
        """Refuse: there is nothing to start from.

        Raises:
            ViewerError: Always.
        """
        raise ViewerError(f"{self.name} learns from scratch: leave --weights out")


def _block(before: int, after: int) -> "nn.Sequential":
    from torch import nn

    convolution = nn.Conv2d(before, after, 3, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2))
