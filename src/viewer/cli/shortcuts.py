"""`viewer shortcuts`: whether a model's answers rest on the lesion, or on what lies around it."""

import argparse
import csv
import io
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.cli.chosen_model import engine_of, named_model, say
from viewer.cli.data_arguments import add_columns, query_of
from viewer.cli.on_stderr import positive
from viewer.cli.output import print_text, write_text
from viewer.datasets.reading import read_dataset
from viewer.domain.errors import ViewerError
from viewer.settings import Settings

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.engine.masks import MaskModel
    from viewer.evaluation.bootstrap import Figure
    from viewer.host.discovery import PluginHost
    from viewer.training.shortcuts import Looks, OfAnswer, OfClass

SHORTCUT = 1

_HEADING = ("answer", "pictures", "attention outside", "area outside", "× even share", "answers lost")
_CLASS_HEADING = ("attention for", "pictures", "outside", "area outside", "× even share")
_COLUMNS = (
    *("file", "frame", "label", "predicted", "p", "attention_outside", "area_outside", "even_share"),
    *("covered_predicted", "covered_p", "lost"),
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer shortcuts`."""
    parser = subparsers.add_parser(
        "shortcuts",
        help="say whether answers rest on the lesion or on what lies around it",
        description="Asks a model about labelled pictures with masks of the lesion, or of whatever an answer should "
        "rest on: how much of its attention lies outside, and how many answers become others once everything outside "
        "is covered. A model that has learnt rulers or ink is told by that. Exit status: 0, 1 where more "
        "than a tenth of an answer surely is lost, 2 when it could not begin.",
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="model, by name or path")
    parser.add_argument("data", type=Path, metavar="DATA", help="table of labels and masks (CSV), or folder")
    add_columns(parser)
    parser.add_argument(
        "--frames-per-clip", type=positive, default=1, metavar="N", help="frames of a clip (default %(default)s)"
    )
    parser.add_argument("--masks-by", metavar="B", help="model that draws the masks of pictures that have none")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto", help="where the model runs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write a row for every picture, as CSV")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Look, and print what was found; returns the exit status.

    Raises:
        ViewerError: There is no such model, no picture with a mask, or a file cannot be read or written.
    """
    # torch takes seconds to import: only the command that needs it pays.
    from viewer.training.shortcuts import by_answer, by_class

    looks = _looked(args)
    found, classes = by_answer(looks), by_class(looks)
    told = _as_json(args.bundle, looks, found, classes) if args.json else "\n".join(_told(looks, found, classes))
    print_text(told, sys.stdout)
    if args.out is not None:
        write_text(args.out, _as_csv(looks))
    return SHORTCUT if any(one.verdict == "suspicious" for one in found) else 0


def _looked(args: argparse.Namespace) -> "Looks":
    from viewer.host.discovery import PluginHost
    from viewer.training.focus import CACHE_BYTES
    from viewer.training.pictures import Reader
    from viewer.training.shortcuts import look

    bundle, host = named_model(args.bundle), PluginHost(Settings.load())
    table = read_dataset(query_of(args.data, args), of_one_class=True)
    for note in table.notes:
        say(note)
    samples = table.labelled_for(bundle.manifest.classes, args.data)
    try:
        host.load()
        engine = engine_of(bundle, host, args.device, cache_bytes=CACHE_BYTES)
        return look(engine, samples, Reader(args.frames_per_clip, say), _drawing(args, bundle, host))
    finally:
        host.close()


def _drawing(args: argparse.Namespace, bundle: "Bundle", host: "PluginHost") -> "MaskModel | None":
    """What draws masks; None where nobody is named.

    Raises:
        ViewerError: The model draws none, or is not made for the same kind of pictures.
    """
    from viewer.engine.masks import MaskModel
    from viewer.session.masks import misfit_of

    if args.masks_by is None:
        return None
    drawing = named_model(args.masks_by)
    misfit = misfit_of(drawing, bundle)
    if misfit:
        raise ViewerError(misfit)
    return MaskModel(drawing, lambda model: engine_of(model, host, args.device), say)


def _told(looks: "Looks", found: Sequence["OfAnswer"], classes: Sequence["OfClass"]) -> Iterator[str]:
    from viewer.training.shortcuts import CLASS_FIGURES, FIGURES

    groups = int(looks.groups.max()) + 1
    right = (looks.answers == looks.labels).mean()
    yield (
        f"{len(looks.answers)} pictures with a mask, of {groups} patients or lesions; the model is right on "
        f"{_short(right)} of them"
    )
    yield ""
    yield from _aligned(_HEADING, found, FIGURES)
    yield ""
    yield "Attention for every class, whatever the answer:"
    yield from _aligned(_CLASS_HEADING, classes, CLASS_FIGURES)
    yield ""
    suspicious = [one for one in found if one.verdict == "suspicious"]
    for one in suspicious:
        yield (
            f"{one.name}: {_words(one.figures['lost'])} of these answers are lost once everything outside the mask "
            "is covered. Look at what lies there in these pictures."
        )
    unclear = ", ".join(one.name for one in found if one.verdict == "unclear")
    if unclear:
        yield f"Too few pictures, or too mixed, to say what these answers rest on: {unclear}."
    if not suspicious and not unclear:
        yield "No sign that answers rest on what lies outside the masks."


def _aligned(heading: Sequence[str], found: "Sequence[OfAnswer | OfClass]", figures: Sequence[str]) -> list[str]:
    rows: list[Sequence[str]] = [heading]
    rows += [(one.name, str(one.pictures), *(_words(one.figures[name]) for name in figures)) for one in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _as_json(bundle: str, looks: "Looks", found: Sequence["OfAnswer"], classes: Sequence["OfClass"]) -> str:
    record = {
        "bundle": bundle,
        "pictures": len(looks.answers),
        "groups": int(looks.groups.max()) + 1,
        "accuracy": float((looks.answers == looks.labels).mean()),
        "answers": {
            one.name: {
                "verdict": one.verdict,
                "pictures": one.pictures,
                "groups": one.groups,
                **{name: _figure(figure) for name, figure in one.figures.items()},
            }
            for one in found
        },
        "attention": {
            one.name: {
                "pictures": one.pictures,
                **{name: _figure(figure) for name, figure in one.figures.items()},
            }
            for one in classes
        },
    }
    return json.dumps(record, indent=2, ensure_ascii=False)


def _figure(figure: "Figure") -> dict[str, float | None]:
    values = {"value": figure.value, "low": figure.low, "high": figure.high}
    return {name: None if math.isnan(value) else value for name, value in values.items()}


def _as_csv(looks: "Looks") -> str:
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    names = looks.classes
    table.writerow([*_COLUMNS, *(f"outside_{name}" for name in names)])
    for n, sample in enumerate(looks.samples):
        seen = [looks.outside[n], looks.area[n], looks.ratio[n]]
        table.writerow(
            [
                *(sample.path, "" if sample.frame is None else sample.frame),
                *(names[sample.label], names[looks.answers[n]], looks.probability[n]),
                *("" if math.isnan(value) else value for value in seen),
                *(names[looks.covered_answers[n]], looks.covered_probability[n], int(looks.lost[n])),
                *("" if math.isnan(value) else value for value in looks.class_outside[n]),
            ]
        )
    return stream.getvalue().removesuffix("\n")


def _words(figure: "Figure") -> str:
    """Like `.62 (.55 to .70)`."""
    if math.isnan(figure.value):
        return "no attention"
    if math.isnan(figure.low):
        return _short(figure.value)
    return f"{_short(figure.value)} ({_short(figure.low)} to {_short(figure.high)})"


def _short(value: float) -> str:
    return f"{value:.2f}"
