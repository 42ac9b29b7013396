"""`viewer calibrate`: what a model's trust is made of, and what is certified of it."""

import argparse
import sys
from datetime import date
from pathlib import Path

from viewer.cli.chosen_model import named_model
from viewer.cli.data_arguments import add_care, add_data, add_thumbnails, data_query, leak_guard
from viewer.cli.terms import add_critical_risk, add_terms, read_terms
from viewer.settings import Settings
from viewer.training.plan import HELD_OUT_FRAMES


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer calibrate`."""
    parser = subparsers.add_parser(
        "calibrate",
        help="fit the combined trust of a model and certify it",
        description="Fits the weights of the combined trust on a model's fit groups, certifies thresholds on its "
        "certify groups and writes a new bundle; the network's weights stay as they are. With --data, temperature, "
        "distribution functions, states of scorers and all else are fitted and certified on a site's own labelled "
        "cases, none of which the network may have been trained on.",
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="model, by name or path")
    parser.add_argument("--out", type=Path, required=True, metavar="BUNDLE2", help="folder to write")
    add_terms(parser)
    add_critical_risk(parser)
    own = parser.add_argument_group("a site's own cases")
    add_data(own, required=False, frames=HELD_OUT_FRAMES)
    add_care(own)
    add_thumbnails(own)
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="of the division of a site's groups (default 0)"
    )
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto", help="where the model runs")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the bundle and print where it is; returns 0.

    Raises:
        ViewerError: The bundle, the table or the numbers do not allow it.
    """
    # torch takes seconds to import: only the command that needs it pays.
    from viewer.host.discovery import PluginHost
    from viewer.training.calibrating import Calibrating, Site, certify_bundle, recalibrate

    terms, settings = read_terms(args.risk, args.confidence, args.critical_risk), Settings.load()
    table = None if args.data is None else data_query(args)
    asked = Calibrating(out=args.out, made=date.today(), terms=terms)
    bundle = named_model(args.bundle)
    host = PluginHost(settings)
    try:
        host.load()
        if table is None:
            made = certify_bundle(bundle, host, asked, _say)
        else:
            site = Site(
                table=table,
                frames_per_clip=args.frames_per_clip,
                seed=args.seed,
                guard=leak_guard(args),
                pictured=args.thumbnails,
                device=args.device,
            )
            made = recalibrate(bundle, site, settings, host, asked, _say)
    finally:
        host.close()
    print(made.path)
    return 0


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
