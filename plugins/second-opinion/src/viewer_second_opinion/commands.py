"""`viewer second-opinion …`: what can be done without a picture on the screen."""

import argparse
import sys
from pathlib import Path

from viewer.api import Command, ViewerError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Register `study`."""
    actions = parser.add_subparsers(title="actions", metavar="study", dest="action", required=True)
    study = actions.add_parser(
        "study",
        help="compare ways of judging and correcting a frame classifier, on tables of its outputs",
        description="Reads two tables with the columns path (patient_exam_spot_frame_label.png), true, predicted and "
        "sm0 … smK-1, and prints side by side: the classifier alone, three reliability classifiers, re-scoring by "
        "similar frames, every combination of both as in the source study, and ours, which asks the frames around "
        "and learns nothing from either table.",
    )
    tables = (("--train", "what the source's methods learn from"), ("--test", "other patients, to measure all on"))
    for option, words in tables:
        study.add_argument(option, type=Path, required=True, metavar="TABLE", help=words)
    study.add_argument("--json", action="store_true", help="print the figures as one JSON record")
    columns = "path, true, predicted, final, trust, trail"
    study.add_argument("--out", type=Path, metavar="CSV", help=f"write ours for every test frame: {columns}")


def run(args: argparse.Namespace) -> int:
    """Run the study; returns 0.

    Args:
        args: With `train`, `test`, `json` and `out`.

    Raises:
        ViewerError: A table cannot be read, or they do not fit each other.
    """
    # Imported here: scikit-learn and SciPy take a second, which no other command of the viewer has to wait for.
    from viewer_second_opinion.study.compare import study
    from viewer_second_opinion.study.frames import read_frames
    from viewer_second_opinion.study.writing import json_of, text_of, write_table

    if args.out is not None:
        _check(args.out, args.train, args.test)
    test = read_frames(args.test)
    found = study(read_frames(args.train), test, _say)
    if args.out is not None:
        write_table(args.out, test, found)
        _say(f"every frame is in {args.out}")
    print(json_of(found.figures) if args.json else text_of(found.figures))
    return 0


def _check(out: Path, *read: Path) -> None:
    """Refuse what cannot be written before minutes have been spent on it."""
    if out.resolve() in [path.resolve() for path in read]:
        raise ViewerError(f"{out}: the table to be read would be overwritten")
    if not out.absolute().parent.is_dir():
        raise ViewerError(f"{out}: cannot be written (there is no such folder)")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


SECOND_OPINION = Command(
    name="second-opinion",
    summary="repeat the study of second opinions on tables of outputs",
    add_arguments=add_arguments,
    run=run,
)
