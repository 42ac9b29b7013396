"""Which recipes there are: the viewer's own, and those of plugins; free of torch, so that listing is cheap."""

from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Hyperparameters, Recipe
from viewer.host.discovery import Offer, PluginHost

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
)
"""The built-in recipe."""

BUILT_IN = (CLASSIFIER,)


def offered_recipes(host: PluginHost) -> tuple[Offer[Recipe], ...]:
    """The viewer's own recipes, then those of plugins whose names are free."""
    own = {recipe.name: Offer(OWN, recipe) for recipe in BUILT_IN}
    return (*own.values(), *(offer for offer in host.recipes if offer.thing.name not in own))


def find_recipe(host: PluginHost, name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        ViewerError: There is none; the sentence lists the names.
    """
    recipes = {offer.thing.name: offer.thing for offer in offered_recipes(host)}
    if name not in recipes:
        raise ViewerError(f"there is no recipe {name!r}; there are: {', '.join(recipes)}")
    return recipes[name]
