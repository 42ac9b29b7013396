"""Space and Return press the button that has the focus, also where the window uses these keys for something else."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PressingKeys(QObject):
    """Watches the button that has the focus, and no other widget: a filter on everything would slow painting."""

    def __init__(self, window: QWidget) -> None:
        """Watch the buttons of one window."""
        super().__init__(window)
        self._window = window
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the pressing keys from the shortcuts of the window; Return presses as Space does."""
        if not isinstance(event, QKeyEvent) or event.key() not in PRESSING or event.modifiers():
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        pressed = event.type() == QEvent.Type.KeyPress and event.key() != Qt.Key.Key_Space
        if pressed and isinstance(watched, QPushButton):
            watched.click()
            return True
        return super().eventFilter(watched, event)

    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(before, QAbstractButton):
            before.removeEventFilter(self)
        if isinstance(now, QAbstractButton) and now.window() is self._window:
            now.installEventFilter(self)
