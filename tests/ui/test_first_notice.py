"""What to know before the first picture is shown until it is accepted, and blocks nothing."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from viewer.domain.errors import ViewerError
from viewer.session.remembered import MemoryFile
from viewer.testing.executor import ExecutorByHand
from viewer.ui.dialogs.first_notice import VERSION, FirstNotice
from viewer.ui.remembering import Remembering
from viewer.ui.widgets.light_sign import LightMark

from .conftest import Room, deliver, opened


class First:
    """A window that is greeted as at a start."""

    def __init__(self, room: Room, file: MemoryFile) -> None:
        self.room, self.thread = room, ExecutorByHand()
        Remembering(room.window, file, self.thread, file.read()).greet()
        room.settle()

    @property
    def notice(self) -> FirstNotice | None:
        found = [dialog for dialog in self.room.window.findChildren(FirstNotice) if dialog.isVisible()]
        return found[0] if found else None


@pytest.fixture
def file(tmp_path: Path) -> MemoryFile:
    return MemoryFile(tmp_path / "memory.json")


def words(notice: FirstNotice) -> str:
    return "\n".join(part.text().replace("\u200b", "") for part in notice.findChildren(QLabel))


def test_that_the_first_start_says_what_this_is_and_where_data_are_kept(room: Room, file: MemoryFile) -> None:
    notice = First(room, file).notice
    assert notice is not None
    assert not notice.isModal()
    said = words(notice)
    assert "not a medical device" in said
    assert all(word in said for word in ("AI reliable", "AI unsure", "AI unreliable", "AI not judged"))
    assert "reviews.db" in said
    assert [mark.accessibleName().split(": ")[1] for mark in notice.findChildren(LightMark)] == [
        "AI reliable",
        "AI unsure",
        "AI unreliable",
        "AI not judged",
    ]


def test_that_it_is_accepted_by_return_once_for_all(room: Room, file: MemoryFile) -> None:
    first = First(room, file)
    QTest.keyClick(first.notice, Qt.Key.Key_Return)
    first.thread.run_all()
    assert first.notice is None
    assert file.read().notice == VERSION
    assert First(room, file).notice is None


def test_that_it_comes_again_where_it_was_only_closed(room: Room, file: MemoryFile) -> None:
    first = First(room, file)
    QTest.keyClick(first.notice, Qt.Key.Key_Escape)
    first.thread.run_all()
    assert first.notice is None
    assert First(room, file).notice is not None


def test_that_another_version_is_shown_once_more(room: Room, file: MemoryFile) -> None:
    file.keep_notice(VERSION - 1)
    assert First(room, file).notice is not None


def test_that_files_open_while_it_is_there(room: Room, file: MemoryFile) -> None:
    first = First(room, file)
    room.open(opened("a.dcm"))
    assert first.notice is not None
    assert room.desk.clip is not None
    room.window.activateWindow()
    deliver()
    QTest.keyClick(room.window, Qt.Key.Key_End)
    room.settle()
    assert room.desk.frame == 4


def test_that_it_can_be_read_again_and_says_so_where_it_cannot_be_kept(
    room: Room, file: MemoryFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ViewerError("memory.json: the disk is full")

    said: list[str] = []
    room.desk.said.connect(said.append)
    first = First(room, file)
    QTest.keyClick(first.notice, Qt.Key.Key_Escape)
    room.window.action("notice").trigger()
    assert first.notice is not None
    monkeypatch.setattr(MemoryFile, "_change", full)
    QTest.mouseClick(first.notice.understood, Qt.MouseButton.LeftButton)
    first.thread.run_all()
    room.settle()
    assert said == ["memory.json: the disk is full"]


def test_that_a_window_without_a_memory_is_not_greeted(room: Room) -> None:
    assert room.window.findChildren(FirstNotice) == []
