"""Batches for the learner: pictures kept in memory while they fit, order and augmentation drawn from the epoch."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from lightning.pytorch import LightningDataModule
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from viewer.domain.bundle import Manifest
from viewer.engine.picture import Picture
from viewer.training.augment import augmentation, augmented
from viewer.training.pictures import Item, network_input, read_item, square
from viewer.training.plan import Hyperparameters

CACHE_BYTES = 2 * 2**30
"""Pictures beyond this many bytes are decoded again whenever they are needed."""


@dataclass(slots=True)
class PictureStore:
    """Items with their pictures at the network's size, uint8; the first ones stay in memory.

    Attributes:
        manifest: Size and normalisation of the network's input.
        items: In the order they were added.
    """

    manifest: Manifest
    items: list[Item] = field(default_factory=list)
    _held: list[torch.Tensor] = field(default_factory=list)

    def add(self, pictures: Iterable[tuple[Item, Picture]]) -> None:
        """Take in pictures as they are read."""
        for item, picture in pictures:
            self.items.append(item)
            if len(self._held) < CACHE_BYTES // (3 * self.manifest.input_size**2):
                self._held.append(square(picture, self.manifest))

    def __len__(self) -> int:
        """Number of items."""
        return len(self.items)

    def __getitem__(self, index: int) -> torch.Tensor:
        """Picture `index`, uint8 (3, side, side)."""
        if index < len(self._held):
            return self._held[index]
        return square(read_item(self.items[index]), self.manifest)

    def class_counts(self) -> torch.Tensor:
        """Pictures per class, int64 (K,)."""
        labels = torch.tensor([item.sample.label for item in self.items], dtype=torch.int64)
        return torch.bincount(labels, minlength=len(self.manifest.classes))


class LabelledPictures(Dataset[tuple[torch.Tensor, int]]):
    """Network inputs with their labels; augmented ones are a function of (index, seed) alone."""

    def __init__(self, store: PictureStore, transform: v2.Transform | None = None, seed: int = 0) -> None:
        self._store = store
        self._transform = transform
        self._seed = seed

    def __len__(self) -> int:
        """Number of pictures."""
        return len(self._store)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """Network input float32 (3, side, side), and the class index."""
        picture = self._store[index]
        if self._transform is not None:
            picture = augmented(picture, self._transform, seed=self._seed + index)
        return network_input(picture, self._store.manifest), self._store.items[index].sample.label


class TrainingData(LightningDataModule):
    """The training and the stopping pictures.

    The training loader is made anew for every epoch (`reload_dataloaders_every_n_epochs=1`), seeded by the epoch's
    number: a training resumed at epoch 7 draws the same batches as one that was never interrupted.
    """

    def __init__(self, train: PictureStore, stop: PictureStore, hyper: Hyperparameters) -> None:
        """Prepare; `stop` may be empty, then nothing is measured between epochs."""
        super().__init__()
        self._train = train
        self._stop = stop
        self._hyper = hyper
        self._transform = augmentation(train.manifest.modality, train.manifest.input_size)

    @property
    def steps_per_epoch(self) -> int:
        """Optimiser steps in one epoch."""
        return max(1, len(self._train) // self._hyper.batch)

    def train_dataloader(self) -> DataLoader[tuple[torch.Tensor, int]]:
        """Shuffled and augmented for the trainer's current epoch."""
        epoch = self.trainer.current_epoch if self.trainer else 0
        seed = (self._hyper.seed * 1009 + epoch) * 1_000_003
        # A list, and not a shuffling sampler: that one draws a new order every time somebody asks for an iterator.
        order = torch.randperm(len(self._train), generator=torch.Generator().manual_seed(seed)).tolist()
        return DataLoader(
            LabelledPictures(self._train, self._transform, seed),
            batch_size=self._hyper.batch,
            sampler=order,
            # A last batch of one picture would leave batch normalisation without a spread.
            drop_last=len(self._train) > self._hyper.batch,
        )

    def val_dataloader(self) -> list[DataLoader[tuple[torch.Tensor, int]]]:
        """The stopping pictures as they are; none where there are none."""
        return [DataLoader(LabelledPictures(self._stop), batch_size=self._hyper.batch)] if len(self._stop) else []
