"""The window tells of a fault of its own, and goes on."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from viewer.session.fault_reports import FaultReport
from viewer.ui.dialogs.report import ReportDialog
from viewer.ui.faults import FaultNotice, note_commands

from .conftest import Room, opened, press_focused

REPORT = FaultReport("what is known", Path("/faults/fault-1.txt"))


@pytest.fixture
def notice(room: Room) -> FaultNotice:
    return FaultNotice(room.window.fault, room.window)


def button(room: Room, text: str) -> QPushButton:
    return next(made for made in room.window.fault.buttons if made.text().replace("&", "") == text)


def test_that_a_window_without_faults_says_nothing(room: Room, notice: FaultNotice) -> None:
    notice.ended_badly(())
    assert not room.window.fault.isVisible()


def test_that_a_fault_is_told_and_reading_goes_on(room: Room, notice: FaultNotice) -> None:
    room.open(opened(frames=3))
    notice.went_wrong(REPORT)
    assert room.window.fault.isVisible()
    assert room.window.fault.words.text() == "Something went wrong in the viewer. What you confirmed is safe."
    QTest.keyClick(room.window, Qt.Key.Key_Right)
    room.settle()
    assert room.desk.frame == 1
    QTest.mouseClick(button(room, "Dismiss"), Qt.MouseButton.LeftButton)
    assert not room.window.fault.isVisible()


def test_that_the_report_is_shown_beside_the_window(room: Room, notice: FaultNotice) -> None:
    notice.went_wrong(REPORT)
    press_focused(button(room, "Show report"), Qt.Key.Key_Return)
    (dialog,) = room.window.findChildren(ReportDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert dialog.text.toPlainText() == "what is known"
    assert room.window.fault.isVisible()
    notice.went_wrong(FaultReport("more", None))
    QTest.mouseClick(button(room, "Show report"), Qt.MouseButton.LeftButton)
    assert dialog.text.toPlainText() == "more"


def test_that_the_report_is_copied(room: Room, notice: FaultNotice) -> None:
    notice.went_wrong(REPORT)
    press_focused(button(room, "Copy"), Qt.Key.Key_Space)
    assert QApplication.clipboard().text() == "what is known"


def test_that_a_bad_end_is_told_at_the_next_start(room: Room, notice: FaultNotice) -> None:
    notice.ended_badly((FaultReport("old", None), REPORT))
    assert room.window.fault.words.text() == "The viewer ended unexpectedly last time. What you confirmed is safe."
    assert room.window.fault.accessibleName() == room.window.fault.words.text()
    QTest.mouseClick(button(room, "Copy"), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "what is known"


def test_that_commands_are_noted_by_name_however_they_are_given(room: Room) -> None:
    noted: list[str] = []
    note_commands(room.window, noted.append)
    room.open(opened(patient_name="Doe^Jane"))
    QTest.keyClick(room.window, Qt.Key.Key_End)
    room.window.action("loop").trigger()
    assert noted == ["last_frame", "loop"]
