"""`viewer cross-validate`: how good a recipe is on these data, every picture judged by networks that never saw it."""

import argparse
import json
import sys
from pathlib import Path

from viewer.cli import train
from viewer.cli.progress import Telling
from viewer.domain.errors import ViewerError
from viewer.settings import Settings

WAYS = ("single", "flips", "ensemble", "ensemble-flips")
"""How the networks of a fold may be used."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer cross-validate`."""
    parser = subparsers.add_parser(
        "cross-validate",
        help="measure a recipe by nested cross-validation",
        description="Divides the groups into folds. For every fold a training of its own learns, stops, fits and "
        "combines on the other groups and judges this one. DIR gets one table in the format of `viewer evaluate` and "
        "a JSON with the facts of every fold and the figures. After an interruption the same command goes on.",
    )
    train.add_recipes(parser, _add_options, out=("DIR", "folder of the results"))


def _add_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("cross-validation")
    group.add_argument("--folds", type=int, default=5, metavar="K", help="outer folds (default %(default)s)")
    group.add_argument(
        "--ways",
        nargs="+",
        choices=WAYS,
        default=[],
        metavar="WAY",
        help=f"use the networks of every fold in several ways, each with a table of its own: {', '.join(WAYS)} "
        "(default: as --members and --flips say)",
    )
    group.add_argument("--card", type=Path, metavar="BUNDLE", help="put the figures onto the card of this bundle")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Cross-validate and print where the tables are; returns 0.

    Raises:
        ViewerError: The data, the folders or the arguments do not allow it.
    """
    # torch and Lightning take seconds to import: only the command that needs them pays.
    from viewer.engine.bundle import read_bundle
    from viewer.host.discovery import PluginHost
    from viewer.training.crossval import CrossValidation, cross_validate, ways_of
    from viewer.training.crossval_card import add_to_card

    plan, settings = train.read_plan(args), Settings.load()
    if plan.processes.total > 1:
        raise ViewerError("cross-validation trains in one process; run the folds of several seeds beside each other")
    bundle = None if args.card is None else read_bundle(args.card)
    asked = CrossValidation(plan=plan, folds=args.folds, ways=ways_of(plan, args.ways))
    say = Telling(sys.stderr)
    host = PluginHost(settings)
    try:
        host.load()
        tables = cross_validate(asked, args.chosen, settings, host, say)
    finally:
        say.close()
        host.close()
    if bundle is not None:
        add_to_card(bundle, json.loads(tables[-1].with_suffix(".json").read_text(encoding="utf-8")))
    for table in tables:
        print(table)
    return 0
