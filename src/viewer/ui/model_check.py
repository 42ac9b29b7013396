"""Verifies the model in use on the opened files, file by file on the worker, while reading goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from viewer.datasets.query import DataQuery
from viewer.datasets.unlabelled import unlabelled
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.verification import Verification
from viewer.report.cohort import PAGE
from viewer.session.verification_report import report_verification
from viewer.session.verifying import VERIFYING, Verifying
from viewer.ui.dialogs.verification import STOPPED, VerificationDialog
from viewer.ui.panels.banner import bundle_words
from viewer.ui.texts import marked, tr

if TYPE_CHECKING:
    from viewer.session.session import Session
    from viewer.ui.main_window import MainWindow

SAID_MS = 8_000
NOTHING_OPEN = marked("Open the files first that the model is to be verified on")
WRITTEN = marked("The report is {path}")


class ModelCheck:
    """One verification at a time; another one takes its place."""

    def __init__(self, window: "MainWindow", session: "Session", dialog: Callable[[], VerificationDialog]) -> None:
        """Prepare.

        Args:
            window: Whose opened files are meant.
            session: Holds the model.
            dialog: Shows the dialog, making it the first time.
        """
        self._window = window
        self._session = session
        self._dialog = dialog
        self._shown: VerificationDialog | None = None
        self._number = 0
        self._busy = False
        self._ready: tuple[Verifying, Verification] | None = None
        window.action("cancel").triggered.connect(self.stop)

    def begin(self) -> None:
        """Verify the model in use on everything that was opened together with the clip on screen."""
        desk = self._window.desk
        if desk.clip is None:
            self._window.statusBar().showMessage(tr(NOTHING_OPEN), SAID_MS)
            return
        paths, (_, said) = desk.opener.opened_with(desk.clip), desk.choice
        dialog = self._dialog()
        if self._shown is None:
            dialog.stop_asked.connect(self.stop)
            dialog.report_asked.connect(self._ask_for_folder)
        self._shown = dialog
        self._number += 1
        number, self._busy, self._ready = self._number, True, None
        dialog.show_progress("", 0, 0)
        desk.look_up(lambda: self._prepared(paths, said), lambda answer: self._go_on(number, answer))

    def stop(self) -> None:
        """Stop what is under way."""
        if self._busy:
            self._end(tr(STOPPED))

    def _prepared(self, paths: tuple[Path, ...], said: Modality) -> Verifying:
        """On the worker: what there is to look at."""
        files = tuple(file for path in paths for file in unlabelled(DataQuery(data=path)))
        return Verifying(self._session.assessor().beside(None), files, self._session.open_file, said=said)

    def _go_on(self, number: int, answer: Verifying | ViewerError) -> None:
        """Look at the next file, unless that was all."""
        if number != self._number or self._shown is None:
            return  # it was stopped, or another one has begun
        if isinstance(answer, ViewerError):
            self._end(self._window.naming.sentence(str(answer)))
            return
        done, total = answer.steps
        self._shown.show_progress(bundle_words(answer.bundle.manifest), done, total)
        self._tell(done, total)
        if done < total:
            self._window.desk.look_up(lambda: _stepped(answer), lambda after: self._go_on(number, after))
        else:
            self._window.desk.look_up(answer.result, lambda found: self._found(number, answer, found))

    def _found(self, number: int, verifying: Verifying, found: Verification | ViewerError) -> None:
        if number != self._number or self._shown is None:
            return
        if isinstance(found, ViewerError):
            self._end(self._window.naming.sentence(str(found)))
            return
        self._busy, self._ready = False, (verifying, found)
        self._shown.show_found(bundle_words(verifying.bundle.manifest), found)

    def _end(self, words: str) -> None:
        """Nothing was found out; say why."""
        self._number += 1
        self._busy = False
        self._tell(0, 0)
        if self._shown is not None:
            self._shown.show_failed(words)

    def _tell(self, done: int, total: int) -> None:
        self._window.activity.set_progress(VERIFYING if total else "", done, total, of="verifying")

    # The report --------------------------------------------------------------------------------------------------

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self._shown, tr("Folder for the report"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.write_report(Path(name)))
        dialog.open()

    def write_report(self, folder: Path) -> None:
        """Write the report of what was found into a folder, and open it."""
        if self._ready is None:
            return
        verifying, found = self._ready

        def written(answer: ViewerError | None) -> None:
            words = str(answer) if isinstance(answer, ViewerError) else tr(WRITTEN).format(path=folder / PAGE)
            self._window.statusBar().showMessage(words, SAID_MS)
            if answer is None:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder / PAGE)))

        self._window.desk.look_up(lambda: report_verification(verifying, found, folder), written)


def _stepped(verifying: Verifying) -> Verifying:
    """On the worker: the same, one file further."""
    verifying.step()
    return verifying
