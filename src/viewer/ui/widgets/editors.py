"""Controls for values of settings: each shows one value and says when another was entered."""

import tomllib
from collections.abc import Mapping
from dataclasses import Field
from pathlib import Path
from typing import Any

import tomli_w
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from viewer.present.from_below import choice_words
from viewer.ui.texts import tr

UNBOUNDED = 1_000_000
"""Greatest number where a setting names none."""

DECIMALS = 1


class Editor(QWidget):
    """A control.

    Attributes:
        field: The part that takes the keys.

    Signals:
        entered: A value was entered that is not the one shown.
        refused: What was entered is no value at all (one sentence).
    """

    entered = Signal(object)
    refused = Signal(str)
    field: QWidget

    def show_value(self, value: Any) -> None:  # noqa: ANN401 - of the setting's type
        """Show a value without saying that it was entered."""
        raise NotImplementedError

    def _hold(self, field: QWidget, *others: QWidget) -> None:
        """Lay out: the field, and what stands beside it."""
        self.field = field
        self.setFocusProxy(field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (field, *others):
            row.addWidget(part)


class Switch(Editor):
    """On or off."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QCheckBox(tr("On"))
        self._hold(self._box)
        self._box.toggled.connect(lambda on: self.entered.emit(on))

    def show_value(self, value: bool) -> None:
        """Show a value."""
        with QSignalBlocker(self._box):
            self._box.setChecked(value)


class Choice(Editor):
    """One of several words."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        super().__init__()
        self._chooser = QComboBox()
        for value in choices:
            self._chooser.addItem(choice_words(value), value)
        self._hold(self._chooser)
        self._chooser.activated.connect(lambda: self.entered.emit(self._chooser.currentData()))

    def show_value(self, value: str) -> None:
        """Show a value."""
        self._chooser.setCurrentIndex(self._chooser.findData(value))


class Number(Editor):
    """A number within bounds; it counts once it is complete."""

    def __init__(self, *, whole: bool, least: float | None, most: float | None) -> None:
        super().__init__()
        low, high = 0 if least is None else least, UNBOUNDED if most is None else most
        self._box: QSpinBox | QDoubleSpinBox
        if whole:
            self._box = QSpinBox()
            self._box.setRange(int(low), int(high))
        else:
            self._box = QDoubleSpinBox()
            self._box.setDecimals(DECIMALS)
            self._box.setRange(low, high)
        self._box.setKeyboardTracking(False)
        self._hold(self._box)
        self._box.valueChanged.connect(lambda value: self.entered.emit(value))

    def show_value(self, value: float) -> None:
        """Show a value."""
        with QSignalBlocker(self._box):
            self._box.setValue(value)  # type: ignore[arg-type]  # of the box's own type


class Words(Editor):
    """Free words, or several parted by commas; they count when the field is left or Return is pressed."""

    def __init__(self, *, several: bool = False, file: bool = False) -> None:
        super().__init__()
        self._several = several
        self._line = QLineEdit()
        self._shown = ""
        if several:
            self._line.setPlaceholderText(tr("Names, parted by commas"))
        browse = QPushButton(tr("Browse …"))
        browse.setToolTip(tr("Choose a file"))
        browse.clicked.connect(self._browse)
        self._hold(self._line, *([browse] if file else []))
        self._line.editingFinished.connect(self._finish)

    def show_value(self, value: str | tuple[str, ...]) -> None:
        """Show a value."""
        self._shown = value if isinstance(value, str) else ", ".join(value)
        self._line.setText(self._shown)

    def _finish(self) -> None:
        text = self._line.text().strip()
        if text == self._shown:
            return
        self._shown = text
        names = tuple(name.strip() for name in text.split(",") if name.strip())
        self.entered.emit(names if self._several else text)

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Choose a file"), str(Path(self._shown).parent) if self._shown else "")
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, name: str) -> None:
        self._line.setText(name)
        self._finish()


class Tables(Editor):
    """Tables of TOML; they count when they are applied."""

    def __init__(self) -> None:
        super().__init__()
        self._text = QPlainTextEdit()
        self._text.setPlaceholderText("[confidence-scores]\nmargin_k = 3")
        self._text.setTabChangesFocus(True)
        self._apply = QPushButton(tr("Apply"))
        self._apply.setToolTip(tr("Take these options over"))
        self._shown = ""
        self.field = self._text
        self.setFocusProxy(self._text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)
        column.addWidget(self._apply)
        self._text.textChanged.connect(self._changed)
        self._apply.clicked.connect(self._finish)

    def show_value(self, value: Mapping[str, object]) -> None:
        """Show a value."""
        self._shown = tomli_w.dumps(value).strip()
        self._text.setPlainText(self._shown)

    def _changed(self) -> None:
        self._apply.setEnabled(self._text.toPlainText().strip() != self._shown)

    def _finish(self) -> None:
        try:
            value = tomllib.loads(self._text.toPlainText())
        except tomllib.TOMLDecodeError as error:
            self.refused.emit(tr("This is no TOML: {why}.").format(why=error))
            return
        self.entered.emit(value)


def editor_for(setting: "Field[Any]", plain: Any) -> Editor:  # noqa: ANN401 - the setting's default
    """The control that suits a setting."""
    about = setting.metadata
    if about["choices"]:
        return Choice(about["choices"])
    if isinstance(plain, bool):
        return Switch()
    if isinstance(plain, int | float):
        return Number(whole=isinstance(plain, int), least=about["least"], most=about["most"])
    if isinstance(plain, Mapping):
        return Tables()
    return Words(several=isinstance(plain, tuple), file=about["file"])
