"""Several networks of one kind, or several views of a picture, as one network.

Pooling and one linear layer are linear in the maps before them. So maps of several networks side by side, with the
members' weights divided by their number, give exactly the mean of the members' logits; and the mean of the maps of
mirrored views, mirrored back, gives exactly the mean of the views' logits. Either way it is a network like any other:
one pass, one class activation map, one set of features.

Source: Lakshminarayanan et al., NeurIPS 2017, arXiv:1612.01474, with logits averaged instead of probabilities.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from viewer.engine.architectures.network import PartedNetwork, average_pool, linear_head
from viewer.engine.head import dropout_rate, only_linear
from viewer.protocols import Architecture

Tensors = Mapping[str, NDArray[Any]]

_NAME = re.compile(r"(?P<base>.+?)(_x(?P<members>[2-9]))?(?P<flips>_flips)?")


def ensemble_name(base: str, members: int, *, flips: bool = False) -> str:
    """Name of 2 to 9 networks as one, e.g. `mobilenet_v2_x3`, with mirrored views `mobilenet_v2_x3_flips`."""
    return f"{base}{f'_x{members}' if members > 1 else ''}{'_flips' if flips else ''}"


def parse_ensemble_name(name: str) -> tuple[str, int, bool]:
    """Base, number of members, and whether mirrored views are averaged."""
    found = _NAME.fullmatch(name)
    assert found is not None  # noqa: S101 - every name has a base
    return found["base"], int(found["members"] or 1), found["flips"] is not None


class EnsembleTrunk(nn.Module):
    """Trunks side by side: (B, 3, H, W) → (B, n·C, h, w)."""

    def __init__(self, trunks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(trunks)

    def forward(self, pictures: Tensor) -> Tensor:
        """Every member's maps, one after the other."""
        return torch.cat([trunk(pictures) for trunk in self.members], dim=1)


class MirroredViews(nn.Module):
    """Mean of a trunk's maps of four views: mirrored in either direction, in both, and as it is."""

    def __init__(self, trunk: nn.Module) -> None:
        super().__init__()
        self.trunk = trunk

    def forward(self, pictures: Tensor) -> Tensor:
        """Maps of every view, mirrored back, averaged; the picture as it is comes last, so that taps hold it."""
        mirrored = [self.trunk(pictures.flip(axes)).flip(axes) for axes in ((-1,), (-2,), (-2, -1))]
        return torch.stack([*mirrored, self.trunk(pictures)]).mean(dim=0)


class Ensemble:
    """An `Architecture` made of others; the tap layers are those of the first member.

    Attributes:
        members: How many networks lie side by side.

    Args:
        base: Ends in global average pooling and one linear layer.
        members: How many of it, 1 to 9.
        flips: Whether mirrored views are averaged as well.
    """

    gap_linear = True

    def __init__(self, base: Architecture, members: int, *, flips: bool = False) -> None:
        self.name = ensemble_name(base.name, members, flips=flips)
        first = _member_place(0, members, flips=flips)
        self.stem, self.middle = f"{first}{base.stem}", f"{first}{base.middle}"
        self.input_size = base.input_size
        self.members = members
        self._base = base
        self._flips = flips

    def build(self, classes: int) -> PartedNetwork:
        """A network with random weights for `classes` classes."""
        networks = [self._base.build(classes) for _ in range(self.members)]
        head = networks[0].get_submodule("classifier")
        linear = only_linear(head)
        assert linear is not None  # noqa: S101 - what gap_linear promises
        trunks = [network.get_submodule("trunk") for network in networks]
        trunk = trunks[0] if self.members == 1 else EnsembleTrunk(trunks)
        return PartedNetwork(
            MirroredViews(trunk) if self._flips else trunk,
            average_pool(),
            linear_head(self.members * linear.in_features, classes, dropout_rate(head)),
        )

    def load_pretrained(self, network: nn.Module, weights: Path | None) -> str:
        """Load the same backbone into every member."""
        parts = cast("PartedNetwork", network)
        sentence = ""
        for number in range(self.members):
            place = _member_place(number, self.members, flips=self._flips)
            trunk = parts.trunk.get_submodule(place.rstrip("."))
            sentence = self._base.load_pretrained(PartedNetwork(trunk, parts.pool, parts.classifier), weights)
        return sentence


def join_members(members: Sequence[Tensors], *, flips: bool = False) -> dict[str, NDArray[Any]]:
    """Tensors of the ensemble from those of its members, each a trained network of the base architecture.

    Args:
        members: By name: `trunk.…`, and the `weight` (K, D) and `bias` (K,) of the one linear layer.
        flips: Whether mirrored views are averaged as well.
    """
    joined = {
        f"trunk.{_member_place(number, len(members), flips=flips)}{name.removeprefix('trunk.')}": tensor
        for number, tensors in enumerate(members)
        for name, tensor in tensors.items()
        if name.startswith("trunk.")
    }
    heads = [
        {n.rpartition(".")[2]: t for n, t in tensors.items() if n.startswith("classifier.")} for tensors in members
    ]
    joined["classifier.1.weight"] = np.concatenate([head["weight"] for head in heads], axis=1) / len(heads)
    joined["classifier.1.bias"] = np.mean([head["bias"] for head in heads], axis=0)
    return joined


def _member_place(number: int, members: int, *, flips: bool) -> str:
    """Where a member's modules are inside the trunk, with the dot that ends it; `""` for the trunk itself."""
    return f"{'trunk.' if flips else ''}{f'members.{number}.' if members > 1 else ''}"
