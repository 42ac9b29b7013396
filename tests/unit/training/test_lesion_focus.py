"""A training with centres that is interrupted ends as one that was left alone."""

from dataclasses import replace

import pytest
import torch
from viewer_lesion_focus.training.recipe import LESION_FOCUS

from viewer.domain.recipe import Hyperparameters
from viewer.training import chronicle

HYPER = Hyperparameters(epochs=3, batch=4, learning_rate=1.0, weight_decay=0.0, seed=5)


class Stopped(Exception):
    """Stands for a kill."""


@pytest.mark.parametrize("moment", ["epoch 1/3: step 2", "epoch 2/3: training"])
@pytest.mark.parametrize("kind", ["moving", "first_pass"])
def test_that_centres_are_those_of_an_uninterrupted_training(tiny, samples, tmp_path, monkeypatch, kind, moment):
    for name, value in (("KEEP_EVERY_S", 0.0), ("ASK_EVERY", 1), ("GLIMPSE_S", 0.0)):
        monkeypatch.setattr(chronicle, name, value)
    options = tuple(replace(one, default=kind) if one.name == "centres" else one for one in LESION_FOCUS.options)
    recipe = replace(LESION_FOCUS, options=options, input_size=16)
    data = tiny.data(samples[:13], samples[13:], HYPER, recipe)

    def stop(sentence):
        if sentence.startswith(moment):
            raise Stopped

    def centres(work) -> torch.Tensor:
        last = torch.load(work / "checkpoints" / "last.ckpt", weights_only=True)
        return last["state_dict"]["objective.centres.centres"]

    with pytest.raises(Stopped):
        tiny.train(data, tmp_path / "killed", stop, HYPER, recipe)
    tiny.train(data, tmp_path / "killed", hyper=HYPER, recipe=recipe)
    tiny.train(data, tmp_path / "straight", hyper=HYPER, recipe=recipe)
    assert centres(tmp_path / "straight").abs().sum() > 0
    assert torch.equal(centres(tmp_path / "killed"), centres(tmp_path / "straight"))
