"""Writes the settings of the window on a thread of its own, and says when they cannot be written."""

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.settings import Settings
from viewer.ui.bridge import Bridge
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


SAID_MS = 20_000


class SettingsKeeper(QObject):
    """Keeps every change. Only the window on a screen has one: pictures of it and tests leave the file alone.

    Signals:
        kept: How the last attempt went: a sentence, or `""` where the settings are on disk.
    """

    kept = Signal(str)

    def __init__(self, window: "MainWindow", file: Path, executor: Executor) -> None:
        """Begin.

        Args:
            window: Whose settings are kept.
            file: Where.
            executor: One thread of its own, which writes.
        """
        super().__init__(window)
        self.file = file
        self._executor = executor
        self._bridge = Bridge(self)
        self._told = self._bridge.relay(self.kept.emit)
        self.kept.connect(lambda words: window.statusBar().showMessage(words, SAID_MS) if words else None)
        window.preferences.watch(self._keep)
        window.closing.connect(self._close)

    def _keep(self, settings: Settings) -> None:
        self._executor.submit(self._write, settings)

    def _write(self, settings: Settings) -> None:
        """On the thread: write, and tell how it went."""
        try:
            settings.save(self.file)
        except OSError as error:
            words = tr("The settings cannot be written to {file} ({why}); they hold until the viewer is closed.")
            self._told(words.format(file=self.file, why=error.strerror or type(error).__name__))
        else:
            self._told("")

    def _close(self) -> None:
        self._bridge.close()
        self._executor.shutdown(wait=True)
