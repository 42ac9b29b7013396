"""Augmentation: changes that leave the label true, per modality."""

from typing import Any

import torch
from torchvision import tv_tensors
from torchvision.transforms import v2

from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.recipe import Choices, Recipe
from viewer.host.guard import blamed


def transform_for(recipe: Recipe, manifest: Manifest, choices: Choices) -> v2.Transform | None:
    """How the recipe changes pictures; None where it does not.

    Raises:
        ViewerError: The recipe fails, or answers with something else.
    """
    answer: object = recipe.augmentation
    if callable(recipe.augmentation):
        with blamed(f"the recipe {recipe.name}, asked for its augmentation,"):
            answer = recipe.augmentation(manifest.modality, manifest.input_size, choices)
    if answer is None or answer == "none":
        return None
    if answer == "usual":
        return augmentation(manifest.modality, manifest.input_size)
    if not isinstance(answer, v2.Transform):
        raise ViewerError(f"the recipe {recipe.name} made its augmentation a {type(answer).__name__}")
    return answer


def augmentation(modality: Modality, side: int) -> v2.Transform:
    """Random transform of uint8 pictures (3, side, side); it draws from torch's global generator.

    Skin lesions have no up or left and are photographed from various distances, but colour and sharpness carry much
    of their diagnosis, so those are nearly left alone. Ultrasound and other pictures have gravity and an operator:
    they are shifted and scaled, and mirrored where that shows nothing impossible. A mirrored chest X-ray would show a
    heart on the wrong side.
    """
    if modality is Modality.DERMOSCOPY:
        crop = v2.RandomResizedCrop(side, scale=(0.55, 1.0), ratio=(0.85, 1.18))
        turn = v2.RandomApply([_Transposed()])
        light = v2.ColorJitter(brightness=0.15, contrast=0.15, saturation=0.1)
        return v2.Compose([crop, v2.RandomHorizontalFlip(), v2.RandomVerticalFlip(), turn, light])
    flips = [] if modality is Modality.XRAY else [v2.RandomHorizontalFlip()]
    affine = v2.RandomAffine(
        12, translate=(0.08, 0.08), scale=(0.85, 1.2), shear=4, interpolation=v2.InterpolationMode.BILINEAR
    )
    return v2.Compose([*flips, affine, v2.ColorJitter(brightness=0.25, contrast=0.25)])


def augmented(
    picture: torch.Tensor, transform: v2.Transform, *, seed: int, mask: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """`transform` applied with a seed of its own: the same picture and seed give the same result in any process.

    Args:
        picture: uint8 (3, side, side).
        transform: Draws from torch's global generator.
        seed: Of the change.
        mask: uint8 (1, side, side), moved as the picture is; its levels are left alone.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if mask is None:
            changed: torch.Tensor = transform(picture)
            return changed, None
        both = transform(tv_tensors.Image(picture), tv_tensors.Mask(mask))
    return tuple(part.as_subclass(torch.Tensor) for part in both)


class _Transposed(v2.Transform):  # type: ignore[misc]  # torchvision has no types
    """Rows become columns, of the picture and of its mask."""

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:  # noqa: ANN401 - torchvision's
        swapped = inpt.transpose(-2, -1)
        return tv_tensors.wrap(swapped, like=inpt) if isinstance(inpt, tv_tensors.TVTensor) else swapped
