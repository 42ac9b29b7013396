"""A training so small that it takes a second."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from viewer.datasets.sample import Sample
from viewer.domain.bundle import Manifest
from viewer.domain.image import Modality
from viewer.domain.recipe import GARBAGE_CLASS, Hyperparameters, Recipe, TrainingContext
from viewer.training import activations
from viewer.training.augment import transform_for
from viewer.training.garbage.drawing import Pieces
from viewer.training.garbage.families import families_for
from viewer.training.learner import Learner
from viewer.training.learning import Learned, learn
from viewer.training.loading import PictureStore, TrainingData
from viewer.training.pictures import Reader
from viewer.training.processes import Processes
from viewer.training.recipe import CLASSIFIER
from viewer.training.saying import Say

HYPER = Hyperparameters(epochs=3, batch=4, learning_rate=1e-2, seed=5)

MANIFEST = Manifest(
    name="tiny",
    version="1",
    architecture="tiny",
    classes=("dark", "light"),
    modality=Modality.OTHER,
    intended_use="tests",
    licence="Apache-2.0",
    input_size=16,
)


class TinyNetwork(nn.Module):
    """Dropout and batch norm, the parts that a careless resumption would change."""

    def __init__(self, outputs=2):
        super().__init__()
        self.trunk = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4), nn.ReLU())
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Sequential(nn.Dropout(0.3), nn.Linear(4, outputs))


@pytest.fixture
def samples(tmp_path) -> list[Sample]:
    """18 pictures of 16×16 pixels, dark ones and light ones by turns."""
    rng = np.random.default_rng(0)
    samples = []
    for number in range(18):
        label = number % 2
        levels = rng.integers(0, 128, (16, 16, 3)) + 100 * label
        Image.fromarray(levels.astype(np.uint8)).save(tmp_path / f"{number}.png")
        samples.append(Sample(tmp_path / f"{number}.png", label, str(number)))
    return samples


class Tiny:
    """Makes small trainings."""

    def __init__(self, samples: list[Sample], folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._samples = samples
        self._folder = folder
        self._patch = patch
        self._runs = 0

    def network(self, outputs: int = 2) -> TinyNetwork:
        """As every training starts."""
        torch.manual_seed(5)
        return TinyNetwork(outputs)

    def data(
        self,
        train_samples,
        stop_samples,
        hyper: Hyperparameters,
        recipe: Recipe = CLASSIFIER,
        *,
        garbage: bool = False,
    ) -> TrainingData:
        """Pictures to learn from and to stop by."""
        train, stop = PictureStore(MANIFEST, recipe.masks), PictureStore(MANIFEST, recipe.masks)
        train.add(Reader(1, print).read(train_samples))
        stop.add(Reader(1, print).read(stop_samples))
        transform = transform_for(recipe, MANIFEST, recipe.choose({}))
        pieces = Pieces(families_for(MANIFEST), train, transform, hyper.seed).draw if garbage else None
        return TrainingData(train, stop, hyper, transform, pieces)

    def train(
        self,
        data: TrainingData,
        work: Path,
        say: Say = lambda _: None,
        hyper: Hyperparameters = HYPER,
        recipe: Recipe = CLASSIFIER,
    ) -> Learned:
        """Train in a given folder, or go on there."""
        garbage = len(data.class_counts) > len(MANIFEST.classes)
        context = TrainingContext(
            network=self.network(3 if garbage else 2),
            classes=(*MANIFEST.classes, GARBAGE_CLASS) if garbage else MANIFEST.classes,
            counts=data.class_counts,
            hyper=hyper,
            choices=recipe.choose({}),
            steps_per_epoch=data.steps_per_epoch,
        )
        here = Processes(device="cpu")
        learner = Learner(recipe, context)
        return learn(learner, data, start="From nothing.", work=work, processes=here, say=say)

    def run(
        self, *, recipe: Recipe, hyper: Hyperparameters, kept_bytes: int = 2**20, garbage: bool = False
    ) -> Learned:
        """Train on 13 pictures, stop by 5, in a folder of its own."""
        self._runs += 1
        self._patch.setattr(activations, "KEPT_BYTES", kept_bytes)
        data = self.data(self._samples[:13], self._samples[13:], hyper, recipe, garbage=garbage)
        return self.train(data, self._folder / str(self._runs), hyper=hyper, recipe=recipe)

    def checkpoint(self) -> dict:
        """The last one of the last training that had a folder of its own."""
        file = self._folder / str(self._runs) / "checkpoints" / "last.ckpt"
        return torch.load(file, weights_only=True)


@pytest.fixture
def tiny(samples, tmp_path, monkeypatch) -> Tiny:
    return Tiny(samples, tmp_path / "work", monkeypatch)
