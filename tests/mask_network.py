"""A network whose mask anybody can check: it calls lesion what is bright. Imports torch."""

from pathlib import Path

import torch
from torch import nn

from viewer.domain.bundle import Manifest, Resize
from viewer.domain.image import Modality
from viewer.engine.architectures.network import PartedNetwork, average_pool, linear_head
from viewer.engine.bundle import write_bundle

CLASSES = ("round", "jagged", "striped")
SIDE = 32
STEEPNESS = 20.0


class BrightMasks:
    """An architecture that draws masks: probability > ½ where a pixel is brighter than middle grey."""

    name = "bright_masks"
    stem = "steps.0"
    middle = "steps.1"
    gap_linear = True
    input_size = SIDE

    def build(self, classes: int) -> nn.Module:
        """The network, with random weights."""
        network = PartedNetwork(_Trunk(), average_pool(), linear_head(8, classes, 0.2))
        network.decoder = _Brightness()
        return network

    def load_pretrained(self, network: nn.Module, weights: Path | None) -> str:
        """There is nothing to load."""
        return "Nothing was loaded."


class _Trunk(nn.Module):
    """Two small convolutions; the picture itself is the first of its maps."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = nn.Sequential(
            nn.Sequential(nn.Conv2d(3, 6, 3, stride=4, padding=1), nn.ReLU(inplace=True)),
            nn.Sequential(nn.Conv2d(6, 8, 3, stride=2, padding=1), nn.ReLU(inplace=True)),
        )

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        activations: torch.Tensor = self.steps(pictures)
        return activations

    def levels(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return pictures, self.steps(pictures)


class _Brightness(nn.Module):
    """Logit of the mask: how much brighter than middle grey a pixel is."""

    def forward(self, levels: tuple[torch.Tensor, ...]) -> torch.Tensor:
        return STEEPNESS * levels[0].mean(dim=1, keepdim=True)


def bright_bundle(
    folder: Path,
    *,
    name: str = "bright",
    shows: str = "lesion",
    parts: int = 0,
    resize: Resize = "squash",
    modality: Modality = Modality.DERMOSCOPY,
    seed: int = 0,
) -> Path:
    """Write a bundle of `BrightMasks` with random weights.

    Args:
        folder: An existing folder; the bundle becomes a folder of its own in it.
        name: Of the bundle and of its folder.
        shows: What its masks are said to be of.
        parts: How many parts without holes its masks may have, 0 for any.
        resize: How pictures become the network's input.
        modality: The kind of picture it is for.
        seed: Of the weights.

    Returns:
        The bundle's folder.
    """
    generator = torch.Generator().manual_seed(seed)
    state = BrightMasks().build(len(CLASSES)).state_dict()
    weights = {key: torch.randn(tensor.shape, generator=generator).mul(0.3).numpy() for key, tensor in state.items()}
    manifest = Manifest(
        name=name,
        version="1",
        architecture=BrightMasks.name,
        classes=CLASSES,
        modality=modality,
        intended_use="None: random weights for tests.",
        licence="CC0-1.0",
        input_size=SIDE,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        resize=resize,
        mask_shows=shows,
        mask_parts=parts,
    )
    return write_bundle(folder / name, manifest, weights, card=f"# {name}\n\nRandom weights for tests.\n").path
