"""What to know before the first picture: what this is, what the lights mean, and where data are kept."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from viewer.domain.result import Light
from viewer.present.wording import RESEARCH_USE, light_word
from viewer.resources import user_data
from viewer.ui.texts import marked, tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.light_sign import LightMark

VERSION = 2
"""Raised when what must be known changes: then it is shown, and accepted, once more."""

WIDTH = 580

NOT_FOR = marked("Not for diagnosis or treatment.")
OF_THE_AI = marked("A light speaks of the AI, never of the patient: red does not mean malignant.")
MEANINGS = {
    Light.GREEN: marked("Such answers are certified to be right as often as is stated beside the light."),
    Light.AMBER: marked("The model is certified; this answer does not reach what green takes."),
    Light.RED: marked("Half of such answers or more are wrong, or the picture is unlike those the model knows."),
    Light.GREY: marked("Nothing may be claimed; the sentence beside it says what is missing."),
}
PICTURES = marked("Pictures stay where they are and are never changed.")
ANSWERS = marked("Your answers and drawings: {path}")
THE_REST = marked(
    "The list of what was opened; what the AI answered to each case, without names; and reports of faults, which "
    "hold no patient's data: {path}"
)


class FirstNotice(QDialog):
    """Shown beside the window at the first start, until it is accepted; it blocks nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Before you start"))
        self.setFixedWidth(scaled(WIDTH))
        self._answers = label("", "muted", wrap=True)
        buttons = QDialogButtonBox()
        self.understood = buttons.addButton(tr("I &understand"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.understood.setDefault(True)
        buttons.accepted.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(8)
        column.addWidget(label(f"{tr(RESEARCH_USE)} {tr(NOT_FOR)}", "warning", wrap=True))
        column.addSpacing(8)
        column.addWidget(label(tr("What the lights mean"), "title"))
        column.addWidget(label(tr(OF_THE_AI), wrap=True))
        column.addLayout(_lights())
        column.addSpacing(8)
        column.addWidget(label(tr("Where data are kept"), "title"))
        column.addWidget(label(tr(PICTURES), wrap=True))
        column.addWidget(self._answers)
        column.addWidget(label(tr(THE_REST).format(path=breakable(user_data())), "muted", wrap=True))
        column.addSpacing(8)
        column.addWidget(buttons)

    def show_journal(self, path: Path) -> None:
        """Say where answers are kept."""
        self._answers.setText(tr(ANSWERS).format(path=breakable(path)))


def _lights() -> QGridLayout:
    """Each light with its word and meaning."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(2, 1)
    for row, (light, meaning) in enumerate(MEANINGS.items()):
        mark = LightMark()
        mark.set_light(light)
        grid.addWidget(mark, row, 0)
        grid.addWidget(label(light_word(light), "title"), row, 1)
        grid.addWidget(label(tr(meaning), wrap=True), row, 2)
    return grid


def breakable(path: Path) -> str:
    """A path that may break into lines before each part."""
    return str(path).replace("/", "\u200b/").replace("\\", "\u200b\\")
