"""`viewer assess`: every frame of every file into a table, without a window."""

import argparse
import dataclasses
import sys
from pathlib import Path

from viewer.cli.mask_arguments import add_mask_sources, mask_source
from viewer.cli.on_stderr import OnStderr, positive
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.host.discovery import PluginHost
from viewer.resources import site_record
from viewer.session.batch import Order, assess_all
from viewer.session.session import Session
from viewer.settings import Settings
from viewer.store.site_record import SiteRecord

SOME_FAILED = 1
INTERRUPTED = 130

_SAID = [modality.value for modality in Modality if modality is not Modality.UNKNOWN]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer assess`."""
    parser = subparsers.add_parser(
        "assess",
        help="assess images without a window, into a table",
        description="Writes one row per frame, and one per clip into FILE's .clips.csv. Interrupt it at any time: "
        "the same command goes on where it stopped. Exit status: 0 when all images were assessed, 1 when some "
        "could not be, 2 when it could not begin.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, folders, archives")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="table to write: .csv or .jsonl")
    parser.add_argument("--bundle", metavar="B", help="model, by name or path; unasked the only one that fits")
    parser.add_argument(
        "--second", metavar="B", help="another model for the same kind of pictures, to compare with; changes no light"
    )
    add_mask_sources(parser)
    parser.add_argument(
        "--masks", type=Path, metavar="DIR", help="also write the mask of every frame to DIR: PNG, 255 inside"
    )
    parser.add_argument("--modality", choices=_SAID, help="what pictures that do not say it themselves show")
    parser.add_argument(
        "--html", type=Path, metavar="DIR", help="also write a report with pictures to DIR/index.html"
    )
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], help="where the model runs")
    parser.add_argument("--batch", type=positive, metavar="N", help="frames assessed at a time")
    parser.add_argument(
        "--slow", action="store_true", default=None, help="ask slow scores too, as with the setting slow_scores"
    )
    parser.add_argument("--fresh", action="store_true", help="replace what an earlier run left in FILE")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Assess; returns the exit status."""
    order = _order(args)
    settings = _settings(args)
    order = dataclasses.replace(order, modality=Modality(args.modality or settings.modality or Modality.UNKNOWN))
    watcher = OnStderr(sys.stderr.isatty())
    session = Session(
        settings,
        PluginHost(settings),
        notify=watcher.note,
        explaining=order.html is not None,
        record=lambda: SiteRecord(site_record()),
    )
    try:
        totals = assess_all(session, order, watcher.watch())
    except KeyboardInterrupt:
        watcher.note("stopped; the same command goes on from here")
        return INTERRUPTED
    finally:
        session.close()
    watcher.end(totals, order.out)
    return SOME_FAILED if totals.failed else 0


def _order(args: argparse.Namespace) -> Order:
    for path in args.paths:
        inside_archive = any(parent.is_file() for parent in path.parents)
        if not path.exists() and not inside_archive:
            raise ViewerError(f"{path}: no such file or folder")
    return Order(
        paths=tuple(args.paths),
        out=args.out,
        html=args.html,
        bundle=args.bundle,
        second=args.second,
        masks_from=mask_source(args),
        masks=args.masks,
        fresh=args.fresh,
    )


def _settings(args: argparse.Namespace) -> Settings:
    given = {"device": args.device, "batch_size": args.batch, "slow_scores": args.slow}
    return dataclasses.replace(Settings.load(), **{name: value for name, value in given.items() if value is not None})
