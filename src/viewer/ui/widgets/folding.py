"""A table of bars some of whose rows open and close others: by a click, or walked with the arrows and Enter."""

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent

from viewer.ui.theme import draw_focus
from viewer.ui.widgets.bars import OPEN, BarTable
from viewer.ui.widgets.pressing import PRESSING

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class FoldingTable(BarTable):
    """One stop of the keyboard; its arrows keep to the rows, whatever they do elsewhere in the window.

    Signals:
        turned: A row that others are folded under was pressed (its number).
        walked: The keyboard went to a row (its place in the table).
    """

    turned = Signal(int)
    walked = Signal(QRect)

    def __init__(self, name: str, *, bar_column: int) -> None:
        super().__init__(name, bar_column=bar_column)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click must not take the keys from the picture
        self.clicked.connect(self._turn)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that walk and turn from the shortcuts of the window."""
        if isinstance(event, QKeyEvent) and event.key() in (*STEPS, *PRESSING) and not event.modifiers():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(Qt.Key(event.key()))
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first row."""
        super().focusInEvent(event)
        self._walk_to(max(self.currentIndex().row(), 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring around the row the keyboard is at."""
        super().paintEvent(event)
        row = self.currentIndex().row()
        if self.hasFocus() and row >= 0:
            painter = QPainter(self.viewport())
            draw_focus(painter, self._place(row))
            painter.end()

    def _press(self, key: Qt.Key) -> None:
        row = self.currentIndex().row()
        if key in STEPS:
            self._walk_to(min(max(row + STEPS[key], 0), self.model().rowCount() - 1))
        else:
            self._turn(self.currentIndex())

    def _turn(self, index: QModelIndex) -> None:
        if index.isValid() and index.siblingAtColumn(0).data(OPEN) is not None:
            self.turned.emit(index.row())
            self._walk_to(index.row())

    def _walk_to(self, row: int) -> None:
        if 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, 0))
            self.viewport().update()
            if self.hasFocus():
                self.walked.emit(self._place(row))

    def _place(self, row: int) -> QRect:
        first, last = (
            self.visualRect(self.model().index(row, column)) for column in (0, self.model().columnCount() - 1)
        )
        return first.united(last)
