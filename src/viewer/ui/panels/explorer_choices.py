"""What a reader chooses from in the explorer: colourings, lights, tools, and map or table in little room."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from viewer.present.colours import look
from viewer.present.wording import WORST_FIRST
from viewer.session.cohorts import Colouring
from viewer.ui.canvas.scatter import Tool
from viewer.ui.texts import marked, tr

COLOURINGS: Mapping[Colouring, str] = {
    Colouring.VERDICT: marked("Right or wrong"),
    Colouring.TRUTH: marked("True class"),
    Colouring.ANSWER: marked("AI answer"),
    Colouring.TRUST: marked("Trust"),
    Colouring.LIGHT: marked("Light"),
}
TOOLS: Mapping[Tool, tuple[str, str]] = {
    Tool.MOVE: (marked("Move"), marked("Drag to move the map; with Shift, to gather points. The wheel zooms")),
    Tool.LASSO: (marked("Lasso"), marked("Draw around points to open their pictures")),
    Tool.RECTANGLE: (marked("Box"), marked("Draw a rectangle over points to open their pictures")),
}


def lights() -> list[tuple[str, str]]:
    """Shape, words and value of each light, the worst first."""
    return [(f"{look(light).shape} {look(light).word}", light.value) for light in WORST_FIRST]


def tool_buttons(use: Callable[[Tool], None]) -> dict[Tool, QToolButton]:
    """A button for each tool, of which one is on."""
    buttons: dict[Tool, QToolButton] = {}
    group: QButtonGroup | None = None
    for tool, (words, tip) in TOOLS.items():
        button = buttons[tool] = QToolButton()
        group = group or QButtonGroup(button)
        button.setText(tr(words))
        button.setToolTip(tr(tip))
        button.setCheckable(True)
        button.setChecked(tool is Tool.MOVE)
        button.toggled.connect(lambda on, tool=tool: use(tool) if on else None)
        group.addButton(button)
    return buttons


def pages_bar() -> tuple[QWidget, QButtonGroup]:
    """Map or table; the group's identifiers are 0 and 1."""
    bar = QWidget()
    row = QHBoxLayout(bar)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2)
    group = QButtonGroup(bar)
    for place, (words, tip) in enumerate(
        ((tr("Map"), tr("Show the map of the cohort")), (tr("Table"), tr("Show the table of the cohort")))
    ):
        button = QToolButton()
        button.setText(words)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setChecked(place == 0)
        group.addButton(button, place)
        row.addWidget(button)
    bar.hide()
    return bar, group
