"""`viewer focus-report`: what a network looks at and how its features lie, on labelled pictures."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from viewer.cli.chosen_model import engine_of, named_model, say
from viewer.cli.data_arguments import add_columns, query_of
from viewer.cli.on_stderr import positive
from viewer.cli.output import print_text
from viewer.datasets.reading import read_dataset
from viewer.present.wording import class_word, percent, sentence
from viewer.settings import Settings

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.evaluation.bootstrap import Figure
    from viewer.report.evaluation_words import Kind
    from viewer.report.focus_page import FocusSubject
    from viewer.training.focus import Observed
    from viewer.training.focus_figures import Cluster, Dominance

SAME = 0.9999
"""Agreement of every map from which the network mirrors pictures itself."""

TWICE = 2.0
"""A class whose map is the strongest so many times as often as it is right drowns the others."""

NOTICEABLE = 0.1
"""Difference of two shares of pictures below which nobody is told."""

UNLIKE = 0.5
"""Correlation of two maps below which attention has moved."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer focus-report`."""
    parser = subparsers.add_parser(
        "focus-report",
        help="show what a model looks at and how its features lie",
        description="Looks at labelled pictures that a model was not trained on, and writes a page with its tables: "
        "how strongly the map of every class answers and whether one drowns the others, whether attention keeps its "
        "place when pictures are mirrored, how features lie around the centres of their classes, and what classical "
        "classifiers make of them, cross-validated by patient.",
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="model, by name or path")
    parser.add_argument("data", type=Path, metavar="DATA", help="table of labels (CSV), or folder")
    add_columns(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where index.html and its tables go")
    parser.add_argument(
        "--frames-per-clip", type=positive, default=1, metavar="N", help="frames of a clip (default %(default)s)"
    )
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto", help="where the model runs")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Look, write the page and print what decides; returns 0.

    Raises:
        ViewerError: There is no such model, no picture can be read, or the page cannot be written.
    """
    # torch takes seconds to import: only the command that needs it pays.
    from viewer.host.discovery import PluginHost
    from viewer.report.focus_page import write_focus
    from viewer.training.focus import CACHE_BYTES, observe
    from viewer.training.pictures import Reader

    bundle, host = named_model(args.bundle), PluginHost(Settings.load())
    table = read_dataset(query_of(args.data, args), of_one_class=True)
    for note in table.notes:
        say(note)
    samples = table.labelled_for(bundle.manifest.classes, args.data)
    try:
        host.load()
        engine = engine_of(bundle, host, args.device, cache_bytes=CACHE_BYTES)
        seen = observe(engine, samples, Reader(args.frames_per_clip, say))
    finally:
        host.close()
    subject = _subject(bundle, seen)
    write_focus(subject, args.out)
    print_text("\n".join(words for _, words in subject.said), sys.stdout)
    say(f"the report is in {args.out}")
    return 0


def _subject(bundle: "Bundle", seen: "Observed") -> "FocusSubject":
    from viewer.report.focus_page import FocusPicture, FocusSubject
    from viewer.training import focus_figures as figures

    places, _ = figures.flattened(seen)
    pictures = [
        FocusPicture(
            file=sample.path,
            frame=int(seen.frames[row]),
            label=seen.classes[seen.labels[row]],
            answer=seen.classes[seen.answers[row]],
            agreement=float(seen.agreement[row]),
            place=places[row],
        )
        for row, sample in enumerate(seen.samples)
    ]
    dominance, clusters = figures.dominance(seen), figures.clusters(seen)
    classifiers = figures.judged_features(seen)
    return FocusSubject(
        model=f"{bundle.manifest.name} {bundle.manifest.version}",
        classes=[seen.classes[index] for index in figures.centres_of(seen)[0]],
        groups=int(seen.groups.max()) + 1,
        pictures=pictures,
        said=[
            _of_dominance(dominance),
            _of_mirrors(seen),
            _of_clusters(clusters),
            *_of_classifiers(classifiers),
        ],
        maps=_table(figures.map_ranges(seen)),
        dominance=_table(dominance),
        clusters=_table(clusters, ("apart", [cluster.apart for cluster in clusters])),
        consistency={} if _mirrors_itself(seen) else figures.consistency(seen),
        classifiers=classifiers,
    )


def _table(
    parts: Sequence[Any], *further: tuple[str, Sequence[float]]
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Values of one class as a table: a column for every field, and further ones."""
    header = (*(item.name for item in fields(parts[0])), *(name for name, _ in further))
    columns = [values for _, values in further]
    return header, [(*astuple(part), *(values[row] for values in columns)) for row, part in enumerate(parts)]


def _of_dominance(found: "Sequence[Dominance]") -> "tuple[Kind, str]":
    drowning = [
        f"the map of {class_word(one.name)} is the strongest in {percent(one.strongest)} of the pictures, of which "
        f"{percent(one.labelled)} are of that class"
        for one in found
        if one.strongest > TWICE * one.labelled and one.strongest - one.labelled > NOTICEABLE
    ]
    if drowning:
        return "bad", sentence(f"{'; '.join(drowning)}: it drowns the others")
    return "good", "No class drowns the others by its map."


def _of_clusters(found: "Sequence[Cluster]") -> "tuple[Kind, str]":
    wide = [class_word(one.name) for one in found if one.apart < 1]
    if wide:
        return "open", f"Pictures lie farther from their own centre than the next centre does: {', '.join(wide)}."
    return "good", "Every class lies farther from the next than its pictures from their centre."


def _of_classifiers(found: "Mapping[str, Figure]") -> "Iterator[tuple[Kind, str]]":
    from viewer.training.focus_figures import NETWORK

    if found:
        best = max((name for name in found if name != NETWORK), key=lambda name: found[name].value)
        yield (
            "plain",
            f"Balanced accuracy of the network {_words(found[NETWORK])}, of the best classical classifier of its "
            f"features, {best}, {_words(found[best])}.",
        )


def _words(figure: "Figure") -> str:
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


def _mirrors_itself(seen: "Observed") -> bool:
    """Whether the network looks at mirrored pictures by itself, so that no attention can move."""
    there = seen.agreement[np.isfinite(seen.agreement)]
    return bool(len(there) and there.min() > SAME)


def _of_mirrors(seen: "Observed") -> "tuple[Kind, str]":
    there = seen.agreement[np.isfinite(seen.agreement)]
    if not len(there):
        return "open", "No picture drew any attention."
    if _mirrors_itself(seen):
        return "plain", "This model always looks at mirrored pictures too, so its attention cannot move in them."
    moved = percent(float((there < UNLIKE).mean()))
    return "plain", (
        f"Attention agrees at {there.mean():.2f} with that of mirrored pictures; in {moved} of them it moves "
        f"(below {UNLIKE:.1f})."
    )
