"""Every setting: what it is, what it means, and a control for it; made from the settings themselves."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from viewer.domain.errors import ViewerError
from viewer.present.from_below import choice_words
from viewer.session.preferences import Preferences
from viewer.settings import GROUPS, Settings
from viewer.ui.keeping import SettingsKeeper
from viewer.ui.texts import marked, tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.editors import editor_for
from viewer.ui.widgets.labels import ElidedLabel, label

NEXT_START = marked("From the next start.")
NO_MATCH = marked("No setting has these words.")
EDITOR_WIDTH = 270


class SettingRow(QFrame):
    """One setting: title, help, control, default, reset, and what is wrong with what was entered.

    Signals:
        entered: Another value is wanted (name, value).
    """

    entered = Signal(str, object)

    def __init__(self, setting: "dataclasses.Field[Any]", *, at_once: bool) -> None:
        super().__init__()
        self.name = setting.name
        self.plain = getattr(Settings(), setting.name)
        self.value: Any = None
        self.title = title_of(setting)
        self.help = tr(setting.metadata["help"])
        self.editor = editor_for(setting, self.plain)
        self.editor.field.setAccessibleName(self.title)
        self.editor.field.setAccessibleDescription(self.help)
        self.reset = QPushButton(tr("Reset"))
        self.reset.setObjectName("small_button")
        self.reset.setToolTip(tr("Back to the default"))
        self.reset.setAccessibleName(tr("Reset {setting}").format(setting=self.title))
        self.fault = label("", "problem", wrap=True)
        self.fault.hide()
        self._build(at_once, choices=bool(setting.metadata["choices"]))
        self.editor.entered.connect(lambda value: self.entered.emit(self.name, value))
        self.editor.refused.connect(self.show_fault)
        self.reset.clicked.connect(lambda: self.entered.emit(self.name, self.plain))

    def show_value(self, value: Any) -> None:  # noqa: ANN401 - of the setting's type
        """Show the value that holds now."""
        self.value = value
        self.editor.show_value(value)
        self.reset.setEnabled(value != self.plain)
        self.fault.hide()

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong with what was entered; the setting stays as it is."""
        self.fault.setText(sentence)
        self.fault.show()

    def has(self, words: str) -> bool:
        """Whether the setting speaks of all these words."""
        text = f"{self.title} {self.help} {self.name}".casefold()
        return all(word in text for word in words.casefold().split())

    def _build(self, at_once: bool, *, choices: bool) -> None:
        plain = choice_words(self.plain) if choices else value_words(self.plain)
        default = tr("Default: {value}.").format(value=plain)
        note = default if at_once else f"{default} {tr(NEXT_START)}"
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, 0, 6)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label(self.title), 0, 0)
        grid.addWidget(label(self.help, "muted", wrap=True), 1, 0)
        grid.addWidget(label(note, "small", wrap=True), 2, 0)
        grid.addWidget(self.fault, 3, 0, 1, 2)
        self.editor.setMinimumWidth(scaled(EDITOR_WIDTH))
        self.editor.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        grid.addWidget(self.editor, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.reset, 2, 1, Qt.AlignmentFlag.AlignRight)


class SettingsDialog(QDialog):
    """All settings by group; a change holds at once, or from the next start where the row says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.resize(scaled(820), scaled(720))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search settings"))
        self.search.setAccessibleName(tr("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.none = label(tr(NO_MATCH), "muted")
        self.none.hide()
        self.note = ElidedLabel("small", Qt.TextElideMode.ElideMiddle)
        self.reset_all = QPushButton(tr("Reset all"))
        self.reset_all.setToolTip(tr("Every setting back to its default"))
        self.undo = QPushButton(tr("Undo"))
        self.undo.setToolTip(tr("Take the reset back"))
        self.undo.hide()
        self.rows: dict[str, SettingRow] = {}
        self._groups: list[tuple[QWidget, list[SettingRow]]] = []
        self._preferences: Preferences | None = None
        self._before: Settings | None = None
        self.reset_all.clicked.connect(self._reset_all)
        self.undo.clicked.connect(self._undo)
        self._body = QVBoxLayout()
        self._build()

    def show_preferences(self, preferences: Preferences, keeper: SettingsKeeper | None) -> None:
        """Show the settings in use.

        Args:
            preferences: What they are; changed from here.
            keeper: Where they are kept; None where nothing is.
        """
        if self._preferences is None:
            self._preferences = preferences
            self._build_rows(preferences)
            preferences.watch(self._show)
            self._say("" if keeper is None else tr("Kept in {file}").format(file=keeper.file))
            if keeper is not None:
                keeper.kept.connect(lambda words: self._say(words or tr("Kept in {file}").format(file=keeper.file)))
        self._show(preferences.settings)
        self.search.setFocus()

    def _change(self, name: str, value: object) -> None:
        if self._preferences is None:
            return
        try:
            self._preferences.change(name, value)
        except ViewerError as error:
            self.rows[name].show_fault(f"{str(error)[:1].upper()}{str(error)[1:]}.")

    def _show(self, settings: Settings) -> None:
        for name, row in self.rows.items():
            if row.value != getattr(settings, name):  # others keep what is being written into them
                row.show_value(getattr(settings, name))
        self.reset_all.setEnabled(settings != Settings())
        if settings != Settings():
            self.undo.hide()

    def _reset_all(self) -> None:
        if self._preferences is not None:
            self._before = self._preferences.settings
            self._preferences.become(Settings())
            self.undo.show()

    def _undo(self) -> None:
        if self._preferences is not None and self._before is not None:
            self._preferences.become(self._before)

    def _say(self, words: str) -> None:
        self.note.set_words(words)

    def _filter(self, words: str) -> None:
        for heading, rows in self._groups:
            for row in rows:
                row.setVisible(row.has(words))
            heading.setVisible(any(not row.isHidden() for row in rows))
        self.none.setVisible(all(row.isHidden() for row in self.rows.values()))

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("panel_body")
        self._body.setContentsMargins(18, 4, 18, 12)
        self._body.setSpacing(2)
        body.setLayout(self._body)
        self._body.addWidget(self.none)
        area = QScrollArea()
        area.setAccessibleName(tr("Settings"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        for button in (self.undo, self.reset_all, close):
            button.setAutoDefault(False)  # Return belongs to the field it is pressed in
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(area, 1)
        column.addLayout(foot)

    def _build_rows(self, preferences: Preferences) -> None:
        groups: dict[str, list[SettingRow]] = {group: [] for group in GROUPS}
        for setting in dataclasses.fields(Settings):
            row = SettingRow(setting, at_once=preferences.at_once(setting.name))
            row.entered.connect(self._change)
            self.rows[setting.name] = row
            groups[setting.metadata["group"]].append(row)
        for group, rows in groups.items():
            heading = label(tr(group).upper(), "section")
            heading.setContentsMargins(0, 12, 0, 2)
            self._body.addWidget(heading)
            self._groups.append((heading, rows))
            for row in rows:
                for button in row.findChildren(QPushButton):
                    button.setAutoDefault(False)
                self._body.addWidget(row)
        self._body.addStretch(1)


def title_of(setting: "dataclasses.Field[Any]") -> str:
    """A setting in a few words; its name where nobody gave it a title."""
    title: str = setting.metadata["title"]
    return tr(title) if title else setting.name.replace("_", " ").capitalize()


def value_words(value: object) -> str:
    """A default in words."""
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, Mapping | tuple):
        return tr("none")
    if isinstance(value, str):
        return value or tr("empty")
    return f"{value:g}" if isinstance(value, float) else str(value)
