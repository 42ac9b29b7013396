"""What a plugin may offer, and whether an offered thing is what it should be."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from viewer.domain.command import TAKEN, Command
from viewer.domain.evidence import SLOW, Need
from viewer.domain.recipe import RECIPE_NAME, Recipe
from viewer.domain.result import NAME, About
from viewer.protocols import Architecture, Explainer, Opinion, Reader, Scorer

Kind = Literal["scorer", "explainer", "opinion", "reader", "architecture", "recipe", "command"]

HOOKS: Mapping[str, Kind] = {
    "viewer_scorers": "scorer",
    "viewer_explainers": "explainer",
    "viewer_opinions": "opinion",
    "viewer_readers": "reader",
    "viewer_architectures": "architecture",
    "viewer_recipes": "recipe",
    "viewer_commands": "command",
}
"""What each hook offers."""

PLUGIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""Names of plugins: they become folder names in bundles and tables in the settings."""

_PROTOCOLS: Mapping[Kind, type] = {  # recipes and commands are checked when they are made
    "scorer": Scorer,
    "explainer": Explainer,
    "opinion": Opinion,
    "reader": Reader,
    "architecture": Architecture,
}

_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "title": (lambda value: _is_text(value), "needs words in its title"),
    "version": (lambda value: _is_text(value), "needs a version"),
    "about": (lambda value: isinstance(value, About), "must be about correctness or suitability"),
    "needs": (
        lambda value: isinstance(value, frozenset) and all(isinstance(need, Need) for need in value),
        "must state its needs as a frozenset of Need",
    ),
    "stem": (lambda value: _is_text(value), "needs the name of its stem layer"),
    "middle": (lambda value: _is_text(value), "needs the name of its middle layer"),
    "gap_linear": (lambda value: isinstance(value, bool), "must say whether it ends in pooling and one linear layer"),
    "input_size": (lambda value: isinstance(value, int) and value > 0, "needs a positive input size"),
}


def place(kind: Kind, thing: Any) -> str:  # noqa: ANN401 - anything sound
    """Where a thing stands; no two may share a place.

    Scorers, opinions and explainers that fit share theirs: they keep what they fitted under their name in a bundle.
    """
    return f"{'state' if kind in ('scorer', 'opinion') or fits(thing) else kind} {thing.name}"


def fits(thing: object) -> bool:
    """Whether a thing learns from the fit groups."""
    return callable(getattr(thing, "fit", None))


def is_slow(thing: object) -> bool:
    """Whether a scorer, opinion or explainer asks for further passes of the network over every picture."""
    needs: object = getattr(thing, "needs", None)  # a recipe's are a sentence
    return isinstance(needs, frozenset) and bool(needs & SLOW)


def reads_of(thing: object) -> tuple[str, ...]:
    """Names of the parts of its own plugin whose states a thing is handed beside its own."""
    return tuple(getattr(thing, "reads", ()))


def family_of(scorer: object) -> str:
    """Name of the scorer under whose row that of this one is folded; `""` where it stands by itself."""
    return str(getattr(scorer, "family", ""))


def faults_of(kind: Kind, thing: Any) -> list[str]:  # noqa: ANN401 - anything a plugin may hand over
    """Sentences on what is wrong with an offered thing; empty when it is sound.

    Reads the thing's attributes, which may run code of the plugin: call it under guard.
    """
    if kind == "recipe":
        return _recipe_faults(thing)
    if kind == "command":
        return _command_faults(thing)
    protocol = _PROTOCOLS[kind]
    members = _members(protocol)
    missing = [name for name in members if not hasattr(thing, name)]
    if missing:
        return [f"{type(thing).__name__} is no {kind}: it lacks {', '.join(missing)}"]
    form = RECIPE_NAME if kind == "architecture" else NAME
    if not _is_text(thing.name) or (kind != "reader" and not form.fullmatch(thing.name)):
        return [f"a name of a {kind} is like my_{kind}, not {thing.name!r}"]
    if not _are_names(getattr(thing, "reads", ())):
        return [f"the {kind} {thing.name} must name what it reads as a tuple of names"]
    family = getattr(thing, "family", "")
    if not isinstance(family, str) or (family and not NAME.fullmatch(family)):
        return [f"the {kind} {thing.name} must name the scorer it is folded under, not {family!r}"]
    return [
        f"the {kind} {thing.name} {complaint}"
        for name, (passes, complaint) in _CHECKS.items()
        if name in members and not passes(getattr(thing, name))
    ]


def _recipe_faults(thing: object) -> list[str]:
    """What a recipe has not checked itself when it was made: what its functions answer to the usual choices."""
    if not isinstance(thing, Recipe):
        return [f"{type(thing).__name__} is no recipe"]
    choices = thing.choose({})
    network: object = thing.architecture_for(choices)
    frozen: object = thing.frozen_for(choices)
    faults = [] if isinstance(network, str) else [f"the recipe {thing.name} must name its network"]
    sound = isinstance(frozen, tuple) and all(isinstance(part, str) for part in frozen)
    return faults if sound else [*faults, f"the recipe {thing.name} must name what is frozen as a tuple of words"]


def _command_faults(thing: object) -> list[str]:
    if not isinstance(thing, Command):
        return [f"{type(thing).__name__} is no command"]
    return [f"the viewer has a command {thing.name} of its own"] if thing.name in TAKEN else []


def _members(protocol: type) -> list[str]:
    methods = [name for name in vars(protocol) if not name.startswith("_")]
    return sorted({*protocol.__annotations__, *methods})


def _are_names(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(name, str) for name in value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
