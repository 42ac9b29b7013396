"""`viewer audit`: check that the journal of reviews is whole, and keep its end where it cannot be rewritten."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from viewer.cli.output import print_text, write_text
from viewer.settings import Settings
from viewer.store.audit import Audit, audit, head_text, read_head
from viewer.store.journal import Journal, database_path


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer audit`."""
    parser = subparsers.add_parser("audit", help="check that the journal of reviews is whole")
    actions = parser.add_subparsers(title="actions", metavar="verify|head", dest="action")
    verify = actions.add_parser(
        "verify",
        help="check every entry of the journal",
        description="Checks every entry against its hash and the one before it, and says what that cannot prove. "
        "The exit status is 0 when nothing is wrong, 1 when something is, 2 when the journal cannot be read.",
    )
    verify.add_argument(
        "--head", type=Path, metavar="FILE", help="an exported head; shows whether entries were cut off or rewritten"
    )
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    add_database(verify)
    verify.set_defaults(func=run_verify)
    head = actions.add_parser(
        "head",
        help="export the end of the journal's chain",
        description="Writes the number and hash of the last entry. Keep them where whoever can change the journal "
        "cannot reach them, e.g. in a mail to somebody else: against them, viewer audit verify proves that no entry "
        "up to that one was changed or cut off.",
    )
    head.add_argument("--out", type=Path, metavar="FILE", help="file to write; without it the head is printed")
    add_database(head)
    head.set_defaults(func=run_head)


def add_database(parser: argparse.ArgumentParser) -> None:
    """Add where the reviews lie."""
    parser.add_argument("--database", type=Path, metavar="FILE", help="reviews (default: as in the settings)")


def open_journal(args: argparse.Namespace) -> Journal:
    """The journal that was named, else that of the settings, for reading.

    Raises:
        ViewerError: There is none, or it cannot be read.
    """
    return Journal(args.database or database_path(Settings.load()), create=False)


def run_verify(args: argparse.Namespace) -> int:
    """Check the journal; returns 0, or 1 where something is wrong."""
    exported = None if args.head is None else read_head(args.head)
    with open_journal(args) as journal:
        found = audit(journal, exported)
        print_text(_as_json(found) if args.json else _in_words(found, journal.path), sys.stdout)
    return int(not found.intact)


def run_head(args: argparse.Namespace) -> int:
    """Export the end of the chain; returns 0."""
    with open_journal(args) as journal:
        record = head_text(journal.head(), datetime.now(UTC))
    if args.out is None:
        print_text(record, sys.stdout)
    else:
        write_text(args.out, record)
    return 0


def _as_json(found: Audit) -> str:
    record = {
        "intact": found.intact,
        "head": {"sequence": found.head.sequence, "hash": found.head.hash},
        "faults": found.faults,
        "more_faults": found.more_faults,
        "proven": found.proven,
        "unproven": found.unproven,
    }
    return json.dumps(record)


def _in_words(found: Audit, path: Path) -> str:
    """A few lines for a person."""
    head = f"{path}: {found.head.sequence} entries, the last with hash {found.head.hash}"
    lines = [head, "INTACT" if found.intact else "NOT INTACT"]
    lines += [f"  wrong: {fault}" for fault in found.faults]
    lines += [f"  and {found.more_faults} more"] if found.more_faults else []
    lines += [f"  proven: {sentence}" for sentence in found.proven]
    lines += [f"  not proven: {sentence}" for sentence in found.unproven]
    return "\n".join(lines)
