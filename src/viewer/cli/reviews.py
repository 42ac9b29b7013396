"""`viewer reviews`: the journal of reviews as a table, a page or JSON."""

import argparse
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from viewer.cli.audit import add_database, open_journal
from viewer.domain.errors import ViewerError
from viewer.report.rows import write_whole, writing
from viewer.store.acts import KINDS
from viewer.store.export import Exported, csv_text, html_text, json_text, read_for_export

FORMATS: Mapping[str, Callable[[Exported], str]] = {".csv": csv_text, ".json": json_text, ".html": html_text}
"""What is written, by the end of the file's name."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer reviews`."""
    parser = subparsers.add_parser("reviews", help="export what readers recorded")
    actions = parser.add_subparsers(title="actions", metavar="export", dest="action")
    export = actions.add_parser(
        "export",
        help="write the reviews into a file",
        description="Writes one row for each entry of the journal. CSV is for a spreadsheet, HTML for a person; JSON "
        "keeps the entries as they are chained.",
    )
    export.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="file to write: .csv, .json or .html; replaced"
    )
    export.add_argument(
        "--kind", action="append", choices=list(KINDS), help="only entries of this kind; repeatable (default: all)"
    )
    export.add_argument(
        "--latest", action="store_true", help="of reviews, each reader's latest final answer to each picture only"
    )
    add_database(export)
    export.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Export; returns 0.

    Raises:
        ViewerError: The name of the file says no format, the journal cannot be read, or the file not be written.
    """
    wanted = FORMATS.get(args.out.suffix.lower())
    if wanted is None:
        raise ViewerError(f"{args.out}: an export's name ends in {', '.join(FORMATS)}")
    with open_journal(args) as journal:
        if args.out.resolve() == journal.path.resolve():
            raise ViewerError(f"{args.out}: the reviews themselves would be written over")
        exported = read_for_export(journal, datetime.now(UTC), kinds=args.kind or KINDS, latest=args.latest)
    with writing(args.out):
        write_whole(args.out, wanted(exported))
    return 0
