import csv
from dataclasses import replace

import numpy as np
import pytest
import torch

from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Hyperparameters, Steering
from viewer.training import chronicle
from viewer.training.learning import load_learned, save_learned
from viewer.training.recipe import CLASSIFIER

HYPER = Hyperparameters(epochs=3, batch=4, learning_rate=1e-2, seed=5)


class Stopped(Exception):
    pass


@pytest.fixture
def data(samples, tiny):
    return tiny.data(samples[:13], samples[13:], HYPER)


def assert_the_same(resumed, straight):
    assert [epoch.number for epoch in resumed.history] == [epoch.number for epoch in straight.history]
    assert resumed.history == straight.history
    assert resumed.tensors.keys() == straight.tensors.keys()
    for name, tensor in straight.tensors.items():
        assert np.array_equal(resumed.tensors[name], tensor), name


def log_without_seconds(work):
    return [line.rpartition(",")[0] for line in (work / "log.csv").read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def every_step(monkeypatch):
    """A checkpoint and a sentence after every step."""
    for name, value in (("KEEP_EVERY_S", 0.0), ("ASK_EVERY", 1), ("GLIMPSE_S", 0.0)):
        monkeypatch.setattr(chronicle, name, value)


AVERAGED = replace(HYPER, average=0.8)


@pytest.mark.parametrize(
    "moment", ["epoch 1/3: training", "epoch 2/3: training", "epoch 2/3: step 2", "epoch 3/3: st"]
)
@pytest.mark.parametrize("hyper", [HYPER, AVERAGED, replace(AVERAGED, stop_early=False)], ids=str)
@pytest.mark.usefixtures("every_step")
def test_that_a_resumed_training_ends_with_the_very_weights_of_an_uninterrupted_one(
    tiny, samples, hyper, moment, tmp_path
):
    data = tiny.data(samples[:13], samples[13:] if hyper.stop_early else [], hyper)

    def stop(sentence):
        if sentence.startswith(moment):
            raise Stopped

    with pytest.raises(Stopped):
        tiny.train(data, tmp_path / "killed", stop, hyper)
    said = []
    resumed = tiny.train(data, tmp_path / "killed", said.append, hyper)
    straight = tiny.train(data, tmp_path / "straight", hyper=hyper)

    assert said[0] == "going on where the interrupted training stopped"
    assert len(straight.history) == 3
    assert_the_same(resumed, straight)
    assert log_without_seconds(tmp_path / "killed") == log_without_seconds(tmp_path / "straight")


@pytest.mark.parametrize("moment", ["epoch 1/3: training", "epoch 2/3: step 3"])
@pytest.mark.usefixtures("every_step")
def test_that_a_resumed_training_draws_the_very_garbage_of_an_uninterrupted_one(tiny, samples, moment, tmp_path):
    data = tiny.data(samples[:13], samples[13:], HYPER, garbage=True)

    def stop(sentence):
        if sentence.startswith(moment):
            raise Stopped

    with pytest.raises(Stopped):
        tiny.train(data, tmp_path / "killed", stop)
    resumed = tiny.train(data, tmp_path / "killed")
    assert_the_same(resumed, tiny.train(data, tmp_path / "straight"))


@pytest.mark.usefixtures("every_step")
def test_that_steps_before_a_checkpoint_within_an_epoch_are_not_repeated(tiny, data, tmp_path):
    def stop(sentence):
        if sentence.startswith("epoch 2/3: step 3"):
            raise Stopped

    with pytest.raises(Stopped):
        tiny.train(data, tmp_path / "work", stop)
    said = []
    tiny.train(data, tmp_path / "work", said.append)
    assert next(sentence for sentence in said if "epoch 2/3: step" in sentence).startswith("epoch 2/3: step 3/3")


def test_that_a_kill_between_the_best_weights_and_the_checkpoint_that_knows_of_them_changes_nothing(
    tiny, data, tmp_path, monkeypatch
):
    keep = chronicle.Chronicle._keep

    def keep_only_the_best(self, trainer, name):
        if len(self.history) == 2 and name == chronicle.LAST:
            raise Stopped
        keep(self, trainer, name)

    with monkeypatch.context() as patch:
        patch.setattr(chronicle.Chronicle, "_keep", keep_only_the_best)
        with pytest.raises(Stopped):
            tiny.train(data, tmp_path / "killed")
    assert_the_same(tiny.train(data, tmp_path / "killed"), tiny.train(data, tmp_path / "straight"))


def test_that_a_training_that_had_ended_early_is_not_gone_on_with(tiny, data, tmp_path):
    hyper = replace(HYPER, epochs=9, patience=1, learning_rate=3.0)
    straight = tiny.train(data, tmp_path / "work", hyper=hyper)
    assert len(straight.history) < 9
    said = []
    assert_the_same(tiny.train(data, tmp_path / "work", said.append, hyper), straight)
    assert said == []


def test_that_a_schedule_by_epochs_is_taken_up_where_it_was(tiny, data, tmp_path):
    hyper = replace(HYPER, epochs=6, patience=6)

    def plateau(context, parameters):
        optimiser = torch.optim.Adadelta(parameters, lr=1.0, rho=0.9)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.5, patience=0, threshold=0.5)
        return Steering(optimiser=optimiser, schedule=schedule, every="epoch")

    recipe = replace(CLASSIFIER, optimiser=plateau, schedule="Adadelta, halved on a plateau")

    def stop(sentence):
        if sentence.startswith("epoch 4/6"):
            raise Stopped

    with pytest.raises(Stopped):
        tiny.train(data, tmp_path / "killed", stop, hyper, recipe)
    resumed = tiny.train(data, tmp_path / "killed", hyper=hyper, recipe=recipe)
    straight = tiny.train(data, tmp_path / "straight", hyper=hyper, recipe=recipe)
    assert_the_same(resumed, straight)
    rates = [epoch.learning_rate for epoch in straight.history]
    assert rates[0] == 1.0
    assert rates[-1] < rates[0]


def test_that_a_checkpoint_that_cannot_be_written_leaves_the_old_one(tiny, data, tmp_path, monkeypatch):
    def torn(checkpoint, file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    tiny.train(data, tmp_path / "work", hyper=replace(HYPER, epochs=1))
    last = tmp_path / "work" / "checkpoints" / "last.ckpt"
    before = last.read_bytes()
    monkeypatch.setattr(torch, "save", torn)
    with pytest.raises(OSError, match="No space"):
        tiny.train(data, tmp_path / "work", hyper=replace(HYPER, epochs=2))
    assert last.read_bytes() == before


def test_that_the_log_has_a_row_for_every_epoch_with_every_term(tiny, data, tmp_path):
    learned = tiny.train(data, tmp_path / "work")
    with (tmp_path / "work" / "log.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert [float(row["cross_entropy"]) for row in rows] == [e.terms["cross_entropy"] for e in learned.history]
    assert [float(row["stop_loss"]) for row in rows] == [epoch.stop_loss for epoch in learned.history]
    assert all(float(row["seconds"]) > 0 for row in rows)
    assert float(rows[-1]["learning_rate"]) < float(rows[0]["learning_rate"])


def test_that_the_weights_kept_are_those_of_the_best_epoch(tiny, data, tmp_path):
    learned = tiny.train(data, tmp_path / "work")
    assert learned.best.stop_loss == min(epoch.stop_loss for epoch in learned.history)
    assert set(learned.tensors) == {name for name in tiny.network().state_dict() if "num_batches" not in name}


def test_that_without_stopping_groups_the_last_epoch_is_kept(tiny, samples, tmp_path):
    hyper = replace(HYPER, stop_early=False)
    learned = tiny.train(tiny.data(samples, [], hyper), tmp_path / "work", hyper=hyper)
    assert [epoch.stop_loss for epoch in learned.history] == [None] * 3
    assert learned.best is learned.history[-1]


def test_that_averaged_weights_move_less_than_the_weights_themselves(tiny, samples, tmp_path):
    start = tiny.network().state_dict()

    def moved(average: float) -> float:
        hyper = replace(HYPER, stop_early=False, average=average)
        tensors = tiny.train(tiny.data(samples, [], hyper), tmp_path / str(average), hyper=hyper).tensors
        return sum(float(np.abs(tensors[name] - start[name].numpy()).sum()) for name in tensors if "weight" in name)

    assert moved(0.9) < 0.8 * moved(0.0)


def test_that_training_learns_to_tell_dark_from_light(tiny, data, tmp_path):
    losses = [epoch.train_loss for epoch in tiny.train(data, tmp_path / "work").history]
    assert losses[-1] < losses[0]


def test_that_a_finished_training_is_read_back(tiny, data, tmp_path):
    work = tmp_path / "work"
    learned = tiny.train(data, work)
    assert load_learned(work) is None
    save_learned(learned, work)
    again = load_learned(work)
    assert again is not None
    assert (again.start, again.history) == (learned.start, learned.history)
    assert all(np.array_equal(again.tensors[name], tensor) for name, tensor in learned.tensors.items())


def test_that_a_torn_checkpoint_costs_one_sentence(tiny, data, tmp_path):
    last = tmp_path / "work" / "checkpoints" / "last.ckpt"
    last.parent.mkdir(parents=True)
    last.write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(ViewerError, match="cannot go on from this checkpoint"):
        tiny.train(data, tmp_path / "work")
