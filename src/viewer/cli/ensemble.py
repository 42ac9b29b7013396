"""`viewer ensemble`: several finished models answer as one."""

import argparse
import sys
from datetime import date
from pathlib import Path

from viewer.cli.chosen_model import named_model, say
from viewer.cli.data_arguments import add_care, add_data, add_thumbnails, data_query, leak_guard
from viewer.cli.progress import Telling
from viewer.cli.terms import add_critical_risk, add_terms, read_terms
from viewer.settings import Settings
from viewer.training.plan import HELD_OUT_FRAMES


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer ensemble`."""
    parser = subparsers.add_parser(
        "ensemble",
        help="let several models answer as one",
        description="Puts finished models for the same classes and kind of picture into one bundle that averages "
        "their probabilities; networks, sizes of input and order of classes may differ. Without --data all weigh "
        "alike and nothing is calibrated. With labelled cases the weights are those most likely on groups that no "
        "member was trained on, as the members' own tables tell; then the ensemble is fitted, measured and "
        "certified as any model is.",
    )
    parser.add_argument(
        "members", nargs="+", metavar="BUNDLE", help="models, by name or path; overlays fit the first"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="ENSEMBLE", help="folder to write")
    parser.add_argument("--name", default="", help="name of the ensemble (default: of the folder)")
    parser.add_argument("--bundle-version", default="1", metavar="V", help="version of the ensemble (default 1)")
    parser.add_argument(
        "--intended-use", default="", metavar="TEXT", help="one sentence (default: the first model's)"
    )
    add_terms(parser)
    add_critical_risk(parser)
    own = parser.add_argument_group("labelled cases")
    add_data(own, required=False, frames=HELD_OUT_FRAMES)
    add_care(own)
    add_thumbnails(own)
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the division of groups (default 0)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto", help="where the models run")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the ensemble and print where it is; returns 0.

    Raises:
        ViewerError: The models do not fit together, or the cases do not allow it.
    """
    # torch takes seconds to import: only the command that needs it pays.
    from viewer.host.discovery import PluginHost
    from viewer.training.calibrating import Calibrating, Site
    from viewer.training.ensembling import Ensembling, join_bundles, make_ensemble

    asked = Ensembling(
        members=[named_model(word) for word in args.members],
        name=args.name or args.out.name.lower(),
        version=args.bundle_version,
        intended_use=args.intended_use,
        asked=Calibrating(
            out=args.out, made=date.today(), terms=read_terms(args.risk, args.confidence, args.critical_risk)
        ),
    )
    if args.data is None:
        made = join_bundles(asked)
        say("all members weigh alike; nothing is calibrated or certified without labelled cases (--data)")
        print(made.path)
        return 0
    site = Site(
        table=data_query(args),
        frames_per_clip=args.frames_per_clip,
        seed=args.seed,
        guard=leak_guard(args),
        pictured=args.thumbnails,
        device=args.device,
    )
    settings, telling = Settings.load(), Telling(sys.stderr)
    host = PluginHost(settings)
    try:
        host.load()
        made = make_ensemble(asked, site, settings, host, telling)
    finally:
        telling.close()
        host.close()
    print(made.path)
    return 0
