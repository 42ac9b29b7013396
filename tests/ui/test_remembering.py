"""What the window remembers from one sitting to the next, and how it offers it."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLabel, QPushButton, QTabBar

from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.session.remembered import MemoryFile, Remembered, Sitting, WindowLayout
from viewer.testing.cohorts import Case, write_made_up_cohort
from viewer.testing.executor import ExecutorByHand
from viewer.ui.remembering import Remembering, last_words

from .conftest import Room, opened, press_focused

ROOM = QSize(5000, 5000)
LAST = Sitting(paths=(str(Path("dropped").absolute()),), studies=1, clip=str(Path("study/b.dcm").absolute()), frame=3)


class Sat:
    """A window with a memory, whose thread is stepped by hand."""

    def __init__(self, room: Room, file: MemoryFile) -> None:
        self.room, self.window, self.file = room, room.window, file
        self.thread = ExecutorByHand()
        self.remembering = Remembering(room.window, file, self.thread, file.read())

    def begin(self, restore: str = "ask", *, asked: bool = False) -> "Sat":
        self.remembering.begin(restore, ROOM, asked=asked)
        return self

    def work(self) -> None:
        """Let what is written later be written now."""
        if self.remembering._timer.isActive():
            self.remembering._timer.stop()
            self.remembering._timer.timeout.emit()
        self.thread.run_all()
        self.room.settle()

    def open_again(self) -> None:
        """Let the files open that were asked for."""
        self.room.files.run_all()
        self.room.settle()

    def recent(self) -> list[tuple[str, bool]]:
        """The entries of the menu as they look once it is open."""
        self.window.recent.aboutToShow.emit()
        self.work()
        return [(action.text(), action.isEnabled()) for action in self.window.recent.actions() if action.text()]


@pytest.fixture
def file(tmp_path: Path) -> MemoryFile:
    return MemoryFile(tmp_path / "memory.json")


@pytest.fixture
def sit(room: Room, file: MemoryFile) -> Callable[[], Sat]:
    return lambda: Sat(room, file)


@pytest.fixture
def rooms(room: Room, tmp_path: Path) -> Iterator[Callable[[], Room]]:
    """More windows, for the sittings after the first."""
    made: list[Room] = []

    def another() -> Room:
        made.append(Room(tmp_path / f"{len(made)}.db"))
        return made[-1]

    yield another
    for other in made:
        other.window.close()
        other.window.deleteLater()


def button(sat: Sat, text: str) -> QPushButton:
    return next(made for made in sat.window.last_time.buttons if made.text().replace("&", "") == text)


def test_that_a_window_without_a_memory_offers_nothing(room: Room) -> None:
    assert not room.window.last_time.isVisible()
    assert not room.window.action("reopen_last").isEnabled()
    assert not room.window.recent.isEnabled()


def test_that_what_is_on_screen_is_kept_while_reading(sit: Callable[[], Sat], file: MemoryFile) -> None:
    sat = sit().begin()
    sat.room.open(opened("a.dcm"), opened("b.dcm"))
    QTest.keyClick(sat.window, Qt.Key.Key_Down)
    QTest.keyClick(sat.window, Qt.Key.Key_End)
    sat.room.settle()
    sat.work()
    assert file.read().last == Sitting(
        paths=LAST.paths, studies=1, clip=LAST.clip, frame=4, modality=Modality.DERMOSCOPY.value
    )


def test_that_playing_writes_now_and_then_and_not_for_every_frame(sit: Callable[[], Sat]) -> None:
    sat = sit().begin()
    sat.room.open(opened(frames=40))
    sat.work()
    for frame in range(40):
        sat.room.desk.seek(frame)
        sat.room.settle()
    assert sat.remembering._timer.isActive()
    assert not sat.thread._calls


def test_that_last_time_is_offered_and_opened_by_mouse(sit: Callable[[], Sat], file: MemoryFile) -> None:
    file.keep_last(LAST)
    sat = sit().begin()
    assert sat.window.last_time.isVisible()
    assert sat.window.last_time.words.text() == "Last time: 1 study, b.dcm at frame 4."
    sat.room.session.files = [opened("a.dcm"), opened("b.dcm")]
    QTest.mouseClick(button(sat, "Open again"), Qt.MouseButton.LeftButton)
    sat.open_again()
    assert not sat.window.last_time.isVisible()
    assert sat.room.session.asked == [Path(LAST.paths[0])]
    assert sat.room.desk.clip is not None
    assert (sat.room.desk.clip.path.name, sat.room.desk.frame) == ("b.dcm", 3)


def test_that_last_time_is_opened_by_its_key_after_it_was_put_off(sit: Callable[[], Sat], file: MemoryFile) -> None:
    file.keep_last(LAST)
    sat = sit().begin()
    press_focused(button(sat, "Not now"), Qt.Key.Key_Space)
    assert not sat.window.last_time.isVisible()
    assert sat.room.session.asked == []
    sat.room.session.files = [opened("a.dcm"), opened("b.dcm")]
    QTest.keyClick(sat.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    sat.open_again()
    assert sat.room.desk.frame == 3


@pytest.mark.parametrize(
    ("restore", "asked", "opens"), [("always", False, 1), ("always", True, 0), ("never", False, 0)]
)
def test_that_the_setting_decides(
    sit: Callable[[], Sat], file: MemoryFile, restore: str, asked: bool, opens: int
) -> None:
    file.keep_last(LAST)
    sat = sit().begin(restore, asked=asked)
    sat.open_again()
    assert len(sat.room.session.asked) == opens
    assert not sat.window.last_time.isVisible()
    assert sat.window.action("reopen_last").isEnabled()


def test_that_a_start_with_files_offers_nothing_and_forgets_nothing(sit: Callable[[], Sat], file: MemoryFile) -> None:
    file.keep_last(LAST)
    sat = sit().begin(asked=True)
    sat.work()
    assert not sat.window.last_time.isVisible()
    assert file.read().last == LAST


def test_that_nobody_is_pulled_away_from_what_they_turned_to(sit: Callable[[], Sat], file: MemoryFile) -> None:
    file.keep_last(LAST)
    sat = sit().begin("always")
    sat.room.session.files = [opened(f"a{n}.dcm") for n in range(8)] + [opened("b.dcm")]
    sat.room.files.step()
    sat.room.settle()
    QTest.keyClick(sat.window, Qt.Key.Key_Right)
    sat.open_again()
    assert sat.room.desk.clip is not None
    assert (sat.room.desk.clip.path.name, sat.room.desk.frame) == ("a0.dcm", 1)


def test_that_a_clip_that_is_gone_leaves_the_first_one_on_screen(sit: Callable[[], Sat], file: MemoryFile) -> None:
    file.keep_last(LAST)
    sat = sit().begin("always")
    sat.room.session.files = [opened("a.dcm")]
    sat.open_again()
    sat.room.open(opened("b.dcm"))
    assert sat.room.desk.clip is not None
    assert (sat.room.desk.clip.path.name, sat.room.desk.frame) == ("a.dcm", 0)


def test_that_a_frame_beyond_the_end_is_the_last_one(sit: Callable[[], Sat], file: MemoryFile) -> None:
    file.keep_last(Sitting(paths=LAST.paths, clip=LAST.clip, frame=999))
    sat = sit().begin("always")
    sat.room.session.files = [opened("b.dcm", 3)]
    sat.open_again()
    assert sat.room.desk.frame == 2


def test_that_model_and_modality_come_back_unless_this_start_names_others(
    sit: Callable[[], Sat], file: MemoryFile
) -> None:
    file.keep_last(Sitting(paths=LAST.paths, clip=LAST.clip, bundle="kept", modality="xray"))
    sat = sit()
    sat.room.desk._said_modality = Modality.UNKNOWN
    sat.begin("always")
    assert sat.room.desk.choice == ("kept", Modality.XRAY)
    sat.room.desk.models.name, sat.room.desk._said_modality = "named", Modality.OTHER
    sat.remembering.reopen()
    assert sat.room.desk.choice == ("named", Modality.OTHER)


def test_that_a_part_of_the_window_keeps_something_of_its_own(sit: Callable[[], Sat], file: MemoryFile) -> None:
    sat = sit()
    came: list[object] = []
    sat.remembering.equip("panes", lambda: {"layout": 4}, came.append)
    sat.begin()
    sat.room.open(opened("b.dcm"))
    sat.work()
    last = file.read().last
    assert last is not None
    assert last.more == {"panes": {"layout": 4}}
    sat.remembering._known = Remembered(last=last)
    sat.remembering.reopen()
    assert came == [{"layout": 4}]


def test_that_what_was_opened_stands_in_the_menu_and_opens_again(
    sit: Callable[[], Sat], file: MemoryFile, tmp_path: Path
) -> None:
    here = tmp_path / "here & there.dcm"
    here.touch()
    file.add_recent([str(here)])
    file.add_recent([str(tmp_path / "gone.dcm"), str(tmp_path / "gone2.dcm")])
    sat = sit().begin()
    assert sat.recent() == [
        ("&1  gone.dcm  + 1 more   (not found)", False),
        ("&2  here && there.dcm", True),
        ("Clear list", True),
    ]
    entry = sat.window.recent.actions()[1]
    assert entry.toolTip() == str(here)
    entry.trigger()
    sat.open_again()
    assert sat.room.session.asked == [here]


def test_that_only_what_could_be_opened_is_remembered(sit: Callable[[], Sat], file: MemoryFile) -> None:
    sat = sit().begin()
    sat.room.desk.opener.open([Path("nothing")])
    sat.open_again()
    sat.work()
    assert file.read() == Remembered()
    sat.room.open(opened("a.dcm"))
    sat.work()
    assert file.read().recent == (LAST.paths,)
    assert sat.recent()[0] == ("&1  dropped   (not found)", False)


def test_that_clearing_the_list_forgets_last_time_too(sit: Callable[[], Sat], file: MemoryFile) -> None:
    file.keep_last(LAST)
    file.add_recent(["/a"])
    sat = sit().begin()
    sat.recent()
    sat.window.recent.actions()[-1].trigger()
    sat.work()
    assert file.read() == Remembered()
    assert not sat.window.action("reopen_last").isEnabled()
    assert not sat.window.last_time.isVisible()
    assert sat.recent() == [("Nothing opened yet", False)]


def test_that_nothing_is_remembered_or_shown_while_names_are_hidden(sit: Callable[[], Sat], file: MemoryFile) -> None:
    file.add_recent(["/Doe^Jane"])
    file.keep_last(LAST)
    sat = sit()
    sat.remembering.private = lambda: True
    sat.begin()
    assert not sat.window.last_time.isVisible()
    sat.room.open(opened("a.dcm"))
    sat.work()
    assert sat.recent() == [("Not shown while the display is de-identified", False)]
    assert (file.read().recent, file.read().last) == ((("/Doe^Jane",),), LAST)


def test_that_a_damaged_memory_is_said_and_stops_nothing(sit: Callable[[], Sat], tmp_path: Path) -> None:
    (tmp_path / "memory.json").write_text("{")
    sat = sit().begin()
    assert sat.window.statusBar().currentMessage().startswith("memory.json: ")
    sat.room.open(opened("a.dcm"))
    sat.work()
    assert sat.file.read().last is not None


def test_that_a_memory_that_cannot_be_written_is_said(
    sit: Callable[[], Sat], file: MemoryFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ViewerError("memory.json: the disk is full")

    sat = sit().begin()
    said: list[str] = []
    sat.room.desk.said.connect(said.append)
    monkeypatch.setattr(MemoryFile, "_change", full)
    sat.room.open(opened("a.dcm"))
    sat.work()
    assert set(said) == {"memory.json: the disk is full"}


def test_that_what_happens_after_the_end_is_not_kept(room: Room, file: MemoryFile) -> None:
    file.add_recent(["/a"])
    remembering = Remembering(room.window, file, ThreadPoolExecutor(max_workers=1), file.read())
    room.open(opened("a.dcm"))
    room.window.close()
    left = file.read()
    remembering._changed()
    remembering._timer.timeout.emit()
    room.window.recent.aboutToShow.emit()
    assert file.read() == left
    assert left.recent[0] == LAST.paths


def docked(window: Any) -> dict[str, tuple[bool, Qt.DockWidgetArea]]:
    return {name: (dock.isVisibleTo(window), window.dockWidgetArea(dock)) for name, dock in window.docks.items()}


def add_dock(window: Any, name: str, area: Qt.DockWidgetArea) -> None:
    """A panel that another version of the window has."""
    dock = QDockWidget(name, window)
    dock.setObjectName(name)
    dock.setWidget(QLabel(name))
    window.addDockWidget(area, dock)
    window.docks[name] = dock


def moved(window: Any) -> None:
    """Rearrange as a reader would."""
    window.docks["frames"].show()
    window.docks["review"].hide()
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, window.docks["explanations"])


def test_that_the_layout_comes_back(sit: Callable[[], Sat], file: MemoryFile, rooms: Callable[[], Room]) -> None:
    sat = sit().begin()
    moved(sat.window)
    left = docked(sat.window)
    sat.window.resize(1210, 870)
    sat.window.close()
    later = Sat(rooms(), file).begin()
    later.window.show()
    assert docked(later.window) == left


def test_that_reset_puts_every_panel_back(room: Room) -> None:
    first = docked(room.window)
    moved(room.window)
    assert docked(room.window) != first
    room.window.action("reset_layout").trigger()
    assert docked(room.window) == first


def test_that_docks_may_have_come_and_gone_since(
    sit: Callable[[], Sat], file: MemoryFile, rooms: Callable[[], Room]
) -> None:
    sat = sit().begin()
    add_dock(sat.window, "gone", Qt.DockWidgetArea.RightDockWidgetArea)
    moved(sat.window)
    left = docked(sat.window)
    del left["gone"]
    sat.window.close()
    room = rooms()
    add_dock(room.window, "new", Qt.DockWidgetArea.LeftDockWidgetArea)
    later = Sat(room, file).begin()
    later.window.show()
    came = docked(later.window)
    assert came.pop("new") == (True, Qt.DockWidgetArea.LeftDockWidgetArea)
    assert came == left


def test_that_a_smaller_screen_gets_a_window_that_fits(
    sit: Callable[[], Sat], file: MemoryFile, rooms: Callable[[], Room]
) -> None:
    sat = sit().begin()
    sat.window.arrange(1900, 1150)
    sat.window.close()
    later = Sat(rooms(), file)
    later.remembering.begin("ask", QSize(1100, 700), asked=False)
    later.window.show()
    assert later.window.width() <= 1100
    assert later.window.height() <= 700
    reliability, explanations = (later.window.docks[name] for name in ("reliability", "explanations"))
    assert explanations in later.window.tabifiedDockWidgets(reliability)


def test_that_a_damaged_layout_changes_nothing(sit: Callable[[], Sat]) -> None:
    sat = sit()
    first, taken = docked(sat.window), sat.window.arrangement.taken()
    chance = random.Random(7)  # noqa: S311 - damage, no secret
    broken = [chance.randbytes(300), b"", taken.docks[:40], taken.docks[::-1]]
    for docks in broken:
        layout = WindowLayout(version=1, width=1, height=1, geometry=chance.randbytes(60), docks=docks)
        sat.window.arrangement.restore(layout, ROOM)
        assert docked(sat.window) == first
    sat.window.arrangement.restore(WindowLayout(version=0, width=1, height=1, geometry=b"", docks=taken.docks), ROOM)
    assert all(isinstance(dock, QDockWidget) for dock in sat.window.docks.values())


def test_that_words_for_last_time_count() -> None:
    assert last_words(Sitting(paths=("/a",), studies=3)) == "Last time: 3 studies."
    long = last_words(Sitting(paths=("/a",), studies=1, clip=f"/{'x' * 200}.dcm"))
    assert len(long) < 100
    assert "xx.dcm at frame 1" in long


def test_that_tabs_of_a_restored_layout_show_their_whole_titles(
    sit: Callable[[], Sat], file: MemoryFile, rooms: Callable[[], Room]
) -> None:
    sat = sit().begin()
    sat.window.arrange(1100, 700)
    sat.window.close()
    later = Sat(rooms(), file).begin()
    modes = [bar.elideMode() for bar in later.window.findChildren(QTabBar)]
    assert modes
    assert set(modes) == {Qt.TextElideMode.ElideNone}


def test_that_a_cohort_is_listed_as_opened_and_its_pictures_are_not(sit: Callable[[], Sat], tmp_path: Path) -> None:
    sat, folder = sit().begin(), write_made_up_cohort(tmp_path / "cohort", [Case(file="a.dcm")], root="study")
    sat.room.desk.opener.open([folder])
    sat.open_again()
    sat.room.mapping.run_all()
    sat.room.settle()
    sat.room.session.files = [opened("a.dcm", 1)]
    sat.window.explorer.case_opened.emit(0)
    sat.open_again()
    assert sat.room.desk.clip is not None
    sat.work()
    assert sat.file.read().recent == ((str(folder),),)
    assert sat.recent()[0][0].endswith("cohort")
