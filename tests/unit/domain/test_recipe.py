from dataclasses import replace

import pytest

from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Hyperparameters, Recipe, RecipeOption, TrainingContext

PACE = RecipeOption(name="pace", default=1.0, help="How fast.")
KIND = RecipeOption(name="kind", default="soft", choices=("soft", "hard"), help="Which.")
PLAIN = Recipe(
    name="plain",
    title="Plain",
    summary="learn",
    explanation="It learns.",
    loss="cross-entropy",
    needs="labels",
    options=(PACE, KIND),
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "Plain Recipe"}, "named like my_recipe"),
        ({"name": "-recipe"}, "named like my_recipe"),
        ({"explanation": " "}, "needs words for its explanation"),
        ({"objective": 3}, "must be functions"),
        ({"defaults": {"epochs": 3}}, "must be Hyperparameters"),
        ({"options": ("pace",)}, "must be RecipeOptions"),
        ({"options": (PACE, PACE)}, "two options of one name"),
        ({"masks": "maybe"}, "masks of the recipe plain must be one of: none, where there are, required"),
        ({"augmentation": "wild"}, "augmentation of the recipe plain must be one of"),
        ({"input_size": -1}, "a number of pixels"),
    ],
    ids=str,
)
def test_that_nonsense_is_refused_at_birth(change, sentence):
    with pytest.raises(ViewerError, match=sentence):
        replace(PLAIN, **change)


@pytest.mark.parametrize(
    "option",
    [
        {"name": "My-Option", "default": 1, "help": "x"},
        {"name": "pace", "default": None, "help": "x"},
        {"name": "pace", "default": 1, "help": ""},
        {"name": "pace", "default": "a", "choices": ("b",), "help": "x"},
    ],
    ids=str,
)
def test_that_an_option_that_makes_no_sense_is_refused(option):
    with pytest.raises(ViewerError):
        RecipeOption(**option)


def test_that_choices_are_the_chosen_ones_and_the_defaults_of_all_others():
    assert PLAIN.choose({"pace": 2}) == {"pace": 2.0, "kind": "soft"}
    assert PLAIN.choose({}) == {"pace": 1.0, "kind": "soft"}


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"haste": 1}, "no option haste"),
        ({"pace": "fast"}, "pace must be of type float"),
        ({"pace": True}, "pace must be of type float"),
        ({"kind": "firm"}, "kind must be one of soft, hard"),
    ],
    ids=str,
)
def test_that_a_choice_that_does_not_fit_is_refused(chosen, sentence):
    with pytest.raises(ViewerError, match=sentence):
        PLAIN.choose(chosen)


@pytest.mark.parametrize(
    "values", [{"epochs": 0}, {"batch": 1}, {"learning_rate": 0.0}, {"members": 10}, {"average": 1.0}], ids=str
)
def test_that_hyperparameters_that_make_no_sense_are_refused(values):
    with pytest.raises(ViewerError):
        Hyperparameters(**values)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_that_rare_classes_weigh_more_as_the_power_rises_and_the_mean_over_pictures_stays_one(power):
    context = TrainingContext(
        network=None,
        classes=("a", "b", "c"),
        counts=(90, 9, 1),
        hyper=Hyperparameters(class_weight_power=power),
        choices={},
        steps_per_epoch=1,
    )
    weights = context.class_weights
    assert sum(w * n for w, n in zip(weights, context.counts, strict=True)) == pytest.approx(100)
    assert weights[2] / weights[0] == pytest.approx(90**power)
