"""What a recipe may do, and what happens when it does something else."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from viewer.domain.errors import ViewerError
from viewer.domain.recipe import (
    GARBAGE_CLASS,
    Hyperparameters,
    Recipe,
    RecipeOption,
    Steering,
    TrainingContext,
    logits_of,
)
from viewer.training.learner import Learner
from viewer.training.recipe import CLASSIFIER

HYPER = Hyperparameters(epochs=2, batch=4, learning_rate=1e-2, seed=5)


class Objective(nn.Module):
    """Answers what it is told to."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    def forward(self, network, batch):
        return self.answer(logits_of(network, batch.inputs), batch)


def with_losses(answer, **more) -> Recipe:
    return replace(CLASSIFIER, name="odd", objective=lambda context: Objective(answer), **more)


def raise_it(logits, batch):
    raise RuntimeError("the loss of this recipe is broken")


def changing_names():
    names = iter("abcdefgh")
    return lambda logits, batch: {next(names): logits.mean()}


FAULTS = {
    "raises": (raise_it, "the objective of the recipe odd raised RuntimeError: the loss of this recipe is broken"),
    "not finite": (lambda z, b: {"focus": z.mean() * float("nan")}, "gave a loss focus that is not finite"),
    "a tensor": (lambda z, b: z.mean(), r"gave a tensor of shape \(\) instead of named losses"),
    "nothing": (lambda z, b: {}, "gave no losses instead of named losses"),
    "a float": (lambda z, b: {"focus": 1.0}, "gave a float as its loss 'focus'"),
    "per picture": (lambda z, b: {"focus": z[:, 0]}, r"gave a tensor of shape \(4,\) as its loss 'focus'"),
    "other names": (changing_names(), "losses of the same names for every batch"),
}


@pytest.mark.parametrize(("answer", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_that_an_objective_at_fault_costs_one_sentence(tiny, answer, sentence):
    with pytest.raises(ViewerError, match=sentence):
        tiny.run(recipe=with_losses(answer), hyper=HYPER)


def fails(*_):
    raise KeyError("a slip")


MAKING = {
    "objective raises": ({"objective": fails}, "odd, asked for its objective, raised KeyError: 'a slip'"),
    "objective is none": ({"objective": lambda context: None}, "odd made its objective a NoneType"),
    "optimiser raises": ({"optimiser": fails}, "odd, asked for its optimiser, raised KeyError"),
    "optimiser is bare": ({"optimiser": lambda c, p: torch.optim.SGD(p, 1.0)}, "odd made its optimiser a SGD"),
    "unknown part": ({"frozen": ("neck",)}, "the network has no part 'neck' to be frozen"),
    "parts are no tuple": ({"frozen": lambda choices: "trunk"}, "must name what is frozen as a tuple"),
    "everything frozen": ({"frozen": ("trunk", "classifier")}, "freezes everything, so there is nothing to train"),
}


@pytest.mark.parametrize(("parts", "sentence"), MAKING.values(), ids=MAKING.keys())
def test_that_parts_that_cannot_be_made_cost_one_sentence(tiny, parts, sentence):
    with pytest.raises(ViewerError, match=sentence):
        tiny.run(recipe=replace(CLASSIFIER, name="odd", augmentation="usual", **parts), hyper=HYPER)


def test_that_terms_are_summed_and_each_is_kept_in_the_history(tiny):
    def answer(logits, batch):
        return {"entropy": functional.cross_entropy(logits, batch.labels), "size": 0.1 * logits.square().mean()}

    learned = tiny.run(recipe=with_losses(answer), hyper=HYPER)
    for epoch in learned.history:
        assert list(epoch.terms) == ["entropy", "size"]
        assert epoch.train_loss == pytest.approx(sum(epoch.terms.values()))


class Centres(nn.Module):
    """Holds a parameter that is trained and a buffer that moves."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, network, batch):
        self.seen += len(batch)
        loss = functional.cross_entropy(self.scale * logits_of(network, batch.inputs), batch.labels)
        return {"entropy": loss}


def test_that_what_an_objective_holds_is_trained_and_kept_in_checkpoints(tiny):
    tiny.run(recipe=replace(CLASSIFIER, name="odd", objective=lambda context: Centres()), hyper=HYPER)
    state = tiny.checkpoint()["state_dict"]
    assert float(state["objective.seen"]) == 2 * 3 * 4  # epochs, steps, pictures
    assert float(state["objective.scale"]) != 1.0


def test_that_what_is_frozen_is_not_trained_and_its_batch_norm_does_not_move(tiny):
    recipe = replace(CLASSIFIER, name="odd", frozen=("trunk",))
    start = tiny.network().state_dict()
    learned = tiny.run(recipe=recipe, hyper=HYPER)
    for name, tensor in learned.tensors.items():
        assert np.array_equal(tensor, start[name].numpy()) == name.startswith("trunk."), name


def test_that_frozen_parts_stay_in_evaluation():
    parts = {"trunk": nn.BatchNorm2d(3), "pool": nn.Identity(), "classifier": nn.Dropout()}
    learner = Learner(replace(CLASSIFIER, frozen=("trunk",)), context_of(nn.ModuleDict(parts)))
    for mode in (True, False, True):
        learner.train(mode)
        assert not learner.network["trunk"].training
        assert learner.network["classifier"].training == mode


def context_of(network) -> TrainingContext:
    return TrainingContext(
        network=network, classes=("a", "b"), counts=(1, 1), hyper=HYPER, choices={}, steps_per_epoch=1
    )


def test_that_the_best_epoch_may_be_judged_by_the_objective(tiny):
    recipe = with_losses(lambda z, b: {"constant": z.sum() * 0 + 3.0}, judge="objective")
    assert [epoch.stop_loss for epoch in tiny.run(recipe=recipe, hyper=HYPER).history] == [3.0, 3.0]


def test_that_a_recipe_sees_its_choices_and_steers_by_its_own_optimiser(tiny):
    def sgd(context, parameters):
        return Steering(optimiser=torch.optim.SGD(parameters, lr=context.choices["pace"]))

    option = RecipeOption(name="pace", default=0.25, help="Speed.")
    learned = tiny.run(recipe=replace(CLASSIFIER, name="odd", options=(option,), optimiser=sgd), hyper=HYPER)
    assert [epoch.learning_rate for epoch in learned.history] == [0.25, 0.25]


def test_that_activations_of_a_frozen_trunk_are_kept_and_teach_the_same(tiny):
    recipe = replace(CLASSIFIER, name="odd", frozen=("trunk",), augmentation="none")
    shapes = set()

    def watched(context):
        def answer(logits, batch):
            shapes.add(tuple(batch.inputs.shape[1:]))
            return {"entropy": functional.cross_entropy(logits, batch.labels)}

        return Objective(answer)

    kept = tiny.run(recipe=replace(recipe, objective=watched), hyper=HYPER)
    assert shapes == {(4, 7, 7)}
    anew = tiny.run(recipe=replace(recipe, objective=watched), hyper=HYPER, kept_bytes=0)
    assert (3, 16, 16) in shapes
    assert kept.tensors.keys() == anew.tensors.keys()
    for name, tensor in kept.tensors.items():
        assert np.allclose(tensor, anew.tensors[name], atol=1e-3), name


def test_that_garbage_is_taught_but_the_stopping_pictures_are_judged_among_the_classes(tiny):
    seen = []

    def answer(logits, batch):
        seen.append((logits.shape[1], batch.labels.max().item()))
        return {"entropy": functional.cross_entropy(logits, batch.labels)}

    learned = tiny.run(recipe=with_losses(answer), hyper=HYPER, garbage=True)
    assert set(seen) == {(3, 2)}
    assert learned.tensors["classifier.1.weight"].shape == (3, 4)
    assert all(0 <= epoch.stop_accuracy <= 1 for epoch in learned.history)


def test_that_a_frozen_trunk_sees_a_fixed_set_of_garbage_once_and_learns_the_same_from_it_kept_or_not(tiny):
    recipe = replace(CLASSIFIER, name="odd", frozen=("trunk",), augmentation="none")
    kept = tiny.run(recipe=recipe, hyper=HYPER, garbage=True)
    anew = tiny.run(recipe=recipe, hyper=HYPER, garbage=True, kept_bytes=0)
    for name, tensor in kept.tensors.items():
        assert np.allclose(tensor, anew.tensors[name], atol=2e-2), name


def test_that_no_class_can_be_called_as_garbage_is():
    context = TrainingContext(
        network=nn.Identity(), classes=("a", "b"), counts=(1, 1), hyper=HYPER, choices={}, steps_per_epoch=1
    )
    assert (context.known, replace(context, classes=("a", "b", GARBAGE_CLASS)).known) == (2, 2)
