"""`viewer compare`: what differs between two classifiers, or two trusts, on the same cases."""

import argparse
from pathlib import Path

from viewer.cli.evaluate import add_shared, bootstrap, publish, questions, spare
from viewer.evaluation.compare import as_json, compare, with_trusts
from viewer.evaluation.table import PredictionTable, read_predictions
from viewer.evaluation.wording import comparison_text


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
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Compare two tables and print what was found; returns 0.

    Raises:
        ViewerError: A table cannot be read, or they are not about the same cases.
    """
    spare(args.out, args.a, args.b)
    found = compare(*_tables(args), bootstrap(args), questions(args))
    publish(as_json(found), comparison_text(found), args)
    return 0


def _tables(args: argparse.Namespace) -> tuple[PredictionTable, PredictionTable]:
    if args.trust is None:
        return read_predictions(args.a), read_predictions(args.b)
    in_a, in_b = {}, {}
    for word in args.trust:
        first, _, second = word.partition("=")
        in_a[word], in_b[word] = first, second or first
    a, b = (read_predictions(path, list(names.values())) for path, names in ((args.a, in_a), (args.b, in_b)))
    return with_trusts(a, in_a), with_trusts(b, in_b)
