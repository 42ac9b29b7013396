"""Masks from elsewhere: asked for, shown, remembered, and the way back."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from viewer.domain.calibration import NOT_CALIBRATED
from viewer.domain.image import Modality
from viewer.domain.mask import MaskFound
from viewer.domain.measure import Measurement
from viewer.domain.result import Light
from viewer.session.masks import OWN, MasksFrom

from .conftest import Room, assessment, opened

LESION = MaskFound(
    shows="lesion",
    drawn_by="drawer",
    share=0.124,
    pixels=1240,
    area=Measurement(name="area", value=45.21, unit="mm²", basis="PixelSpacing"),
    cut=True,
)


def model(room: Room, name: str, shows: str, modality: Modality = Modality.DERMOSCOPY) -> Any:
    manifest = replace(room.session.manifest, name=name, mask_shows=shows, modality=modality)
    return SimpleNamespace(manifest=manifest, digest=name)


@pytest.fixture
def offering(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room with a model in use and others, of which one draws masks of such pictures."""
    others = (
        model(room, "drawer", "lesion"),
        model(room, "plain", ""),
        model(room, "chest", "lungs", Modality.XRAY),
    )
    room.session.drawing = {
        "drawer@1": SimpleNamespace(drawn_by="drawer", origin="drawer 1"),
        "masks": SimpleNamespace(drawn_by="given", origin="masks"),
    }
    monkeypatch.setattr(room.session, "bundles", lambda: (room.session.model, *others))
    room.open(opened(frames=3))
    room.work()
    return room


def choose(room: Room, row: int) -> None:
    room.window.action("masks_by_model").trigger()
    room.window.mask_source.dialog.models.setCurrentRow(row)
    room.window.mask_source.dialog.accept()
    room.work()


def test_that_the_models_that_draw_masks_of_such_pictures_are_offered(offering: Room) -> None:
    offering.window.action("masks_by_model").trigger()
    models = offering.window.mask_source.dialog.models
    assert [models.item(row).text() for row in range(models.count())] == ["None", "drawer 1: draws lesion"]
    assert models.currentRow() == 0


def test_that_a_chosen_model_assesses_the_clip_anew_and_stands_in_the_banner(offering: Room) -> None:
    before = len(offering.session.made.assessed)
    choose(offering, 1)
    assert offering.session.masked[-1] == MasksFrom(model="drawer@1")
    assert len(offering.session.made.assessed) == 2 * before
    assert offering.window.banner.masks.isVisible()
    assert offering.window.banner.masks.text() == "masks by drawer"
    QTest.mouseClick(offering.window.banner.masks, Qt.MouseButton.LeftButton)
    assert offering.window.mask_source.dialog.models.currentRow() == 1


def test_that_the_first_choice_is_the_way_back_from_a_model_and_from_a_folder(offering: Room) -> None:
    for wanted in (MasksFrom(model="drawer@1"), MasksFrom(folder=Path("masks"))):
        offering.window.mask_source.use(wanted)
        offering.work()
        assert offering.window.banner.masks.isVisible()
        choose(offering, 0)
        assert offering.session.masked[-1] == OWN
        assert not offering.window.banner.masks.isVisible()


def test_that_a_folder_is_asked_for_and_taken(offering: Room) -> None:
    offering.window.action("masks_given").trigger()
    (dialog,) = offering.window.findChildren(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.fileSelected.emit("masks")
    dialog.close()
    offering.work()
    assert offering.session.masked[-1] == MasksFrom(folder=Path("masks"))
    assert offering.window.banner.masks.text() == "your masks"


def test_that_a_model_that_is_not_there_is_told_once_and_the_clip_is_assessed_without(offering: Room) -> None:
    said: list[str] = []
    offering.desk.said.connect(said.append)
    offering.window.mask_source.use(MasksFrom(model="nobody"))
    offering.work()
    assert said == ["there is no model 'nobody'"]
    assert offering.window.frames.rowCount() == 3
    assert not offering.window.banner.masks.isVisible()


def test_that_the_source_is_remembered_with_the_sitting(offering: Room) -> None:
    source = offering.window.mask_source
    assert source.kept() == {"model": "", "folder": ""}
    for damaged in (None, 7, {"model": 3}, {"folder": None}):
        source.restore(damaged)
        assert offering.desk.models.masks == OWN
    source.restore({"model": "drawer@1", "folder": ""})
    assert offering.desk.models.masks == MasksFrom(model="drawer@1")
    source.restore({"model": "", "folder": "masks"})  # something has been named meanwhile
    assert source.kept() == {"model": "drawer@1", "folder": ""}


def test_that_the_panel_tells_how_large_the_mask_is_and_who_drew_it(offering: Room) -> None:
    panel = offering.window.reliability
    panel.show_assessment(replace(assessment(0.9, light=Light.GREEN), mask=LESION))
    assert panel.mask_words.text() == (
        "Lesion: 12 % of the picture, 45.2 mm² "
        "(PixelSpacing; it reaches the edge of what was seen and may be larger); drawn by drawer"
    )
    assert panel.mask_words.isVisibleTo(panel)
    area = Measurement(name="area", value=1240.0, unit="px²", basis=NOT_CALIBRATED)
    panel.show_assessment(
        replace(assessment(0.9, light=Light.GREEN), mask=replace(LESION, drawn_by="given", area=area, cut=False))
    )
    assert panel.mask_words.text() == "Lesion: 12 % of the picture, 1240 px² (not calibrated); given by you"
    panel.show_assessment(assessment(0.9, light=Light.GREEN))
    assert not panel.mask_words.isVisibleTo(panel)
