"""The study's architecture: a backbone, its last maps flattened, three dense layers; torch comes in when built."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.api import Architecture, ImageNetStart

if TYPE_CHECKING:
    from torch import nn


@dataclass(slots=True, kw_only=True)  # not frozen: the protocol's attributes are plain ones
class DenseNet:
    """A torchvision backbone with the dense head, as an `Architecture`.

    Attributes:
        backbone: torchvision's name.
        name, stem, middle, input_size, gap_linear: As every architecture's. At 180 pixels the last maps are 6×6,
            which is the grid that is flattened; at other sizes they are averaged to it.
        weights: torchvision's name of the start that is downloaded.
    """

    backbone: str
    name: str
    stem: str
    middle: str
    weights: str
    input_size: int = 180
    gap_linear: bool = False

    def build(self, classes: int) -> "nn.Module":
        """A network with random weights for `classes` classes."""
        from viewer_confidence_scores.dense_network import DenseNetwork

        return DenseNetwork(self.backbone, classes)

    def load_pretrained(self, network: "nn.Module", weights: Path | None) -> str:
        """Load the ImageNet backbone, strictly; the dense layers keep their random start.

        Raises:
            ViewerError: The file is not torchvision's layout of this backbone, or the download failed.
        """
        start = ImageNetStart(backbone=self.backbone, weights=self.weights, file=weights)
        start.load_into(network.get_submodule("trunk"))
        return f"The backbone started from ImageNet weights ({start.source})."


def dense_architectures() -> list[Architecture]:
    """ResNet50, as in the study, and MobileNetV2 in its stead where no ResNet weights are to be had."""
    return [
        DenseNet(backbone="resnet50", name="resnet50_dense", stem="relu", middle="layer2", weights="IMAGENET1K_V2"),
        DenseNet(backbone="mobilenet_v2", name="mobilenet_v2_dense", stem="0", middle="10", weights="IMAGENET1K_V1"),
    ]
