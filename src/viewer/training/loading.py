"""Batches for the learner: pictures kept in memory while they fit, order and augmentation drawn from the epoch."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, Protocol

import torch
from lightning.pytorch import LightningDataModule
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Batch, Hyperparameters
from viewer.engine.picture import Picture
from viewer.training.augment import augmented
from viewer.training.masks import read_mask
from viewer.training.pictures import Item, network_input, read_item, square

CACHE_BYTES = 2 * 2**30
"""Pictures beyond this many bytes are decoded again whenever they are needed."""

GARBAGE_ROUNDS = 6
"""Epochs' worth of garbage that a frozen trunk looks at once and for all; later epochs show it again."""

Piece = Callable[[int], torch.Tensor]
"""Number of a piece of garbage → its network input, float32 (3, side, side), the same in any process."""

Row = tuple[torch.Tensor, int, torch.Tensor | None]
"""Network input, class index, and the mask, uint8 (1, side, side)."""

Masks = Literal["none", "where there are", "required"]
"""As a recipe wants them."""


class Progress(Protocol):
    """Knows how many steps of the epoch at hand are done."""

    @property
    def done(self) -> int:
        """Steps that a resumed training need not repeat."""
        ...


@dataclass(slots=True)
class PictureStore:
    """Items with their pictures, and masks, at the network's size, uint8; the first ones stay in memory.

    Attributes:
        manifest: Size and normalisation of the network's input.
        masks: Whether the masks of the pictures are read.
        items: In the order they were added.
    """

    manifest: Manifest
    masks: Masks = "none"
    items: list[Item] = field(default_factory=list)
    _held: list[torch.Tensor] = field(default_factory=list)
    _held_masks: list[torch.Tensor | None] = field(default_factory=list)

    def add(self, pictures: Iterable[tuple[Item, Picture]]) -> None:
        """Take in pictures as they are read.

        Raises:
            ViewerError: A mask cannot be read, or one that is required is missing.
        """
        bytes_each = (3 if self.masks == "none" else 4) * self.manifest.input_size**2
        for item, picture in pictures:
            self.items.append(item)
            if self.masks == "required" and item.sample.mask is None:
                raise ViewerError(f"{item.sample.path}: it has no mask, and this recipe needs one for every picture")
            if len(self._held) < CACHE_BYTES // bytes_each:
                self._held.append(square(picture, self.manifest))
                self._held_masks.append(self._read_mask(item, picture))

    def mask(self, index: int) -> torch.Tensor | None:
        """Mask of picture `index`, uint8 (1, side, side); None where there is none or none is wanted."""
        if index < len(self._held_masks):
            return self._held_masks[index]
        return self._read_mask(self.items[index], read_item(self.items[index]))

    def _read_mask(self, item: Item, picture: Picture) -> torch.Tensor | None:
        path = None if self.masks == "none" else item.sample.mask
        return None if path is None else read_mask(path, picture, self.manifest)

    def __len__(self) -> int:
        """Number of items."""
        return len(self.items)

    def __getitem__(self, index: int) -> torch.Tensor:
        """Picture `index`, uint8 (3, side, side)."""
        if index < len(self._held):
            return self._held[index]
        return square(read_item(self.items[index]), self.manifest)

    def class_counts(self) -> tuple[int, ...]:
        """Pictures of each of the K classes."""
        found = Counter(item.sample.label for item in self.items)
        return tuple(found[label] for label in range(len(self.manifest.classes)))


class LabelledPictures(Dataset[Row]):
    """Network inputs with their labels; augmented ones are a function of (index, seed) alone.

    Beyond the pictures, index n + i is piece i of garbage, under the label after those of the classes.

    Args:
        store: The n pictures.
        transform: Changes them; None for pictures as they are.
        seed: Of the changes.
        activations: What the frozen trunk makes of every picture, float16 (n, C, h, w), instead of the pictures; and
            of garbage after them.
        garbage: Draws it.
    """

    def __init__(
        self,
        store: PictureStore,
        transform: v2.Transform | None = None,
        seed: int = 0,
        activations: torch.Tensor | None = None,
        garbage: Piece | None = None,
    ) -> None:
        self._store = store
        self._transform = transform
        self._seed = seed
        self._activations = activations
        self._garbage = garbage

    def __len__(self) -> int:
        """Number of pictures n; garbage has no end."""
        return len(self._store)

    def __getitem__(self, index: int) -> Row:
        """Network input float32 (3, side, side), or activations (C, h, w), the class index, and the mask."""
        proper = index < len(self._store)
        label = self._store.items[index].sample.label if proper else len(self._store.manifest.classes)
        mask = self._store.mask(index) if proper else None
        if self._activations is not None:
            return self._activations[index].float(), label, mask
        if not proper or self._transform is None:
            return self.as_it_is(index), label, mask
        picture, mask = augmented(self._store[index], self._transform, seed=self._seed + index, mask=mask)
        return network_input(picture, self._store.manifest), label, mask

    def as_it_is(self, index: int) -> torch.Tensor:
        """Network input float32 (3, side, side) of a picture that is not augmented, or of a piece of garbage."""
        if index < len(self._store):
            return network_input(self._store[index], self._store.manifest)
        if self._garbage is None:
            raise IndexError(index)
        return self._garbage(index - len(self._store))


class Shares:
    """Which pictures each step of one process takes, in order.

    Args:
        order: Indices of all pictures of the epoch.
        batch: Pictures of one step, of all processes together.
        process: Which of them this is, from 0.
        processes: How many there are.
        done: Steps that need not be repeated; they still count.
        even: Whether all processes take equally many, for which some take the last picture twice.
    """

    def __init__(
        self,
        order: Sequence[int],
        batch: int,
        *,
        process: int = 0,
        processes: int = 1,
        done: int = 0,
        even: bool = False,
    ) -> None:
        steps = [order[begin : begin + batch] for begin in range(0, len(order), batch)]
        if even:
            steps = [[*step, *[step[-1]] * (-len(step) % processes)] for step in steps]
        self._steps = [list(step[process::processes]) for step in steps]
        self._done = done

    def __len__(self) -> int:
        """Steps of the whole epoch."""
        return len(self._steps)

    def __iter__(self) -> Iterator[list[int]]:
        """Yield the indices of every step that is left."""
        return iter(self._steps[self._done :])


class TrainingData(LightningDataModule):
    """The training and the stopping pictures.

    The training loader is made anew for every epoch (`reload_dataloaders_every_n_epochs=1`), seeded by the epoch's
    number: a training resumed at epoch 7 draws the same batches as one that was never interrupted.

    Args:
        train: Pictures to learn from.
        stop: May be empty; then nothing is measured between epochs.
        hyper: Batch and seed.
        transform: Changes the training pictures; None for pictures as they are.
        garbage: Draws what fills about 1 / (K + 1) of every batch; None for a network without an output for it.
    """

    def __init__(
        self,
        train: PictureStore,
        stop: PictureStore,
        hyper: Hyperparameters,
        transform: v2.Transform | None = None,
        garbage: Piece | None = None,
    ) -> None:
        super().__init__()
        self._train = train
        self._stop = stop
        self._hyper = hyper
        self._transform = transform
        self._garbage = garbage
        self._garbage_each = garbage_in_a_batch(hyper.batch, len(train.manifest.classes)) if garbage else 0
        self._activations: Sequence[torch.Tensor | None] = (None, None)
        self._progress: Progress | None = None

    @property
    def augments(self) -> bool:
        """Whether the training pictures are changed."""
        return self._transform is not None

    @property
    def unchanging(self) -> tuple[tuple[LabelledPictures, int], tuple[LabelledPictures, int]]:
        """What a frozen trunk has to see once: the training and the stopping pictures as they are, and how many.

        With the training pictures come as many pieces of garbage as `GARBAGE_ROUNDS` epochs show.
        """
        train = LabelledPictures(self._train, garbage=self._garbage)
        rounds = GARBAGE_ROUNDS * self.garbage_per_epoch
        return (train, len(self._train) + rounds), (LabelledPictures(self._stop), len(self._stop))

    @property
    def stop_pictures(self) -> int:
        """Number of stopping pictures."""
        return len(self._stop)

    @property
    def steps_per_epoch(self) -> int:
        """Optimiser steps in one epoch."""
        return max(1, len(self._train) // self._proper_each)

    @property
    def garbage_per_epoch(self) -> int:
        """Pieces of garbage in one epoch."""
        return self.steps_per_epoch * self._garbage_each

    @property
    def class_counts(self) -> tuple[int, ...]:
        """Training pictures of each of the K classes, and after them of garbage where it is taught."""
        return (*self._train.class_counts(), *([self.garbage_per_epoch] if self._garbage else []))

    def show_activations(self, activations: Sequence[torch.Tensor]) -> None:
        """From now on show what the trunk made of the training and of the stopping pictures."""
        self._activations = tuple(activations)

    def resume_with(self, progress: Progress) -> None:
        """Leave out the steps that `progress` says are done."""
        self._progress = progress

    def train_dataloader(self) -> DataLoader[Row]:
        """Shuffled and augmented for the trainer's current epoch; this process's share of it."""
        epoch = self.trainer.current_epoch if self.trainer else 0
        seed = (self._hyper.seed * 1009 + epoch) * 1_000_003
        order = torch.randperm(len(self._train), generator=torch.Generator().manual_seed(seed)).tolist()
        if len(order) > self._proper_each:
            # A last batch of one picture would leave batch normalisation without a spread.
            del order[self.steps_per_epoch * self._proper_each :]
        done = self._progress.done if self._progress else 0
        shares = self._shares(self._with_garbage(order, epoch), done=done)
        pictures = LabelledPictures(self._train, self._transform, seed, self._activations[0], self._garbage)
        return DataLoader(pictures, batch_sampler=shares, collate_fn=self._collate)

    def val_dataloader(self) -> list[DataLoader[Row]]:
        """This process's share of the stopping pictures as they are; nothing where there are none."""
        if not self.stop_pictures:
            return []
        shares = self._shares(range(self.stop_pictures), even=True)
        pictures = LabelledPictures(self._stop, activations=self._activations[1])
        return [DataLoader(pictures, batch_sampler=shares, collate_fn=self._collate)]

    @property
    def _proper_each(self) -> int:
        """Proper pictures of one step."""
        return self._hyper.batch - self._garbage_each

    def _with_garbage(self, order: Sequence[int], epoch: int) -> list[int]:
        """The order with new pieces of garbage at the end of every step, so that they come last in any share too."""
        first = epoch * self.garbage_per_epoch
        if self._activations[0] is not None and self._garbage:
            first %= GARBAGE_ROUNDS * self.garbage_per_epoch
        woven: list[int] = []
        for begin in range(0, len(order), self._proper_each):
            woven += order[begin : begin + self._proper_each]
            woven += range(len(self._train) + first, len(self._train) + first + self._garbage_each)
            first += self._garbage_each
        return woven

    @property
    def _collate(self) -> Callable[[Sequence[Row]], Batch]:
        return partial(as_batch, side=self._train.manifest.input_size if self._train.masks != "none" else 0)

    def _shares(self, order: Sequence[int], *, done: int = 0, even: bool = False) -> Shares:
        process, processes = (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)
        return Shares(order, self._hyper.batch, process=process, processes=processes, done=done, even=even)


def garbage_in_a_batch(batch: int, classes: int) -> int:
    """Pieces of garbage in a batch where K classes are taught: about as many as pictures of a class."""
    return max(1, round(batch / (classes + 1)))


def as_batch(rows: Sequence[Row], side: int = 0) -> Batch:
    """Rows side by side.

    Args:
        rows: Of one step.
        side: Of the masks, where the recipe wants them; 0 where it wants none.
    """
    inputs, labels, masks = zip(*rows, strict=True)
    batch = Batch(inputs=torch.stack(inputs), labels=torch.tensor(labels, dtype=torch.int64))
    if not side:
        return batch
    nothing = torch.zeros(1, side, side, dtype=torch.uint8)
    drawn = torch.stack([nothing if mask is None else mask for mask in masks]).float() / 255
    return replace(batch, masks=drawn, has_mask=torch.tensor([mask is not None for mask in masks]))
