"""The picture on screen is added to the user's own references, listed and removed."""

from pathlib import Path

import pytest

from viewer.domain.errors import ViewerError
from viewer.ui.dialogs.own_references import OwnReferencesDialog

from .conftest import Room, opened


@pytest.fixture
def dialog(room: Room) -> OwnReferencesDialog:
    room.open(opened("a.dcm", frames=3, patient_id="4711"), opened("b.dcm", frames=1))
    room.work()
    room.window.action("own_references").trigger()
    room.work()
    return room.window.own_pictures.dialog


def add(room: Room, dialog: OwnReferencesDialog, answer: str) -> None:
    dialog.classes.setCurrentIndex(dialog.classes.findData(answer))
    dialog.add.click()
    room.work()
    room.work()  # what is shown beside the frame follows


def listed(dialog: OwnReferencesDialog) -> list[str]:
    return [dialog.added.item(row).text() for row in range(dialog.added.count())]


def test_that_the_dialog_asks_for_the_class_and_the_patient_of_the_file(dialog: OwnReferencesDialog) -> None:
    assert dialog.isVisible()
    assert dialog.picture.text() == "a.dcm, frame 1"
    assert dialog.patient.text() == "4711"
    assert [dialog.classes.itemText(row) for row in range(4)] == ["Choose …", "nevus", "melanoma", "keratosis"]
    assert not dialog.add.isEnabled()
    assert not dialog.remove.isEnabled()


def test_that_a_picture_is_confirmed_once_it_is_on_disk_and_listed(room: Room, dialog: OwnReferencesDialog) -> None:
    room.desk.seek(2)
    room.work()
    explained = len(room.session.made.explained)
    add(room, dialog, "melanoma")
    (picture,) = room.session.own.pictures
    assert (picture.file, picture.frame, picture.patient) == (Path("study/a.dcm"), 2, "4711")
    assert int(picture.decode(1).values[0, 0, 0]) == 1
    assert dialog.told.text() == "Kept on disk. Your pictures of melanoma: 1."
    assert listed(dialog) == ["a.dcm: 1 melanoma, added 2026-03-01"]
    assert len(room.session.made.explained) > explained  # it stands beside the frame on screen at once


def test_that_what_was_added_can_be_removed(room: Room, dialog: OwnReferencesDialog) -> None:
    add(room, dialog, "nevus")
    dialog.added.setCurrentRow(0)
    dialog.remove.click()
    room.work()
    assert room.session.own.pictures == []
    assert listed(dialog) == []


def test_that_what_cannot_be_kept_is_said_in_one_sentence(room: Room, dialog: OwnReferencesDialog) -> None:
    room.session.own.refusal = ViewerError("references: cannot be kept (disk full)")
    add(room, dialog, "nevus")
    assert dialog.told.text() == "references: cannot be kept (disk full)"
    assert listed(dialog) == []


def test_that_another_picture_is_asked_about_anew(room: Room, dialog: OwnReferencesDialog) -> None:
    dialog.classes.setCurrentIndex(2)
    room.window.action("next_clip").trigger()
    room.work()
    assert (dialog.picture.text(), dialog.patient.text(), dialog.classes.currentIndex()) == ("b.dcm", "", 0)


def test_that_nobody_is_named_while_the_display_is_de_identified(room: Room, dialog: OwnReferencesDialog) -> None:
    add(room, dialog, "nevus")
    room.window.action("de_identified").trigger()
    room.work()
    words = [dialog.picture.text(), dialog.patient.text(), *listed(dialog)]
    assert not any("4711" in word or "a.dcm" in word for word in words)
    add(room, dialog, "nevus")
    assert room.session.own.pictures[-1].patient == "4711"  # whose it is stays true


def test_that_there_is_nothing_to_add_before_a_model_is_in_use(room: Room) -> None:
    assert not room.window.action("own_references").isEnabled()
