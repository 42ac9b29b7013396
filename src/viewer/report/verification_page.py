"""The report of a verification: verdict, distributions here and in the calibration, pictures, on one page."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from viewer.domain.verification import QUANTILES, Beside, Metric, Verdict, Verification
from viewer.present.rows import path_text
from viewer.present.templates import rendered
from viewer.present.verification import (
    ADVICE,
    about_word,
    as_json,
    beside_words,
    facts,
    metric_title,
    p_words,
    pairs_words,
    reason,
    verdict_word,
)
from viewer.present.wording import class_word, percent, sentence
from viewer.report.charts import Line, Role, line_chart
from viewer.report.cohort import PAGE, REPORT
from viewer.report.evaluation_cards import Shown
from viewer.report.evaluation_charts import Drawn
from viewer.report.evaluation_page import page_frame
from viewer.report.evaluation_words import Kind, Said
from viewer.report.rows import write_whole, writing

MOST_LISTED = 200
"""Flagged and unreadable files that are named; all of them stand in `report.json`."""

KINDS: dict[Verdict, Kind] = {Verdict.SUITABLE: "good", Verdict.DOUBTFUL: "open", Verdict.UNSUITABLE: "bad"}

_LEGEND: tuple[tuple[Role, str], ...] = (("first", "here"), ("second", "calibration"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pictured:
    """A picture of the report.

    Attributes:
        file: Where it lies.
        frame: From 0; None for a still.
        answer: The model's answer.
        told: What it stands for, in a few words.
        shown: Its pictures.
    """

    file: Path
    frame: int | None
    answer: str
    told: str
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VerificationSubject:
    """What the report is about.

    Attributes:
        found: The verification.
        facts: What a reader should know of the model, as titles and words.
        ranked_by: What pictures are called typical and strange by, in words.
        typical, strange: Pictures of either kind.
        beside: What a second model says; None without one.
    """

    found: Verification
    facts: Sequence[tuple[str, str]]
    ranked_by: str
    typical: Sequence[Pictured]
    strange: Sequence[Pictured]
    beside: Beside | None = None


def write_verification(subject: VerificationSubject, folder: Path) -> None:
    """Write `report.json` and `index.html` into a folder.

    Raises:
        ViewerError: They cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with writing(folder / REPORT):
        record = json.dumps(as_json(subject.found, subject.beside), indent=1, ensure_ascii=False, allow_nan=False)
        write_whole(folder / REPORT, record + "\n")
    with writing(folder / PAGE):
        write_whole(folder / PAGE, rendered("verification.html", **_page(subject)).decode("utf-8"))


def _page(subject: VerificationSubject) -> dict[str, object]:
    found = subject.found
    root = _root(found, subject)
    suited = [metric for metric in found.metrics if about_word(metric) != "answer"]
    suited.sort(key=lambda metric: about_word(metric) != "gate")  # what decides comes first
    return {
        **page_frame(f"Does {found.model.name} {found.model.version} suit these pictures?"),
        "said": list(_said(found)),
        "beside": [] if subject.beside is None else [sentence(s) for s in beside_words(found, subject.beside)],
        "charts": [_chart(metric) for metric in suited],
        "further": [_chart(metric) for metric in found.metrics if metric not in suited],
        "metrics": [_row(metric) for metric in found.metrics],
        "ranked_by": subject.ranked_by,
        "typical": [_card(one, root) for one in subject.typical],
        "strange": [_card(one, root) for one in subject.strange],
        "flagged": [
            (
                _place(one.file, one.frame, root),
                class_word(one.answer),
                p_words(one.suitability),
                p_words(one.fingerprint),
            )
            for one in found.flagged[:MOST_LISTED]
        ],
        "flagged_left": max(0, len(found.flagged) - MOST_LISTED),
        "unread": [(_place(file, None, root), why) for file, why in found.unreadable[:MOST_LISTED]],
        "unread_left": max(0, len(found.unreadable) - MOST_LISTED),
        "facts": [*subject.facts, ("Weights (SHA-256)", found.model.weights)],
    }


def _said(found: Verification) -> Iterator[Said]:
    yield Said(KINDS[found.verdict], f"{verdict_word(found)}: {reason(found)}.")
    yield Said("plain", ADVICE[found.verdict])
    for line in facts(found):
        yield Said("plain", sentence(line))


def _chart(metric: Metric) -> Drawn:
    """How many pictures lie at or below each value, here and in the calibration."""
    title = metric_title(metric)
    shares = np.array(QUANTILES)
    lines = [
        Line(label="calibration", role="second", x=np.array(metric.calibration), y=shares),
        Line(label="here", role="first", x=np.array(metric.here), y=shares),
    ]
    medians = [values[len(QUANTILES) // 2] for values in (metric.here, metric.calibration)]
    says = (
        f"half of the pictures lie below {percent(medians[0])} here, and below {percent(medians[1])} in the "
        f"calibration; {pairs_words(metric)} of 100 pairs find the picture here less usual, p = "
        f"{p_words(metric.p_value)}"
    )
    return Drawn(
        name=f"metric-{metric.name}",
        title=title,
        about="A line further left has more pictures with low, unusual values.",
        svg=line_chart(f"metric-{metric.name}", title, "pictures at or below", lines),
        says=says,
        legend=_LEGEND,
        header=("Share of pictures", "Here at or below", "Calibration at or below"),
        rows=tuple((percent(share), f"{here:.3f}", f"{usual:.3f}") for share, here, usual in metric.told),
    )


def _row(metric: Metric) -> tuple[str, ...]:
    words = {"gate": "decides", "kind": "kind of picture", "answer": "answer"}
    medians = [f"{values[len(QUANTILES) // 2]:.3f}" for values in (metric.here, metric.calibration)]
    return (
        metric_title(metric),
        words[about_word(metric)],
        *medians,
        pairs_words(metric),
        p_words(metric.p_value),
    )


def _card(one: Pictured, root: Path) -> dict[str, object]:
    return {
        "name": _place(one.file, one.frame, root),
        "answer": class_word(one.answer),
        "told": one.told,
        "shown": one.shown,
    }


def _root(found: Verification, subject: VerificationSubject) -> Path:
    """The deepest folder that holds all files that are named."""
    files = [one.file for one in found.flagged]
    files += [one.file for one in (*subject.typical, *subject.strange)]
    files += [file for file, _ in found.unreadable]
    folders = {str(file.absolute().parent) for file in files}
    return Path(os.path.commonpath(folders)) if folders else Path()


def _place(file: Path, frame: int | None, root: Path) -> str:
    name = path_text(file.absolute().relative_to(root).as_posix())
    return name if frame is None else f"{name}, frame {frame + 1}"
