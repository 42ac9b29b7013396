"""Verifying the model on the opened files: in the background, told as it goes, stopped at any time."""

import json
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from viewer.app import build_window
from viewer.cli import main
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.result import About
from viewer.domain.verification import QUANTILES, Ground, Metric, ModelNamed, Share, Verdict, Verification
from viewer.io.dicom_writer import write_clip
from viewer.phantoms.lesion import lesion_phantom
from viewer.present.verification import as_json
from viewer.ui.dialogs.verification import STOPPED, VerificationDialog
from viewer.ui.model_check import NOTHING_OPEN, ModelCheck

from .conftest import Room, opened

pytestmark = pytest.mark.gui

LIMIT_MS = 240_000
VALUES = tuple(share / 2 for share in QUANTILES)


def verification(**changes: Any) -> Verification:
    values: dict[str, Any] = {
        "model": ModelNamed(
            name="made-up", version="1", weights="0" * 64, modality=Modality.DERMOSCOPY, calibrated=180
        ),
        "verdict": Verdict.UNSUITABLE,
        "ground": Ground.MOST_FLAGGED,
        "n": 50,
        "groups": 48,
        "files": (50, 120),
        "flagged_share": Share(value=0.84, low=0.72, high=0.94),
        "calibrated_share": Share(value=0.06, low=0.04, high=0.09),
        "p_value": 0.0005,
        "folder_p": 0.0002,
        "metrics": (
            Metric(
                name="softmax", title="Softmax probability", about=About.CORRECTNESS, here=VALUES,
                calibration=QUANTILES, p_value=0.2, effect=0.61,
            ),
        ),
        "flagged": (),
        "elsewhere": 0,
        "silent": 0,
        "unreadable": ((Path("folder/MUELLER_HANS.png"), "it is damaged"),),
        "skipped": 0,
    }  # fmt: skip
    return Verification(**(values | changes))


class MadeVerifying:
    """Three files, none of which is read."""

    def __init__(self, manifest: Any, result: Verification | ViewerError) -> None:
        self.bundle = SimpleNamespace(manifest=manifest)
        self.done = 0
        self._result = result

    @property
    def steps(self) -> tuple[int, int]:
        return self.done, 3

    def step(self) -> str:
        self.done += 1
        return "a file"

    def result(self) -> Verification:
        if isinstance(self._result, ViewerError):
            raise self._result
        return self._result


@pytest.fixture
def verifying(room: Room, monkeypatch: pytest.MonkeyPatch) -> Any:
    def begin(result: Verification | ViewerError) -> tuple[MadeVerifying, VerificationDialog]:
        room.open(opened())
        room.work()
        made = MadeVerifying(room.session.manifest, result)
        monkeypatch.setattr(ModelCheck, "_prepared", lambda self, paths, said: made)
        room.window.action("verify_model").trigger()
        (dialog,) = room.window.findChildren(VerificationDialog)
        return made, dialog

    return begin


def finish(room: Room) -> None:
    """Let the worker do what it was asked for, and what is asked for then."""
    while room.jobs.waiting:
        room.work()


def test_that_it_goes_on_file_by_file_and_then_tells_what_was_found(room, verifying):
    made, dialog = verifying(verification())
    assert dialog.isVisible()
    assert not dialog.isModal()
    for done in range(1, 4):
        room.jobs.step()
        room.settle()
        assert made.done == done - 1
        assert room.window.activity.words.text() == f"Verifying the model: {done - 1} of 3"
    finish(room)
    assert made.done == 3
    assert dialog.verdict.text() == "Unsuitable"
    assert dialog.reason.text().startswith("Most pictures are unlike those the model knows: 84\u00a0% are flagged")
    assert "Looked at 50 of 120 files, spread evenly." in dialog.facts.text()
    assert dialog.metrics.rows.rowCount() == 1
    assert dialog.report.isVisible()
    assert not dialog.bar.isVisible()
    assert room.window.activity.words.text() == "Ready"


def test_that_no_name_of_a_file_stands_in_what_was_found(room, verifying):
    _, dialog = verifying(verification())
    finish(room)
    words = " ".join(label.text() for label in (dialog.model, dialog.verdict, dialog.reason, dialog.facts))
    assert "MUELLER" not in words
    assert "Could not be read: 1." in words


@pytest.mark.parametrize("way", ["button", "command"])
def test_that_it_can_be_stopped_and_begun_again(way, room, verifying):
    made, dialog = verifying(verification())
    room.jobs.step()
    room.settle()
    if way == "button":
        dialog.stop.click()
    else:
        room.window.action("cancel").trigger()
    finish(room)
    assert made.done <= 1
    assert dialog.verdict.text() == STOPPED
    assert not dialog.report.isVisible()
    room.window.action("verify_model").trigger()
    finish(room)
    assert dialog.verdict.text() == "Unsuitable"


def test_that_a_failure_is_told_in_one_sentence(room, verifying):
    _, dialog = verifying(ViewerError("none of the 3 files holds a picture that can be assessed"))
    finish(room)
    assert dialog.verdict.text() == "none of the 3 files holds a picture that can be assessed"
    assert not dialog.stop.isVisible()


def test_that_nothing_is_verified_before_something_is_open(room):
    room.window.action("verify_model").trigger()
    assert room.window.statusBar().currentMessage() == NOTHING_OPEN
    assert not [d for d in room.window.findChildren(QDialog) if isinstance(d, VerificationDialog)]


def test_that_the_report_is_written_where_it_is_asked_for_and_opened(room, verifying, monkeypatch, tmp_path):
    written: list[tuple[Any, ...]] = []
    shown: list[str] = []
    monkeypatch.setattr("viewer.ui.model_check.report_verification", lambda *asked: written.append(asked))
    monkeypatch.setattr("viewer.ui.model_check.QDesktopServices.openUrl", lambda url: shown.append(url.toLocalFile()))
    made, _ = verifying(verification())
    finish(room)
    room.window._commands.model_check.write_report(tmp_path)
    finish(room)
    assert written == [(made, verification(), tmp_path)]
    assert shown == [str(tmp_path / "index.html")]


def test_that_every_part_has_a_name_and_can_be_reached_by_keys(room, verifying):
    _, dialog = verifying(verification())
    finish(room)
    assert dialog.bar.accessibleName()
    assert dialog.metrics.accessibleName()
    for button in (dialog.stop, dialog.report):
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.integration
def test_that_the_window_verifies_a_model_as_the_command_does(qtbot, tmp_path, monkeypatch, capsys):
    (tmp_path / "settings.toml").write_text("plugin_budget_s = 200.0\n", encoding="utf-8")
    monkeypatch.setattr("viewer.settings.settings_file", lambda: tmp_path / "settings.toml")
    folder = tmp_path / "site"
    folder.mkdir()
    for number in range(4):
        pixels = lesion_phantom(number, kind="nevus", size=96).pixels
        write_clip(folder / f"{number}.dcm", [pixels], modality="DMS", frame_time_ms=None)
    (folder / "broken.dcm").write_bytes((folder / "0.dcm").read_bytes()[:400])
    capsys.readouterr()
    assert main(["verify", "phantom-lesion", "--data", str(folder), "--json"]) == 0
    headless = json.loads(capsys.readouterr().out)

    window = build_window(Namespace(bundle="phantom-lesion", modality=None, second=None))
    found: list[Any] = []
    monkeypatch.setattr(VerificationDialog, "show_found", lambda self, model, what: found.append(what))
    with qtbot.waitSignal(window.desk.clip_assessed, timeout=LIMIT_MS):
        window.show()
        window.desk.opener.open([folder])
    window.action("verify_model").trigger()
    qtbot.waitUntil(lambda: bool(found), timeout=LIMIT_MS)
    window.close()
    window.deleteLater()

    assert as_json(found[0]) == headless
