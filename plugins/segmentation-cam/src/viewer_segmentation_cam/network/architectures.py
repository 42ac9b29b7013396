"""Which networks draw a mask beside their answer; torch comes in when one is built."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.api import Architecture, ImageNetStart, ViewerError

if TYPE_CHECKING:
    from torch import nn

SMALL = "unet-classifier"
"""The one that learns from scratch."""

ENCODER = "unet-encoder"
"""Its encoder with the classifier alone, to compare with."""

BACKBONES = {"mobilenet_v2": ("0", "10"), "efficientnet_b0": ("0", "4"), "resnet18": ("relu", "layer2")}
"""torchvision's networks that serve as an encoder, and the layers of each that are tapped, `stem` and `middle`."""


def with_backbone(backbone: str) -> str:
    """Name of the architecture whose encoder is that network of torchvision's."""
    return f"{SMALL}-{backbone}"


@dataclass(slots=True, kw_only=True)  # not frozen: the protocol's attributes are plain ones
class SmallUNet:
    """The source's network as an `Architecture`: four levels, a bottleneck with the classifier on it, and skips.

    Attributes:
        name, stem, middle, input_size, gap_linear: As every architecture's.
        draws: Whether it has the half that draws the mask.
    """

    name: str = SMALL
    draws: bool = True
    stem: str = "level1"
    middle: str = "level3"
    input_size: int = 192
    gap_linear: bool = True

    def build(self, classes: int) -> "nn.Module":
        """A network with random weights for `classes` classes."""
        from viewer_segmentation_cam.network.unet import small_unet

        return small_unet(classes, draws=self.draws)

    def load_pretrained(self, network: "nn.Module", weights: Path | None) -> str:
        """Refuse: there is nothing to start from.

        Raises:
            ViewerError: Always.
        """
        raise ViewerError(f"{self.name} learns from scratch: leave --weights out")


@dataclass(slots=True, kw_only=True)
class BackboneUNet:
    """A network of torchvision's with a half that draws, as an `Architecture`.

    Attributes:
        backbone: torchvision's name.
        name, stem, middle, input_size, gap_linear: As every architecture's.
        weights: torchvision's name of the start that is downloaded.
    """

    name: str
    backbone: str
    stem: str
    middle: str
    weights: str = "IMAGENET1K_V1"
    input_size: int = 256
    gap_linear: bool = True

    def build(self, classes: int) -> "nn.Module":
        """A network with random weights for `classes` classes."""
        from viewer_segmentation_cam.network.unet import backbone_unet

        return backbone_unet(self.backbone, classes)

    def load_pretrained(self, network: "nn.Module", weights: Path | None) -> str:
        """Load the ImageNet backbone, strictly; decoder and classifier keep their random start.

        Raises:
            ViewerError: The file is none of this backbone, or the download failed.
        """
        start = ImageNetStart(backbone=self.backbone, weights=self.weights, file=weights)
        start.load_into(network.get_submodule("trunk"))
        return f"The encoder started from ImageNet weights ({start.source})."


def unet_architectures() -> list[Architecture]:
    """All of them."""
    return [
        SmallUNet(),
        SmallUNet(name=ENCODER, draws=False),
        *(
            BackboneUNet(name=with_backbone(backbone), backbone=backbone, stem=stem, middle=middle)
            for backbone, (stem, middle) in BACKBONES.items()
        ),
    ]
