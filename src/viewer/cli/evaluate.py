"""`viewer evaluate`: how good answers and trust are, from a table of predictions with their truth."""

import argparse
import json
import sys
from pathlib import Path

from viewer.cli.output import print_text, write_text
from viewer.domain.errors import ViewerError
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.evaluate import as_json, evaluate
from viewer.evaluation.figures import Questions
from viewer.evaluation.table import read_predictions
from viewer.evaluation.wording import evaluation_text


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer evaluate`."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure answers and trust from a table of predictions",
        description="Reads the columns true (or label) and final (else predicted), and where they are there "
        "p_<class>, trust…, group and light, of any classifier. Every figure comes with its 95 % interval; groups "
        "are drawn as wholes.",
    )
    parser.add_argument("table", type=Path, metavar="TABLE.csv", help="one row per case, with a header line")
    parser.add_argument(
        "--trust", nargs="+", action="extend", metavar="COLUMN", help="columns of trust (default: all named trust…)"
    )
    add_shared(parser)
    parser.set_defaults(func=run)


def add_shared(parser: argparse.ArgumentParser) -> None:
    """Register the options that evaluating and comparing share."""
    asked = Questions()
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the JSON to FILE")
    for option, default, what in (
        ("--risk", asked.risks, "risks for coverage@risk"),
        ("--coverage", asked.coverages, "coverages for risk@coverage"),
    ):
        words = " ".join(f"{value:g}" for value in default)
        parser.add_argument(
            option, nargs="+", type=share, metavar="X", default=default, help=f"{what} (default {words})"
        )
    parser.add_argument(
        "--draws", type=count, metavar="N", default=1000, help="of the bootstrap (default %(default)s)"
    )
    parser.add_argument("--seed", type=count, metavar="S", default=0, help="of the draws (default %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Evaluate a table and print what was found; returns 0.

    Raises:
        ViewerError: The table cannot be read or the file not be written.
    """
    spare(args.out, args.table)
    found = evaluate(read_predictions(args.table, args.trust), bootstrap(args), questions(args))
    publish(as_json(found), evaluation_text(found), args)
    return 0


def spare(out: Path | None, *tables: Path) -> None:
    """Refuse to write over a table that is read.

    Raises:
        ViewerError: The file to write is one of the tables.
    """
    if out is not None and out.resolve() in {table.resolve() for table in tables}:
        raise ViewerError(f"{out}: the table would be written over; name another file with --out")


def publish(record: dict[str, object], words: str, args: argparse.Namespace) -> None:
    """Print JSON or words, and write the JSON where it is asked for."""
    if args.out is not None:
        write_text(args.out, json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))
    print_text(json.dumps(record, indent=2, allow_nan=False) if args.json else words, sys.stdout)


def bootstrap(args: argparse.Namespace) -> Bootstrap:
    """How intervals are to be made."""
    return Bootstrap(draws=args.draws, seed=args.seed)


def questions(args: argparse.Namespace) -> Questions:
    """What is to be read off the curves."""
    return Questions(risks=tuple(args.risk), coverages=tuple(args.coverage))


def share(word: str) -> float:
    """A number above 0 and at most 1, for argparse."""
    value = float(word)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{word} is not above 0 and at most 1")
    return value


def count(word: str) -> int:
    """A whole number of 0 or more, for argparse."""
    value = int(word)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{word} is less than 0")
    return value
