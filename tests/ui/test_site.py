"""The panel of the site: what it says, what it asks before it starts again, and what an alarm does to the window."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.assessment.drift import drift_of
from viewer.domain.drift import Case, SiteView
from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.session.site import Site
from viewer.store.site_record import SiteRecord
from viewer.testing.executor import ExecutorByHand
from viewer.ui.panels.site import NOT_KEPT, SitePanel
from viewer.ui.site_watch import SiteWatch

from .conftest import CLASSES, Room, digest_of_name, opened

pytestmark = pytest.mark.gui


def usual(count: int, seed: int) -> tuple[Case, ...]:
    random = np.random.default_rng(seed)
    return tuple(
        Case(predicted=str(name), light=Light.AMBER, trust=trust, suitability=p, fingerprint=q)
        for name, (trust, p, q) in zip(random.choice(CLASSES, count), random.random((count, 3)).tolist(), strict=True)
    )


CALIBRATION = usual(120, 1)
STRANGE = tuple(replace(case, predicted=CLASSES[1]) for case in usual(60, 3))


def view(cases: tuple[Case, ...], calibration: tuple[Case, ...] = CALIBRATION) -> SiteView:
    drift = drift_of(cases, calibration, CLASSES)
    return SiteView(classes=CLASSES, calibration=calibration, cases=cases, drift=drift)


@pytest.fixture
def site(qtbot: Any) -> SitePanel:
    made = SitePanel()
    qtbot.addWidget(made)
    made.resize(400, 700)
    made.show()
    return made


def test_that_it_says_first_in_words_how_the_site_stands(site):
    site.show_site(view(usual(40, 2)))
    assert site.standing.text() == "No sign that the 40 cases here differ from those of the calibration"
    assert site.counts.text() == "40 cases here, 120 groups in the calibration"
    assert not site.moved.isVisible()
    site.show_site(view((*usual(40, 2), *STRANGE[:40])))
    assert site.standing.text().startswith("Alarm after case ")
    assert site.moved.isVisible()
    assert f"more {CLASSES[1]} than usual (100\u00a0% since about case" in site.moved.text()
    assert "At most 5 % of sites where nothing has changed ever see this alarm" in site.stated.text()


def test_that_few_cases_say_how_many_are_needed_and_raise_no_alarm(site):
    site.show_site(view(STRANGE[:9]))
    assert site.standing.text() == "9 of the 10 cases that a comparison takes at least"
    site.show_site(view(()))
    assert site.standing.text() == "0 of the 10 cases that a comparison takes at least"
    assert not site.again.isEnabled()


def test_that_bars_stand_for_the_shares_of_classes_lights_and_trust(site):
    site.show_site(view(STRANGE[:20]))
    assert [(row.name, row.here[0]) for row in site.classes.rows] == [(n, float(n == CLASSES[1])) for n in CLASSES]
    assert [row.name for row in site.lights.rows] == ["AI reliable", "AI unsure", "AI unreliable", "AI not judged"]
    assert sum(row.here[0] for row in site.trust.rows) == pytest.approx(1)
    assert [round(row.calibration[0], 2) for row in site.trust.rows] == [0.2] * 5
    assert f"{CLASSES[1]} 100 %, " in site.classes.accessibleName()
    assert f"{CLASSES[1]}: 100 % here (84 %–100 %), " in site.classes.toolTip()


def test_that_the_curve_says_what_it_shows_and_can_be_drawn(site):
    site.show_site(view((*usual(30, 2), *STRANGE[:30])))
    assert site.curve.accessibleName().endswith("to 1 after 60 cases; the alarm asks for 20")
    assert not site.curve.grab().isNull()
    site.curve.show_path((), None)
    assert site.curve.accessibleName() == "Evidence of a change: 0 to 1 after 0 cases; the alarm asks for 20"


def test_that_a_calibration_that_compares_nothing_is_told_in_place_of_bars(site):
    site.show_site(view(usual(20, 2), CALIBRATION[:10]))
    assert site.standing.text() == "Nothing can be compared: too few calibration groups (10; 50 needed)"
    assert not site.classes.isVisible()


def test_that_starting_again_is_asked_for_before_it_is_done(site, qtbot):
    site.show_site(view(STRANGE[:20]))
    with qtbot.assertNotEmitted(site.start_again):
        QTest.mouseClick(site.again, Qt.MouseButton.LeftButton)
        assert site.sure.isVisible()
        QTest.mouseClick(site.keep, Qt.MouseButton.LeftButton)
    assert site.again.isVisible()
    assert not site.sure.isVisible()
    QTest.mouseClick(site.again, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(site.start_again):
        QTest.mouseClick(site.confirm, Qt.MouseButton.LeftButton)


class Watched:
    """A room whose session keeps a record, and the thread that does so in the test's hand."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room = room
        self.record = SiteRecord(folder / "site.db")
        manifest = room.session.manifest
        rows = [{"group": str(n), "clip": "", **_row(case)} for n, case in enumerate(CALIBRATION)]
        bundle: Any = SimpleNamespace(
            digest=room.session.model.digest,
            manifest=manifest,
            combination={},
            distributions={"softmax": np.linspace(0, 1, 101)},
            certificate=None,
            clip_certificate=None,
            rows=lambda part: iter(rows),
        )
        self.site = Site(bundle, self.record)
        session: Any = room.session
        session.keeps_site, session.site, session.count = True, lambda: self.site, self.site.add
        self.thread = ExecutorByHand()
        SiteWatch(room.window, session, self.thread)
        self.panel = room.window.site

    def work(self) -> None:
        """Let the worker and then the record's thread do everything."""
        self.room.work()
        self.thread.run_all()
        self.room.settle()

    def drift(self, count: int) -> None:
        for number in range(count):
            self.record.add(self.site.digest, f"file {number}", STRANGE[number])


def _row(case: Case) -> dict[str, str]:
    probabilities = {f"p_{name}": str(float(name == case.predicted)) for name in CLASSES}
    numbers = {"trust_softmax": case.trust, "suitability": case.suitability, "fingerprint": case.fingerprint}
    return {**probabilities, **{name: str(value) for name, value in numbers.items()}}


@pytest.fixture
def watched(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr("viewer.session.site.content_digest", digest_of_name)
    made = Watched(room, tmp_path)
    yield made
    made.record.close()


def test_that_each_clip_is_a_case_once_it_is_whole_and_a_patient_only_once(watched):
    files = opened("one.dcm", 3), opened("two.png", 1, patient_id="8"), opened("three.png", 1, patient_id="8")
    watched.room.open(*files)
    watched.work()
    assert watched.panel.counts.text() == "1 cases here, 120 groups in the calibration"
    watched.room.window.assess_again()
    watched.work()
    assert len(watched.site.view().cases) == 1
    for file, cases in zip(files[1:], (2, 2), strict=True):  # both are of one patient
        watched.room.desk.show_clip(file.source.clip)
        watched.room.settle()
        watched.room.window.canvas.viewport().repaint()
        watched.work()
        assert len(watched.site.view().cases) == cases


def test_that_an_alarm_has_the_clip_on_screen_assessed_again(watched):
    watched.drift(4)
    watched.room.open(opened("one.png", 1))
    watched.work()
    watched.work()
    assessed = list(watched.room.session.made.assessed)
    watched.drift(40)
    assert watched.site.view().drift.alarm is not None
    watched.room.window.assess_again()
    watched.work()  # the case is on the record already; the alarm of another viewer is seen all the same
    watched.work()
    assert len(watched.room.session.made.assessed) == len(assessed) + 2
    assert watched.panel.standing.text().startswith("Alarm after case ")


def test_that_starting_again_is_recorded_and_ends_the_alarm(watched):
    watched.drift(40)
    watched.room.open(opened("one.png", 1))
    watched.work()
    watched.panel.start_again.emit()
    watched.work()
    assert watched.site.view().drift.alarm is None
    assert any(entry.reader for entry in watched.record.entries(watched.site.digest))
    assert "of the 10 cases" in watched.panel.standing.text()


@pytest.mark.parametrize("room", [{"read_first": True}], indirect=True)
def test_that_shares_do_not_tell_an_answer_that_is_kept_back(watched):
    watched.room.open(opened("one.png", 1), opened("two.png", 1))
    watched.work()
    assert watched.panel.counts.text() == "0 cases here, 120 groups in the calibration"
    watched.room.window.action("next_clip").trigger()
    assert watched.panel.counts.text() == "1 cases here, 120 groups in the calibration"


def test_that_a_window_that_keeps_nothing_says_so(room):
    SiteWatch(room.window, room.session, ExecutorByHand())  # type: ignore[arg-type]
    room.open(opened("one.png", 1))
    room.work()
    assert room.window.site.standing.text() == NOT_KEPT


def test_that_a_record_that_fails_is_told_and_stops_nothing(watched, monkeypatch):
    def fails(*what: object) -> None:
        raise ViewerError("site.db: the disk is full, nothing was recorded")

    told: list[str] = []
    watched.room.desk.said.connect(told.append)
    monkeypatch.setattr(watched.site, "view", fails)
    watched.room.open(opened("one.png", 1))
    watched.work()
    assert told[-1:] == ["site.db: the disk is full, nothing was recorded"]


def test_that_the_panel_is_shown_by_its_key(room):
    assert not room.window.docks["site"].isVisible()
    QTest.keyClick(room.window, Qt.Key.Key_0)
    assert room.window.docks["site"].isVisible()
