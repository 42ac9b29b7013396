"""torchvision's classifiers, cut into trunk, pool and classifier."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn
from torchvision import models

from viewer.domain.errors import ViewerError
from viewer.engine.architectures.network import MeanAndSpread, PartedNetwork, average_pool, linear_head
from viewer.imagenet import ImageNetStart

State = Mapping[str, Tensor]
Parts = tuple[nn.Module, nn.Module, int]
"""Trunk, pool, and the number of features."""


@dataclass(slots=True, kw_only=True)  # not frozen: the protocol's attributes are plain ones
class TorchvisionNet:
    """One of torchvision's classifiers as an `Architecture`.

    Attributes:
        name: torchvision's own name, unless `model` is.
        stem, middle: Modules inside the trunk whose outputs are tapped.
        input_size: Side torchvision trained at.
        dropout: Rate before the last linear layer.
        cut: Cuts a torchvision model into its parts.
        places: Prefix in torchvision's layout → prefix in the cut network; what has no prefix here is left out.
        weights: torchvision's name for its best weights.
        gap_linear: Whether the head is global average pooling and one linear layer.
        model: torchvision's own name, where `name` is another.
    """

    name: str
    stem: str
    middle: str
    input_size: int
    dropout: float
    cut: Callable[[nn.Module], Parts]
    places: Mapping[str, str]
    weights: str = "IMAGENET1K_V1"
    gap_linear: bool = True
    model: str = ""

    def build(self, classes: int) -> PartedNetwork:
        """A network with random weights for `classes` classes."""
        trunk, pool, features = self.cut(models.get_model(self.model or self.name, weights=None))
        return PartedNetwork(trunk, pool, linear_head(features, classes, self.dropout))

    def load_pretrained(self, network: nn.Module, weights: Path | None) -> str:
        """Load the ImageNet backbone, strictly; the classifier keeps its random start.

        Raises:
            ViewerError: The file is not torchvision's layout of this network, or the download failed.
        """
        start = ImageNetStart(backbone=self.model or self.name, weights=self.weights, file=weights)
        backbone = self._backbone(start.tensors())
        wanted = {name for name in network.state_dict() if name.startswith(tuple(self.places.values()))}
        if strange := wanted.symmetric_difference(backbone):
            raise ViewerError(f"{weights or self.weights}: {sorted(strange)[0]} does not fit {self.name}")
        try:
            network.load_state_dict(backbone, strict=False)  # names were compared above; the head stays
        except RuntimeError as error:
            raise ViewerError(f"{weights or self.weights}: a tensor has another shape than {self.name}'s") from error
        return f"The backbone started from ImageNet weights ({start.source})."

    def _backbone(self, state: State) -> dict[str, Tensor]:
        """Rename torchvision's backbone tensors to the cut network's names and drop its head."""
        renamed = {}
        for name, tensor in state.items():
            for old, new in self.places.items():
                if name.startswith(old):
                    renamed[new + name.removeprefix(old)] = tensor
                    break
        return renamed


def _cut_features(model: nn.Module) -> Parts:
    """MobileNet, EfficientNet, SqueezeNet: the convolutions are one Sequential."""
    first_weight = next(model.get_submodule("classifier").parameters())  # (classes or hidden, channels, …)
    return model.get_submodule("features"), average_pool(), first_weight.shape[1]


def _cut_textures(model: nn.Module) -> Parts:
    """MobileNetV2 up to its middle, where maps still show textures; their features are scaled to one spread."""
    features = model.get_submodule("features")
    assert isinstance(features, nn.Sequential)  # noqa: S101 - narrows the type
    pool = nn.Sequential(MeanAndSpread(), nn.BatchNorm1d(2 * _TEXTURES, affine=False))
    return features[:_TEXTURE_BLOCKS], pool, 2 * _TEXTURES


def _cut_resnet(model: nn.Module) -> Parts:
    parts = OrderedDict((name, child) for name, child in model.named_children() if name not in ("avgpool", "fc"))
    return nn.Sequential(parts), average_pool(), int(model.get_submodule("fc").in_features)  # type: ignore[arg-type]


def _cut_vgg(model: nn.Module) -> Parts:
    """The trunk ends before the last max pooling, as Grad-CAM wants it; the features are the second dense layer's."""
    features, dense = model.get_submodule("features"), model.get_submodule("classifier")
    assert isinstance(features, nn.Sequential)  # noqa: S101 - narrows the type
    assert isinstance(dense, nn.Sequential)  # noqa: S101
    pool = nn.Sequential(features[-1], nn.AdaptiveAvgPool2d(7), nn.Flatten(), *dense[:5])
    return features[:-1], pool, 4096


_FEATURES = {"features.": "trunk."}

_TEXTURE_BLOCKS, _TEXTURES = 14, 96
"""Blocks of MobileNetV2 before its last halving of the maps, and their channels."""


def _efficientnet(letter: str, size: int, dropout: float) -> TorchvisionNet:
    return TorchvisionNet(
        name=f"efficientnet_{letter}",
        stem="0",
        middle="4",
        input_size=size,
        dropout=dropout,
        cut=_cut_features,
        places=_FEATURES,
    )


def _resnet(depth: int, weights: str) -> TorchvisionNet:
    return TorchvisionNet(
        name=f"resnet{depth}",
        stem="relu",
        middle="layer2",
        input_size=224,
        dropout=0.5,
        cut=_cut_resnet,
        places={name: f"trunk.{name}" for name in ("conv1.", "bn1.", "layer")},
        weights=weights,
    )


BUILT_IN = (
    _resnet(18, "IMAGENET1K_V1"),
    _resnet(50, "IMAGENET1K_V2"),
    _efficientnet("b0", 224, 0.2),
    _efficientnet("b1", 240, 0.2),
    _efficientnet("b3", 300, 0.3),
    _efficientnet("b4", 380, 0.4),
    TorchvisionNet(
        name="mobilenet_v2",
        stem="0",
        middle="10",
        input_size=224,
        dropout=0.2,
        cut=_cut_features,
        places=_FEATURES,
    ),
    TorchvisionNet(
        name="mobilenet_v2_textures",
        model="mobilenet_v2",
        stem="0",
        middle="10",
        input_size=160,
        dropout=0.2,
        cut=_cut_textures,
        places={f"features.{block}.": f"trunk.{block}." for block in range(_TEXTURE_BLOCKS)},
        gap_linear=False,
    ),
    TorchvisionNet(
        name="squeezenet1_0",
        stem="1",
        middle="7",
        input_size=224,
        dropout=0.5,
        cut=_cut_features,
        places=_FEATURES,
    ),
    TorchvisionNet(
        name="vgg16",
        stem="1",
        middle="16",
        input_size=224,
        dropout=0.5,
        cut=_cut_vgg,
        places={"features.": "trunk.", "classifier.0.": "pool.3.", "classifier.3.": "pool.6."},
        gap_linear=False,
    ),
)
