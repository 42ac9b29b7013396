"""A table that keeps its keys: arrows go through its rows while it has the focus, not through clips and frames."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableView

_KEYS = frozenset(getattr(Qt.Key, f"Key_{name}") for name in ("Up", "Down", "Home", "End", "PageUp", "PageDown"))


class KeyTable(QTableView):
    """Enter writes in the one column that can be written in, if there is one."""

    def __init__(self, written: int) -> None:
        """Build it.

        Args:
            written: The column that Enter begins to write in.
        """
        super().__init__()
        self._written = written
        self.setEditTriggers(QTableView.EditTrigger.DoubleClicked)

    def event(self, event: QEvent) -> bool:
        """Claim the keys before the window's shortcuts take them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and event.key() in _KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin to write."""
        cell = self.currentIndex().siblingAtColumn(self._written)
        writing = self.state() == QTableView.State.EditingState  # its Enter ends it, and comes here after that
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not writing and cell.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(cell)
            return
        super().keyPressEvent(event)
