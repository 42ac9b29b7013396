from pathlib import Path
from typing import Any

import numpy as np
import pytest

from viewer.assessment import verdict as verdicts
from viewer.assessment.course import Segment
from viewer.assessment.verdict import ClipVerdict
from viewer.domain.errors import UnreadableFile
from viewer.domain.image import Clip
from viewer.domain.result import About, Assessment, Failure, FrameKey, Light, Score, ScoreRow
from viewer.present import rows
from viewer.present.clip_rows import clip_columns, clip_row
from viewer.present.rows import (
    error_row,
    file_error_row,
    frame_columns,
    frame_key,
    frame_row,
    path_text,
    rounded,
    text,
)

KEY = FrameKey(file="clip.dcm", series="1.2.3", frame=7, time_ms=33.3333333)


def score_row(name: str, result: Score | Failure) -> ScoreRow:
    return ScoreRow(name=name, title=name, plugin="p", about=About.CORRECTNESS, weight=0.0, result=result)


def assessment(**changes: Any) -> Assessment:
    values: dict[str, Any] = {
        "classes": ("nevus", "melanoma"),
        "probabilities": np.array([2 / 3, 1 / 3]),
        "predicted": 0,
        "final": 1,
        "trail": "classifier: nevus › similar frames: melanoma (9 of 11)",
        "rows": (
            score_row("softmax", Score(trust=2 / 3)),
            score_row("energy", Failure(plugin="p", stage="score", summary="raised")),
            score_row("knn", Score(trust=None)),
        ),
        "trust": 0.1234567,
        "light": Light.GREY,
        "reason": "not certified",
        "suitability": 0.98765432,
    }
    return Assessment(**{**values, **changes})


def test_that_a_row_holds_exactly_the_agreed_columns_in_order() -> None:
    row = frame_row(KEY, assessment())
    assert tuple(row) == frame_columns(("nevus", "melanoma"), ("softmax", "energy", "knn"))
    assert list(row.values()) == [
        *("clip.dcm", "1.2.3", 7, 33.333, "nevus", "melanoma"),
        "classifier: nevus › similar frames: melanoma (9 of 11)",
        *(0.666667, 0.333333, 0.666667, None, None, 0.123457, 0.987654, None, "grey", "not certified", ""),
    ]


def test_that_a_failed_frame_and_a_failed_file_fill_what_is_known() -> None:
    columns = frame_columns(("a", "b"), ("s",))
    error = UnreadableFile("clip.dcm", reason="frame 8 is damaged")
    row = error_row(KEY, columns, error)
    assert tuple(row) == columns
    assert (row["frame"], row["time_ms"], row["p_a"], row["predicted"]) == (7, 33.333, None, "")
    assert row["error"] == "frame 8 is damaged"
    row = file_error_row("clip.dcm", columns, "the file is empty")
    assert (row["file"], row["frame"], row["error"]) == ("clip.dcm", None, "the file is empty")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_that_no_cell_is_a_formula_and_a_path_still_names_its_file(start: str) -> None:
    assert text(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"
    assert path_text(f"{start}1+1.png") == f"./{start}1+1.png"
    assert path_text("folder/=1.png") == "folder/=1.png"


def test_that_every_cell_is_one_line_that_utf8_can_hold() -> None:
    assert text("one\r\ntwo\u2028three\0") == "one two three\\0"
    assert path_text("a\nb\r.png") == "a\\nb\\r.png"
    assert path_text("\udcff.png") == "\\udcff.png"


def test_that_numbers_are_rounded_in_one_place_alone() -> None:
    assert rounded(0.12345678) == 0.123457
    assert str(rounded(-1e-9)) == "0.0"
    assert rounded(None) is None
    assert verdicts._DIGITS == rows.DIGITS


def make_clip(**changes: Any) -> Clip:
    values: dict[str, Any] = {"path": Path("d/clip.dcm"), "kind": "dicom", "frames": 3, "rows": 2, "columns": 2}
    return Clip(**{**values, "photometric": "RGB", **changes})


def test_that_a_frame_without_series_or_timing_is_named_by_its_file() -> None:
    key = frame_key(make_clip(), 2)
    assert (key.file, key.series, key.frame, key.time_ms) == (str(Path("d/clip.dcm")), "clip.dcm", 2, None)
    assert frame_key(make_clip(series_uid="1.2", frame_times_ms=(0.0, 40.0, 90.0)), 2).time_ms == 90.0


@pytest.mark.parametrize(("times", "duration"), [((), None), ((0.0, 40.0, 80.0), 120.0)])
def test_that_a_clip_row_holds_its_decision(times: tuple[float, ...], duration: float | None) -> None:
    verdict = ClipVerdict(
        classes=("a", "b"),
        frames=3,
        failed=0,
        probabilities=(0.4, 0.6),
        predicted="b",
        final="b",
        least_trusted=0,
        trust=0.5,
        light=Light.GREY,
        reason="not certified",
        error="",
        course=(
            Segment(first=0, last=0, name="a", probability=0.9),
            Segment(first=1, last=2, name="b", probability=0.8),
        ),
    )
    assert not verdict.is_steady
    row = clip_row(make_clip(frame_times_ms=times), verdict)
    assert tuple(row) == clip_columns(("a", "b"))
    assert row["course"] == "1-1 a; 2-3 b"
    assert (row["frames"], row["duration_ms"], row["p_b"], row["trust"], row["light"]) == (
        3,
        duration,
        0.6,
        0.5,
        "grey",
    )
