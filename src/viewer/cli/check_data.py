"""`viewer check-data`: what is wrong with labelled data, before anything is learned from them."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.cli.data_arguments import add_columns, query_of
from viewer.cli.output import print_text, write_text
from viewer.resources import facts_file

if TYPE_CHECKING:
    from viewer.datasets.checks.predictions import KnownGroups

REFUSED = 1

_SECONDS_BETWEEN_LINES = 5.0


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer check-data`."""
    parser = subparsers.add_parser(
        "check-data",
        help="check labelled data before anything is learned from them",
        description="Looks for files that are missing or unreadable, copies and near-copies, contradicting labels, "
        "patients or pictures on both sides of a split, wrong groups, classes that can be told from the files alone, "
        "outputs of a classifier on its own training data, and sets that must not be mixed. Exit status: 0 when "
        "nothing has to be refused, 1 when something has to, 2 when it could not begin.",
    )
    parser.add_argument("data", nargs="+", type=Path, metavar="DATA", help="table of labels (CSV), or folder")
    add_columns(parser.add_argument_group("how the data lie"))
    parser.add_argument("--trained-on", type=Path, metavar="TABLE|BUNDLE", help="what a classifier was trained on")
    parser.add_argument(
        "--no-split", dest="makers_split", action="store_false", help="do not check the split that the data come with"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of training's split (default 0)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write a page with pictures of pairs")
    parser.add_argument("--details", action="store_true", help="print every detail and file")
    parser.add_argument("--cache", type=Path, metavar="FILE", help="where facts of files are kept between runs")
    parser.add_argument("--no-cache", action="store_true", help="keep nothing between runs")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Check and print what was found; returns 1 where something has to be refused.

    Raises:
        ViewerError: The data cannot be read as labelled files, or a file not be written.
    """
    # scikit-learn, SciPy and the readers take seconds to import: only the command that needs them pays.
    from viewer.datasets.checks.page import page
    from viewer.datasets.checks.run import Checking, check
    from viewer.datasets.checks.shelf import FactShelf
    from viewer.datasets.checks.wording import as_json, in_words

    queries = [query_of(data, args) for data in args.data]
    asked = Checking(seed=args.seed, makers_split=args.makers_split, trained_on=_known_groups(args))
    shelf = None if args.no_cache else args.cache or facts_file()
    with FactShelf(shelf) as facts:
        checked = check(queries, asked, facts, OnStderr(sys.stderr.isatty()))
    if args.html is not None:
        write_text(args.html, page(checked))
    words = json.dumps(as_json(checked), indent=2) if args.json else in_words(checked, details=args.details)
    print_text(words, sys.stdout)
    return REFUSED if checked.refused else 0


class OnStderr:
    """Tells how many files are done: a line that is rewritten on a terminal, else one every few seconds."""

    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal
        self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Tell it where enough time has passed, and clear the line at the end."""
        now = time.monotonic()
        if self._terminal and done == total:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        elif now - self._last >= (0.1 if self._terminal else _SECONDS_BETWEEN_LINES):
            self._last = now
            start, end = ("\r\x1b[K", "") if self._terminal else ("", "\n")
            print(f"{start}looking at files: {done} of {total}", end=end, file=sys.stderr, flush=True)


def _known_groups(args: argparse.Namespace) -> "KnownGroups | None":
    if args.trained_on is None:
        return None
    from viewer.datasets.checks.known import groups_of_bundle, groups_of_table

    if (args.trained_on / "model.toml").exists() or args.trained_on.suffix == ".zip":
        return groups_of_bundle(args.trained_on)
    return groups_of_table(query_of(args.trained_on, args))
