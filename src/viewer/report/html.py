"""A report with pictures: one self-contained HTML file that grows clip by clip and survives a kill.

Every clip is one section that ends in a marker of its own. What a killed run leaves behind is complete sections and
at most one torn one, which is dropped; closing tags are optional in HTML, so the file can be read at any time.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from viewer.domain.basis import Basis
from viewer.domain.bundle import FieldOfView
from viewer.domain.errors import ViewerError
from viewer.domain.outline import Outline
from viewer.domain.result import (
    Assessment,
    Chart,
    Content,
    Exhibit,
    Explanation,
    Failure,
    Gallery,
    Light,
    Maps,
    Overlay,
    Placed,
    Placement,
    Scatter,
    Table,
    Text,
)
from viewer.present.backing import clip_backing, frame_backing
from viewer.present.colours import look
from viewer.present.families import families
from viewer.present.maps import map_words
from viewer.present.mask import mask_line
from viewer.present.outlines import outlined
from viewer.present.placed import UNUSUAL, USUAL, placed_words, share_text, value_text
from viewer.present.rows import path_text
from viewer.present.templates import rendered
from viewer.present.texts import tr
from viewer.present.tiles import tiles, where_words
from viewer.present.why import what_would_change, why_lines
from viewer.present.wording import (
    LIGHT_TITLE,
    RESEARCH_USE,
    UNAVAILABLE,
    class_word,
    course_words,
    duration_words,
    frame_word,
    percent,
    trail_words,
)
from viewer.report.map_drawing import legend_signs, map_drawing
from viewer.report.model_facts import model_facts, second_facts
from viewer.report.pictures import data_uri, gradient, overlaid, photo_uri, thumbnail
from viewer.report.rows import close, writing
from viewer.report.strip_drawing import strip_drawing

if TYPE_CHECKING:
    from viewer.assessment.verdict import ClipVerdict
    from viewer.engine.bundle import Bundle

SMALL = 96
"""Longer side in pixels up to which a picture of a gallery is shown small: larger ones have something to show."""

MOST_ILLUSTRATED = 200
"""Clips shown with pictures; a longer report could not be opened in a browser any more."""

_MARKER = re.compile(rb"<!-- end of clip ([0-9a-f]{32}) (pictures|plain) -->\n")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shot:
    """One frame in the report.

    Attributes:
        frame: Index from 0.
        time_ms: Start from the first frame, or None without timing.
        rgb: uint8 (rows, cols, 3), the file's default display.
        pixel_aspect: Height of a pixel divided by its width.
        assessment: What was concluded.
        explanations: One per explainer, for the final class.
        view: Part of the picture that overlays cover.
    """

    frame: int
    time_ms: float | None
    rgb: NDArray[np.uint8]
    pixel_aspect: float
    assessment: Assessment
    explanations: tuple[Explanation, ...]
    view: FieldOfView


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """One clip in the report.

    Attributes:
        file: Path as the user named it.
        frames: Of the whole clip.
        duration_ms: None without timing.
        verdict: The clip's decision.
        shots: The frames shown.
    """

    file: str
    frames: int
    duration_ms: float | None
    verdict: "ClipVerdict"
    shots: tuple[Shot, ...]


class HtmlReport:
    """`index.html` in a folder, appended to section by section.

    Use as a context manager.
    """

    def __init__(
        self,
        folder: Path,
        bundle: "Bundle",
        basis: Basis,
        *,
        second: "Bundle | None" = None,
        masks: str = "",
        fresh: bool = False,
    ) -> None:
        """Open the report, keeping the sections an earlier run with the same model left.

        Args:
            folder: Where `index.html` lies, or will.
            bundle: The model.
            basis: What its lights rest on.
            second: The model it is compared with.
            masks: Where masks come from, in words; `""` where the model draws its own, or nothing does.
            fresh: Whether to replace what an earlier run left.

        Raises:
            ViewerError: The folder cannot be written, or holds a report of another model.
        """
        self.path = folder / "index.html"
        self._sections: set[str] = set()
        self._illustrated = 0
        self._basis = basis
        with writing(self.path):
            folder.mkdir(parents=True, exist_ok=True)
            if fresh:
                self.path.unlink(missing_ok=True)
            self._file: BinaryIO = self.path.open("r+b" if self.path.exists() else "x+b")
            self._recover(rendered("report_head.html", **_bundle_facts(bundle, second, masks)))

    def __enter__(self) -> Self:
        """The report itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the file; every section added so far is in it."""
        close(self._file, self.path, failed=error is not None)

    @property
    def room_for_pictures(self) -> bool:
        """Whether the next clip may be shown with pictures."""
        return self._illustrated < MOST_ILLUSTRATED

    def has(self, file: str) -> bool:
        """Whether a file has its section already."""
        return _name(file) in self._sections

    def add(self, section: Section) -> None:
        """Append a clip."""
        clip = _clip(section, self._basis)
        self._append(section.file, bool(section.shots), rendered("report_clip.html", clip=clip))

    def add_unopened(self, file: str, sentence: str) -> None:
        """Append a file that could not be opened."""
        clip: dict[str, object] = {
            "file": path_text(file),
            "facts": [],
            "error": sentence,
            "decision": None,
            "shots": [],
            "omitted": "",
        }
        self._append(file, False, rendered("report_clip.html", clip=clip))

    def finish(self, files: int, frames: int, failed: int, skipped: int) -> None:
        """Append the summary; a later run that adds clips replaces it."""
        foot = rendered(
            "report_foot.html",
            files=files,
            frames=frames,
            failed=failed,
            skipped=skipped,
            date=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
            version=version("reliability-viewer"),
            research_use=RESEARCH_USE,
        )
        with writing(self.path):
            self._file.write(foot)
            self._file.flush()

    def _append(self, file: str, pictures: bool, html: bytes) -> None:
        kind = "pictures" if pictures else "plain"
        with writing(self.path):
            self._file.write(html + f"\n<!-- end of clip {_name(file)} {kind} -->\n".encode())
            self._file.flush()
        self._sections.add(_name(file))
        self._illustrated += pictures

    def _recover(self, head: bytes) -> None:
        """Keep the complete sections behind an equal head; drop a torn one and the summary."""
        self._file.seek(0)
        found = self._file.read(len(head))
        if found != head and not head.startswith(found):
            raise ViewerError(
                f"{self.path}: is a report of another model; choose another folder or start over with --fresh"
            )
        whole = place = len(head) if found == head else 0
        for line in self._file if whole else ():
            place += len(line)
            marker = _MARKER.fullmatch(line)
            if marker:
                whole = place
                self._sections.add(marker[1].decode())
                self._illustrated += marker[2] == b"pictures"
        self._file.truncate(whole)
        self._file.seek(whole)
        if not whole:
            self._file.write(head)


def _name(file: str) -> str:
    """A file's name in a marker: tells it apart, says nothing."""
    return hashlib.sha256(path_text(file).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _bundle_facts(bundle: "Bundle", second: "Bundle | None", masks: str) -> dict[str, object]:
    facts = (*model_facts(bundle), *second_facts(second), *((("Masks", masks),) if masks else ()))
    return {"facts": facts, "research_use": RESEARCH_USE, "light_title": LIGHT_TITLE, "card": bundle.card}


def _clip(section: Section, basis: Basis) -> dict[str, object]:
    verdict = section.verdict
    facts = [f"{section.frames} frames" if section.frames > 1 else "1 frame"]
    if section.duration_ms is not None:
        facts.append(duration_words(section.duration_ms))
    decision = None
    if verdict.probabilities:
        decision = {
            "final": class_word(verdict.final),
            "predicted": class_word(verdict.predicted),
            "trust": percent(verdict.trust),
            "course": "" if verdict.is_steady else course_words(verdict.course),
            "light": _light(verdict.light),
            "reason": verdict.reason,
            "backing": clip_backing(verdict, basis) if section.frames > 1 else (),
            "bars": _bars(verdict.classes, verdict.probabilities),
        }
    return {
        "file": path_text(section.file),
        "facts": facts,
        "error": verdict.error,
        "decision": decision,
        "shots": [_shot(shot, section.frames, basis) for shot in section.shots],
        "omitted": _omitted(section),
    }


def _omitted(section: Section) -> str:
    """What is not shown, said."""
    shown, assessed = len(section.shots), section.frames - section.verdict.failed
    if shown == assessed:
        return ""
    if not shown:
        return f"Shown without pictures: this report illustrates the first {MOST_ILLUSTRATED} clips only."
    return f"{shown} of {section.frames} frames are shown: evenly spaced ones and the least trusted."


def _shot(shot: Shot, frames: int, basis: Basis) -> dict[str, object]:
    assessment = shot.assessment
    picture = thumbnail(shot.rgb, shot.pixel_aspect)
    where = frame_word(shot.frame, frames) if frames > 1 else ""
    if where and shot.time_ms is not None:
        where += f", at {duration_words(shot.time_ms)}"
    return {
        "where": where,
        "picture": data_uri(picture),
        "final": class_word(assessment.classes[assessment.final]),
        "trail": trail_words(assessment.trail),
        "trust": percent(assessment.trust),
        "light": _light(assessment.light),
        "reason": assessment.reason,
        "mask": "" if assessment.mask is None else mask_line(assessment.mask),
        "bars": _bars(assessment.classes, assessment.probabilities),
        "change": what_would_change(assessment, basis),
        "backing": frame_backing(assessment, basis),
        "scores": families(why_lines(assessment, basis), basis),
        "panels": [_panel(explanation, picture, shot.view) for explanation in shot.explanations],
    }


def _light(light: Light) -> dict[str, str]:
    shown = look(light, "light")
    return {"colour": shown.colour, "shape": shown.shape, "word": shown.word}


def _bars(labels: Sequence[str], values: Sequence[float] | NDArray[np.float64]) -> list[tuple[str, float, str]]:
    """Label, length in per cent and text of every bar."""
    return [(class_word(label), 100 * float(v), percent(float(v))) for label, v in zip(labels, values, strict=True)]


def _panel(explanation: Explanation, picture: NDArray[np.uint8], view: FieldOfView) -> dict[str, object]:
    result = explanation.result
    if isinstance(result, Failure):
        return {"title": explanation.title, "failure": f"{UNAVAILABLE}: {result.summary}", "contents": []}
    contents = [
        {**_content(content, picture, view), "title": _titled(explanation.title, content.title)} for content in result
    ]
    return {"title": explanation.title, "failure": "", "contents": contents}


def _titled(panel: str, content: str) -> str:
    """A content's title, with its panel's where it does not repeat it."""
    return content if content.startswith(panel) else f"{panel}{'' if panel.endswith('?') else ':'} {content}"


def _content(content: Content, picture: NDArray[np.uint8], view: FieldOfView) -> dict[str, object]:
    match content:
        case Overlay():
            return {"kind": "overlay", "picture": data_uri(overlaid(picture, content, view)), **_legend(content)}
        case Outline():
            return {
                "kind": "outline",
                "picture": data_uri(outlined(picture, content, view)),
                "legend": content.legend,
            }
        case Chart():
            return {"kind": "chart", "bars": _chart_bars(content)}
        case Table():
            return {"kind": "table", "header": content.header, "rows": content.rows}
        case Text():
            return {"kind": "text", "body": content.body}
        case Gallery():
            return {"kind": "gallery", "exhibits": [_exhibit(one) for one in content.items], "note": content.note}
        case Scatter():
            return {
                "kind": "map",
                "name": content.title,
                "drawing": map_drawing(content),
                "signs": legend_signs(content),
                "says": map_words(content),
                "note": content.note,
            }
        case Maps():
            drawn = zip(content.items, tiles(content, picture, view), strict=True)
            return {"kind": "maps", "tiles": [_tile(*one) for one in drawn], "note": content.note}
        case Placed():
            return {
                "kind": "placed",
                "ends": (tr(UNUSUAL), tr(USUAL)),
                "items": [_placement(item) for item in content.items],
                "note": content.note,
            }


def _tile(overlay: Overlay, drawn: NDArray[np.uint8]) -> dict[str, object]:
    shown = {"picture": photo_uri(drawn), "title": overlay.title, "shows": where_words(overlay)}
    return {**shown, **_legend(overlay)}


def _legend(overlay: Overlay) -> dict[str, object]:
    low, high = overlay.limits
    return {
        "gradient": gradient(overlay.colour_map),
        "low": f"{low:.3g}",
        "high": f"{high:.3g}",
        "unit": overlay.unit,
    }


def _placement(item: Placement) -> dict[str, object]:
    return {
        "title": item.title,
        "value": value_text(item.value),
        "share": share_text(item),
        "words": item.words,
        "drawing": strip_drawing(item),
        "says": placed_words(item),
    }


def _exhibit(exhibit: Exhibit) -> dict[str, object]:
    """A picture of a gallery and its words; where its file lies stays out of the report."""
    shown = "" if exhibit.picture is None else photo_uri(exhibit.picture)
    large = exhibit.picture is not None and max(exhibit.picture.shape) > SMALL
    return {"picture": shown, "large": large, "lines": exhibit.caption.split("\n"), "shows": exhibit.shows}


def _chart_bars(chart: Chart) -> list[tuple[str, float, str]]:
    values = np.asarray(chart.values, dtype=np.float64)
    low, high = chart.limits or (min(0.0, float(values.min(initial=0))), float(values.max(initial=0)) or 1.0)
    span = (high - low) or 1.0
    lengths = np.clip((values - low) / span, 0, 1) * 100
    spreads = chart.spread if chart.spread is not None else [None] * len(values)
    texts = [
        f"{v:.3g}" + (f" ± {s:.2g}" if s is not None else "") + f" {chart.unit}".rstrip()
        for v, s in zip(values, spreads, strict=True)
    ]
    return list(zip(chart.labels, (float(length) for length in lengths), texts, strict=True))
