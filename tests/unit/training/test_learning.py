from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.training.classifier import CLASSIFIER
from viewer.training.learning import learn, load_learned, save_learned
from viewer.training.loading import PictureStore, TrainingData
from viewer.training.pictures import Reader
from viewer.training.plan import Hyperparameters
from viewer.training.table import Sample

HYPER = Hyperparameters(epochs=3, batch=4, learning_rate=1e-2, seed=5)


class TinyNetwork(nn.Module):
    """Dropout and batch norm, the parts that a careless resumption would change."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4), nn.ReLU())
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Sequential(nn.Dropout(0.3), nn.Linear(4, 2))


class Stopped(Exception):
    pass


@pytest.fixture
def data(tmp_path):
    rng = np.random.default_rng(0)
    samples = []
    for number in range(18):
        label = number % 2
        levels = rng.integers(0, 128, (16, 16, 3)) + 100 * label
        Image.fromarray(levels.astype(np.uint8)).save(tmp_path / f"{number}.png")
        samples.append(Sample(tmp_path / f"{number}.png", label, str(number)))
    manifest = Manifest(
        name="tiny",
        version="1",
        architecture="tiny",
        classes=("dark", "light"),
        modality=Modality.OTHER,
        intended_use="tests",
        licence="Apache-2.0",
        input_size=16,
    )
    train, stop = PictureStore(manifest), PictureStore(manifest)
    train.add(Reader(1, print).read(samples[:13]))
    stop.add(Reader(1, print).read(samples[13:]))
    return TrainingData(train, stop, HYPER)


def run(data: TrainingData, work: Path, say=lambda _: None):
    torch.manual_seed(HYPER.seed)
    module = CLASSIFIER.build(TinyNetwork(), torch.tensor([7, 6]), HYPER, HYPER.epochs * data.steps_per_epoch)
    return learn(module, data, HYPER, start="From nothing.", work=work, device="cpu", say=say)


def test_that_a_resumed_training_ends_with_the_very_weights_of_an_uninterrupted_one(data, tmp_path):
    def stop_in_the_second_epoch(sentence):
        if sentence.startswith("epoch 2/3"):
            raise Stopped

    with pytest.raises(Stopped):
        run(data, tmp_path / "killed", stop_in_the_second_epoch)
    said = []
    resumed = run(data, tmp_path / "killed", said.append)
    straight = run(data, tmp_path / "straight")

    assert said[0] == "going on where the interrupted training stopped"
    assert [epoch.number for epoch in resumed.history] == [1, 2, 3]
    assert resumed.history == straight.history
    assert resumed.tensors.keys() == straight.tensors.keys()
    for name, tensor in straight.tensors.items():
        assert np.array_equal(resumed.tensors[name], tensor), name


def test_that_the_weights_kept_are_those_of_the_best_epoch(data, tmp_path):
    learned = run(data, tmp_path / "work")
    assert learned.best.stop_loss == min(epoch.stop_loss for epoch in learned.history)
    assert set(learned.tensors) == {name for name in TinyNetwork().state_dict() if "num_batches" not in name}


def test_that_training_learns_to_tell_dark_from_light(data, tmp_path):
    losses = [epoch.train_loss for epoch in run(data, tmp_path / "work").history]
    assert losses[-1] < losses[0]


def test_that_a_finished_training_is_read_back(data, tmp_path):
    work = tmp_path / "work"
    learned = run(data, work)
    assert load_learned(work) is None
    save_learned(learned, work)
    again = load_learned(work)
    assert again is not None
    assert (again.start, again.history) == (learned.start, learned.history)
    assert all(np.array_equal(again.tensors[name], tensor) for name, tensor in learned.tensors.items())


def test_that_a_torn_checkpoint_costs_one_sentence(data, tmp_path):
    last = tmp_path / "work" / "checkpoints" / "last.ckpt"
    last.parent.mkdir(parents=True)
    last.write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(ViewerError, match="cannot go on from this checkpoint"):
        run(data, tmp_path / "work")
