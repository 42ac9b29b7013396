"""Asks which model is to stand beside the one that answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label

Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that can stand beside another.

    Attributes:
        name: By which it is asked for; `""` for none.
        words: How it is called, and what it can do.
    """

    name: str
    words: str


class ModelChoiceDialog(QDialog):
    """A list of the models that fit, none first.

    Signals:
        chosen: The name of a model, or `""` for none.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget, *, title: str, role: str, about: str, nothing: str) -> None:
        """Prepare.

        Args:
            parent: The window.
            title: Of the dialog.
            role: What is chosen, for those who do not see it.
            about: What comes of a choice; `{name}` is the model that answers.
            nothing: Said where no model can be chosen.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(scaled(520), scaled(320))
        self.models = QListWidget()
        self.models.setAccessibleName(role)
        self.models.itemActivated.connect(lambda item: self.accept())
        self._words = about
        self._about = label("", "muted", wrap=True)
        self.nothing = label(nothing, wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(self._accepted)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(self._about)
        column.addWidget(self.models, 1)
        column.addWidget(self.nothing)
        column.addWidget(buttons)

    def ask(self, model: str, choices: Sequence[Choice], chosen: str) -> None:
        """Show the choices.

        Args:
            model: That answers.
            choices: What there is, none first.
            chosen: Name of the one in use.
        """
        self._about.setText(self._words.format(name=model))
        self.nothing.setVisible(len(choices) < 2)
        self.models.clear()
        for choice in choices:
            item = QListWidgetItem(choice.words)
            item.setData(Role.UserRole, choice.name)
            self.models.addItem(item)
            if choice.name == chosen:
                self.models.setCurrentItem(item)
        self.models.setFocus()
        self.open()

    def _accepted(self) -> None:
        item = self.models.currentItem()
        if item is not None:
            self.chosen.emit(item.data(Role.UserRole))
