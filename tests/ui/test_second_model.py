"""A second model beside the first: asked for, shown, remembered, and no more than beside."""

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from viewer.domain.image import Modality

from .conftest import Room, opened


def model(room: Room, name: str, digest: str, modality: Modality = Modality.DERMOSCOPY, *classes: str) -> Any:
    known = {"classes": classes or room.session.manifest.classes, "version": "3", "modality": modality}
    manifest = SimpleNamespace(**{**vars_of(room.session.manifest), **known, "name": name})
    return SimpleNamespace(manifest=manifest, digest=digest)


def vars_of(manifest: Any) -> dict[str, Any]:
    return {field: getattr(manifest, field) for field in manifest.__dataclass_fields__}


@pytest.fixture
def offering(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room with a model in use, another for the same pictures, and one for others."""
    other = model(room, "other", "2" * 64, Modality.DERMOSCOPY, "nevus", "freckle")
    clips = model(room, "clips", "3" * 64, Modality.ULTRASOUND)
    room.session.seconds = {"other@3": other, "other": other}
    monkeypatch.setattr(room.session, "bundles", lambda: (room.session.model, other, clips))
    room.open(opened(frames=3))
    room.work()
    return room


def lines(room: Room) -> list[str]:
    models = room.window.beside.dialog.models
    return [models.item(row).text() for row in range(models.count())]


def choose(room: Room, row: int) -> None:
    room.window.action("compare_models").trigger()
    room.window.beside.dialog.models.setCurrentRow(row)
    room.window.beside.dialog.accept()
    room.work()


def test_that_the_models_that_fit_are_offered_with_what_they_know(offering: Room) -> None:
    offering.window.action("compare_models").trigger()
    assert offering.window.beside.dialog.isVisible()
    assert lines(offering) == ["None", "other 3: knows 1 of the 3 answers of made-up"]
    assert offering.window.beside.dialog.models.currentRow() == 0


def test_that_a_chosen_model_assesses_the_clip_anew_and_stands_in_the_banner(offering: Room) -> None:
    before = len(offering.session.made.assessed)
    choose(offering, 1)
    assert offering.session.compared[-1] == "other@3"
    assert len(offering.session.made.assessed) == 2 * before
    assert offering.window.banner.second.isVisible()
    assert offering.window.banner.second.text() == "and other"
    assert "other" in offering.window.banner.second.accessibleName()
    QTest.mouseClick(offering.window.banner.second, Qt.MouseButton.LeftButton)
    assert offering.window.beside.dialog.models.currentRow() == 1


def test_that_none_ends_the_comparison(offering: Room) -> None:
    choose(offering, 1)
    choose(offering, 0)
    assert offering.session.compared[-1] is None
    assert not offering.window.banner.second.isVisible()


def test_that_choosing_what_is_in_use_assesses_nothing_again(offering: Room) -> None:
    choose(offering, 1)
    before = len(offering.session.made.assessed)
    choose(offering, 1)
    assert len(offering.session.made.assessed) == before


def test_that_cancelling_changes_nothing(offering: Room) -> None:
    offering.window.action("compare_models").trigger()
    dialog = offering.window.beside.dialog
    dialog.models.setCurrentRow(1)
    cancel = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Cancel)
    cancel.click()
    assert offering.desk.models.second is None


def test_that_the_list_is_chosen_from_by_keys(offering: Room) -> None:
    offering.window.action("compare_models").trigger()
    models = offering.window.beside.dialog.models
    QTest.keyClick(models, Qt.Key.Key_Down)
    QTest.keyClick(models, Qt.Key.Key_Return)
    offering.work()
    assert offering.desk.models.second == "other@3"


def test_that_a_model_that_is_not_there_is_told_once_and_the_first_one_answers(offering: Room) -> None:
    said: list[str] = []
    offering.desk.said.connect(said.append)
    offering.desk.use_second("nobody")
    offering.work()
    assert said == ["there is no model 'nobody'"]
    assert offering.window.frames.rowCount() == 3
    assert not offering.window.banner.second.isVisible()
    offering.window.action("compare_models").trigger()  # and another one can be chosen
    assert offering.window.beside.dialog.models.currentRow() == 0


def test_that_without_another_model_the_dialog_says_so(room: Room) -> None:
    assert not room.window.action("compare_models").isEnabled()
    room.open(opened(frames=1))
    room.work()
    room.window.action("compare_models").trigger()
    dialog = room.window.beside.dialog
    assert dialog.nothing.isVisible()
    assert lines(room) == ["None"]


def test_that_the_sitting_remembers_the_second_model(offering: Room) -> None:
    assert offering.window.beside.kept() == ""
    choose(offering, 1)
    assert offering.window.beside.kept() == "other@3"


@pytest.mark.parametrize("kept", ["", None, 7, ["other"]])
def test_that_what_makes_no_sense_is_passed_over(offering: Room, kept: object) -> None:
    offering.window.beside.restore(kept)
    assert offering.desk.models.second is None


def test_that_a_remembered_model_does_not_replace_one_that_was_named(offering: Room) -> None:
    choose(offering, 1)
    offering.window.beside.restore("another")
    assert offering.desk.models.second == "other@3"
