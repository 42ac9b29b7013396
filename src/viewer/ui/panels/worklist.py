"""Left dock: one row for each study, how far its reading is, and what is to be done with it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from viewer.domain.result import Light
from viewer.present.colours import look
from viewer.present.wording import WORST_FIRST
from viewer.session.worklist import STATES, Sort, StudyRow, counts_of_states, matching, sorted_rows
from viewer.store.acts import ReadingState
from viewer.ui.panels.series_list import draw_progress, write_words
from viewer.ui.panels.worklist_model import (
    SAVING,
    STATE_WORDS,
    Index,
    WorklistModel,
    kind_words,
    reader_words,
)
from viewer.ui.texts import marked, tr
from viewer.ui.theme import colour, scaled
from viewer.ui.widgets.chooser import KeyChooser
from viewer.ui.widgets.disclosure import Disclosure
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.light_sign import MARK, draw_mark

_LINE, _PAD, _SMALL = 18, 9, 11
_LINES = 4
_PROGRESS = 34
"""Width of the bar beside the number of answered pictures."""
_MARKED = MARK + 9
"""Room of a light's shape and the gaps around it."""
_LIST_KEYS = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return, Qt.Key.Key_Enter),
)

SORT_WORDS: Mapping[Sort, str] = {
    Sort.OPENED: marked("Opened"),
    Sort.NAME: marked("Name"),
    Sort.STATE: marked("State"),
    Sort.LIGHT: marked("Worst"),
    Sort.PROGRESS: marked("Progress"),
    Sort.DATE: marked("Date"),
}
MARK_WORDS: Mapping[ReadingState, tuple[str, str]] = {
    ReadingState.DONE: (marked("&Done"), marked("Mark the chosen study as done (Ctrl+Return for the one on screen)")),
    ReadingState.IN_REVIEW: (marked("&In review"), marked("The chosen study is in review again")),
    ReadingState.UNREAD: (marked("Unread"), marked("The chosen study is to be read as if for the first time")),
}


class WorklistPanel(QWidget):
    """Counts, filters, the list, and what changes the state of the chosen study.

    Signals:
        study_chosen: Show a study, or open it again (StudyRow).
        state_asked: A study is in another state now (StudyRow, ReadingState).
    """

    study_chosen = Signal(object)
    state_asked = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel_body")
        self._all: tuple[StudyRow, ...] = ()
        self._saving: Mapping[str, str] = {}
        self._current = ""
        self.counts = label("", "small", wrap=True)
        self.overall = QProgressBar()
        self.overall.setTextVisible(False)
        self.fault = label("", "warning", wrap=True)
        self.filters = Disclosure(tr("Find and sort"))
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("Find a study"))
        self.words.setAccessibleName(tr("Find a study"))
        self.words.setClearButtonEnabled(True)
        self.sort = _chooser(tr("Order of the studies"), [(tr(SORT_WORDS[sort]), sort.value) for sort in Sort])
        states = [(tr(STATE_WORDS[state]), state.value) for state in STATES]
        self.state = _chooser(tr("Studies in which state"), [(tr("State"), ""), *states])
        lights = [(f"{look(light).shape} {look(light).word}", light.value) for light in WORST_FIRST]
        self.light = _chooser(tr("Studies with a picture under which light"), [(tr("Light"), ""), *lights])
        self.list = StudyList()
        self.marks = {state: QPushButton(tr(words)) for state, (words, _) in MARK_WORDS.items()}
        self._build()
        self.words.textChanged.connect(self._arrange)
        for chooser in (self.sort, self.state, self.light):
            chooser.currentIndexChanged.connect(self._arrange)
        self.list.study_chosen.connect(self.study_chosen)
        self.list.selectionModel().currentChanged.connect(self._offer)
        self.show_rows((), {})

    @property
    def rows(self) -> tuple[StudyRow, ...]:
        """Every study, whether the filters show it or not."""
        return self._all

    def show_rows(self, rows: Sequence[StudyRow], saving: Mapping[str, str]) -> None:
        """Show the studies.

        Args:
            rows: As `study_rows` has them.
            saving: How the saving of a state goes, in words, by study.
        """
        self._all, self._saving = tuple(rows), saving
        self._arrange()
        counted = counts_of_states(rows)
        words = ", ".join(f"{count} {tr(STATE_WORDS[state])}" for state, count in counted.items())
        self.counts.setText(words if rows else tr("No study yet: what is opened is listed here"))
        pictures, answered = sum(row.pictures for row in rows), sum(row.answered for row in rows)
        self.overall.setMaximum(max(pictures, 1))
        self.overall.setValue(answered)
        told = tr("{n} of {all} answered").format(n=answered, all=pictures)
        self.overall.setAccessibleName(told)
        self.overall.setToolTip(told)

    def show_fault(self, sentence: str) -> None:
        """Say why the journal cannot be read; `""` where it can."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def select(self, study: str) -> None:
        """Choose the study on screen."""
        self._current = study
        place = self.list.studies.row_of(study)
        if place >= 0:
            self.list.setCurrentIndex(self.list.studies.index(place, 0))

    def _arrange(self) -> None:
        state, light = self.state.currentData(), self.light.currentData()
        shown = matching(
            self._all,
            self.words.text(),
            ReadingState(state) if state else None,
            Light(light) if light else None,
        )
        chosen = self.list.chosen
        self.list.studies.show_rows(sorted_rows(shown, Sort(self.sort.currentData())), self._saving)
        if chosen is not None or self._current:
            self.select(chosen.study if chosen is not None else self._current)
        self._offer()

    def _offer(self) -> None:
        """Offer the states that the chosen study is not in."""
        chosen = self.list.chosen
        for state, button in self.marks.items():
            button.setEnabled(chosen is not None and chosen.state is not state)

    def _ask(self, state: ReadingState) -> None:
        if self.list.chosen is not None:
            self.state_asked.emit(self.list.chosen, state)

    def _build(self) -> None:
        filters = QGridLayout()
        filters.setSpacing(5)
        for place, part in enumerate((self.words, self.sort, self.state, self.light)):
            filters.addWidget(part, *divmod(place, 2))
        for side in range(2):
            filters.setColumnStretch(side, 1)
        self.filters.column.addLayout(filters)
        head = QVBoxLayout()
        head.setContentsMargins(8, 2, 8, 0)
        head.setSpacing(4)
        for part in (self.counts, self.overall, self.fault, self.filters):
            head.addWidget(part)
        marks = QHBoxLayout()
        marks.setContentsMargins(6, 3, 6, 3)
        marks.setSpacing(4)
        for state, button in self.marks.items():
            button.setObjectName("narrow_button")
            button.setToolTip(tr(MARK_WORDS[state][1]))
            button.clicked.connect(lambda _=False, state=state: self._ask(state))
            marks.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addLayout(marks)
        self.fault.hide()


class StudyList(QListView):
    """The studies; arrows and Enter belong to it while it has the keys."""

    study_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Worklist"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)  # the row under the mouse is drawn as such
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMinimumHeight(20)
        self.studies = WorklistModel()
        self.setModel(self.studies)
        self.setItemDelegate(_StudyDelegate(self, self.studies))
        self.clicked.connect(self._choose)

    @property
    def chosen(self) -> StudyRow | None:
        """The study whose row is chosen."""
        return self.studies.row_at(self.currentIndex())

    def event(self, event: QEvent) -> bool:
        """Claim the keys before the window's shortcuts take them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and event.key() in _LIST_KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the chosen study; other keys move."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        row = self.studies.row_at(index)
        if row is not None:
            self.study_chosen.emit(row)


class _StudyDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget, studies: WorklistModel) -> None:
        super().__init__(parent)
        self._studies = studies

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _LINES * scaled(_LINE) + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._studies.row_at(index)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRect(option.rect).adjusted(4, 1, -4, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(room, 5, 5)
        left, width = room.left() + _PAD, room.width() - 2 * _PAD
        line, top = scaled(_LINE), room.top() + _PAD - 1
        lines = [QRect(left, top + place * line, width, line) for place in range(_LINES)]
        painter.setPen(colour("text"))
        write_words(painter, lines[0], index.data(), Qt.TextElideMode.ElideMiddle)
        font = painter.font()
        font.setPixelSize(scaled(_SMALL))
        painter.setFont(font)
        painter.setPen(colour("muted"))
        write_words(painter, lines[1], kind_words(row))
        self._paint_state(painter, lines[2], row, index.data(SAVING))
        used = self._paint_progress(painter, lines[3], row)
        self._paint_lights(painter, lines[3].adjusted(used, 0, 0, 0), row)
        painter.restore()

    def _paint_state(self, painter: QPainter, room: QRect, row: StudyRow, saving: str) -> None:
        """The state, bold, then who brought it there and when."""
        painter.save()
        font = painter.font()
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour("warning" if saving else "text"))
        words = saving or tr(STATE_WORDS[row.state])
        write_words(painter, room, words)
        used = painter.fontMetrics().horizontalAdvance(f"{words}   ")
        painter.restore()
        write_words(painter, room.adjusted(used, 0, 0, 0), reader_words(row))

    def _paint_progress(self, painter: QPainter, room: QRect, row: StudyRow) -> int:
        """Answered pictures of all, as a number and a bar; returns the room it took."""
        words = f"{row.answered} / {row.pictures or '?'}"
        write_words(painter, room, words)
        used = painter.fontMetrics().horizontalAdvance(words) + 6
        draw_progress(painter, QRect(room.left() + used, room.center().y() - 1, _PROGRESS, 4), row.share)
        return used + _PROGRESS + 8

    def _paint_lights(self, painter: QPainter, room: QRect, row: StudyRow) -> None:
        """Shape and number of each light, the worst first; its word where there is room for it."""
        if not row.lights:
            write_words(painter, room, tr("No light yet"))
            return
        metrics = painter.fontMetrics()
        worst, *_ = row.lights
        words = {light: f"{count}" for light, count in row.lights.items()}
        named = {**words, worst: f"{words[worst]} {look(worst).word}"}
        if sum(_MARKED + metrics.horizontalAdvance(told) for told in named.values()) <= room.width():
            words = named
        left = room.left()
        for light, told in words.items():
            width = metrics.horizontalAdvance(told)
            draw_mark(painter, light, QPointF(left + MARK / 2 - 1, room.center().y() + 0.5))
            painter.setPen(colour("muted"))
            write_words(painter, QRect(left + MARK + 2, room.top(), width + 2, room.height()), told)
            left += _MARKED + width


def _chooser(name: str, choices: Sequence[tuple[str, str]]) -> KeyChooser:
    chooser = KeyChooser()
    chooser.setObjectName("narrow_chooser")
    chooser.setAccessibleName(name)
    chooser.setToolTip(name)
    chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # no wider than the list
    for words, value in choices:
        chooser.addItem(words, value)
    return chooser
