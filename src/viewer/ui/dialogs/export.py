"""Asks where the reviews are to be written, and says what became of it; reading goes on meanwhile."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from viewer.domain.errors import ViewerError
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow

FORMATS = (("CSV", ".csv"), ("HTML", ".html"), ("JSON", ".json"))
SAID_MS = 20_000


def ask_where_to_export(window: "MainWindow") -> QFileDialog:
    """Open the dialog for the name of the file; its end says the format."""
    dialog = QFileDialog(window, tr("Export reviews"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters([f"{name} (*{end})" for name, end in FORMATS])
    dialog.setDefaultSuffix(FORMATS[0][1])
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.split("*")[1].rstrip(")")))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: window.reviews.export(Path(name)))
    dialog.open()
    return dialog


def say_exported(window: "MainWindow", out: Path, told: int | ViewerError) -> None:
    """Say where the reviews were written, or why they were not."""
    if isinstance(told, ViewerError):
        window.problems.add(str(told))
    else:
        words = tr("{count} entries of the reviews are in {file}").format(count=told, file=out)
        window.statusBar().showMessage(words, SAID_MS)
