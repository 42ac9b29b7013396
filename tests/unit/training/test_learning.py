from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from viewer.datasets.sample import Sample
from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.recipe import Hyperparameters, TrainingContext
from viewer.training.augment import transform_for
from viewer.training.learner import Learner
from viewer.training.learning import learn, load_learned, save_learned
from viewer.training.loading import PictureStore, TrainingData
from viewer.training.pictures import Reader
from viewer.training.processes import Processes
from viewer.training.recipe import CLASSIFIER

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
def samples(tmp_path):
    rng = np.random.default_rng(0)
    samples = []
    for number in range(18):
        label = number % 2
        levels = rng.integers(0, 128, (16, 16, 3)) + 100 * label
        Image.fromarray(levels.astype(np.uint8)).save(tmp_path / f"{number}.png")
        samples.append(Sample(tmp_path / f"{number}.png", label, str(number)))
    return samples


@pytest.fixture
def data(samples):
    return make_data(samples[:13], samples[13:], HYPER)


def make_data(train_samples, stop_samples, hyper) -> TrainingData:
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
    train.add(Reader(1, print).read(train_samples))
    stop.add(Reader(1, print).read(stop_samples))
    return TrainingData(train, stop, hyper, transform_for(CLASSIFIER, manifest, {}))


def run(data: TrainingData, work: Path, say=lambda _: None, hyper: Hyperparameters = HYPER, recipe=CLASSIFIER):
    torch.manual_seed(hyper.seed)
    context = TrainingContext(
        network=TinyNetwork(),
        classes=("dark", "light"),
        counts=(7, 6),
        hyper=hyper,
        choices=recipe.choose({}),
        steps_per_epoch=data.steps_per_epoch,
    )
    learner = Learner(recipe, context)
    return learn(learner, data, start="From nothing.", work=work, processes=Processes(device="cpu"), say=say)


@pytest.mark.parametrize(
    "hyper", [HYPER, replace(HYPER, average=0.8), replace(HYPER, average=0.8, stop_early=False)], ids=str
)
def test_that_a_resumed_training_ends_with_the_very_weights_of_an_uninterrupted_one(samples, hyper, tmp_path):
    data = make_data(samples[:13], samples[13:] if hyper.stop_early else [], hyper)

    def stop_in_the_second_epoch(sentence):
        if sentence.startswith("epoch 2/3"):
            raise Stopped

    with pytest.raises(Stopped):
        run(data, tmp_path / "killed", stop_in_the_second_epoch, hyper)
    said = []
    resumed = run(data, tmp_path / "killed", said.append, hyper)
    straight = run(data, tmp_path / "straight", hyper=hyper)

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


def test_that_without_stopping_groups_the_last_epoch_is_kept(samples, tmp_path):
    hyper = replace(HYPER, stop_early=False)
    learned = run(make_data(samples, [], hyper), tmp_path / "work", hyper=hyper)
    assert [epoch.stop_loss for epoch in learned.history] == [None] * 3
    assert learned.best is learned.history[-1]


def test_that_averaged_weights_move_less_than_the_weights_themselves(samples, tmp_path):
    torch.manual_seed(HYPER.seed)
    start = TinyNetwork().state_dict()

    def moved(average: float) -> float:
        hyper = replace(HYPER, stop_early=False, average=average)
        tensors = run(make_data(samples, [], hyper), tmp_path / str(average), hyper=hyper).tensors
        return sum(float(np.abs(tensors[name] - start[name].numpy()).sum()) for name in tensors if "weight" in name)

    assert moved(0.9) < 0.8 * moved(0.0)


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
