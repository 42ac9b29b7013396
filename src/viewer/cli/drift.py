"""`viewer drift`: whether the cases here still are like those a model was calibrated on."""

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from viewer.cli.output import print_text, write_text
from viewer.domain.drift import SiteView
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.host.discovery import PluginHost
from viewer.present.drift import as_json, told
from viewer.resources import site_record
from viewer.session.batch import Order, Watcher
from viewer.session.session import Session
from viewer.session.site import Site
from viewer.session.site_tables import view_of_pictures, view_of_tables
from viewer.settings import Settings
from viewer.store.identity import current_reader
from viewer.store.site_record import SiteRecord

ALARM = 1

_SAID = [modality.value for modality in Modality if modality is not Modality.UNKNOWN]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer drift`."""
    parser = subparsers.add_parser(
        "drift",
        help="say whether the cases here are like those a model was calibrated on",
        description="Compares classes, lights, trust, kind and look of a site's cases with those of the model's "
        "calibration, case by case. At most one in twenty sites where nothing has changed ever sees an alarm; it "
        "says different, never why. Exit status: 0 without an alarm, 1 with one, 2 when nothing could be compared.",
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="model, by name or path")
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--table", nargs="+", type=Path, metavar="FILE", help="tables that viewer assess wrote: .csv or .jsonl"
    )
    source.add_argument("--data", nargs="+", type=Path, metavar="PATH", help="files and folders to assess now")
    source.add_argument("--show", action="store_true", help="what was seen on this computer (default)")
    source.add_argument(
        "--reset", action="store_true", help="start again: what was seen here counts no more, and an alarm ends"
    )
    parser.add_argument("--modality", choices=_SAID, help="with --data: what pictures that do not say it show")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], help="with --data: where the model runs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the JSON to FILE")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Compare, and print what was found; returns the exit status.

    Raises:
        ViewerError: Nothing can be compared.
    """
    view = _compared(args)
    if view.drift.reason:
        raise ViewerError(f"{args.bundle}: nothing can be compared: {view.drift.reason}")
    text = json.dumps({"bundle": args.bundle, **as_json(view)}, indent=2, ensure_ascii=False)
    print_text(text if args.json else "\n".join(told(view)), sys.stdout)
    if args.out is not None:
        write_text(args.out, text)
    return ALARM if view.drift.alarm is not None else 0


def _compared(args: argparse.Namespace) -> SiteView:
    settings = Settings.load()
    if args.data is not None:
        given = settings if args.device is None else dataclasses.replace(settings, device=args.device)
        return _assessed(args, dataclasses.replace(given, keep_site=True))
    bundle = Session(settings, PluginHost(settings)).use_bundle(args.bundle, Modality.UNKNOWN)
    if args.table is not None:
        return view_of_tables(bundle, args.table)
    if not site_record().exists() and not args.reset:
        raise ViewerError("nothing has been seen on this computer yet")
    with SiteRecord(site_record(), create=args.reset) as record:
        site = Site(bundle, record)
        return site.start_again(current_reader()) if args.reset else site.view()


def _assessed(args: argparse.Namespace, settings: Settings) -> SiteView:
    for path in args.data:
        if not path.exists():
            raise ViewerError(f"{path}: no such file or folder")

    def note(sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    modality = Modality(args.modality or settings.modality or Modality.UNKNOWN)
    order = Order(paths=tuple(args.data), out=Path("-"), bundle=args.bundle, modality=modality)
    return view_of_pictures(
        lambda record: Session(settings, PluginHost(settings), notify=note, explaining=False, record=record),
        order,
        Watcher(note, lambda totals, file: None),
    )
