"""Where a training starts: ImageNet weights from a file, or downloaded; torch comes in when they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING

from safetensors import SafetensorError

from viewer.domain.errors import ViewerError

if TYPE_CHECKING:
    from torch import Tensor, nn

_HEADS = ("fc.", "classifier.")
"""What answers in torchvision's networks; a start leaves it out."""

_CONVOLUTIONS = "features."
"""What many of torchvision's networks call all that comes before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageNetStart:
    """ImageNet weights of one of torchvision's networks.

    Attributes:
        backbone: torchvision's name of the network.
        weights: torchvision's name of the weights that are downloaded.
        file: A .pth file, which may hold tensors and nothing else, or a .safetensors file, in torchvision's layout;
            None to download.
    """

    backbone: str
    weights: str
    file: Path | None

    @property
    def source(self) -> str:
        """Where the weights come from, in words for the card of a bundle."""
        return f"torchvision {self.weights}" if self.file is None else self.file.name

    def tensors(self) -> "Mapping[str, Tensor]":
        """All tensors by torchvision's names, the head's among them.

        Raises:
            ViewerError: The file is missing, is of neither kind or holds more than tensors, or the download failed.
        """
        return self._downloaded() if self.file is None else _read(self.file)

    def load_into(self, trunk: "nn.Module") -> None:
        """Load every tensor but the head's, strictly.

        Args:
            trunk: The network without its head: torchvision's `features`, or where it has none a module whose
                children have torchvision's names.

        Raises:
            ViewerError: As `tensors`, or what is there does not fit the trunk.
        """
        tensors = self.tensors().items()
        own = {name.removeprefix(_CONVOLUTIONS): t for name, t in tensors if not name.startswith(_HEADS)}
        try:
            trunk.load_state_dict(own)
        except RuntimeError as error:
            raise ViewerError(
                f"{self.file or self.weights}: these are no ImageNet weights of {self.backbone}"
            ) from error

    def _downloaded(self) -> "Mapping[str, Tensor]":
        from torchvision import models

        try:
            return dict(models.get_model_weights(self.backbone)[self.weights].get_state_dict(check_hash=True))
        except (OSError, RuntimeError) as error:
            raise ViewerError(f"the ImageNet weights of {self.backbone} could not be downloaded ({error})") from error


def _read(file: Path) -> "Mapping[str, Tensor]":
    import torch
    from safetensors.torch import load_file

    try:
        if file.suffix.lower() == ".safetensors":
            return load_file(file)
        state = torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise ViewerError(f"{file}: there is no such file") from error
    except (UnpicklingError, SafetensorError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ViewerError(f"{file}: it holds no plain table of weights") from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ViewerError(f"{file}: it holds no plain table of weights")
    return state
