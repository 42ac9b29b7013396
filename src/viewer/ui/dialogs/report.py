"""A report of a fault, to be read and copied."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from viewer.session.fault_reports import FaultReport
from viewer.ui.texts import tr
from viewer.ui.widgets.labels import label


class ReportDialog(QDialog):
    """Shows one report beside the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Fault of the viewer"))
        self.resize(760, 480)
        self._where = label("", "muted", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Report"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self._where)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)

    def show_report(self, report: FaultReport) -> None:
        """Show a report and where it lies."""
        kept = tr("Kept in {path}").format(path=report.path)
        self._where.setText(kept if report.path is not None else tr("It could not be written to disk."))
        self.text.setPlainText(report.text)
        self.show()
        self.raise_()
