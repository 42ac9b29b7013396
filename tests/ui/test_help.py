"""The list of keys holds everything, and can be searched, copied and printed; About names every component."""

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from viewer.ui.actions import COMMANDS
from viewer.ui.dialogs.about import AboutDialog
from viewer.ui.dialogs.shortcuts import MOUSE, ShortcutsDialog, print_list

from .conftest import Room


@pytest.fixture
def keys(room: Room) -> ShortcutsDialog:
    room.window.action("shortcuts").trigger()
    found = room.window.findChild(ShortcutsDialog)
    assert found is not None
    return found


def test_that_the_list_holds_every_command_and_every_gesture(keys):
    listed = {(what, why) for _, what, why in keys.shown}
    assert listed >= {(command.text, command.tip) for command in COMMANDS}
    assert {(gesture, effect) for gesture, effect, _ in keys.shown} >= set(MOUSE)


def test_that_the_list_is_searched_by_words_and_keys(qtbot, keys):
    qtbot.keyClicks(keys.search, "ctrl+o")
    assert [what for _, what, _ in keys.shown] == ["Open files …"]
    keys.search.setText("zoom cursor")
    assert "Zoom in" in [what for _, what, _ in keys.shown]
    keys.search.setText("nothing has these words")
    assert keys.shown == ()
    assert keys.none.isVisibleTo(keys)
    keys.search.clear()
    assert len(keys.shown) == len(COMMANDS) + len(MOUSE)


def test_that_the_list_can_be_copied_and_printed(keys, tmp_path: Path):
    keys.copy.click()
    copied = QApplication.clipboard().text()
    assert "Ctrl+O\tOpen files …\tOpen pictures, clips, DICOM files or archives" in copied
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "keys.pdf"))
    print_list(printer)
    assert (tmp_path / "keys.pdf").read_bytes().startswith(b"%PDF")


def test_that_about_names_every_part_with_version_and_licence_once_the_worker_has_looked(room):
    room.window.action("about").trigger()
    dialog = room.window.findChild(AboutDialog)
    assert not dialog.copy.isEnabled()
    room.work()
    dialog.copy.click()
    copied = QApplication.clipboard().text()
    assert copied.startswith("Reliability viewer")
    for words in ("not a medical device", "made-up  1  CC0-1.0", "numpy", "PySide6", "Inter (font)  OFL-1.1"):
        assert words in copied
    assert dialog.tree.topLevelItemCount() == 3
    assert dialog.note.isHidden()
