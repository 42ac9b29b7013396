"""The dialog of settings: every setting can be found, changed, reset and kept."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QSpinBox

from viewer.domain.result import Light
from viewer.settings import Settings
from viewer.testing.executor import ExecutorByHand
from viewer.ui.dialogs.settings import NEXT_START, SettingsDialog
from viewer.ui.keeping import SettingsKeeper
from viewer.ui.theme import current_theme, scaled

from .conftest import Room, deliver, opened


@pytest.fixture
def dialog(room: Room) -> SettingsDialog:
    room.window.action("settings").trigger()
    found = room.window.findChild(SettingsDialog)
    assert found is not None
    return found


def part(dialog: SettingsDialog, name: str, kind: type[Any]) -> Any:
    return dialog.rows[name].editor.findChild(kind)


def words(dialog: SettingsDialog, name: str) -> str:
    return " ".join(found.text() for found in dialog.rows[name].findChildren(QLabel))


@pytest.mark.parametrize("setting", dataclasses.fields(Settings), ids=lambda setting: setting.name)
def test_that_every_setting_has_a_title_a_control_a_default_and_help(dialog, setting):
    row = dialog.rows[setting.name]
    assert setting.metadata["help"] in words(dialog, setting.name)
    assert row.title in words(dialog, setting.name)
    assert "Default: " in words(dialog, setting.name)
    assert row.editor.field.accessibleName() == row.title
    assert row.editor.field.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_that_a_change_holds_at_once_where_something_follows_it(room, dialog):
    chooser = part(dialog, "theme", QComboBox)
    chooser.setCurrentIndex(chooser.findData("light"))
    chooser.activated.emit(chooser.currentIndex())
    assert room.window.preferences.settings.theme == "light"
    assert current_theme().name == "light"
    assert NEXT_START not in words(dialog, "theme")
    assert NEXT_START in words(dialog, "batch_size")


def test_that_the_size_of_letters_follows_the_number(room, dialog):
    part(dialog, "font_scale", QSpinBox).setValue(150)
    assert scaled(100) == 150
    room.window.action("smaller_text").trigger()
    assert part(dialog, "font_scale", QSpinBox).value() == 140
    room.window.action("usual_text").trigger()
    assert scaled(100) == 100


@pytest.mark.parametrize(("name", "kind"), [("smaller_text", 80), ("larger_text", 200)])
def test_that_letters_grow_and_shrink_within_bounds(room, name, kind):
    for _ in range(20):
        room.window.action(name).trigger()
    assert room.window.preferences.settings.font_scale == kind


def test_that_withheld_answers_appear_when_withholding_is_switched_off(room, dialog):
    room.session.made.lights = {0: Light.RED}
    room.open(opened("still.png", frames=1))
    room.work()
    assert room.window.conclusions.why(0) is not None
    part(dialog, "withhold_on_red", QCheckBox).click()
    assert room.window.conclusions.why(0) is None
    assert "nevus" in room.window.reliability.card.answer.text()
    part(dialog, "withhold_on_red", QCheckBox).click()
    assert "nevus" not in room.window.reliability.card.answer.text()
    assert "nevus" not in str(room.window.frames.index(0, 4).data())


def test_that_words_count_when_the_field_is_left(qtbot, room, dialog):
    line = part(dialog, "language", QLineEdit)
    line.setFocus()
    qtbot.keyClicks(line, "de")
    assert room.window.preferences.settings.language == ""
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert room.window.preferences.settings.language == "de"
    assert dialog.isVisible()
    names = part(dialog, "disabled_plugins", QLineEdit)
    names.setText(" a, b ,")
    names.editingFinished.emit()
    assert room.window.preferences.settings.disabled_plugins == ("a", "b")


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [("a = ", "This is no TOML: "), ("a = 1", "Plugins should hold one table for each plugin, not {'a': 1}.")],
)
def test_that_options_that_make_no_sense_are_refused_in_one_sentence(room, dialog, toml, sentence):
    row = dialog.rows["plugins"]
    apply = row.editor.findChild(QPushButton)
    assert not apply.isEnabled()
    part(dialog, "plugins", QPlainTextEdit).setPlainText(toml)
    apply.click()
    assert row.fault.text().startswith(sentence)
    assert row.fault.isVisibleTo(dialog)
    assert room.window.preferences.settings.plugins == {}
    part(dialog, "plugins", QPlainTextEdit).setPlainText("[scores]\nk = 3")
    apply.click()
    assert room.window.preferences.settings.plugins == {"scores": {"k": 3}}
    assert row.fault.isHidden()


def test_that_what_is_being_written_survives_a_change_of_another_setting(qtbot, room, dialog):
    line = part(dialog, "language", QLineEdit)
    line.setFocus()
    qtbot.keyClicks(line, "pt_B")
    room.window.action("next_theme").trigger()
    assert line.text() == "pt_B"


def test_that_a_setting_and_all_settings_can_be_reset_and_the_reset_undone(room, dialog):
    room.window.apply_setting("theme", "light")
    room.window.apply_setting("batch_size", 3)
    dialog.rows["theme"].reset.click()
    assert room.window.preferences.settings == Settings(batch_size=3)
    assert not dialog.rows["theme"].reset.isEnabled()
    dialog.reset_all.click()
    assert room.window.preferences.settings == Settings()
    dialog.undo.click()
    assert room.window.preferences.settings == Settings(batch_size=3)
    assert dialog.undo.isHidden()


def test_that_the_search_finds_words_of_title_help_and_name(qtbot, dialog):
    qtbot.keyClicks(dialog.search, "memory evidence")
    assert [name for name, row in dialog.rows.items() if not row.isHidden()] == ["evidence_cache_mb"]
    dialog.search.setText("no such words at all")
    assert dialog.none.isVisibleTo(dialog)
    dialog.search.clear()
    assert not any(row.isHidden() for row in dialog.rows.values())


def test_that_changes_are_kept_in_the_file(room, tmp_path: Path):
    executor = ExecutorByHand()
    room.window.keeper = SettingsKeeper(room.window, tmp_path / "settings.toml", executor)
    room.window.action("next_theme").trigger()
    assert not (tmp_path / "settings.toml").exists()  # the window does not wait for the disk
    executor.run_all()
    assert Settings.load(tmp_path / "settings.toml") == Settings(theme="light")
    room.window.apply_setting("batch_size", 2)
    room.window.close()
    assert Settings.load(tmp_path / "settings.toml") == Settings(theme="light", batch_size=2)


def test_that_a_file_that_cannot_be_written_is_said_and_the_setting_holds(room, tmp_path: Path):
    executor = ExecutorByHand()
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    room.window.keeper = SettingsKeeper(room.window, tmp_path / "file" / "settings.toml", executor)
    room.window.action("settings").trigger()
    dialog = room.window.findChild(SettingsDialog)
    room.window.action("next_theme").trigger()
    executor.run_all()
    deliver()
    assert "cannot be written" in dialog.note.text()
    assert "cannot be written" in room.window.statusBar().currentMessage()
    assert current_theme().name == "light"


def test_that_escape_closes_the_dialog_and_the_key_opens_it(qtbot, room):
    room.window.activateWindow()
    qtbot.keyClick(room.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = room.window.findChild(SettingsDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
