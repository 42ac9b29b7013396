"""`viewer recipes`: which ways of training there are, and what each of them does."""

import argparse
import dataclasses
import json
import shlex
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from importlib.metadata import EntryPoint

from viewer.cli.output import print_text
from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Recipe
from viewer.host.discovery import Offer, PluginHost
from viewer.settings import Settings
from viewer.training.recipe import offered_recipes


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer recipes`."""
    parser = subparsers.add_parser(
        "recipes",
        help="list the ways of training, or explain one",
        description="Lists the recipes of `viewer train`, those of plugins among them. With a name it says what the "
        "recipe does, its loss, schedule, augmentation, defaults and options, what the data must bring, and a "
        "command to copy.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="of a recipe")
    parser.add_argument("--json", action="store_true", help="print one JSON record per recipe on its own line")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace, entry_points: Iterable[EntryPoint] | None = None) -> int:
    """List the recipes, or explain one; returns 0.

    Args:
        args: With `name` and `json`.
        entry_points: The plugins; by default the installed ones.

    Raises:
        ViewerError: There is no recipe of that name, or the settings cannot be read.
    """
    host = PluginHost(Settings.load(), entry_points)
    try:
        with redirect_stdout(sys.stderr):  # what a plugin prints is no record
            host.load()
        offers = offered_recipes(host)
    finally:
        host.close()
    if args.name:
        names = [offer.thing.name for offer in offers]
        if args.name not in names:
            raise ViewerError(f"there is no recipe {args.name!r}; there are: {', '.join(names)}")
        offers = tuple(offer for offer in offers if offer.thing.name == args.name)
    for offer in offers:
        if args.json:
            text = json.dumps(as_record(offer), ensure_ascii=False)
        else:
            text = explained(offer) if args.name else in_two_lines(offer)
        print_text(text, sys.stdout)
    return 0


def in_two_lines(offer: Offer[Recipe]) -> str:
    """Name, title, plugin, network and needs, for the list."""
    recipe = offer.thing
    return (
        f"{recipe.name}: {recipe.title} (plugin {offer.plugin})\n  network: {_network(recipe)}; needs {recipe.needs}"
    )


def explained(offer: Offer[Recipe]) -> str:
    """A page for a person who considers the recipe."""
    recipe = offer.thing
    frozen = recipe.frozen_for(recipe.choose({}))
    rows = {
        "plugin": offer.plugin,
        "network": _network(recipe),
        "start": "ImageNet weights, or others" if frozen or recipe.start == "pretrained" else "weights, or chance",
        "frozen": ", ".join(frozen) or "nothing",
        "loss": recipe.loss,
        "augmentation": recipe.augments,
        "schedule": recipe.schedule,
        "best epoch": _JUDGED[recipe.judge],
        "data": recipe.needs,
        "masks": _MASKS[recipe.masks],
        "garbage": _GARBAGE[recipe.bears_garbage(recipe.choose({}))],
    }
    lines = [f"{recipe.name}: {recipe.title}", "", recipe.explanation, ""]
    lines += [f"{name}: {text}" for name, text in rows.items()]
    lines += ["", "defaults: " + ", ".join(f"{n} {_word(v)}" for n, v in dataclasses.asdict(recipe.defaults).items())]
    lines += ["", "options of its own:" if recipe.options else "no options of its own"]
    lines += [f"  {_flag(name)} {text}" for name, text in _options(recipe).items()]
    return "\n".join([*lines, "", *_command(recipe)])


def as_record(offer: Offer[Recipe]) -> dict[str, object]:
    """Everything that is no function."""
    recipe = offer.thing
    choices = recipe.choose({})
    texts = ("name", "version", "title", "summary", "explanation", "loss", "schedule", "augments", "needs", "judge")
    return {
        "plugin": offer.plugin,
        **{name: getattr(recipe, name) for name in texts},
        "architecture": recipe.architecture_for(choices),
        "input_size": recipe.input_size,
        "start": recipe.start,
        "frozen": list(recipe.frozen_for(choices)),
        "masks": recipe.masks,
        "garbage": recipe.bears_garbage(choices),
        "defaults": dataclasses.asdict(recipe.defaults),
        "options": [dataclasses.asdict(option) for option in recipe.options],
    }


_JUDGED = {
    "likelihood": "the one with the lowest cross-entropy on the stopping pictures, at their best temperature",
    "objective": "the one with the lowest loss on the stopping pictures",
}

_MASKS = {
    "none": "not used",
    "where there are": "used where a picture has one",
    "required": "every picture needs one",
}


_GARBAGE = {
    True: "one more output can be taught to tell pictures of no kind the model knows (--garbage)",
    False: "no output for pictures of no kind the model knows, as its options stand",
}


def _network(recipe: Recipe) -> str:
    name = recipe.architecture_for(recipe.choose({})) or "any, by --architecture"
    return f"{name} at {recipe.input_size} pixels" if recipe.input_size else name


def _options(recipe: Recipe) -> Mapping[str, str]:
    texts = {}
    for option in recipe.options:
        offered = f" ({', '.join(option.choices)})" if option.choices else ""
        texts[option.name] = f"{option.help}{offered}; default {_word(option.default)}"
    return texts


def _command(recipe: Recipe) -> list[str]:
    """A command to copy, on several lines."""
    words = ["viewer", "train", recipe.name, "--data", "LABELS.csv", "--image-root", "DIR", "--label", "COL"]
    words += ["--group", "COL"]
    words += [] if recipe.architecture_for(recipe.choose({})) else ["--architecture", "mobilenet_v2"]
    words += [] if recipe.masks == "none" else ["--mask", "COL"]
    return [f"{shlex.join(words)} \\", "  --weights FILE --modality dermoscopy --out my-bundle"]


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}:"


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
