"""`viewer reviews`: the journal of reviews as a table, a page or JSON, and the worklist."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from viewer.cli.audit import add_database, open_journal
from viewer.cli.output import print_text
from viewer.domain.image import Clip
from viewer.io.reader import walk
from viewer.present.colours import look
from viewer.session.exporting import export_reviews, format_of
from viewer.session.worklist import (
    Known,
    Sort,
    StudyRow,
    counts_of_states,
    read_known,
    row_record,
    sorted_rows,
    study_rows,
)
from viewer.settings import Settings
from viewer.store.acts import KINDS
from viewer.store.journal import database_path


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer reviews`."""
    parser = subparsers.add_parser("reviews", help="list the studies, and export what readers recorded")
    actions = parser.add_subparsers(title="actions", metavar="export|worklist", dest="action")
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
    export.set_defaults(func=run_export)
    listed = actions.add_parser(
        "worklist",
        help="list the studies and how far their reading is",
        description="Lists every study that the journal knows, and those of the named files, as the window does: "
        "state, pictures answered, lights, reader and time.",
    )
    listed.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files, folders, archives")
    listed.add_argument("--json", action="store_true", help="print one JSON record per study on its own line")
    listed.add_argument(
        "--sort", choices=[sort.value for sort in Sort], default=Sort.OPENED.value, help="order (default: as opened)"
    )
    add_database(listed)
    listed.set_defaults(func=run_worklist)


def run_export(args: argparse.Namespace) -> int:
    """Export; returns 0.

    Raises:
        ViewerError: The name of the file says no format, the journal cannot be read, or the file not be written.
    """
    format_of(args.out)
    with open_journal(args) as journal:
        export_reviews(journal, args.out, args.kind or KINDS, latest=args.latest)
    return 0


def run_worklist(args: argparse.Namespace) -> int:
    """List the studies; returns 0.

    Raises:
        ViewerError: The journal cannot be read, or there is none and no files were named.
    """
    clips = _clips(args.paths)
    database = args.database or database_path(Settings.load())
    known = Known()
    if database.exists() or not clips:
        with open_journal(args) as journal:
            known = read_known(journal, {})
    rows = sorted_rows(study_rows(clips, known), Sort(args.sort))
    lines = [json.dumps(row_record(row), ensure_ascii=False) if args.json else _line(row) for row in rows]
    if not args.json:
        counted = counts_of_states(rows).items()
        lines.append(", ".join(f"{count} {state.value}" for state, count in counted))
    print_text("\n".join(lines), sys.stdout)
    return 0


def _clips(paths: Iterable[Path]) -> tuple[Clip, ...]:
    """What the named files hold; those that cannot be read are told, and left out."""
    clips = []
    for opened in walk(paths):
        if opened.source is not None:
            clips.append(opened.source.clip)
            opened.source.close()
        elif opened.error:
            print(f"{opened.path}: {opened.error}", file=sys.stderr)
    return tuple(clips)


def _line(row: StudyRow) -> str:
    """A row for a person."""
    about = row.about
    parts = [
        row.state.value,
        f"{row.answered} of {row.pictures or '?'} answered",
        " ".join(f"{look(light).shape} {count}" for light, count in row.lights.items()),
        row.title,
        *((about.modality, about.date) if about else ()),
        *((f"{row.reader} {row.since:%Y-%m-%d %H:%M} UTC",) if row.since else ()),
        row.file,
    ]
    return "  ".join(part for part in parts if part)
