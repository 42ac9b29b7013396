"""Right dock: the light, the class probabilities, why the light has its colour, and what if weights were others."""

from collections.abc import Iterable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from viewer.domain.basis import Basis
from viewer.domain.mask import MaskFound
from viewer.domain.result import About, Assessment
from viewer.present.families import Fold, families
from viewer.present.mask import mask_line
from viewer.present.why import WhyLine, what_would_change, why_lines
from viewer.ui.panels.light_card import LightCard
from viewer.ui.panels.tables import ProbabilityModel, ScoreModel
from viewer.ui.panels.what_if import AS_IT_IS, WhatIf
from viewer.ui.texts import marked, tr
from viewer.ui.theme import scaled, widened
from viewer.ui.widgets.bars import BarTable
from viewer.ui.widgets.folding import FoldingTable
from viewer.ui.widgets.labels import label

WAITING = marked("No picture has been assessed yet.")
GROUPS = {
    About.CORRECTNESS: marked("Is the answer likely right?"),
    About.SUITABILITY: marked("Does the model know such pictures?"),
}
BAR_WIDTH = {"scores": 142, "classes": 190}
SMALLER_BAR_WIDTH = {"scores": 112, "classes": 150}
ROOMY = 430
"""Width of the panel in pixels from which bars take their usual width; below it titles need the room."""
LEAST_WIDTH = 340
"""The card's word and sign side by side, and the scroll bar."""
NO_BASIS = Basis(certificate=None, clip_certificate=None, weights={}, distributions={}, note="")
"""Before any model has answered."""


class ReliabilityPanel(QScrollArea):
    """Shows one assessment."""

    class_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Reliability of AI"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumWidth(widened(LEAST_WIDTH))
        self.card = LightCard()
        self.probabilities = ProbabilityModel()
        self.change = label("", wrap=True)
        self.unfolded: set[str] = set()
        self.scores = {about: ScoreModel(self.unfolded) for about in GROUPS}
        self.what_if = WhatIf()
        self._basis = NO_BASIS
        self._assessment: Assessment | None = None
        self._body = QWidget()
        self._body.setObjectName("panel_body")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(12, 10, 12, 12)
        self._column.setSpacing(4)
        self._column.addWidget(self.card)
        self._sections = [self._section(tr("Prediction"), self._probability_table())]
        self.mask_words = label("", "muted", wrap=True)
        self.mask_words.setContentsMargins(8, 6, 8, 0)
        self.mask_words.hide()
        self._column.addWidget(self.mask_words)
        self._why = self._change_section()
        self._sections += [self._section(tr(GROUPS[about]), self._score_table(about)) for about in GROUPS]
        self._column.addWidget(self.what_if)
        self._column.addStretch(1)
        self.setWidget(self._body)
        self.what_if.changed.connect(self._show_what_if)
        self.card.reset_asked.connect(self.what_if.reset_all)
        self.card.show_pending(tr(WAITING))
        self._why.hide()
        self._fit()

    def use_basis(self, basis: Basis) -> None:
        """Another model answers from now on."""
        self._basis = basis

    def show_nothing(self, words: str) -> None:
        """Say in the light's place why there is nothing to show."""
        self.card.show_nothing(words)
        self._show_no_rows()

    def show_kept_back(self, *, can_show: bool) -> None:
        """Show nothing the AI says, not even its light: the reader answers first; see `LightCard.show_kept_back`."""
        self.card.show_kept_back(can_show=can_show)
        self._show_no_rows()

    def show_pending(self, words: str) -> None:
        """Say that the answer is on its way; the rows stay where they are, empty."""
        self._assessment = None
        self.card.show_pending(words)
        self.probabilities.show_pending()
        self.mask_words.setText("")
        self.change.setText("")
        for model in self.scores.values():
            model.show_pending()
        self._show_what_if()

    def show_assessment(self, assessment: Assessment, *, withheld: bool = False) -> None:
        """Show one frame's assessment.

        Args:
            assessment: What was concluded.
            withheld: Whether to keep back the class and its probabilities.
        """
        self._assessment = assessment
        self.card.show_assessment(assessment, self._basis, withheld=withheld)
        self.probabilities.show_assessment(assessment, withheld=withheld)
        self._show_mask(assessment.mask)
        self.change.setText(what_would_change(assessment, self._basis))
        self._why.show()
        lines = why_lines(assessment, self._basis, withheld=withheld)
        for about, model in self.scores.items():
            model.show_families(families([line for line in lines if line.score.about is about], self._basis))
        self.what_if.offer(assessment, self._basis)
        self._show_what_if()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give titles and bars the widths that suit."""
        super().resizeEvent(event)
        widths = BAR_WIDTH if self.width() >= scaled(ROOMY) else SMALLER_BAR_WIDTH
        (_, classes), *scores = self._sections
        classes.set_columns({1: widths["classes"]})
        for _, table in scores:
            table.set_columns({1: widths["scores"]})

    def unfold(self, leads: Iterable[str]) -> None:
        """Open the families of these leading scorers, and no others."""
        self.unfolded.clear()
        self.unfolded.update(leads)
        for model in self.scores.values():
            model.refold()
        self._fit()

    def _turn(self, row: WhyLine | Fold) -> None:
        if isinstance(row, Fold):
            self.unfold(self.unfolded ^ {row.lead})

    def _follow(self, table: FoldingTable, place: QRect) -> None:
        """Keep the row that the keyboard is at in sight."""
        for corner in (place.bottomLeft(), place.topLeft()):
            seen = table.viewport().mapTo(self._body, corner)
            self.ensureVisible(seen.x(), seen.y(), 0, 0)

    def _show_no_rows(self) -> None:
        self._assessment = None
        self.probabilities.show_assessment(None)
        self._show_mask(None)
        for model in self.scores.values():
            model.show_families(())
        self.change.setText("")
        self._why.hide()
        self.what_if.hide()
        self._show_what_if()
        self._fit()

    def _show_mask(self, mask: MaskFound | None) -> None:
        """How large the mask is; where frames have none, there is no line."""
        self.mask_words.setText("" if mask is None else mask_line(mask))
        self.mask_words.setVisible(mask is not None)

    def _show_what_if(self) -> None:
        words = "" if self._assessment is None else self.what_if.words(self._assessment)
        self.card.what_if.show_words(words)
        self.what_if.result.setText(words or tr(AS_IT_IS))

    def _fit(self) -> None:
        for section, table in self._sections:
            section.setVisible(table.model().rowCount() > 0)
            table.fit_height()

    def _probability_table(self) -> BarTable:
        table = BarTable(tr("Class probabilities"), bar_column=1)
        table.setModel(self.probabilities)
        table.horizontalHeader().hide()
        table.setToolTip(tr("Click a class to explain it"))
        table.clicked.connect(lambda index: self.class_chosen.emit(index.row()))
        return table

    def _score_table(self, about: About) -> BarTable:
        table = FoldingTable(tr(GROUPS[about]), bar_column=1)
        table.setModel(self.scores[about])
        table.horizontalHeader().hide()
        table.turned.connect(lambda row: self._turn(self.scores[about].row(row)))
        table.walked.connect(lambda place: self._follow(table, place))
        return table

    def _change_section(self) -> QWidget:
        section = QWidget()
        column = _headed(section, tr("What would change the light"))
        self.change.setContentsMargins(8, 2, 8, 0)
        column.addWidget(self.change)
        self._column.addWidget(section)
        return section

    def _section(self, title: str, table: BarTable) -> tuple[QWidget, BarTable]:
        section = QWidget()
        _headed(section, title).addWidget(table)
        self._column.addWidget(section)
        return section, table


def _headed(section: QWidget, title: str) -> QVBoxLayout:
    """The column of a section, with its heading."""
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 10, 0, 0)
    column.setSpacing(2)
    heading: QLabel = label(title.upper(), "section", wrap=True)
    heading.setContentsMargins(8, 0, 0, 0)
    column.addWidget(heading)
    return column
