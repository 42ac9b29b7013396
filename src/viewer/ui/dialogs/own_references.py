"""The user's own pictures to compare with: adds the one on screen, lists and removes what was added."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.present.wording import class_word
from viewer.store.references import AddedFolder
from viewer.ui.texts import tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label

Role = Qt.ItemDataRole


class OwnReferencesDialog(QDialog):
    """Stays open beside the window while reading goes on.

    Signals:
        add_asked: The picture on screen is to be kept (its class, its patient).
        remove_asked: What was added from there is to be forgotten (Path).
    """

    add_asked = Signal(str, str)
    remove_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("My references"))
        self.resize(scaled(560), scaled(440))
        self.about = label("", "muted", wrap=True)
        self.picture = label("", wrap=True)
        self.classes = QComboBox()
        self.classes.setAccessibleName(tr("What the picture truly shows"))
        self.patient = QLineEdit()
        self.patient.setAccessibleName(tr("Patient"))
        self.patient.setPlaceholderText(tr("as the file says; else the file stands for a patient"))
        self.told = label("", wrap=True)
        self.added = QListWidget()
        self.added.setAccessibleName(tr("What was added"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.add = QPushButton(tr("Add this picture"))
        self.remove = QPushButton(tr("Remove"))
        buttons.addButton(self.add, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.remove, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        self.classes.currentIndexChanged.connect(self._enable)
        self.added.currentRowChanged.connect(self._enable)
        self.add.clicked.connect(lambda: self.add_asked.emit(self.classes.currentData(), self.patient.text().strip()))
        self.remove.clicked.connect(lambda: self.remove_asked.emit(self.added.currentItem().data(Role.UserRole)))
        form = QFormLayout()
        form.addRow(tr("Picture"), self.picture)
        form.addRow(tr("Shows"), self.classes)
        form.addRow(tr("Patient"), self.patient)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.about)
        column.addLayout(form)
        column.addWidget(self.told)
        column.addWidget(self.added, 1)
        column.addWidget(buttons)

    def use_model(self, name: str, classes: Sequence[str]) -> None:
        """Ask for the classes of a model."""
        words = tr(
            "Your own pictures are shown beside similar ones, and where {name} looks in them beside where it looks "
            "here. They change no answer and no light. Kept on this computer alone: what the network sees, a small "
            "copy, the class and where the file lies; of the patient a number."
        )
        self.about.setText(words.format(name=name))
        self.classes.clear()
        self.classes.addItem(tr("Choose …"), "")
        for one in classes:
            self.classes.addItem(class_word(one), one)

    def show_picture(self, name: str, patient: str) -> None:
        """Ask about another picture.

        Args:
            name: What it is called.
            patient: Whose it is, as far as that may be read.
        """
        self.picture.setText(name)
        self.patient.setText(patient)
        self.classes.setCurrentIndex(0)
        self._enable()

    def say(self, words: str) -> None:
        """Say what became of it; `""` for nothing."""
        self.told.setText(words)

    def show_added(self, folders: Sequence[AddedFolder], *, hidden: bool) -> None:
        """List what was added, unless nobody shall read the names of files."""
        self.added.clear()
        self.added.setEnabled(not hidden)
        if hidden:
            self.added.addItem(tr("Not listed while the display is de-identified"))
        for folder in () if hidden else folders:
            item = QListWidgetItem(added_words(folder))
            item.setData(Role.UserRole, folder.data)
            item.setToolTip(str(folder.data))
            self.added.addItem(item)
        self._enable()

    def _enable(self) -> None:
        item = self.added.currentItem()
        self.add.setEnabled(bool(self.classes.currentData()))
        self.remove.setEnabled(item is not None and item.data(Role.UserRole) is not None)


def added_words(folder: AddedFolder) -> str:
    """What was added at once, in one line."""
    classes = ", ".join(f"{count} {class_word(name)}" for name, count in folder.classes.items())
    return tr("{name}: {classes}, added {day}").format(name=folder.data.name, classes=classes, day=folder.added)
