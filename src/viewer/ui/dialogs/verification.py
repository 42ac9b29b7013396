"""Whether the model suits the opened files: verdict, reason and numbers, beside the window while reading goes on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from viewer.domain.verification import Verification
from viewer.present.verification import ADVICE, facts, metric_title, p_words, pairs_words, reason, verdict_word
from viewer.present.wording import RESEARCH_USE, percent, sentence
from viewer.ui.texts import marked, tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.word_table import WordTable

HEADER = (
    marked("Metric"),
    marked("Median here"),
    marked("Calibration"),
    marked("Less usual, of 100"),
    marked("p"),
)
AT_WORK = marked("Comparing the opened files with those the model was calibrated on …")
STOPPED = marked("Stopped. Nothing was found out.")


class VerificationDialog(QDialog):
    """Shows one verification: how far it is, and what it found.

    Signals:
        stop_asked: The reader does not want to wait any more.
        report_asked: The reader wants the report with pictures.
    """

    stop_asked = Signal()
    report_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Does the model suit these files?"))
        self.resize(scaled(820), scaled(640))
        self.model = label("", "muted", wrap=True)
        self.verdict = label("", "title", wrap=True)
        self.reason = label("", "", wrap=True)
        self.advice = label("", "", wrap=True)
        self.facts = label("", "small", wrap=True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Progress"))
        self.metrics = WordTable(tr("Every metric here and in the calibration"))
        self.stop = QPushButton(tr("Stop"))
        self.stop.setToolTip(tr("Stop comparing; reading goes on"))
        self.report = QPushButton(tr("Report …"))
        self.report.setToolTip(tr("Write the report with pictures into a folder, and open it"))
        self.stop.clicked.connect(self.stop_asked.emit)
        self.report.clicked.connect(self.report_asked.emit)
        self._build()

    def show_progress(self, model: str, done: int, total: int) -> None:
        """Show how far it is; what was found before is gone."""
        self.model.setText(model)
        self.verdict.setText(tr(AT_WORK))
        self._show_found(False)
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def show_found(self, model: str, found: Verification) -> None:
        """Show what was found."""
        self.model.setText(model)
        self.verdict.setText(verdict_word(found, tr))
        self.reason.setText(sentence(reason(found, tr)).replace(" %", "\u00a0%"))
        self.advice.setText(tr(ADVICE[found.verdict]))
        self.facts.setText("\n".join(sentence(line) for line in facts(found, tr)).replace(" %", "\u00a0%"))
        self.metrics.show_rows(
            [tr(words) for words in HEADER],
            [
                (
                    metric_title(metric, tr),
                    *(percent(values[len(values) // 2]) for values in (metric.here, metric.calibration)),
                    pairs_words(metric),
                    p_words(metric.p_value),
                )
                for metric in found.metrics
            ],
        )
        self.metrics.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._show_found(True)

    def show_failed(self, words: str) -> None:
        """Nothing was found; say why."""
        self.verdict.setText(words)
        self._show_found(False)
        self.bar.hide()
        self.stop.hide()

    def _show_found(self, on: bool) -> None:
        for part in (self.reason, self.advice, self.facts, self.metrics, self.report):
            part.setVisible(on)
        self.bar.setVisible(not on)
        self.stop.setVisible(not on)

    def _build(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(10)
        for part in (self.model, self.verdict, self.bar, self.reason, self.advice, self.facts, self.metrics):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.stop, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.report, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 12)
        outer.setSpacing(10)
        outer.addWidget(area, 1)
        outer.addWidget(label(tr(RESEARCH_USE), "small"))
        outer.addWidget(buttons)
