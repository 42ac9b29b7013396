"""A small table of words whose rows change with every frame, as high as they are."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from viewer.ui.theme import scaled

Index = QModelIndex | QPersistentModelIndex
LINE = 22


class WordModel(QAbstractTableModel):
    """Rows of words below a header."""

    def __init__(self) -> None:
        super().__init__()
        self._header: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()

    def show_rows(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Hold other rows."""
        same = len(header) == len(self._header) and len(rows) == len(self._rows)
        if not same:
            self.beginResetModel()
        self._header, self._rows = tuple(header), tuple(tuple(row) for row in rows)
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(header) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(self._header)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """The header."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._header[section].replace(" ", "\n")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """The words."""
        words = self._rows[index.row()][index.column()]
        return words if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None


class WordTable(QTableView):
    """Shows such rows; words of the header stand below each other."""

    def __init__(self, name: str, *, named: bool = False) -> None:
        """Make it empty.

        Args:
            name: For a screen reader.
            named: Whether the first column holds names, which get the room that the others leave.
        """
        super().__init__()
        self._named = named
        self.rows = WordModel()
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle if named else Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_rows(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show other rows; none hides the table."""
        self.rows.show_rows(header, rows)
        self.verticalHeader().setDefaultSectionSize(scaled(LINE))
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + scaled(LINE) * len(rows) + 4)
        self.setVisible(bool(rows))
        if self._named and self.rows.columnCount():
            self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
