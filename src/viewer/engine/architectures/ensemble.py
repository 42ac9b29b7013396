"""Several networks of one kind as one: their maps side by side, their logits averaged.

Global average pooling of maps side by side, and one linear layer whose weights are the members' own divided by their
number, give exactly the mean of the members' logits. So an ensemble is a network like any other: one pass, one
class activation map, features that hold every member's.

Source: Lakshminarayanan et al., NeurIPS 2017, arXiv:1612.01474, with logits averaged instead of probabilities.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from viewer.engine.architectures.network import PartedNetwork, average_pool, linear_head
from viewer.engine.head import dropout_rate, only_linear
from viewer.protocols import Architecture

Tensors = Mapping[str, NDArray[Any]]

_NAME = re.compile(r"(?P<base>.+)_x(?P<members>[2-9])")


def ensemble_name(base: str, members: int) -> str:
    """Name of the ensemble of 2 to 9 members, e.g. `mobilenet_v2_x3`; one member is the network itself."""
    return base if members == 1 else f"{base}_x{members}"


def parse_ensemble_name(name: str) -> tuple[str, int] | None:
    """Base and number of members, or None where it names no ensemble."""
    found = _NAME.fullmatch(name)
    return (found["base"], int(found["members"])) if found else None


class EnsembleTrunk(nn.Module):
    """Trunks side by side: (B, 3, H, W) → (B, n·C, h, w)."""

    def __init__(self, trunks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(trunks)

    def forward(self, pictures: Tensor) -> Tensor:
        """Every member's maps, one after the other."""
        return torch.cat([trunk(pictures) for trunk in self.members], dim=1)


class Ensemble:
    """An `Architecture` of 2 to 9 networks of one kind; the tap layers are those of the first.

    Args:
        base: Ends in global average pooling and one linear layer.
        members: How many.
    """

    gap_linear = True

    def __init__(self, base: Architecture, members: int) -> None:
        self.name = ensemble_name(base.name, members)
        self.stem = f"members.0.{base.stem}"
        self.middle = f"members.0.{base.middle}"
        self.input_size = base.input_size
        self._base = base
        self._members = members

    def build(self, classes: int) -> PartedNetwork:
        """A network with random weights for `classes` classes."""
        networks = [self._base.build(classes) for _ in range(self._members)]
        head = networks[0].get_submodule("classifier")
        linear = only_linear(head)
        assert linear is not None  # noqa: S101 - what gap_linear promises
        return PartedNetwork(
            EnsembleTrunk([network.get_submodule("trunk") for network in networks]),
            average_pool(),
            linear_head(self._members * linear.in_features, classes, dropout_rate(head)),
        )

    def load_pretrained(self, network: nn.Module, weights: Path | None) -> str:
        """Load the same backbone into every member."""
        sentence = ""
        for trunk in network.get_submodule("trunk.members").children():
            sentence = self._base.load_pretrained(
                PartedNetwork(trunk, network.get_submodule("pool"), network.get_submodule("classifier")), weights
            )
        return sentence


def join_members(members: Sequence[Tensors]) -> dict[str, NDArray[Any]]:
    """Tensors of the ensemble from those of its members, each a trained network of the base architecture.

    Args:
        members: By name: `trunk.…`, and the `weight` (K, D) and `bias` (K,) of the one linear layer.
    """
    joined = {
        f"trunk.members.{number}.{name.removeprefix('trunk.')}": tensor
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
