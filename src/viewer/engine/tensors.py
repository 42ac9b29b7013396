"""Between a bundle's arrays and a network's tensors."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from viewer.domain.errors import BundleRefused

_COUNTER = "num_batches_tracked"
"""BatchNorm's training counter: never read in evaluation, so a bundle does not carry it."""


def network_arrays(network: nn.Module) -> dict[str, NDArray[Any]]:
    """The tensors a bundle stores for a network, float32, by name."""
    state = network.state_dict()
    return {name: tensor.float().cpu().numpy() for name, tensor in state.items() if not name.endswith(_COUNTER)}


def load_arrays(network: nn.Module, arrays: Mapping[str, NDArray[Any]], bundle: Path) -> None:
    """Fill a network from a bundle's tensors, all of them and nothing else.

    Raises:
        BundleRefused: A tensor is missing, unknown or of another shape.
    """
    wanted = {name: t for name, t in network.state_dict().items() if not name.endswith(_COUNTER)}
    for name in wanted:
        if name not in arrays:
            raise BundleRefused(bundle, reason=f"the weights lack the tensor {name}")
    for name, array in arrays.items():
        if name not in wanted:
            raise BundleRefused(bundle, reason=f"the weights hold the tensor {name}, which the network does not have")
        if array.dtype.kind != "f":
            raise BundleRefused(bundle, reason=f"the tensor {name} holds {array.dtype}, not floating-point numbers")
        if array.shape != tuple(wanted[name].shape):
            raise BundleRefused(
                bundle, reason=f"the tensor {name} has shape {array.shape}, not {tuple(wanted[name].shape)}"
            )
    tensors = {name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()}
    network.load_state_dict(tensors, strict=False)  # compared name by name above
