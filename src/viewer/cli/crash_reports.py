"""`viewer crash-reports`: list the reports of the program's own faults."""

import argparse
import json

from viewer.resources import fault_reports
from viewer.session.fault_reports import Listed, gather, listed


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer crash-reports`."""
    parser = subparsers.add_parser(
        "crash-reports",
        help="list the reports of faults of the viewer itself",
        description="Lists them, the latest first: time, kind and file. They name places in the program, and hold no "
        "names, pictures or files of yours.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print every report, those of viewers that ended badly included; returns 0."""
    gather(fault_reports())
    found = listed(fault_reports())
    for report in found:
        print(json.dumps(_record(report)) if args.json else _line(report))
    if not found and not args.json:
        print("There are no reports of faults.")
    return 0


def _record(report: Listed) -> dict[str, str]:
    return {"time": report.time.isoformat(), "kind": report.kind, "path": str(report.path)}


def _line(report: Listed) -> str:
    return f"{report.time:%Y-%m-%d %H:%M:%S} UTC  {report.kind}\n  {report.path}"
