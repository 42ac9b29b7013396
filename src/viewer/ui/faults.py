"""Tells of faults of the program in a strip above the picture; the window goes on."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from viewer.session.fault_reports import FaultReport
from viewer.ui.dialogs.report import ReportDialog
from viewer.ui.panels.notice import NoticeStrip, Offer
from viewer.ui.texts import tr


class FaultNotice:
    """Tells of one report at a time, the latest."""

    def __init__(self, strip: NoticeStrip, window: QWidget) -> None:
        self._strip = strip
        self._window = window
        self._dialog: ReportDialog | None = None

    def went_wrong(self, report: FaultReport) -> None:
        """Something failed now."""
        self._tell(tr("Something went wrong in the viewer. What you confirmed is safe."), report)

    def ended_badly(self, reports: Sequence[FaultReport]) -> None:
        """The viewer ended without being closed, before this start."""
        if reports:
            self._tell(tr("The viewer ended unexpectedly last time. What you confirmed is safe."), reports[-1])

    def _tell(self, words: str, report: FaultReport) -> None:
        self._strip.tell(
            words,
            Offer(tr("Show &report"), tr("Read what is known of it (Alt+R)"), lambda: self._show(report), stays=True),
            Offer(tr("Cop&y"), tr("Copy the report; it holds no names (Alt+Y)"), lambda: _copy(report), stays=True),
            Offer(tr("&Dismiss"), tr("The report stays on disk (Alt+D)")),
        )

    def _show(self, report: FaultReport) -> None:
        if self._dialog is None:
            self._dialog = ReportDialog(self._window)
        self._dialog.show_report(report)


def note_commands(window: QWidget, note: Callable[[str], object]) -> None:
    """Have the name of every command of a window noted when it is given."""
    for action in window.actions():
        if action.objectName():
            _note(action, note)


def _note(action: QAction, note: Callable[[str], object]) -> None:
    name = action.objectName()
    action.triggered.connect(lambda _=False: note(name))


def _copy(report: FaultReport) -> None:
    QApplication.clipboard().setText(report.text)
