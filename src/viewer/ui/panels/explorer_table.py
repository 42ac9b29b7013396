"""The table of an evaluated cohort: gone through by keys, sorted by its header, chosen from as the map is."""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from viewer.session.cohorts import Column
from viewer.ui.panels.explorer_model import COLUMNS, CasesModel
from viewer.ui.texts import tr
from viewer.ui.theme import scaled

ROW = 24
WIDTHS = {Column.VERDICT: 138, Column.TRUTH: 84, Column.ANSWER: 84, Column.TRUST: 54, Column.LIGHT: 46}
_KEYS = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space),
)


class CasesTable(QTableView):
    """Rows are cases; Enter opens the one the keys are at.

    Signals:
        chosen_changed: The reader chose other cases (their numbers, rising, and the one the keys are at or −1).
        opened: Open a case (its number).
        sort_asked: Sort by a column (Column, whether ascending).
    """

    chosen_changed = Signal(object, int)
    opened = Signal(int)
    sort_asked = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.cases = CasesModel()
        self.setModel(self.cases)
        self.setAccessibleName(tr("Cases of the cohort"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leaves it
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of files differ at their ends
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._sort)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(list(COLUMNS).index(Column.FILE), QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(scaled(44))
        self._size()
        self._told = True
        self.selectionModel().selectionChanged.connect(self._chosen)
        self.doubleClicked.connect(lambda index: self.opened.emit(int(self.cases.order[index.row()])))

    @property
    def at(self) -> int:
        """The case the keys are at; −1 where there is none."""
        index = self.currentIndex()
        return int(self.cases.order[index.row()]) if index.isValid() else -1

    def choose(self, cases: NDArray[np.intp], at: int = -1) -> None:
        """Choose cases and go to one; nobody is told."""
        chosen = QItemSelection()
        last = self.cases.columnCount() - 1
        for _, run in groupby(enumerate(self.cases.rows_of(cases).tolist()), key=lambda pair: pair[1] - pair[0]):
            rows = [row for _, row in run]
            chosen.select(self.cases.index(rows[0], 0), self.cases.index(rows[-1], last))
        self._told = False
        model, row = self.selectionModel(), self.cases.row_of(at)
        model.setCurrentIndex(
            self.cases.index(row, 0) if row >= 0 else QModelIndex(), QItemSelectionModel.SelectionFlag.NoUpdate
        )
        model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._told = True
        first = row if row >= 0 else (chosen.indexes()[0].row() if chosen.count() else -1)
        if first >= 0:
            self.scrollTo(self.cases.index(first, 0))

    def event(self, event: QEvent) -> bool:
        """Claim the keys before the window's shortcuts take them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
            if event.key() in _KEYS and plain == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open the case the keys are at; other keys move."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.at >= 0:
                self.opened.emit(self.at)
        else:
            super().keyPressEvent(event)

    def moveCursor(  # noqa: N802 - Qt's name
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last case."""
        ends = {
            QAbstractItemView.CursorAction.MoveHome: 0,
            QAbstractItemView.CursorAction.MoveEnd: self.cases.rowCount() - 1,
        }
        if action in ends:
            return self.cases.index(ends[action], 0)
        return super().moveCursor(action, modifiers)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._size()

    def _size(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(scaled(ROW))
        for place, column in enumerate(COLUMNS):
            if column in WIDTHS:
                self.setColumnWidth(place, scaled(WIDTHS[column]))

    def _sort(self, place: int, order: Qt.SortOrder) -> None:
        self.sort_asked.emit(list(COLUMNS)[place], order is Qt.SortOrder.AscendingOrder)

    def _chosen(self) -> None:
        if not self._told:
            return
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        cases = np.sort(self.cases.order[rows]) if rows else np.zeros(0, np.intp)
        self.chosen_changed.emit(cases, self.at)
