"""Right dock: the light, the class probabilities, and one row per scorer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from viewer.domain.result import About, Assessment, Light
from viewer.present.colours import look
from viewer.present.score_table import score_lines
from viewer.present.wording import class_word, percent
from viewer.ui.panels.tables import ProbabilityModel, ScoreModel
from viewer.ui.widgets.bars import BarTable
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.light_sign import LightSign

WAITING = "No picture has been assessed yet."
GROUPS = {
    About.CORRECTNESS: "IS THE ANSWER LIKELY RIGHT?",
    About.SUITABILITY: "DOES THE MODEL KNOW SUCH PICTURES?",
}
BAR_WIDTH = {"scores": 142, "classes": 190}
SPELT_OUT = (2, 3)
"""Columns of the scores that the second line shows in words."""


class LightCard(QFrame):
    """The light with its word, the answer it judges, and why it has its colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.sign = LightSign()
        self.word = label("", "word")
        self.answer = label("", "title", wrap=True)
        self.reason = label("", "muted", wrap=True)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.word)
        top.addStretch(1)
        top.addWidget(self.sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 12)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.answer)
        column.addWidget(self.reason)
        self.show_nothing(WAITING)

    def show_nothing(self, words: str) -> None:
        """Say why there is no light."""
        self._show_light(Light.GREY)
        self.answer.hide()
        self.reason.setText(_sentence(words))

    def show_assessment(self, assessment: Assessment) -> None:
        """Show the light of the final class."""
        self._show_light(assessment.light)
        trust = "" if assessment.trust is None else f", trust {percent(assessment.trust)}"
        self.answer.setText(f"AI answer: {class_word(assessment.classes[assessment.final])}{trust}")
        self.answer.setToolTip(assessment.trail)
        self.answer.show()
        self.reason.setText(_sentence(assessment.reason))

    def _show_light(self, light: Light) -> None:
        self.sign.set_light(light)
        self.word.setText(_sentence(look(light).word).rstrip("."))


class ReliabilityPanel(QScrollArea):
    """Shows one assessment."""

    class_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Reliability of AI")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.card = LightCard()
        self.probabilities = ProbabilityModel()
        self.scores = {about: ScoreModel() for about in GROUPS}
        body = QWidget()
        body.setObjectName("panel_body")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(12, 10, 12, 12)
        self._column.setSpacing(4)
        self._column.addWidget(self.card)
        self._sections = [self._section("PREDICTION", self._probability_table())]
        self._sections += [self._section(GROUPS[about], self._score_table(about)) for about in GROUPS]
        self._column.addStretch(1)
        self.setWidget(body)
        self.show_nothing(WAITING)

    def show_nothing(self, words: str) -> None:
        """Say in the light's place why there is nothing to show."""
        self.card.show_nothing(words)
        self.probabilities.show_assessment(None)
        for model in self.scores.values():
            model.show_lines(())
        self._fit()

    def show_pending(self, words: str) -> None:
        """Say that the answer is on its way; the rows stay where they are, empty."""
        self.card.show_nothing(words)
        self.probabilities.show_pending()
        for model in self.scores.values():
            model.show_pending()

    def show_assessment(self, assessment: Assessment) -> None:
        """Show one frame's assessment."""
        self.card.show_assessment(assessment)
        self.probabilities.show_assessment(assessment)
        lines = score_lines(assessment)
        for about, model in self.scores.items():
            model.show_lines([line for line in lines if line.about is about])
        self._fit()

    def _fit(self) -> None:
        for section, table in self._sections:
            section.setVisible(table.model().rowCount() > 0)
            table.fit_height()

    def _probability_table(self) -> BarTable:
        table = BarTable("Class probabilities", bar_column=1)
        table.setModel(self.probabilities)
        table.horizontalHeader().hide()
        table.set_columns({1: BAR_WIDTH["classes"]})
        table.setToolTip("Click a class to explain it")
        table.clicked.connect(lambda index: self.class_chosen.emit(index.row()))
        return table

    def _score_table(self, about: About) -> BarTable:
        table = BarTable(GROUPS[about].capitalize(), bar_column=1)
        table.setModel(self.scores[about])
        table.horizontalHeader().hide()
        for column in SPELT_OUT:
            table.hideColumn(column)
        table.set_columns({1: BAR_WIDTH["scores"]})
        return table

    def _section(self, title: str, table: BarTable) -> tuple[QWidget, BarTable]:
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(2)
        heading = label(title, "section")
        heading.setContentsMargins(8, 0, 0, 0)
        column.addWidget(heading)
        column.addWidget(table)
        self._column.addWidget(section)
        return section, table


def _sentence(words: str) -> str:
    """Words with a capital and a full stop."""
    end = "" if words.endswith(("…", ".")) else "."
    return words[:1].upper() + words[1:] + end if words else ""
