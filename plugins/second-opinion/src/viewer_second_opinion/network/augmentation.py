"""Four changes of a frame, each made or left out by the toss of a coin, as in the study of severity scores."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torchvision.transforms.v2 import Transform

SHIFT, TURN, ZOOM, SHEAR = 0.15, 15.0, 0.45, 4.5
"""Largest shift as a share of the side, rotation in degrees, change of size as a share, shear in degrees."""

GAIN = 0.45
"""Levels are multiplied by 1 ± this at most."""

BLUR = 0.75
"""Standard deviation of the Gaussian blur in pixels."""

CHANCE = 0.5


def four_changes() -> "Transform":
    """Affine, multiplication by a constant, Gaussian blur and a horizontal flip, each with probability ½.

    All four are drawn anew for every frame, whatever else is in its batch. What comes into the frame from outside is
    black, as around the sector of a probe; levels stay within 0 to 255.
    """
    from torchvision.transforms import v2

    affine = v2.RandomAffine(
        TURN,
        translate=(SHIFT, SHIFT),
        scale=(1 - ZOOM, 1 + ZOOM),
        shear=SHEAR,
        interpolation=v2.InterpolationMode.BILINEAR,
    )
    gain = v2.ColorJitter(brightness=GAIN)  # multiplies, and does nothing else
    blur = v2.GaussianBlur(kernel_size=5, sigma=BLUR)
    changes = (affine, gain, blur, v2.RandomHorizontalFlip(1))
    return v2.Compose([v2.RandomApply([change], CHANCE) for change in changes])
