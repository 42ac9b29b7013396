"""What gets in the way of drawing, painted over training pictures: the mask stays what it was.

Hairs, dark rims and second spots look like a part of the lesion. Few training pictures have them, and of those that
networks drew badly nearly all did.
"""

import math
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torchvision import tv_tensors
from torchvision.transforms import v2

FINER = 2
"""How many times as fine as the picture's the grid is that hairs are drawn on."""


class Disturbance(v2.Transform):  # type: ignore[misc]  # torchvision has no types
    """Paints over some pictures; their masks stay.

    Args:
        share: Of the pictures that are painted over, [0, 1].
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def forward(self, *inputs: Any) -> Any:  # noqa: ANN401 - torchvision's
        """A picture uint8 (3, side, side), and its mask uint8 (1, side, side) where it has one."""
        if float(torch.rand(())) < self._share:
            picture, *masks = inputs
            inside = masks[0][0] > _HALF if masks else torch.zeros(picture.shape[-2:], dtype=torch.bool)
            levels = self.painted(picture.as_subclass(Tensor).float(), inside.as_subclass(Tensor))
            inputs = (tv_tensors.wrap(levels.round().to(torch.uint8), like=picture), *masks)
        return inputs if len(inputs) > 1 else inputs[0]

    def painted(self, levels: Tensor, inside: Tensor) -> Tensor:
        """The picture with something over it.

        Args:
            levels: float32 (3, side, side), 0 to 255.
            inside: bool (side, side), what the mask covers.
        """
        raise NotImplementedError


class Hairs(Disturbance):
    """Three to twenty-four dark, bent hairs of various width."""

    def painted(self, levels: Tensor, inside: Tensor) -> Tensor:
        """The picture with them."""
        side = levels.shape[-1]
        canvas = Image.new("L", (FINER * side, FINER * side))
        pen = ImageDraw.Draw(canvas)
        for _ in range(_whole(3, 24)):
            path = _bent_line(FINER * side)
            pen.line(path, fill=_whole(120, 255), width=_whole(1, 2 * FINER))
        cover = torch.from_numpy(np.asarray(canvas.resize((side, side), Image.Resampling.BOX), np.float32) / 255)
        return _blended(levels, cover, torch.tensor([25.0, 15.0, 10.0]) + _even(0, 60))


class OtherSpot(Disturbance):
    """One soft dark spot at the edge of the picture, beside the lesion."""

    def painted(self, levels: Tensor, inside: Tensor) -> Tensor:
        """The picture with it; none where it would lie on the lesion."""
        side = levels.shape[-1]
        along, depth = _even(0, side), _even(0, 0.15) * side
        centre = [(depth, along), (side - depth, along), (along, depth), (along, side - depth)][_whole(0, 3)]
        spot = _ellipse(side, centre, (_even(0.03, 0.18), _even(0.03, 0.18)), soft=_even(0.1, 0.6))
        cover = _even(0.3, 0.9) * spot
        if not inside.any() or (cover * inside).sum() > 0.01 * inside.sum():
            return levels
        like_the_lesion = _even(0, 1) < 0.7
        colour = levels[:, inside].mean(dim=1) if like_the_lesion else 120 * torch.rand(3)
        return _blended(levels, cover, colour)


class DarkRim(Disturbance):
    """The dark around the round field of a dermatoscope."""

    def painted(self, levels: Tensor, inside: Tensor) -> Tensor:
        """The picture with it; none where it would hide more than a little of the lesion."""
        side = levels.shape[-1]
        centre = [side * _even(0.375, 0.625) for _ in range(2)]
        radius = _even(0.5, 0.72)
        dark = _even(0.3, 1) * (1 - _ellipse(side, centre, (radius, radius), soft=_even(0.03, 0.28) / (2 * radius)))
        if (dark * inside).sum() > 0.15 * inside.sum():
            return levels
        return levels * (1 - dark)


_HALF = 127


def _bent_line(side: int) -> list[tuple[float, float]]:
    """Points of a hair that starts anywhere and bends evenly, each a column and a row."""
    column, row = _even(0, side), _even(0, side)
    start, bend, length = _even(0, 2 * math.pi), _even(-0.75, 0.75), _even(0.3, 1.2) * side
    shares = [number / 11 for number in range(12)]
    return [
        (
            column + length * share * math.cos(start + bend * share),
            row + length * share * math.sin(start + bend * share),
        )
        for share in shares
    ]


def _even(low: float, high: float) -> float:
    return float(torch.empty(1).uniform_(low, high))


def _whole(low: int, high: int) -> int:
    return int(torch.randint(low, high + 1, ()))


def _blended(levels: Tensor, cover: Tensor, colour: Tensor) -> Tensor:
    return levels + cover * (colour[:, None, None] - levels)


def _ellipse(side: int, centre: Any, radii: tuple[float, float], *, soft: float) -> Tensor:  # noqa: ANN401
    """Cover of a turned ellipse, 1 inside and 0 outside, float32 (side, side).

    Args:
        side: Of the picture.
        centre: Row and column.
        radii: Parts of the side.
        soft: Width of its edge in radii.
    """
    steps = torch.arange(side, dtype=torch.float32)
    down, across = steps[:, None] - centre[0], steps[None, :] - centre[1]
    turn = _even(0, math.pi)
    long = (across * math.cos(turn) + down * math.sin(turn)) / (radii[0] * side)
    short = (down * math.cos(turn) - across * math.sin(turn)) / (radii[1] * side)
    return torch.sigmoid(3 / soft * (1 - (long.square() + short.square()).sqrt()))
