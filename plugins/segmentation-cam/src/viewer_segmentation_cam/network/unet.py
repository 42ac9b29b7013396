"""The networks of `viewer_segmentation_cam.network.architectures`.

Source of the shape: Ronneberger, Fischer and Brox, MICCAI 2015, arXiv:1505.04597, with batch norm, with padding, and
with a classifier on the last maps of the encoder.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision import models

SMALL_WIDTHS = (16, 32, 64, 128, 256)
"""Channels of the four levels and the bottleneck of the network that learns from scratch."""

DRAWING_WIDTHS = (16, 32, 64, 96, 128)
"""Channels the decoder has beside each of the four skips, the finest first, and on the coarsest grid."""

DROPOUT = 0.2

SKIPS: Mapping[str, tuple[str, ...]] = {
    "mobilenet_v2": ("1", "3", "6", "13"),
    "efficientnet_b0": ("1", "2", "3", "5"),
    "resnet18": ("relu", "layer1", "layer2", "layer3"),
}
"""By backbone, the children whose outputs are the skips: on grids a half, quarter, eighth and sixteenth as fine."""


class Encoder(nn.Sequential):
    """Convolutions, one child after the other: (B, 3, H, W) → activations (B, C, h, w).

    Attributes:
        channels: Of the maps of `levels`.

    Args:
        children: By name, in order.
        skips: Names of those whose outputs a mask is drawn from, the finest first.
    """

    def __init__(self, children: Mapping[str, nn.Module], skips: Sequence[str]) -> None:
        super().__init__(OrderedDict(children))
        self._skips = frozenset(skips)
        self.channels = self._channels()

    def levels(self, pictures: Tensor) -> tuple[Tensor, ...]:
        """The maps of the skips, the finest first, and the activations last."""
        maps, kept = pictures, []
        for name, child in self.named_children():
            maps = child(maps)
            if name in self._skips:
                kept.append(maps)
        return (*kept, maps)

    def _channels(self) -> tuple[int, ...]:
        training = self.training
        with torch.no_grad():
            shapes = tuple(level.shape[1] for level in self.eval().levels(torch.zeros(1, 3, 32, 32)))
        self.train(training)
        return shapes


class Decoder(nn.Module):
    """Draws the mask: the maps of an `Encoder` → logits (B, 1, H, W), on the grid of the picture.

    From the coarsest grid on, maps are enlarged to the next finer skip's, laid beside it, and convolved twice.

    Args:
        channels: Of the encoder's maps, the finest first.
        widths: Channels beside each skip, the finest first, and on the coarsest grid.
        finest: How many times as fine as the finest skip's grid the picture's is.
    """

    def __init__(self, channels: Sequence[int], widths: Sequence[int], finest: int) -> None:
        super().__init__()
        self.reduce = nn.Sequential(*_convolution(channels[-1], widths[-1], side=1))
        steps = zip(pairwise(widths), channels[:-1], strict=True)
        self.steps = nn.ModuleList(_double(coarse + skip, fine) for (fine, coarse), skip in steps)
        self.draw = nn.Conv2d(widths[0], 1, 1)
        self._finest = finest

    def forward(self, levels: Sequence[Tensor]) -> Tensor:
        """Logits of the mask."""
        maps = self.reduce(levels[-1])
        for step, skip in zip(reversed(self.steps), reversed(levels[:-1]), strict=True):
            enlarged = functional.interpolate(maps, size=skip.shape[-2:], mode="bilinear")
            maps = step(torch.cat([enlarged, skip], dim=1))
        logits: Tensor = self.draw(maps)
        return (
            logits
            if self._finest == 1
            else functional.interpolate(logits, scale_factor=self._finest, mode="bilinear")
        )


class UNetClassifier(nn.Module):
    """A `viewer.api.Network` with a decoder.

    Args:
        trunk: The encoder.
        classes: Number of classes.
        decoder: None for a classifier alone.
    """

    def __init__(self, trunk: Encoder, classes: int, decoder: Decoder | None) -> None:
        super().__init__()
        self.trunk = trunk
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(trunk.channels[-1], classes))
        if decoder is not None:
            self.decoder = decoder

    def forward(self, pictures: Tensor) -> Tensor:
        """(B, 3, H, W) → logits of the classes (B, K)."""
        return cast("Tensor", self.classifier(self.pool(self.trunk(pictures))))


def small_unet(classes: int, *, draws: bool = True) -> UNetClassifier:
    """Four levels of double convolutions and a bottleneck, from random weights; 1.9 million weights.

    Args:
        classes: Number of classes.
        draws: Whether it has a decoder.
    """
    blocks: dict[str, nn.Module] = {"level1": _double(3, SMALL_WIDTHS[0])}
    for number, (before, after) in enumerate(pairwise(SMALL_WIDTHS), 2):
        name = "bottleneck" if number == len(SMALL_WIDTHS) else f"level{number}"
        blocks[name] = nn.Sequential(nn.MaxPool2d(2), *_double(before, after))
    encoder = Encoder(blocks, [name for name in blocks if name != "bottleneck"])
    return UNetClassifier(encoder, classes, Decoder(encoder.channels, SMALL_WIDTHS, finest=1) if draws else None)


def backbone_unet(backbone: str, classes: int) -> UNetClassifier:
    """A network of torchvision's as the encoder, with random weights.

    Args:
        backbone: A key of `SKIPS`.
        classes: Number of classes.
    """
    model = models.get_model(backbone, weights=None)
    blocks = dict(model.named_children()).get("features", model)
    parts = {name: child for name, child in blocks.named_children() if name not in ("avgpool", "fc")}
    encoder = Encoder(parts, SKIPS[backbone])
    return UNetClassifier(encoder, classes, Decoder(encoder.channels, DRAWING_WIDTHS, finest=2))


def _convolution(before: int, after: int, side: int = 3) -> list[nn.Module]:
    convolution = nn.Conv2d(before, after, side, padding=side // 2, bias=False)
    return [convolution, nn.BatchNorm2d(after), nn.ReLU(inplace=True)]


def _double(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(*_convolution(before, after), *_convolution(after, after))
