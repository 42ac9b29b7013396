"""Which recipes there are: the viewer's own, and those of plugins; free of torch, so that listing is cheap."""

from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Choices, Hyperparameters, Recipe
from viewer.host.discovery import Offer, PluginHost
from viewer.host.guard import blamed

OWN = "viewer"
"""Stands for the plugin of the recipes that come with the viewer."""


CLASSIFIER = Recipe(
    name="classifier",
    title="Fine-tune a whole network",
    summary="fine-tune a whole network on one label per picture, by weighted cross-entropy",
    explanation="Trains every layer of a network, best from ImageNet weights, to name one class for each picture: "
    "the right start for a few hundred to a few thousand labelled pictures.",
    loss="cross-entropy, each class weighted by (n / (K·n_k)) to the power --class-weight-power",
    needs="one class for each picture, and the patient (else the lesion); seven patients of every class at least",
    defaults=Hyperparameters(),
    garbage=True,
)
"""The built-in recipe."""

BUILT_IN = (CLASSIFIER,)


def offered_recipes(host: PluginHost) -> tuple[Offer[Recipe], ...]:
    """The viewer's own recipes, then those of plugins whose names are free."""
    own = {recipe.name: Offer(OWN, recipe) for recipe in BUILT_IN}
    return (*own.values(), *(offer for offer in host.recipes if offer.thing.name not in own))


def network_for(recipe: Recipe, choices: Choices) -> str:
    """Name of the architecture under these choices; `""` for the person to say.

    Raises:
        ViewerError: The recipe fails.
    """
    with blamed(f"the recipe {recipe.name}, asked for its network,"):
        name: object = recipe.architecture_for(choices)
    if not isinstance(name, str):
        raise ViewerError(f"the recipe {recipe.name} made its network a {type(name).__name__}")
    return name


def mask_shown(recipe: Recipe, choices: Choices) -> str:
    """What the mask is of that the network learns to draw under these choices; `""` where it draws none.

    Raises:
        ViewerError: The recipe fails.
    """
    with blamed(f"the recipe {recipe.name}, asked for what its mask shows,"):
        word: object = recipe.mask_shows_for(choices)
    if not isinstance(word, str):
        raise ViewerError(f"the recipe {recipe.name} made what its mask shows a {type(word).__name__}")
    return word


def refuse_garbage(recipe: Recipe, choices: Choices) -> None:
    """Check that the recipe bears a class for pictures of no kind the model knows.

    Raises:
        ViewerError: It does not, or fails.
    """
    with blamed(f"the recipe {recipe.name}, asked whether it bears garbage,"):
        bears = recipe.bears_garbage(choices)
    if not bears:
        raise ViewerError(
            f"the recipe {recipe.name} cannot be trained with --garbage as its options stand: what it minimises has "
            "no place for a class outside the others"
        )


def frozen_parts(recipe: Recipe, choices: Choices) -> tuple[str, ...]:
    """Modules that are not trained under these choices.

    Raises:
        ViewerError: The recipe fails.
    """
    with blamed(f"the recipe {recipe.name}, asked for what is frozen,"):
        names: object = recipe.frozen_for(choices)
    if not isinstance(names, tuple) or not all(isinstance(name, str) for name in names):
        raise ViewerError(f"the recipe {recipe.name} must name what is frozen as a tuple of words")
    return names
