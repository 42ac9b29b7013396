"""What the study found, as words, JSON, and a table of every frame."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from viewer.api import ViewerError
from viewer_second_opinion.study.compare import Study
from viewer_second_opinion.study.figures import Json
from viewer_second_opinion.study.frames import Frames

COLUMNS = ("path", "true", "predicted", "final", "trust", "trail")
"""Of the table of every frame; the trust is that of the final score."""

HEADER = ("", "accuracy", "balanced", "AUROC_f", "lowest patient", "ms/frame")


def json_of(figures: Json) -> str:
    """The figures as one record."""
    return json.dumps(figures, ensure_ascii=False)


def write_table(path: Path, frames: Frames, found: Study) -> None:
    """Write ours for every frame, CSV, UTF-8.

    Raises:
        ViewerError: It cannot be written.
    """
    opinion = found.opinion
    columns = (frames.paths, frames.true, frames.predicted, opinion.final, opinion.trust.round(6), found.trails)
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(zip(*columns, strict=True))
    except OSError as error:
        raise ViewerError(f"{path}: cannot be written ({error.strerror})") from error


def text_of(figures: Json) -> str:
    """A table for a person, and what has to be known of it."""
    lines = [
        _counted("fitted on", figures["train"]),
        _counted("measured on", figures["test"]),
        _fixed(figures["fixed"]),
        *figures["notes"],
        "",
    ]
    rows = [HEADER, *_rows(figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        lines.append("  ".join(cells).rstrip())
    lines += [
        "",
        "accuracy of an answer: agreement with the reader; of a judgement of reliability: how often it is true.",
        "AUROC_f: how well the trust tells right from wrong answers: of a judgement, those of the classifier alone; "
        "else the final ones.",
    ]
    return "\n".join(lines)


def _rows(figures: Json) -> Iterator[tuple[str, ...]]:
    yield _row("classifier alone", figures["base"])
    yield _heading("is the classifier right?")
    for name, title in _JUDGES.items():
        yield _row(f"  {title}", figures["reliability"][name])
    yield _heading("score by similar frames")
    for name, title in _SIMILAR.items():
        yield _row(f"  {title}, mode", figures["rescoring"][name])
        yield _row(f"  {title}, mean", figures["rescoring"][name]["mean"])
    yield _heading("both: reliability, else re-scored")
    for name, found in figures["cascade"]["combinations"].items():
        judge, similar, vote = name.split("/")
        yield _row(f"  {_JUDGES[judge]}, {_SIMILAR[similar]}, {vote}", found)
    yield _row("ours", figures["cascade"]["ours"])


_JUDGES: Mapping[str, str] = {
    "network": "network",
    "svc": "one SVC",
    "svc_per_class": "SVC per score",
    "ours": "ours",
}
_SIMILAR: Mapping[str, str] = {"behaviour": "by outputs", "tsne": "by t-SNE"}


def _row(title: str, found: Mapping[str, Any]) -> tuple[str, ...]:
    lowest = min((part["accuracy"] for part in found["per_patient"].values()), default=None)
    values = (found["accuracy"], found["balanced_accuracy"], found["auroc_f"], lowest)
    seconds = found.get("seconds_per_frame")
    return title, *(_share(value) for value in values), "" if seconds is None else f"{1000 * seconds:.3g}"


def _heading(title: str) -> tuple[str, ...]:
    return title, *[""] * (len(HEADER) - 1)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _fixed(fixed: Mapping[str, float]) -> str:
    return (
        f"fixed beforehand: window of ±{fixed['window']} frames, answers weigh {fixed['answers']:.2f}, lead "
        f"{fixed['lead']:.2f}; {fixed['neighbours']} similar frames, {fixed['frames_on_map']} on the t-SNE map"
    )


def _counted(what: str, about: Mapping[str, int]) -> str:
    return f"{what} {about['frames']} frames of {about['patients']} patients in {about['clips']} clips"
