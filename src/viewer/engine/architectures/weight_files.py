"""Reading a start for training: a safetensors file, or a .pth that may hold tensors and nothing else."""

import pickle
from collections.abc import Mapping
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from viewer.domain.errors import ViewerError


def read_state(file: Path) -> Mapping[str, Tensor]:
    """Tensors by name from a .safetensors or .pth file.

    Raises:
        ViewerError: The file is missing, is of neither kind, or holds more than tensors.
    """
    try:
        if file.suffix.lower() == ".safetensors":
            return safetensors.torch.load_file(file)
        state = torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise ViewerError(f"{file}: there is no such file") from error
    except (
        pickle.UnpicklingError,
        safetensors.SafetensorError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise ViewerError(f"{file}: it holds no plain table of weights") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise ViewerError(f"{file}: it holds no plain table of weights")
    return state
