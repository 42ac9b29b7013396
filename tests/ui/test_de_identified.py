"""The de-identified display: nothing in the window tells whose pictures are open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QWidget

from viewer.io.reader import Opened

from .conftest import Room, opened
from .test_main_window import press

CONTROL = Qt.KeyboardModifier.ControlModifier
SECRETS = ("Roe", "Richard", "PID815", "1987", "0613", "Royal", "Ward", "Splenic", "Telling")
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


def telling(name: str = "Telling_Roe_1987.dcm", **changes: object) -> Opened:
    fields = {
        "path": Path("Royal Ward") / "Roe" / name,
        "patient_name": "Roe^Richard",
        "patient_id": "PID815",
        "study_uid": "1.2",
        "study_description": "Royal Infirmary follow-up",
        "study_date": "19870613",
        "series_uid": "1.2.3",
        "series_description": "Splenic view of Roe",
        "series_number": 3,
        "instance_number": 1,
    }
    return opened(name, **{**fields, **changes})


def every_text(window: QWidget) -> Iterator[str]:
    """Every text property of every widget and action, and every item of every list."""
    for part in (window, *window.findChildren(QWidget), *window.findChildren(QAction)):
        kind = part.metaObject()
        for index in range(kind.propertyCount()):
            value = kind.property(index).read(part)
            if isinstance(value, str):
                yield value
        if isinstance(part, QAbstractItemView) and part.model() is not None:
            yield from items(part.model(), QModelIndex())


def items(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    for row in range(model.rowCount(parent)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield from (str(index.data(role)) for role in ROLES)
            yield from items(model, index)


def shown(room: Room) -> str:
    """Everything that can be read in the window, with every panel in front."""
    texts = []
    for dock in room.window.docks.values():
        dock.show()
        dock.raise_()
        room.settle()
        texts += every_text(room.window)
    for pane in room.window.panes.panes:
        texts += pane.canvas.furniture.words
    return "\n".join(texts)


def found(room: Room) -> list[str]:
    texts = shown(room).lower()
    return [secret for secret in SECRETS if secret.lower() in texts]


def test_that_the_walk_over_the_window_finds_what_is_told_there(room):
    room.open(telling())
    room.work()
    assert set(found(room)) == set(SECRETS) - {"0613"}  # the date is written 1987-06-13
    assert "1987-06-13" in shown(room)


def test_that_a_key_takes_everything_that_tells_whose_it_is_out_of_the_window(room):
    room.open(
        telling(), telling("Telling_Roe_2.dcm", instance_number=2), telling("Roe.png", study_uid="", series_uid="")
    )
    room.work()
    press(room, Qt.Key.Key_D, CONTROL)
    assert found(room) == []
    texts = shown(room)
    assert "De-identified" in texts
    assert room.window.windowTitle().startswith("Study 1 / Series 1 / Image 1")
    press(room, Qt.Key.Key_Down)
    room.work()
    assert room.window.windowTitle().startswith("Study 1 / Series 1 / Image 2")
    assert found(room) == []
    press(room, Qt.Key.Key_D, CONTROL)
    assert "Roe" in found(room)
    assert room.window.windowTitle().startswith("Telling_Roe_2.dcm")


@pytest.mark.parametrize("room", [{"de_identified": True}], indirect=True)
def test_that_the_setting_keeps_names_back_from_the_beginning(room):
    room.open(telling())
    room.work()
    assert room.window.action("de_identified").isChecked()
    assert found(room) == []


@pytest.mark.parametrize("room", [{"de_identified": True}], indirect=True)
def test_that_files_that_cannot_be_read_do_not_tell_their_names(room):
    damaged = telling("Telling_b.dcm", broken=[0])
    room.open(telling(broken=[1]), damaged, Opened(path=Path("Ward/Roe: 1987.dcm"), error="it ends early"))
    assert "it ends early" in " ".join(room.window.problems.sentences)
    press(room, Qt.Key.Key_Right)
    assert "damaged" in room.window.canvas.note
    room.work()
    room.window.problems.show_all.click()
    room.settle()
    assert found(room) == []
    room.window.problems.dialog.close()
    room.window.activateWindow()
    room.settle()
    press(room, Qt.Key.Key_D, CONTROL)
    assert {"Roe", "Ward"} <= set(found(room))
    assert "Telling" in room.window.canvas.note


def test_that_names_are_kept_back_in_every_pane(room):
    room.open(telling(), telling("Telling_Roe_2.dcm", instance_number=2))
    press(room, Qt.Key.Key_F3)
    press(room, Qt.Key.Key_D, CONTROL)
    assert len(room.window.panes.panes) == 2
    assert found(room) == []
    assert all("De-identified" in pane.canvas.furniture.words for pane in room.window.panes.panes)
