"""`viewer verify`: whether a model suits the pictures of a site, without anybody saying what they show."""

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from viewer.cli.data_arguments import add_pictures, conditions
from viewer.cli.on_stderr import OnStderr, positive
from viewer.cli.output import print_text, write_text
from viewer.datasets.query import DataQuery
from viewer.datasets.unlabelled import Unlabelled, unlabelled
from viewer.domain.image import Modality
from viewer.domain.verification import Beside, Verdict, Verification
from viewer.host.discovery import PluginHost
from viewer.present.verification import as_json, told
from viewer.report.cohort import PAGE
from viewer.session.session import Session
from viewer.session.verification_report import report_verification
from viewer.session.verified import beside
from viewer.session.verifying import MOST_FILES, Verifying, verify
from viewer.settings import Settings

FAILED = 1
INTERRUPTED = 130

PATIENCE_S = 60.0
"""Plugins may take so long at least: nobody waits for one picture, and one that is switched off tells nothing."""

_SAID = [modality.value for modality in Modality if modality is not Modality.UNKNOWN]
_WORST = [verdict.value for verdict in Verdict if verdict is not Verdict.SUITABLE]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer verify`."""
    parser = subparsers.add_parser(
        "verify",
        help="say whether a model suits the pictures of a site, without labels",
        description="Runs the model over pictures and compares them with those of its calibration: suitable, "
        "doubtful or unsuitable, and why. Nobody has to say what they show. Exit status: 0 whatever the verdict (1 "
        "with --fail-on), 2 when nothing could be compared.",
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="model, by name or path")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="PATH", help="folder, archive or file; or a table of files (CSV)"
    )
    add_pictures(parser)
    parser.add_argument(
        "--against", metavar="BUNDLE", help="another model for the same kind of pictures: which suits them better?"
    )
    parser.add_argument(
        "--files",
        type=positive,
        default=MOST_FILES,
        metavar="N",
        help="most files to look at, spread evenly (default %(default)s)",
    )
    parser.add_argument(
        "--modality", choices=_SAID, help="what pictures that do not say it show (default: the model's)"
    )
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], help="where the model runs")
    parser.add_argument("--html", type=Path, metavar="DIR", help="write a report with pictures to DIR/index.html")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the JSON to FILE")
    parser.add_argument("--fail-on", choices=_WORST, help="exit with 1 where the verdict is this one or a worse one")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Verify, and print what was found; returns the exit status.

    Raises:
        ViewerError: A model or the pictures cannot be read.
    """
    files = unlabelled(_query(args))
    watcher = OnStderr(sys.stderr.isatty())
    session = _session(args, watcher)
    try:
        session.use_bundle(args.bundle, Modality.UNKNOWN)
        session.use_second(args.against)
        verifying = _verifying(args, session, files)
        found = verify(verifying, watcher.watch())
        second = None if args.against is None else _beside(args, verifying, found, files, watcher)
        if args.html is not None:
            report_verification(verifying, found, args.html, second)
            watcher.note(f"the report is {args.html / PAGE}")
    except KeyboardInterrupt:
        watcher.note("stopped")
        return INTERRUPTED
    finally:
        session.close()
    record = json.dumps(as_json(found, second), indent=2, ensure_ascii=False, allow_nan=False)
    print_text(record if args.json else "\n".join(told(found, second)), sys.stdout)
    if args.out is not None:
        write_text(args.out, record)
    order = list(Verdict)
    fails = args.fail_on is not None and order.index(found.verdict) >= order.index(Verdict(args.fail_on))
    return FAILED if fails else 0


def _beside(
    args: argparse.Namespace,
    verifying: Verifying,
    found: Verification,
    files: tuple[Unlabelled, ...],
    watcher: OnStderr,
) -> Beside:
    """The second model on the same files, alone."""
    session = _session(args, watcher)
    try:
        session.use_bundle(args.against, Modality.UNKNOWN)
        other = _verifying(args, session, files)
        its = verify(other, watcher.watch())
    finally:
        session.close()
    return beside((verifying.bundle, verifying.seen, found), (other.bundle, other.seen, its))


def _verifying(args: argparse.Namespace, session: Session, files: tuple[Unlabelled, ...]) -> Verifying:
    said = Modality(args.modality or Modality.UNKNOWN)
    return Verifying(session.assessor(), files, session.open_file, said=said, most=args.files)


def _query(args: argparse.Namespace) -> DataQuery:
    return DataQuery(
        data=args.data,
        image_root=args.image_root,
        group=args.group,
        file_column=args.file_column,
        frame_column=args.frame_column,
        where=conditions(args.where),
    )


def _session(args: argparse.Namespace, watcher: OnStderr) -> Session:
    settings = Settings.load()
    patience = max(settings.plugin_budget_s, PATIENCE_S)
    settings = dataclasses.replace(settings, device=args.device or settings.device, plugin_budget_s=patience)
    return Session(settings, PluginHost(settings), notify=watcher.note)
