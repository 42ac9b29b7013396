"""`viewer info`: what files hold, one record each."""

import argparse
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

from viewer.cli.output import print_text
from viewer.host.calls import guarded_readers
from viewer.host.discovery import PluginHost
from viewer.io.info import Record, records
from viewer.settings import Settings


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    parser = subparsers.add_parser(
        "info",
        help="say what files hold",
        description="Describe every file given or found in folders and archives. "
        "The exit status is 0 when all of them could be opened, 1 when some could not.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, folders, archives, DICOMDIRs")
    parser.add_argument("--json", action="store_true", help="print one JSON record per file on its own line")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print a record per file as it is read; formats of plugins are known too.

    Returns:
        0 when every file was opened or is no image, 1 when some could not be opened.
    """
    failed = False
    host = PluginHost(Settings.load())
    answers = sys.stdout
    with redirect_stdout(sys.stderr):  # what a plugin prints is no record
        try:
            host.load()
            for record in records(args.paths, guarded_readers(host.guard, host.readers)):
                failed = failed or "error" in record
                print_text(json.dumps(record) if args.json else in_words(record), answers)
        finally:
            host.close()
    return int(failed)


def in_words(record: Record) -> str:
    """One line for a person."""
    if "error" in record:
        return f"{record['file']}: cannot be read: {record['error']}"
    if "frames" not in record:
        return f"{record['file']}: no image ({record['kind']})"
    parts = [
        f"{record['kind']}, {record['columns']}×{record['rows']} {record['photometric']}",
        f"{record['frames']} frame{'s' if record['frames'] > 1 else ''}",
    ]
    if record["frame_time_ms"] is not None:
        parts.append(f"{record['frame_time_ms']:g} ms per frame")
    if record["spacing_mm"] is not None:
        parts.append("{:g}×{:g} mm pixels".format(*record["spacing_mm"]))
    if record["regions"]:
        parts.append(f"{len(record['regions'])} calibrated regions")
    return f"{record['file']}: {', '.join(parts)}"
