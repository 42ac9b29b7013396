"""Buttons that keep the keys that press them, also where the window uses them for something else."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyButton(QPushButton):
    """Space and Return press it while it has the focus."""

    def event(self, event: QEvent) -> bool:
        """Keep the pressing keys from the window's shortcuts."""
        return _kept(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses as Space does."""
        if event.key() in PRESSING[1:]:
            self.click()
        else:
            super().keyPressEvent(event)


def _kept(event: QEvent) -> bool:
    """Claim a pressing key before the window's shortcuts take it."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if event.key() not in PRESSING or event.modifiers():
        return False
    event.accept()
    return True
