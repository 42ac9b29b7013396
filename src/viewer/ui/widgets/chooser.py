"""A chooser that keeps its own keys while it has the focus."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy

_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)

LEAST = 54
"""Width in pixels that choosers keep in a narrow panel."""


class KeyChooser(QComboBox):
    """Arrows and letters choose an entry here, and do not step through frames or switch the window's tools."""

    def event(self, event: QEvent) -> bool:
        """Claim the keys before the window's shortcuts take them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            if plain and (event.key() in _KEYS or event.text().isalpha()):
                event.accept()
                return True
        return super().event(event)


def chooser(name: str, choices: Sequence[tuple[str, str]]) -> KeyChooser:
    """A chooser whose name is its tooltip."""
    made = KeyChooser()
    made.setObjectName("narrow_chooser")
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    for words, value in choices:
        made.addItem(words, value)
    made.setMinimumWidth(LEAST)
    return made
