"""A line to write in, on the picture."""

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit

from viewer.ui.canvas.view import Canvas
from viewer.ui.texts import tr

WIDTH = 240
LONGEST = 200
"""Characters: a label on a picture is no report."""


class WordsEntry(QLineEdit):
    """Asks for words; Enter and leaving it give them, Escape gives nothing.

    Signals:
        given: The words, without blanks around them and without characters that cannot be written; never `""` by
            leaving it.
    """

    given = Signal(str)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("words_entry")
        self.setAccessibleName(tr("Words on the picture"))
        self.setPlaceholderText(tr("Words, without names"))
        self.setMaxLength(LONGEST)
        self._asked = False
        self.hide()

    def ask(self, at: QPoint, words: str) -> None:
        """Ask for words at a place of the canvas, beginning with those there are."""
        size = self._canvas.size()
        self.resize(min(WIDTH, size.width()), self.sizeHint().height())
        self.move(
            max(0, min(at.x(), size.width() - self.width())), max(0, min(at.y(), size.height() - self.height()))
        )
        self.setText(words)
        self.selectAll()
        self._asked = True
        self.show()
        self.setFocus()

    def leave(self) -> None:
        """Ask no more; nothing is given."""
        if self._asked:
            self._asked = False
            self.hide()
            self._canvas.setFocus()

    def event(self, event: QEvent) -> bool:
        """Keep Escape from what it means to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the words, or leave."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Give what was written: a click elsewhere does not lose it."""
        super().focusOutEvent(event)
        if self._asked and event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            if self.text().strip():
                self._give(self.text())
            else:
                self.leave()

    def _give(self, words: str) -> None:
        self.leave()
        self.given.emit(writable(words))


def writable(words: str) -> str:
    """Words on one line, blanks for what cannot be written."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
