"""How pictures are changed for networks that draw: a border must be found under any light, and wherever it lies."""

from typing import Any

import torch
from torch import Tensor
from torchvision import tv_tensors
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

BILINEAR = v2.InterpolationMode.BILINEAR


def lung_changes() -> v2.Transform:
    """Of chest X-rays: shifted, turned, scaled and sheared; gamma, brightness and contrast; never mirrored."""
    affine = v2.RandomAffine(15, translate=(0.1, 0.1), scale=(0.8, 1.25), shear=8, interpolation=BILINEAR)
    return v2.Compose([affine, Gamma(0.6, 1.7), v2.ColorJitter(brightness=0.25, contrast=0.35)])


def lesion_changes() -> v2.Transform:
    """Of dermoscopy: mirrored and turned by any angle, shifted, scaled; gamma, brightness, contrast and colour."""
    affine = v2.RandomAffine(180, translate=(0.1, 0.1), scale=(0.75, 1.35), shear=8, interpolation=BILINEAR)
    light = v2.ColorJitter(brightness=0.2, contrast=0.25, saturation=0.25, hue=0.03)
    return v2.Compose([v2.RandomHorizontalFlip(), affine, Gamma(0.75, 1.35), light])


class Gamma(v2.Transform):  # type: ignore[misc]  # torchvision has no types
    """Levels to the power γ, log γ drawn evenly; masks are left alone.

    Args:
        least, most: Bounds of γ.
    """

    def __init__(self, least: float, most: float) -> None:
        super().__init__()
        self._bounds = torch.tensor([least, most]).log()

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Any]:
        """Draw γ."""
        low, high = self._bounds.tolist()
        return {"gamma": float(torch.empty(1).uniform_(low, high).exp())}

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:  # noqa: ANN401 - torchvision's
        """Change a picture."""
        if isinstance(inpt, tv_tensors.Mask) or not isinstance(inpt, Tensor):
            return inpt
        return functional.adjust_gamma(inpt, gamma=params["gamma"])
