"""Garbage as a network is shown it in training: the number of a piece decides all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torchvision.transforms import v2

from viewer.training.augment import augmented
from viewer.training.garbage.families import Drawn, Family
from viewer.training.loading import PictureStore
from viewer.training.pictures import network_input


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces without end; piece number i is a function of i and the seed alone, in any process.

    Attributes:
        families: Take turns.
        sources: Training pictures, some of which are spoilt, or lend their colours.
        transform: Changes them first as it changes them in training, so that only the fault tells them apart.
        seed: Of the training.
    """

    families: Sequence[Family]
    sources: PictureStore
    transform: v2.Transform | None
    seed: int

    def draw(self, number: int) -> torch.Tensor:
        """Network input of one piece, float32 (3, side, side)."""
        drawn = self.piece(number)
        return network_input(torch.from_numpy(drawn.square.copy()).permute(2, 0, 1), drawn.manifest)

    def piece(self, number: int) -> Drawn:
        """One piece as a picture, with its preparation."""
        rng = np.random.default_rng((self.seed % 2**63, number))
        source = self.sources[int(rng.integers(len(self.sources)))]
        if self.transform is not None:
            source, _ = augmented(source, self.transform, seed=int(rng.integers(2**62)))
        square = np.ascontiguousarray(source.permute(1, 2, 0).numpy())
        return self.families[number % len(self.families)].draw(rng, square, self.sources.manifest)
