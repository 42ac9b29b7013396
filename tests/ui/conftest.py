"""A main window on made-up files and a made-up model; jobs are stepped by hand, so that no test sleeps."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from viewer.assessment.drift_cases import Counting
from viewer.assessment.light import Grounds
from viewer.assessment.verdict import ClipSums
from viewer.domain.bundle import FieldOfView, Manifest
from viewer.domain.drift import Case
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.image import Clip, Frame, FrameSource, Modality
from viewer.domain.result import (
    About,
    Assessment,
    Chart,
    Explanation,
    Failure,
    FrameKey,
    Light,
    Overlay,
    Score,
    ScoreRow,
    Text,
)
from viewer.engine.picture import Picture
from viewer.io.reader import Opened
from viewer.present.rows import Row, frame_columns, frame_row
from viewer.session.jobs import ByHand
from viewer.session.masks import MasksFrom
from viewer.settings import Settings
from viewer.store.journal import Journal
from viewer.store.references import AddedFolder
from viewer.testing.executor import ExecutorByHand
from viewer.testing.lights import basis
from viewer.ui.bridge import Bridge
from viewer.ui.cohort_jobs import CohortJobs
from viewer.ui.desk import Desk
from viewer.ui.main_window import MainWindow
from viewer.ui.opening import Opener
from viewer.ui.panels.reliability import ReliabilityPanel
from viewer.ui.reviews import Reviews
from viewer.ui.theme import apply_theme, load_theme
from viewer.ui.values import Values

CLASSES = ("nevus", "melanoma", "keratosis")
UNDER = np.full((40, 40, 3), 120, np.uint8), FieldOfView(left=0, top=0, right=1, bottom=1)
"""A picture made small, and the part of it that maps cover, as the panel of explanations is given them."""
OFFSCREEN_TALK = "This plugin does not support"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.gui)
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN_TALK))


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert not [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]


@pytest.fixture(autouse=True)
def themed(qapp: Any) -> None:
    if (qapp.property("viewer_theme"), qapp.property("viewer_scale")) != ("dark", 100):
        apply_theme(qapp, load_theme("dark"))


class MadeSource:
    """A clip whose frame `n` is filled with the value `n`; frames named in `broken` cannot be read."""

    def __init__(self, clip: Clip, broken: Iterable[int] = ()) -> None:
        self.clip = clip
        self.broken = frozenset(broken)
        self.closed = False

    def decode(self, index: int) -> Frame:
        if index in self.broken:
            raise UnreadableFile(self.clip.path, reason=f"frame {index + 1} is damaged")
        shape = (self.clip.rows, self.clip.columns, 3)
        return Frame(values=np.full(shape, index, np.uint8), grey=None, pixel_aspect=self.clip.pixel_aspect)

    def close(self) -> None:
        self.closed = True


class StoreByHand:
    """Frames that are decoded when the test says so; `eager` decodes at once."""

    def __init__(self) -> None:
        self.eager = True
        self.held = 0
        self.frames: dict[tuple[int, int], Frame] = {}
        self.requests: list[tuple[FrameSource, int, Callable[..., None]]] = []
        self.closed = False

    def cached(self, source: FrameSource, index: int) -> Frame | None:
        return self.frames.get((id(source), index))

    def get(self, source: FrameSource, index: int) -> Frame:
        frame = self.frames[id(source), index] = source.decode(index)
        return frame

    def request(
        self, source: FrameSource, index: int, direction: int, done: Callable[..., None], *, place: object = None
    ) -> None:
        self.requests.append((source, index, done))
        if self.eager:
            self.answer()

    def answer(self) -> None:
        source, index, done = self.requests.pop(0)
        try:
            done(source, index, self.get(source, index))
        except ViewerError as error:
            done(source, index, error)

    def hold(self, place: object = None) -> None:
        self.held += 1

    def cancel(self, place: object = None) -> None:
        self.requests.clear()

    def close(self) -> None:
        self.closed = True


class MadeAssessor:
    """Trusts frame `n` by n / 100, under the light it is given for it; remembers what it was asked to explain."""

    device = "cpu"
    scorers = ("softmax", "knn", "broken")
    columns = frame_columns(CLASSES, scorers)
    second = None

    def __init__(self, manifest: Manifest) -> None:
        self.bundle = SimpleNamespace(manifest=manifest)
        self.grounds = Grounds(model=manifest.modality)
        self.basis = basis(certificate=None, weights={"softmax": 1.0}, distributions={})
        self.lights: dict[int, Light] = {}
        self.explained: list[tuple[int, int]] = []
        self.assessed: list[int] = []

    def within(self, folder: str) -> "MadeAssessor":
        return self

    def row(self, key: FrameKey, assessment: Assessment) -> Row:
        return frame_row(key, assessment)

    def make_ready(self, place: Any, cancelled: Callable[[], bool]) -> int:
        _ = place.picture
        return 0

    def assess(self, places: Sequence[Any], modality: Modality, cancelled: Callable[[], bool]) -> list[Assessment]:
        values = [int(place.picture.rgb[0, 0, 0]) for place in places]
        self.assessed += values
        return [assessment(value / 100, light=self.lights.get(value, Light.GREY)) for value in values]

    def case(self, sums: ClipSums, picture: Modality) -> Case | None:
        return Counting(classes=self.bundle.manifest.classes).case(sums)

    def explain(self, place: Any, target: int, cancelled: Callable[[], bool]) -> tuple[Explanation, ...]:
        self.explained.append((int(place.picture.rgb[0, 0, 0]), target))
        return explanations(target)

    def field_of_view(self, picture: Picture) -> FieldOfView:
        return FieldOfView(left=0.25, top=0, right=0.75, bottom=1)


class MadeReferences:
    """Remembers what is added; cannot keep what a test forbids."""

    def __init__(self) -> None:
        self.pictures: list[Any] = []
        self.refusal: ViewerError | None = None

    def add(self, assessor: Any, picture: Any, today: date) -> int:
        if self.refusal is not None:
            raise self.refusal
        self.pictures.append(picture)
        return sum(one.answer == picture.answer for one in self.pictures)

    def listed(self, bundle: Any) -> tuple[tuple[AddedFolder, ...], tuple[str, ...]]:
        folders = tuple(
            AddedFolder(data=one.file, added=date(2026, 3, 1), pictures=1, groups=1, classes={one.answer: 1})
            for one in self.pictures
        )
        return folders, ()

    def remove(self, bundle: Any, data: Path) -> None:
        self.pictures = [one for one in self.pictures if one.file != data]


class MadeSession:
    """Opens the files it was given and answers with the made-up model."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.files: list[Opened] = []
        self.asked: list[Path] = []
        self.host = SimpleNamespace(records=lambda: ())
        self.manifest = Manifest(
            name="made-up",
            version="1",
            architecture="none",
            classes=CLASSES,
            modality=Modality.DERMOSCOPY,
            intended_use="Tests.",
            licence="CC0-1.0",
            input_size=32,
        )
        self.model = SimpleNamespace(manifest=self.manifest, digest="1" * 64)
        self.refusal: ViewerError | None = None
        self.seconds: dict[str | None, Any] = {}
        self.compared: list[str | None] = []
        self.drawing: dict[str, Any] = {}
        self.masked: list[MasksFrom] = []
        self.own = MadeReferences()
        self.made = MadeAssessor(self.manifest)
        self.closed = False
        self.keeps_site = False

    def walk(self, paths: Iterable[Path]) -> Iterator[Opened]:
        self.asked += list(paths)
        yield from self.files

    def bundles(self) -> tuple[Any, ...]:
        return (self.model,)

    def folder_fault(self, *asked: object) -> str:
        return ""

    def use_bundle(self, name: str | None, modality: Modality) -> Any:
        if self.refusal is not None:
            raise self.refusal
        return self.model

    def use_second(self, name: str | None) -> Any:
        if name is not None and name not in self.seconds:
            raise ViewerError(f"there is no model {name!r}")
        self.compared.append(name)
        return self.seconds.get(name)

    def use_masks(self, wanted: MasksFrom) -> Any:
        if wanted.model and wanted.model not in self.drawing:
            raise ViewerError(f"there is no model {wanted.model!r}")
        self.masked.append(wanted)
        return self.drawing.get(wanted.model or str(wanted.folder or ""))

    def assessor(self) -> MadeAssessor:
        return self.made

    def close(self) -> None:
        self.closed = True


class Room:
    """A window and everything behind it, with the queues in the test's hand."""

    def __init__(self, database: Path, **settings: Any) -> None:
        self.database = database
        self.journal_thread = ExecutorByHand()
        self.session = MadeSession()
        self.session.settings = replace(self.session.settings, **settings)
        self.store = StoreByHand()
        self.jobs, self.files = ByHand(), ByHand()
        bridge = Bridge()
        session: Any = self.session
        store: Any = self.store
        opener = Opener(session, store, self.files, bridge)
        self.desk = Desk(session, store, self.jobs, opener, bridge, modality=Modality.DERMOSCOPY)
        reviews = Reviews(lambda: Journal(self.database), self.journal_thread, "Reader", bridge, database.exists)
        self.counting = ByHand()
        values = Values(opener, store, self.counting, bridge)
        self.mapping = ByHand()
        self.window = MainWindow(self.desk, session, reviews, values, CohortJobs(self.mapping, bridge))

    def open(self, *files: Opened) -> None:
        """Open made-up files, show the first one and wait until its picture is painted."""
        self.session.files = list(files)
        self.desk.opener.open([Path("dropped")])
        self.files.run_all()
        deliver()
        self.window.canvas.viewport().repaint()
        self.settle()

    def work(self) -> None:
        """Let the worker finish everything and the panels follow."""
        self.jobs.run_all()
        self.settle()

    def count(self) -> None:
        """Let the pixels in shapes be counted."""
        self.counting.run_all()
        self.settle()

    def write(self) -> None:
        """Let the journal's thread do what it was asked for, and what is asked for then."""
        while self.journal_thread.waiting:
            self.journal_thread.run_all()
            self.settle()

    def settle(self) -> None:
        """Deliver what the workers said, and let the side panels catch up with the picture at once."""
        deliver()
        for timer in (self.desk._glance, self.window.conclusions.settle, self.window.studies.settle):
            if timer.isActive():
                timer.stop()
                timer.timeout.emit()


def press_focused(widget: QWidget, key: Qt.Key) -> None:
    """Give a widget the focus and press a key."""
    widget.window().activateWindow()
    widget.setFocus()
    QTest.keyClick(widget, key)


def digest_of_name(path: Path) -> str:
    """Stands for the digest of a made-up file."""
    return hashlib.sha256(str(path).encode()).hexdigest()


def deliver() -> None:
    """Deliver queued signals."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall)
    QCoreApplication.processEvents()


@pytest.fixture
def room(
    request: pytest.FixtureRequest, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    """A room with the usual settings, or (parametrised indirectly) with others."""
    monkeypatch.setattr("viewer.session.reviewing.content_digest", digest_of_name)
    made = Room(tmp_path / "reviews.db", **getattr(request, "param", {}))
    made.window.arrange(1200, 800)
    made.window.show()
    deliver()
    yield made
    made.window.close()
    made.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def panel(qtbot: Any) -> ReliabilityPanel:
    """The panel beside the picture, with what the made-up lights rest on."""
    made = ReliabilityPanel()
    qtbot.addWidget(made)
    made.use_basis(basis())
    made.resize(420, 900)
    made.show()
    return made


def clip(name: str = "clip.dcm", frames: int = 5, **changes: Any) -> Clip:
    values: dict[str, Any] = {
        "path": Path("study") / name,
        "kind": "dicom",
        "frames": frames,
        "rows": 24,
        "columns": 32,
        "photometric": "RGB",
        "frame_times_ms": tuple(40.0 * index for index in range(frames)),
        "modality": Modality.DERMOSCOPY,
    }
    return Clip(**{**values, **changes})


def opened(name: str = "clip.dcm", frames: int = 5, broken: Iterable[int] = (), **changes: Any) -> Opened:
    made = clip(name, frames, **changes)
    return Opened(path=made.path, source=MadeSource(made, broken))


def assessment(trust: float | None, **changes: Any) -> Assessment:
    answer = Score(trust=trust, raw=None if trust is None else trust, unit="probability")
    rows = (
        ScoreRow(name="softmax", title="Softmax", plugin="p", about=About.CORRECTNESS, weight=1.0, result=answer),
        ScoreRow(
            name="knn",
            title="Neighbours",
            plugin="p",
            about=About.SUITABILITY,
            weight=0.0,
            result=Score(trust=0.5, raw=2.0, unit="distance"),
        ),
        ScoreRow(
            name="broken",
            title="Broken",
            plugin="p",
            about=About.CORRECTNESS,
            weight=0.0,
            result=Failure(plugin="p", stage="score", summary="it raised ZeroDivisionError"),
        ),
    )
    values: dict[str, Any] = {
        "classes": CLASSES,
        "probabilities": np.array([0.7, 0.2, 0.1]),
        "predicted": 0,
        "final": 0,
        "trail": "classifier: nevus",
        "rows": rows,
        "trust": trust,
        "light": Light.GREY,
        "reason": "not certified: nothing is known",
    }
    return Assessment(**{**values, **changes})


def explanations(target: int) -> tuple[Explanation, ...]:
    heat = Overlay(
        title=f"Attention: {CLASSES[target]}", values=np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 4)
    )
    chart = Chart(title="Spread", labels=CLASSES, values=np.array([0.7, 0.2, 0.1]), spread=np.array([0.1, 0.1, 0.1]))
    failure = Failure(plugin="p", stage="explain", summary="it raised KeyError")
    return (
        Explanation(name="heat", title="Attention", plugin="p", result=(heat,)),
        Explanation(name="words", title="Words", plugin="p", result=(chart, Text(title="Note", body="Plain text"))),
        Explanation(name="fails", title="Failing", plugin="p", result=failure),
    )
