"""A button that keeps the keys that press it, also where the window uses them for something else."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyButton(QPushButton):
    """Space and Return press it while it has the focus."""

    def event(self, event: QEvent) -> bool:
        """Keep the pressing keys from the window's shortcuts."""
        pressing = isinstance(event, QKeyEvent) and event.key() in PRESSING and not event.modifiers()
        if pressing and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses as Space does."""
        if event.key() in PRESSING[1:]:
            self.click()
        else:
            super().keyPressEvent(event)
