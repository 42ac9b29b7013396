"""`viewer evaluate`: how good answers and trust are, of a table of predictions or of a model on labelled pictures."""

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.cli.data_arguments import add_columns, data_query
from viewer.cli.on_stderr import OnStderr, positive
from viewer.cli.output import print_text, write_text
from viewer.datasets.query import DataQuery
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.evaluate import Evaluation, as_json, evaluate
from viewer.evaluation.figures import Questions
from viewer.evaluation.table import read_predictions
from viewer.evaluation.wording import evaluation_text
from viewer.report.cohort import PAGE

if TYPE_CHECKING:
    from viewer.session.labelled_run import Trial
    from viewer.session.session import Session

INTERRUPTED = 130
FRAMES_PER_CLIP = 40
"""As many as calibration reads of clips that nothing was trained on."""

_SAID = [modality.value for modality in Modality if modality is not Modality.UNKNOWN]


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer evaluate`."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure answers and trust of a model on labelled pictures, or from a table of predictions",
        description="A table (a .csv file): reads the columns true (or label) and final (else predicted), and where "
        "they are there p_<class>, trust…, group and light, of any classifier. A model (a name, a folder or a zip): "
        "assesses every labelled picture of --data as the window does, and keeps cases, features, map and report in "
        "the folder of --html; after an interruption the same command goes on. Every figure comes with its 95 %% "
        "interval; groups are drawn as wholes.",
    )
    parser.add_argument(
        "what",
        nargs="+",
        metavar="TABLE.csv|BUNDLE",
        help="a table of predictions, or a model; two models are evaluated each, and compared case by case",
    )
    parser.add_argument(
        "--trust", nargs="+", action="extend", metavar="COLUMN", help="columns of trust (default: all named trust…)"
    )
    add_shared(parser)
    parser.add_argument("--html", type=Path, metavar="DIR", help="write a report with pictures to DIR/index.html")
    add_labelled(parser.add_argument_group("labelled pictures, for a model"))
    parser.set_defaults(func=run)


def add_labelled(group: argparse._ArgumentGroup) -> None:
    """Register what names labelled pictures, and how a model is to assess them."""
    group.add_argument("--data", type=Path, metavar="PATH", help="table of labels (CSV), or folder of classes")
    add_columns(group)
    group.add_argument(
        "--frames-per-clip",
        type=positive,
        default=FRAMES_PER_CLIP,
        metavar="N",
        help="frames of a clip, spread evenly (default %(default)s)",
    )
    group.add_argument(
        "--map-class",
        type=_translation,
        action="append",
        default=[],
        metavar="LABEL=CLASS",
        help="what a label of the data is called by the model; LABEL= leaves it out; repeatable",
    )
    group.add_argument(
        "--held-out",
        action="store_true",
        help="of data the model was made from, only the groups it was certified on: nothing was trained on them",
    )
    group.add_argument(
        "--modality", choices=_SAID, help="what pictures that do not say it show (default: the model's)"
    )
    group.add_argument("--device", choices=["auto", "cpu", "cuda"], help="where the model runs")
    group.add_argument("--batch", type=positive, metavar="N", help="frames assessed at a time")
    group.add_argument("--no-map", dest="mapped", action="store_false", help="do not lay the cases out on a map")
    group.add_argument(
        "--fresh", action="store_true", help="replace what an earlier run left in the folder of --html"
    )


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
    """Evaluate a table or a model and print what was found; returns 0, or 130 when interrupted.

    Raises:
        ViewerError: The table, the model or the data cannot be read, or a file not be written.
    """
    first, *others = args.what
    if len(others) > 1:
        raise ViewerError("one table, one model or two models can be evaluated")
    if any(is_table(word) for word in args.what):
        if others:
            raise ViewerError("two tables are compared by viewer compare; a table and a model cannot be")
        return _run_table(args, Path(first))
    if args.data is None:
        raise ViewerError(f"{first} is no .csv file, so it is taken for a model: name the pictures with --data")
    if args.html is None:
        raise ViewerError("name the folder for cases and report with --html")
    watcher = OnStderr(sys.stderr.isatty())
    try:
        return _run_pair(args, watcher) if others else _run_one(args, watcher)
    except KeyboardInterrupt:
        watcher.note("stopped; the same command goes on from here")
        return INTERRUPTED


def _run_one(args: argparse.Namespace, watcher: OnStderr) -> int:
    found, _ = _evaluated(args, args.what[0], args.html, watcher)
    publish(as_json(found), evaluation_text(found), args)
    watcher.note(f"the report is {args.html / PAGE}")
    return 0


def _run_pair(args: argparse.Namespace, watcher: OnStderr) -> int:
    """Two models: each in a folder of its own, and the comparison above them."""
    from viewer.evaluation import compare
    from viewer.evaluation.wording import comparison_text
    from viewer.session.cohort_report import report_pair

    folders = args.html / "a", args.html / "b"
    (first, a), (second, b) = (
        _evaluated(args, bundle, folder, watcher) for bundle, folder in zip(args.what, folders, strict=True)
    )
    names = (a, b) if a != b else (f"{a} (A)", f"{b} (B)")
    found = compare.compare(first.table, second.table, bootstrap(args), questions(args))
    report_pair(found, names, args.html, None)
    publish(compare.as_json(found), comparison_text(found), args)
    watcher.note(
        f"the report is {args.html / PAGE}; each model's own is {' and '.join(str(f / PAGE) for f in folders)}"
    )
    return 0


def _evaluated(args: argparse.Namespace, bundle: str, folder: Path, watcher: OnStderr) -> tuple[Evaluation, str]:
    """Evaluate one model and report on it; every figure, and what the model is called."""
    # Imported here: a table of predictions needs none of it.
    from viewer.session.cohort_report import report_cohort
    from viewer.session.evaluating import evaluate_bundle

    trial = read_trial(args, bundle, folder)
    session = open_session(args, watcher)
    try:
        cohort = evaluate_bundle(session, trial, watcher.watch())
        found = report_cohort(cohort, session, bootstrap(args), questions(args), args.trust)
    finally:
        session.close()
    return found, f"{cohort.record.bundle} {cohort.record.version}"


def _run_table(args: argparse.Namespace, path: Path) -> int:
    if args.data is not None:
        raise ViewerError(f"{path} is taken for a table of predictions, which needs no --data")
    spare(args.out, path)
    found = evaluate(read_predictions(path, args.trust), bootstrap(args), questions(args))
    if args.html is not None:
        _report_table(args, path, found)
    publish(as_json(found), evaluation_text(found), args)
    return 0


def _report_table(args: argparse.Namespace, path: Path, found: Evaluation) -> None:
    from viewer.session.cohort_report import report_table

    report_table(path, found, args.html, args.image_root)
    print(f"the report is {args.html / PAGE}", file=sys.stderr)


def is_table(word: str) -> bool:
    """Whether a word names a table of predictions rather than a model."""
    return Path(word).suffix.lower() == ".csv"


def read_trial(args: argparse.Namespace, bundle: str, out: Path) -> "Trial":
    """What is asked of a model.

    Raises:
        ViewerError: The labelled data cannot be read.
    """
    from viewer.datasets.reading import read_dataset
    from viewer.session.labelled_run import Trial

    query = data_query(args)
    return Trial(
        bundle=bundle,
        labels=read_dataset(query),
        data=data_words(query),
        out=out,
        frames_per_clip=args.frames_per_clip,
        names=dict(args.map_class),
        modality=Modality(args.modality or Modality.UNKNOWN),
        held_out=args.held_out,
        mapped=args.mapped,
        fresh=args.fresh,
    )


def data_words(query: DataQuery) -> str:
    """What was asked for, in words."""
    chosen = [f"{column} = {' or '.join(values)}" for column, values in query.where.items()]
    labels = [f"classes in {query.label}"] if query.label else []
    return "; ".join([str(query.data), *labels, *([f"only {' and '.join(chosen)}"] if chosen else [])])


def open_session(args: argparse.Namespace, watcher: OnStderr) -> "Session":
    """A session with the settings that were asked for."""
    from viewer.host.discovery import PluginHost
    from viewer.session.session import Session
    from viewer.settings import Settings

    given = {"device": args.device, "batch_size": args.batch}
    settings = dataclasses.replace(
        Settings.load(), **{name: value for name, value in given.items() if value is not None}
    )
    return Session(settings, PluginHost(settings), notify=watcher.note)


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


def _translation(word: str) -> tuple[str, str]:
    label, sign, name = word.partition("=")
    if not sign or not label:
        raise argparse.ArgumentTypeError(f"{word!r} is not like LABEL=CLASS")
    return label, name
