"""What could not be opened: a strip that says so, and the list behind it. Neither stops anything."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.ui.texts import tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import ElidedLabel, label


class ProblemsDialog(QDialog):
    """Every sentence, selectable."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Not opened"))
        self.resize(scaled(760), scaled(360))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Files that could not be opened"))
        self.list.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(label(tr("These could not be read; everything else is open."), "muted"))
        column.addWidget(self.list, 1)
        column.addWidget(buttons)


class ProblemStrip(QFrame):
    """One line above the picture, until it is dismissed; files are called as they may be called now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._sentences: list[str] = []
        self._words_of: Callable[[str], str] = str
        self._words = ElidedLabel("warning", Qt.TextElideMode.ElideMiddle)
        self.show_all = QPushButton(tr("Show all"))
        self.dismiss = QPushButton(tr("Dismiss"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.addWidget(self._words, 1)
        row.addWidget(self.show_all)
        row.addWidget(self.dismiss)
        self.dialog: ProblemsDialog | None = None
        self.show_all.clicked.connect(self._open)
        self.dismiss.clicked.connect(self.clear)
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is listed."""
        return tuple(self._words_of(sentence) for sentence in self._sentences)

    def tell_by(self, words_of: Callable[[str], str]) -> None:
        """Tell every sentence in other words from now on."""
        self._words_of = words_of
        if self._sentences:
            self._tell()
        if self.dialog is not None:
            self.dialog.list.clear()
            self.dialog.list.addItems(self.sentences)

    def add(self, sentence: str) -> None:
        """List one more."""
        self._sentences.append(sentence)
        self._tell()
        if self.dialog is not None:
            self.dialog.list.addItem(self._words_of(sentence))
        self.show()

    def clear(self) -> None:
        """Forget them."""
        self._sentences.clear()
        self._words.set_words("")
        if self.dialog is not None:
            self.dialog.list.clear()
        self.hide()

    def _tell(self) -> None:
        last, count = self._words_of(self._sentences[-1]), len(self._sentences)
        several = tr("{count} files could not be opened; the last: {sentence}")
        self._words.set_words(last if count == 1 else several.format(count=count, sentence=last))

    def _open(self) -> None:
        if self.dialog is None:
            self.dialog = ProblemsDialog(self)
            self.dialog.list.addItems(self.sentences)
        self.dialog.show()
        self.dialog.raise_()
