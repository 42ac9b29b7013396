"""Everything drawn and marked on a clip, with what it measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QHeaderView, QTableView, QToolButton, QVBoxLayout, QWidget

from viewer.domain.annotation import Annotation, Kind
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.key_table import KeyTable
from viewer.ui.widgets.labels import label

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

HEADINGS = (marked("Frame"), marked("Shape"), marked("Label"), marked("Values"))
WIDTHS = (52, 86, 84)
"""Of all columns but the last, which takes the rest."""
WORDS = 2
"""The column of labels, which can be written in."""


@dataclass(frozen=True, slots=True)
class Row:
    """One annotation and its cells: frame, what it is, label, values with what they rest on."""

    annotation: Annotation
    cells: tuple[str, str, str, str]


class MeasurementsModel(QAbstractTableModel):
    """One row per annotation, by frame.

    Signals:
        renamed: An annotation shall have other words (identifier, words).
    """

    renamed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def put(self, rows: Sequence[Row]) -> None:
        """Show other rows; the same annotations in another form keep their places."""
        before, after = self.rows, tuple(rows)
        if [row.annotation.id for row in before] != [row.annotation.id for row in after]:
            self.beginResetModel()
            self.rows = after
            self.endResetModel()
            return
        self.rows = after
        changed = [place for place, row in enumerate(after) if row.cells != before[place].cells]
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(HEADINGS) - 1))

    def put_one(self, place: int, row: Row) -> None:
        """Show one row in another form."""
        self.rows = (*self.rows[:place], row, *self.rows[place + 1 :])
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(HEADINGS) - 1))

    def place_of(self, identifier: str) -> int | None:
        """The row of an annotation."""
        found = (place for place, row in enumerate(self.rows) if row.annotation.id == identifier)
        return next(found, None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Number of annotations."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Number of columns."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401
        """What a column holds."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return tr(HEADINGS[section])
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - as Qt has it
        """A cell."""
        if role in (Role.DisplayRole, Role.EditRole):
            return self.rows[index.row()].cells[index.column()]
        return Qt.AlignmentFlag.AlignTop if role == Role.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Labels can be written in; a key mark has none."""
        flags = super().flags(index)
        named = index.column() == WORDS and self.rows[index.row()].annotation.kind is not Kind.KEY_IMAGE
        return flags | Qt.ItemFlag.ItemIsEditable if named else flags

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: ANN401 - as Qt has it
        """Ask for other words; they are shown once the model of edits has them."""
        if role != Role.EditRole:
            return False
        self.renamed.emit(self.rows[index.row()].annotation.id, str(value))
        return True


class MeasurementsPanel(QWidget):
    """The table; choosing a row goes to its frame and chooses the shape.

    Signals:
        chosen: The reader goes to an annotation (Annotation).
        narrowed: Whether only those of the frame on screen are wanted has changed.
    """

    chosen = Signal(object)
    narrowed = Signal()

    def __init__(self, delete: QAction, rename: QAction) -> None:
        """Build it.

        Args:
            delete: Takes the chosen shape away.
            rename: Writes its label.
        """
        super().__init__()
        self.setObjectName("panel_body")
        self.model = MeasurementsModel()
        self.table = KeyTable(WORDS)
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Measurements"))
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)  # Tab leaves the table, arrows go through it
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        heading = self.table.horizontalHeader()
        for column, width in enumerate(WIDTHS):
            heading.resizeSection(column, width)
        heading.setStretchLastSection(True)
        heading.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.this_frame = QCheckBox(tr("Only this frame"))
        self.nothing = label(tr("Nothing is drawn here yet."), "muted")
        self._build(delete, rename)
        self.setFocusProxy(self.table)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.this_frame.toggled.connect(lambda _: self.narrowed.emit())

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show annotations."""
        self.nothing.setVisible(not rows)
        with QSignalBlocker(self.table.selectionModel()):  # rows that come and go are no choice
            self.model.put(rows)

    def show_chosen(self, identifier: str) -> None:
        """Show which annotation the reader has chosen; `""` for none."""
        selection, place = self.table.selectionModel(), self.model.place_of(identifier)
        before = [index.row() for index in selection.selectedRows()]
        if before == ([] if place is None else [place]):
            return
        with QSignalBlocker(selection):
            if place is None:
                self.table.clearSelection()
            else:
                self.table.selectRow(place)
        self.table.viewport().update()

    def _build(self, delete: QAction, rename: QAction) -> None:
        row = QHBoxLayout()
        row.addWidget(self.this_frame)
        row.addStretch(1)
        for action in (rename, delete):
            button = QToolButton()
            button.setDefaultAction(action)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 6)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.nothing)
        column.addWidget(self.table, 1)

    def _choose(self, current: QModelIndex, before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.model.rows[current.row()].annotation)
