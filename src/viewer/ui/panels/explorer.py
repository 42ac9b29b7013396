"""An evaluated cohort to go through: a map of its cases beside their table."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QImage, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.domain.result import Light
from viewer.present.categories import Look
from viewer.present.wording import class_word
from viewer.session.cohorts import Colouring, Explored, Verdict, Wanted
from viewer.ui.canvas.scatter import ScatterMap, Tool
from viewer.ui.panels.explorer_choices import COLOURINGS, TOOLS, lights, pages_bar, tool_buttons
from viewer.ui.panels.explorer_legend import KindsLegend
from viewer.ui.panels.explorer_model import CaseWords, verdict_choices
from viewer.ui.panels.explorer_table import CasesTable
from viewer.ui.panels.notice import NoticeStrip, Offer
from viewer.ui.texts import marked, tr
from viewer.ui.theme import widened
from viewer.ui.widgets.case_card import CaseCard
from viewer.ui.widgets.chooser import chooser
from viewer.ui.widgets.labels import ElidedLabel, label
from viewer.ui.widgets.making import Making

SHARES = [460, 540]
"""Width of map and table, in proportion."""
LEAST = 60
"""Height of map and table that a low window leaves, in pixels."""
SLIM = (300, 230)
"""Width and height that the panel needs, in pixels at 100 %."""
NARROW = 820
"""A panel narrower than this shows map or table, one at a time."""

ABOUT_MAP = marked(
    "For showing only: near points look similar to the network; how far clusters lie apart means nothing."
)
NO_COHORT = marked(
    "No cohort is open. Open one that viewer evaluate wrote with --html: File › Open evaluated cohort …"
)


class ExplorerPanel(QWidget):
    """Shows what it is given, and tells what the reader asks for.

    Signals:
        colouring_chosen: Tell points apart by something else (Colouring).
        wanted_changed: The filters are others now.
        kind_toggled: A kind of the legend was clicked (its number).
        sort_asked: Of the table (Column, whether ascending).
        case_pointed: The mouse is over a point (its case and place on the map, −1 for none).
        case_opened: Open a case.
        cases_chosen: Other cases are chosen (their numbers, the one the reader is at or −1).
        cases_gathered: Cases were gathered on the map (their numbers).
        open_asked: Open all that are chosen.
    """

    colouring_chosen = Signal(object)
    wanted_changed = Signal()
    kind_toggled = Signal(int)
    sort_asked = Signal(object, bool)
    case_pointed = Signal(int, QPointF)
    case_opened = Signal(int)
    cases_chosen = Signal(object, int)
    cases_gathered = Signal(object)
    open_asked = Signal()

    def __init__(self, open_cohort: QAction, next_failure: QAction, previous_failure: QAction) -> None:
        super().__init__()
        self.setObjectName("panel_body")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = ElidedLabel("title")
        self.problem, self.other_model, self.withheld = NoticeStrip(), NoticeStrip(), NoticeStrip()
        self.map, self.legend, self.table, self.making = ScatterMap(), KindsLegend(), CasesTable(), Making()
        self.map.setAccessibleName(tr("Map of the cohort"))
        self.card = CaseCard(self)
        self.colouring = chooser(
            tr("Colour points by"), [(tr(words), kind.value) for kind, words in COLOURINGS.items()]
        )
        self.truth = chooser(tr("Cases of which true class"), [(tr("Every class"), "")])
        self.outcome = chooser(tr("Cases of which outcome"), [(tr("Every outcome"), ""), *verdict_choices()])
        self.light = chooser(tr("Cases under which light"), [(tr("Every light"), ""), *lights()])
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("Find a file"))
        self.words.setAccessibleName(tr("Find a file"))
        self.words.setClearButtonEnabled(True)
        self.tools: dict[Tool, QToolButton] = tool_buttons(self.map.use_tool)
        self.whole = QToolButton()
        self.whole.setText(tr("Fit"))
        self.whole.setToolTip(tr("Show every point"))
        self.count = label("", "small")
        self.facts = ElidedLabel("small")
        self.about = ElidedLabel("small")
        self.about.set_words(tr(ABOUT_MAP))
        self.open_chosen = QPushButton()
        self.open_chosen.setObjectName("small_button")
        self.open_chosen.setToolTip(tr("Open the pictures of the chosen cases in the list of studies"))
        self.empty = label(tr(NO_COHORT), "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        previous_failure.setIconText(tr("Previous"))
        next_failure.setIconText(tr("Next"))
        self._failures = label(tr("Wrong and trusted"), "small")
        self._steps = [_button(action) for action in (previous_failure, next_failure)]
        self.open_cohort = _button(open_cohort)
        self._narrow = False
        self._build()
        self._connect()
        self.show_nothing()

    # What is shown -----------------------------------------------------------------------------------------------

    def show_nothing(self, words: str = "") -> None:
        """Show that no cohort is open, or why."""
        self.empty.setText(words or tr(NO_COHORT))
        self.empty.show()
        self.open_cohort.show()
        self._body.hide()

    def show_cohort(self, title: str, explored: Explored) -> None:
        """Show another cohort, with every filter as at the first time.

        Args:
            title: What it is.
            explored: Its classes can be chosen.
        """
        self.empty.hide()
        self.open_cohort.hide()
        self._body.show()
        self.title.set_words(title)
        self.problem.hide()
        parts = (self.truth, self.outcome, self.light, self.words, self.colouring)
        for part in parts:
            part.blockSignals(True)
        self.truth.clear()
        self.truth.addItem(tr("Every class"), "")
        for number, name in enumerate(explored.classes):
            self.truth.addItem(class_word(name), str(number))
        for chooser_ in (self.outcome, self.light, self.colouring):
            chooser_.setCurrentIndex(0)
        self.words.clear()
        for part in parts:
            part.blockSignals(False)
        self.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.show_map(explored.positions)

    def show_map(self, positions: NDArray[np.float32] | None, why: str = "") -> None:
        """Show the map.

        Args:
            positions: Of every case; None while there is none.
            why: Why there is none.
        """
        self.map.show_positions(positions)
        self.making.setVisible(positions is None)
        self.making.tell(why)
        for part in (self.map, self.legend, self.about):
            part.setVisible(positions is not None)

    def show_kinds(self, kinds: NDArray[np.intp], looks: Sequence[Look], shown: NDArray[np.bool_]) -> None:
        """Tell the points of the map apart."""
        self.map.show_kinds(kinds, looks, shown)

    def show_cases(self, words: CaseWords, order: NDArray[np.intp]) -> None:
        """Fill the table with cases in order."""
        self.table.cases.show_cases(words, order)
        told = tr("{n} of {all} cases").format(n=len(order), all=len(words.explored))
        self.count.setText(told)

    def show_choice(self, cases: NDArray[np.intp], at: int, facts: str) -> None:
        """Mark chosen cases on the map, and tell of the one the reader is at."""
        self.map.choose(cases, at)
        self.facts.set_words(facts)
        self.open_chosen.setVisible(len(cases) > 1)
        self.open_chosen.setText(tr("Open {n} cases").format(n=len(cases)))

    def show_card(self, facts: Sequence[str], place: QPointF) -> None:
        """Show the facts of a case beside its point; none hides them."""
        if facts:
            self.card.show_case(facts, QPointF(self.map.mapTo(self, place.toPoint())))
        else:
            self.card.hide()

    def show_thumbnail(self, image: QImage | None, why: str) -> None:
        """Show the picture on the card, or why there is none."""
        self.card.show_picture(image, why)

    def show_withheld(self, words: str, offer: Offer | None, *, everything: bool) -> None:
        """Say what is kept back, with the way to see it; no words where nothing is.

        Args:
            words: One sentence.
            offer: Shows it.
            everything: Whether the whole cohort is.
        """
        self.withheld.hide()
        if words:
            self.withheld.tell(words, *([offer] if offer else []))
        self._inside.setVisible(not everything)

    @property
    def wanted(self) -> Wanted:
        """The filters."""
        truth, light, outcome = (part.currentData() for part in (self.truth, self.light, self.outcome))
        return Wanted(
            truth=int(truth) if truth else None,
            light=Light(light) if light else None,
            verdict=Verdict(outcome) if outcome else None,
            words=self.words.text().strip(),
        )

    # Qt ----------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room, else one at a time."""
        super().resizeEvent(event)
        narrow = self.width() < widened(NARROW)
        if narrow is not self._narrow:
            self._narrow = narrow
            self._pages.setVisible(narrow)
            self._failures.setVisible(not narrow)
            words = Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            for step in self._steps:
                step.setToolButtonStyle(words)
            self._turn()

    def minimumSizeHint(self) -> QSize:
        """What the narrow form needs: the wide one gives way to it."""
        return QSize(widened(SLIM[0]), widened(SLIM[1]))

    def _turn(self) -> None:
        """Show map and table as the room and the reader have it."""
        self._left.setVisible(not self._narrow or self._page.checkedId() == 0)
        self._right.setVisible(not self._narrow or self._page.checkedId() == 1)

    def _connect(self) -> None:
        self.colouring.currentIndexChanged.connect(
            lambda: self.colouring_chosen.emit(Colouring(self.colouring.currentData()))
        )
        for chooser_ in (self.truth, self.outcome, self.light):
            chooser_.currentIndexChanged.connect(self.wanted_changed)
        self.words.textChanged.connect(self.wanted_changed)
        self.legend.toggled.connect(self.kind_toggled)
        self.whole.clicked.connect(self.map.fit)
        self.map.pointed.connect(self.case_pointed)
        self.map.clicked.connect(self.case_opened)
        self.map.gathered.connect(self.cases_gathered)
        self.table.chosen_changed.connect(self.cases_chosen)
        self.table.opened.connect(self.case_opened)
        self.table.sort_asked.connect(self.sort_asked)
        self.open_chosen.clicked.connect(self.open_asked)
        self._page.idClicked.connect(self._turn)

    def _build(self) -> None:
        self._pages, self._page = pages_bar()
        filters = _row(self.truth, self.outcome, self.light)
        filters.addWidget(self.words, 1)
        over_map = _row(self.colouring, *(self.tools[tool] for tool in TOOLS), self.whole)
        over_map.addStretch(1)
        self._left, self._right = QWidget(), QWidget()
        beside = _row(self.legend)
        beside.insertWidget(0, self.map, 1)
        _column(self._left, over_map, (self.making, 1), (beside, 1), self.about)
        _column(self._right, filters, (self.table, 1))
        self.map.setMinimumHeight(LEAST)
        self.table.setMinimumHeight(LEAST)
        self.words.setMinimumWidth(LEAST)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        for place, part in enumerate((self._left, self._right)):
            both.addWidget(part)
            both.setStretchFactor(place, SHARES[place])
        both.setSizes(SHARES)
        foot = _row(self.count)
        foot.setSpacing(12)
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.open_chosen)
        self._inside = QWidget()
        _column(self._inside, (both, 1), foot)
        head = _row(self._pages)
        head.insertWidget(0, self.title, 1)
        head.addWidget(self._failures)
        for step in self._steps:
            head.addWidget(step)
        self._body = QWidget()
        _column(self._body, head, self.problem, self.other_model, self.withheld, (self._inside, 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 6)
        column.addWidget(self.empty)
        column.addWidget(self.open_cohort, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._body, 1)


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(4)
    for part in parts:
        row.addWidget(part)
    return row


def _column(body: QWidget, *parts: QWidget | QHBoxLayout | tuple[QWidget | QHBoxLayout, int]) -> None:
    """Lay parts below each other, each with its share of the room where it has one."""
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for entry in parts:
        part, share = entry if isinstance(entry, tuple) else (entry, 0)
        if isinstance(part, QHBoxLayout):
            column.addLayout(part, share)
        else:
            column.addWidget(part, share)
