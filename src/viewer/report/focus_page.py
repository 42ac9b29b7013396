"""The report of what a network looks at and how its features lie: a page, and its numbers as tables."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.bootstrap import Figure
from viewer.evaluation.weights import Floats
from viewer.present.rows import path_text, rounded, text
from viewer.present.templates import rendered
from viewer.present.wording import class_word, percent
from viewer.report.charts import scatter_chart
from viewer.report.cohort import PAGE
from viewer.report.evaluation_charts import Drawn
from viewer.report.evaluation_page import page_frame
from viewer.report.evaluation_words import Kind, Said
from viewer.report.rows import write_whole, writing

PICTURES, CLASSES, MAPS, CLASSIFIERS = "pictures.csv", "classes.csv", "maps.csv", "classifiers.csv"
"""Tables beside the page."""

NOTHING = "–"

HEADINGS = {
    "name": "class",
    "labelled": "are of it",
    "answered": "called so",
    "strongest": "its map strongest",
    "weight": "length of weights",
    "channels": "channels in effect",
    "top": "in the ten strongest",
    "map_of": "map of",
    "label": "pictures of",
    "least": "minimum",
    "most": "maximum",
    "nearest": "nearest class",
}
"""Columns in words, where their names in the tables are none."""

SHARES = frozenset({"labelled", "answered", "strongest", "top"})
"""Columns that hold shares."""

Cells = tuple[str, ...]
Values = tuple[str | float | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FocusPicture:
    """A picture of the report.

    Attributes:
        file: Where it lies.
        frame: From 0.
        label, answer: Classes.
        agreement: Of its map with those of mirrored views; NaN without attention.
        place: In the plane of the centres, (2,).
    """

    file: Path
    frame: int
    label: str
    answer: str
    agreement: float
    place: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FocusSubject:
    """What the report is about; every table is a header and its rows, numbers unrounded.

    Attributes:
        model: Name and version.
        classes: Those that have pictures, in the order of `centres`.
        groups: How many patients or lesions.
        pictures: All of them.
        said: What decides, as sentences with their kind.
        maps, dominance, clusters: Tables.
        consistency, classifiers: Figures by name; empty where there is nothing to compare.
    """

    model: str
    classes: Sequence[str]
    groups: int
    pictures: Sequence[FocusPicture]
    said: Sequence[tuple[Kind, str]]
    maps: tuple[Cells, Sequence[Values]]
    dominance: tuple[Cells, Sequence[Values]]
    clusters: tuple[Cells, Sequence[Values]]
    consistency: dict[str, Figure]
    classifiers: dict[str, Figure]


def write_focus(subject: FocusSubject, folder: Path) -> None:
    """Write the page and its tables into a folder.

    Raises:
        ViewerError: They cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows) in _tables(subject).items():
        with writing(folder / name):
            write_whole(folder / name, _csv(header, rows))
    with writing(folder / PAGE):
        write_whole(folder / PAGE, rendered("focus.html", **_page(subject)).decode("utf-8"))


def _tables(subject: FocusSubject) -> dict[str, tuple[Cells, Sequence[Values]]]:
    pictures = [
        (path_text(str(one.file)), one.frame, text(one.label), text(one.answer), one.agreement, *one.place.tolist())
        for one in subject.pictures
    ]
    by_name = {row[0]: row[1:] for row in subject.clusters[1]}
    gap: Values = (math.nan,) * (len(subject.clusters[0]) - 1)
    classes = [(*row, *by_name.get(row[0], gap)) for row in subject.dominance[1]]
    figures = [(name, *_ends(figure)) for name, figure in subject.classifiers.items()]
    return {
        PICTURES: (("file", "frame", "label", "predicted", "agreement_under_flips", "x", "y"), pictures),
        CLASSES: ((*subject.dominance[0], *subject.clusters[0][1:]), classes),
        MAPS: subject.maps,
        CLASSIFIERS: (("classifier", "balanced_accuracy", "low", "high"), figures),
    }


def _page(subject: FocusSubject) -> dict[str, object]:
    return {
        **page_frame(f"What {subject.model} looks at"),
        "said": [Said(kind, words) for kind, words in subject.said],
        "pictures": len(subject.pictures),
        "groups": subject.groups,
        "maps": _shown(subject.maps),
        "dominance": _shown(subject.dominance),
        "clusters": _shown(subject.clusters),
        "scatter": _scatter(subject),
        "consistency": [(class_word(name), *_figure(figure)) for name, figure in subject.consistency.items()],
        "classifiers": [(name, *_figure(figure)) for name, figure in subject.classifiers.items()],
    }


def _scatter(subject: FocusSubject) -> Drawn:
    places = {name: _places(subject.pictures, name) for name in subject.classes}
    middles = [(name, points.mean(axis=0)) for name, points in places.items()]
    return Drawn(
        name="features",
        title="Features around the centres of their classes",
        about="Every small mark is a picture, in the plane that tells the centres of the classes apart best, every "
        "large one a centre. A plane of two dimensions shows little of many: the distances below are those of all.",
        svg=scatter_chart("features", [(class_word(name), points) for name, points in places.items()]),
        says=f"{len(subject.pictures)} pictures of {len(places)} classes",
        legend=(),
        header=("class", "pictures", "centre across", "centre up"),
        rows=tuple(
            (class_word(name), str(len(places[name])), *(f"{value:.2f}".replace("-", "−") for value in middle))
            for name, middle in middles
        ),
    )


def _places(pictures: Sequence[FocusPicture], label: str) -> NDArray[np.float64]:
    return np.stack([one.place for one in pictures if one.label == label])


def _shown(table: tuple[Cells, Sequence[Values]]) -> dict[str, object]:
    header, rows = table
    numbers = [not isinstance(value, str) for value in rows[0]]
    cells = [[_cell(name, value) for name, value in zip(header, row, strict=True)] for row in rows]
    return {"header": [HEADINGS.get(name, name) for name in header], "rows": cells, "numbers": numbers}


def _cell(column: str, value: str | float | int) -> str:
    if isinstance(value, str):
        return class_word(value) if value else NOTHING
    if math.isnan(value):
        return NOTHING
    if column in SHARES:
        return percent(value).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{value:.3g}".replace("-", "−")


def _figure(figure: Figure) -> Cells:
    value, low, high = (NOTHING if math.isnan(one) else f"{one:.2f}" for one in _ends(figure))
    return (value, f"{low} to {high}" if low != NOTHING else NOTHING)


def _ends(figure: Figure) -> tuple[float, float, float]:
    return figure.value, figure.low, figure.high


def _csv(header: Cells, rows: Sequence[Values]) -> str:
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(header)
    for row in rows:
        table.writerow([_plain(value) for value in row])
    return stream.getvalue()


def _plain(value: str | float | int) -> str | float | int | None:
    if isinstance(value, float):
        return "" if math.isnan(value) else rounded(value)
    return value
