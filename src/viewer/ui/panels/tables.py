"""Table models of the reliability panel: they hold what `present` made, and nothing of their own."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from viewer.domain.result import Assessment
from viewer.present.rows import Cell, rounded
from viewer.present.score_table import HEADER, ScoreLine
from viewer.present.wording import class_word, percent
from viewer.ui.widgets.bars import FAULTY, NOTE, SHARE, STRONG

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ProbabilityModel(QAbstractTableModel):
    """One row per class, in the bundle's order, so that rows stay where they are from frame to frame."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self._pending = False

    def show_pending(self) -> None:
        """Keep the rows and empty them: the next answer is on its way."""
        self._pending = True
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 1))

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Hold another assessment."""
        self._pending = False
        same = _classes(assessment) == _classes(self._assessment)
        if not same:
            self.beginResetModel()
        self._assessment = assessment
        if not same:
            self.endResetModel()
        elif assessment is not None:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of classes."""
        return 0 if parent.isValid() else len(_classes(self._assessment))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Class and probability."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """Texts and bars."""
        if self._assessment is None or not index.isValid():
            return None
        share = rounded(float(self._assessment.probabilities[index.row()]))
        name = class_word(self._assessment.classes[index.row()])
        if self._pending:
            return _pending_cell(name, index.column(), role)
        if role == Role.DisplayRole:
            return name if index.column() == 0 else percent(share)
        if role == SHARE:
            return share
        if role == STRONG:
            return index.row() == self._assessment.final
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return f"{name}: probability {share:.3f}"
        return None


class ScoreModel(QAbstractTableModel):
    """One row per scorer: title, trust, own value, weight; the second line says the last two in words."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ScoreLine, ...] = ()
        self._pending = False

    @property
    def lines(self) -> tuple[ScoreLine, ...]:
        """What is shown."""
        return self._lines

    def show_pending(self) -> None:
        """Keep the rows and empty them: the next answer is on its way."""
        self._pending = True
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, self.columnCount() - 1))

    def show_lines(self, lines: Sequence[ScoreLine]) -> None:
        """Hold other lines."""
        self._pending = False
        same = [line.name for line in lines] == [line.name for line in self._lines]
        if not same:
            self.beginResetModel()
        self._lines = tuple(lines)
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of scorers."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """All columns but health, which stands in the second line."""
        return 0 if parent.isValid() else len(HEADER) - 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401
        """Column names."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return HEADER[section]
        if role == Role.TextAlignmentRole:
            return _LEFT if section < 2 else _RIGHT
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """Texts and bars."""
        line = self._lines[index.row()]
        if self._pending:
            return _second_line(line) if role == NOTE else _pending_cell(line.title, index.column(), role)
        if role == Role.DisplayRole:
            return self._text(line, index.column())
        if role == SHARE:
            return line.trust
        if role == NOTE:
            return _second_line(line)
        if role == FAULTY:
            return line.failed
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return _sentence(line)
        return None

    def _text(self, line: ScoreLine, column: int) -> str:
        if column == 1 and line.trust is None:
            return "unavailable" if line.failed else "no answer"
        return line.cells[column]


class FrameTableModel(QAbstractTableModel):
    """One row per assessed frame with the very cells of the exported table, in frame order."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[str, ...] = ()
        self._frames: list[int] = []
        self._rows: dict[int, Mapping[str, Cell]] = {}

    def clear(self) -> None:
        """Forget every row."""
        self.beginResetModel()
        self._columns, self._frames, self._rows = (), [], {}
        self.endResetModel()

    def put(self, frame: int, row: Mapping[str, Cell]) -> None:
        """Add or replace the row of one frame."""
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
        cell = self.row(index.row())[self._columns[index.column()]]
        if role == Role.DisplayRole:
            return "" if cell is None else cell
        if role == Role.ToolTipRole:
            return "" if cell is None else str(cell)
        if role == Role.TextAlignmentRole:
            return _RIGHT if isinstance(cell, float | int) else _LEFT
        return None


def _second_line(line: ScoreLine) -> str:
    """What stands below the title: why there is no answer, else the scorer's own value and its weight."""
    if line.trust is None:
        return line.health
    weight = f"weight {line.weight_text}" if line.weight else line.weight_text
    return "  ·  ".join(part for part in (line.raw_text, weight, line.health) if part and part != "–")


def _pending_cell(title: str, column: int, role: int) -> Any:  # noqa: ANN401 - Qt's variant
    """A row that is waited for: its title and an empty bar."""
    if role == Role.DisplayRole:
        return title if column == 0 else "–" if column == 1 else ""
    return 0.0 if role == SHARE else None


def _classes(assessment: Assessment | None) -> tuple[str, ...]:
    return () if assessment is None else assessment.classes


def _sentence(line: ScoreLine) -> str:
    value = "" if line.raw_text == "–" else f", value {line.raw_text}"
    note = f"; {line.health}" if line.health else ""
    said = f"{line.title}: trust {line.trust_text}{value}, weight {line.weight_text}{note}"
    return f"{said} ({line.question} {line.plugin})"
