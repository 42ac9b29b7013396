"""Augmentation: changes that leave the label true, per modality."""

import torch
from torchvision.transforms import v2

from viewer.domain.image import Modality

_GREY = 124  # about the ImageNet mean: what the corners are filled with after a turn


def augmentation(modality: Modality) -> v2.Transform:
    """Random transform of uint8 pictures (3, side, side); it draws from torch's global generator.

    Skin lesions have no up or left and vary in lamp and camera. Ultrasound and other pictures have gravity and an
    operator: they are shifted and scaled, and mirrored where that shows nothing impossible. A mirrored chest X-ray
    would show a heart on the wrong side, so X-rays are never flipped.
    """
    if modality is Modality.DERMOSCOPY:
        return v2.Compose(
            [
                v2.RandomHorizontalFlip(),
                v2.RandomVerticalFlip(),
                _affine(degrees=20, shift=0.06, scale=(0.9, 1.15), shear=4, fill=_GREY),
                v2.ColorJitter(brightness=0.15, contrast=0.15, saturation=0.15, hue=0.02),
            ]
        )
    flips = [] if modality is Modality.XRAY else [v2.RandomHorizontalFlip()]
    affine = _affine(degrees=12, shift=0.08, scale=(0.85, 1.2), shear=4, fill=0)
    return v2.Compose([*flips, affine, v2.ColorJitter(brightness=0.25, contrast=0.25)])


def _affine(*, degrees: float, shift: float, scale: tuple[float, float], shear: float, fill: int) -> v2.RandomAffine:
    return v2.RandomAffine(
        degrees,
        translate=(shift, shift),
        scale=scale,
        shear=shear,
        interpolation=v2.InterpolationMode.BILINEAR,
        fill=fill,
    )


def augmented(picture: torch.Tensor, transform: v2.Transform, *, seed: int) -> torch.Tensor:
    """`transform` applied with a seed of its own: the same picture and seed give the same result in any process."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        changed: torch.Tensor = transform(picture)
    return changed
