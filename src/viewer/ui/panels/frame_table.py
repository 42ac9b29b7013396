"""The frame table: the very cells of the exported table, but for those of withheld answers."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from viewer.present.rows import SECOND_COLUMNS, Cell
from viewer.present.wording import WITHHELD
from viewer.ui.texts import tr
from viewer.ui.withholding import Why

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FrameTableModel(QAbstractTableModel):
    """One row per assessed frame, in frame order.

    Cells that tell of a withheld answer say so instead; `row` has them all the same, for they are the data.
    """

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[str, ...] = ()
        self._frames: list[int] = []
        self._rows: dict[int, Mapping[str, Cell]] = {}
        self._withheld: dict[int, Why] = {}
        self._readable: Callable[[str, str, Cell], Cell] = lambda file, column, cell: cell

    def clear(self) -> None:
        """Forget every row."""
        self.beginResetModel()
        self._columns, self._frames, self._rows = (), [], {}
        self._withheld.clear()
        self.endResetModel()

    def put(self, frame: int, row: Mapping[str, Cell], withheld: Why | None = None) -> None:
        """Add or replace the row of one frame.

        Args:
            frame: Counted from 0.
            row: Its cells by column.
            withheld: Why cells of the answer are kept back; None to show them all.
        """
        if withheld is None:
            self._withheld.pop(frame, None)
        else:
            self._withheld[frame] = withheld
        if not self._columns:
            self.beginResetModel()
            self._columns, self._frames, self._rows = tuple(row), [frame], {frame: row}
            self.endResetModel()
            return
        if frame not in self._rows:
            place = bisect_left(self._frames, frame)
            self.beginInsertRows(QModelIndex(), place, place)
            self._frames.insert(place, frame)
            self._rows[frame] = row
            self.endInsertRows()
            return
        self._rows[frame] = row
        place = self._frames.index(frame)
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(self._columns) - 1))

    def tell_by(self, readable: Callable[[str, str, Cell], Cell]) -> None:
        """Show cells otherwise from now on: given their file, column and value; `row` stays as it is."""
        self.beginResetModel()
        self._readable = readable
        self.endResetModel()

    def row(self, place: int) -> Mapping[str, Cell]:
        """The cells of the row at `place`, by column name."""
        return self._rows[self._frames[place]]

    def frame_at(self, place: int) -> int:
        """The frame of the row at `place`."""
        return self._frames[place]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of assessed frames."""
        return 0 if parent.isValid() else len(self._frames)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns of the exported table."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401
        """Column names as in the exported table."""
        if role != Role.DisplayRole:
            return None
        return self._columns[section] if orientation is Qt.Orientation.Horizontal else self._frames[section] + 1

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """The cells themselves."""
        column = self._columns[index.column()]
        why = self._withheld.get(self._frames[index.row()])
        hidden = why is not None and (tells_answer if why is Why.READ_FIRST else tells_class)(column)
        cell = tr(WITHHELD) if hidden else self._cell(index.row(), column)
        if role == Role.DisplayRole:
            return "" if cell is None else cell
        if role == Role.ToolTipRole:
            return "" if cell is None else str(cell)
        if role == Role.TextAlignmentRole:
            return _RIGHT if isinstance(cell, float | int) else _LEFT
        return None

    def _cell(self, place: int, column: str) -> Cell:
        row = self.row(place)
        return self._readable(str(row.get("file", "")), column, row[column])


def tells_class(column: str) -> bool:
    """Whether a column of the frame table tells the class or its probability."""
    return column in ("predicted", "final", "trail", *SECOND_COLUMNS) or column.startswith("p_")


def tells_answer(column: str) -> bool:
    """Whether a column tells anything the AI says: all do but those that say which frame it is, or why it is none."""
    return column not in ("file", "series", "frame", "time_ms", "error")
