"""An assessor and a clip made of nothing, so that scheduling is tested without a network."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from viewer.assessment.drift_cases import Counting
from viewer.assessment.light import Grounds
from viewer.assessment.verdict import ClipSums
from viewer.domain.bundle import FieldOfView
from viewer.domain.drift import Case
from viewer.domain.errors import JobCancelled
from viewer.domain.image import Clip, Modality
from viewer.domain.result import About, Assessment, Explanation, FrameKey, Light, Score, ScoreRow, Text
from viewer.engine.picture import Picture
from viewer.present.rows import Row, frame_columns, frame_row

CLASSES = ("nevus", "melanoma")


class FakeAssessor:
    """Trusts a frame by the value of its first pixel; remembers what it was asked."""

    bundle = SimpleNamespace(manifest=SimpleNamespace(classes=CLASSES))
    scorers = ("softmax",)
    columns = frame_columns(CLASSES, scorers)
    second = None

    def __init__(self) -> None:
        self.grounds = Grounds(model=Modality.ULTRASOUND)
        self.batches: list[list[int]] = []
        self.explained: list[tuple[int, int]] = []
        self.modalities: list[Modality] = []
        self.before: Callable[[], None] = lambda: None
        self.passes = 0

    def assess(self, places: Sequence[Any], modality: Modality, cancelled: Callable[[], bool]) -> list[Assessment]:
        self.before()
        if cancelled():
            raise JobCancelled
        values = [int(place.picture.rgb[0, 0, 0]) for place in places]
        self.batches.append(values)
        self.modalities.append(modality)
        return [assessment(value / 200) for value in values]

    def row(self, key: FrameKey, assessment: Assessment) -> Row:
        return frame_row(key, assessment)

    def make_ready(self, place: Any, cancelled: Callable[[], bool]) -> int:
        _ = place.picture
        return self.passes

    def within(self, folder: str) -> "FakeAssessor":
        self.grounds = replace(self.grounds, folder=folder)
        return self

    def case(self, sums: ClipSums, picture: Modality) -> Case | None:
        return Counting(classes=CLASSES).case(sums) if picture is self.grounds.model else None

    def explain(self, place: Any, target: int, cancelled: Callable[[], bool]) -> tuple[Explanation, ...]:
        self.explained.append((int(place.picture.rgb[0, 0, 0]), target))
        return (Explanation(name="why", title="Why", plugin="p", result=(Text(title="t", body="b"),)),)

    def field_of_view(self, picture: Picture) -> FieldOfView:
        return FieldOfView(left=0, top=0, right=1, bottom=1)


def assessment(trust: float, **changes: Any) -> Assessment:
    row = ScoreRow(
        name="softmax", title="MSP", plugin="p", about=About.CORRECTNESS, weight=1.0, result=Score(trust=trust)
    )
    values: dict[str, Any] = {
        "classes": CLASSES,
        "probabilities": np.array([0.75, 0.25]),
        "predicted": 0,
        "final": 0,
        "trail": "classifier: nevus",
        "rows": (row,),
        "trust": trust,
        "light": Light.GREY,
        "reason": "not certified",
    }
    return Assessment(**{**values, **changes})


@pytest.fixture
def assessor() -> FakeAssessor:
    return FakeAssessor()


@pytest.fixture
def make_clip() -> Callable[[int], Clip]:
    def make(frames: int, modality: Modality = Modality.UNKNOWN) -> Clip:
        return Clip(
            path=Path("clip.dcm"),
            kind="dicom",
            frames=frames,
            rows=2,
            columns=2,
            photometric="RGB",
            frame_times_ms=tuple(40.0 * index for index in range(frames)),
            modality=modality,
        )

    return make
