"""`viewer compare`: what differs between two classifiers, or two trusts, on the same cases."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from viewer.cli.evaluate import add_shared, bootstrap, publish, questions, spare
from viewer.evaluation.compare import as_json, compare, with_trusts
from viewer.evaluation.table import PredictionTable, read_predictions
from viewer.evaluation.wording import comparison_text
from viewer.report.cohort import PAGE


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer compare`."""
    parser = subparsers.add_parser(
        "compare",
        help="compare two tables of predictions case by case",
        description="Pairs the rows by the column id, else by file and frame, where both tables have them, else by "
        "their order, and draws the same groups from both. A table is called better only where the interval of the "
        "difference excludes 0.",
    )
    parser.add_argument("a", type=Path, metavar="A.csv", help="a table as for viewer evaluate")
    parser.add_argument("b", type=Path, metavar="B.csv", help="another about the same cases, or the same table")
    parser.add_argument(
        "--trust",
        nargs="+",
        action="extend",
        metavar="COLUMN",
        help="columns of trust (default: all named trust… in both); X=Y compares X of A with Y of B",
    )
    add_shared(parser)
    parser.add_argument("--html", type=Path, metavar="DIR", help="write a report with pictures to DIR/index.html")
    parser.add_argument(
        "--image-root", type=Path, metavar="DIR", help="what the column file starts from (else the table's folder)"
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Compare two tables and print what was found; returns 0.

    Raises:
        ViewerError: A table cannot be read, or they are not about the same cases.
    """
    spare(args.out, args.a, args.b)
    found = compare(*_tables(args), bootstrap(args), questions(args))
    if args.html is not None:
        # Imported here: without a page none of it is needed.
        from viewer.session.cohort_report import report_pair

        report_pair(found, names(args.a, args.b, args.trust), args.html, args.image_root)
        print(f"the report is {args.html / PAGE}", file=sys.stderr)
    publish(as_json(found), comparison_text(found), args)
    return 0


def names(a: Path, b: Path, trusts: Sequence[str] | None) -> tuple[str, str]:
    """What two tables are called: by their file names, their folders, or the trusts that are compared."""
    if a.resolve() == b.resolve() and trusts and "=" in trusts[0]:
        first, _, second = trusts[0].partition("=")
        return first, second
    for called in ((a.stem, b.stem), (a.parent.name, b.parent.name)):
        if called[0] != called[1] and all(called):
            return called
    return f"A ({a.stem})", f"B ({b.stem})"


def _tables(args: argparse.Namespace) -> tuple[PredictionTable, PredictionTable]:
    if args.trust is None:
        return read_predictions(args.a), read_predictions(args.b)
    in_a, in_b = {}, {}
    for word in args.trust:
        first, _, second = word.partition("=")
        in_a[word], in_b[word] = first, second or first
    a, b = (read_predictions(path, list(names.values())) for path, names in ((args.a, in_a), (args.b, in_b)))
    return with_trusts(a, in_a), with_trusts(b, in_b)
