"""What the table of an evaluated cohort shows: one row for each case, in words."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from viewer.present.categories import VERDICT_WORDS
from viewer.present.colours import look
from viewer.present.wording import WITHHELD, class_word, percent
from viewer.session.cohorts import VERDICTS, Column, Explored, Verdict
from viewer.ui.texts import marked, tr

Index = QModelIndex | QPersistentModelIndex

COLUMNS: Mapping[Column, str] = {
    Column.VERDICT: marked("Outcome"),
    Column.FILE: marked("File"),
    Column.TRUTH: marked("Truth"),
    Column.ANSWER: marked("AI answer"),
    Column.TRUST: marked("Trust"),
    Column.LIGHT: marked("Light"),
}
MARKS = {Verdict.SILENT: "★", Verdict.WRONG: "▲", Verdict.RIGHT: "●"}


class CaseWords:
    """What is said of the cases of a cohort.

    Attributes:
        explored: The cohort.
        de_identified: Whether names of files are kept back.
    """

    def __init__(self, explored: Explored, *, de_identified: bool = False) -> None:
        self.explored = explored
        self.de_identified = de_identified

    def name(self, case: int) -> str:
        """The file's name, with the frame where it is not the first; a number where nobody shall read it."""
        if self.de_identified:
            return tr("Case {n}").format(n=case + 1)
        frame = int(self.explored.frames[case])
        name = self.explored.files[case].name
        return tr("{file}, frame {n}").format(file=name, n=frame + 1) if frame else name

    def cell(self, case: int, column: Column) -> str:
        """What a column says of a case."""
        explored = self.explored
        if column is Column.FILE:
            return self.name(case)
        if column is Column.TRUST:
            trust = float(explored.trust[case])
            return percent(None if np.isnan(trust) else trust)
        if column is Column.LIGHT:
            seen = look(explored.light(case))
            return f"{seen.shape} {seen.word}"
        if explored.concealed[case]:
            return tr(WITHHELD)
        if column is Column.VERDICT:
            return f"{MARKS[explored.verdict(case)]} {tr(VERDICT_WORDS[explored.verdicts[case]])}"
        codes = explored.truth if column is Column.TRUTH else explored.answer
        return class_word(explored.classes[codes[case]])

    def facts(self, case: int) -> list[str]:
        """Everything the table says of a case and why its light is what it is, a line each."""
        told = {column: self.cell(case, column) for column in COLUMNS}
        lines = [told[Column.FILE], told[Column.VERDICT]]
        if self.explored.concealed[case]:
            lines[1] = tr("Truth and answer are withheld")
        else:
            lines.append(
                tr("Truth: {truth}. AI: {answer}").format(truth=told[Column.TRUTH], answer=told[Column.ANSWER])
            )
        lines.append(tr("Trust {trust}. {light}").format(trust=told[Column.TRUST], light=told[Column.LIGHT]))
        return lines


class CasesModel(QAbstractTableModel):
    """The cases that are shown, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._words: CaseWords | None = None
        self._order: NDArray[np.intp] = np.zeros(0, np.intp)
        self._rows: NDArray[np.intp] = np.zeros(0, np.intp)

    @property
    def order(self) -> NDArray[np.intp]:
        """Numbers of the cases, row by row."""
        return self._order

    def show_cases(self, words: CaseWords | None, order: NDArray[np.intp]) -> None:
        """Show cases.

        Args:
            words: What is said of them; None for no cohort.
            order: Their numbers.
        """
        self.beginResetModel()
        self._words, self._order = words, order
        self._rows = np.full(0 if words is None else len(words.explored), -1, np.intp)
        self._rows[order] = np.arange(len(order))
        self.endResetModel()

    def row_of(self, case: int) -> int:
        """Where a case is shown; -1 where it is not."""
        return int(self._rows[case]) if 0 <= case < len(self._rows) else -1

    def rows_of(self, cases: NDArray[np.intp]) -> NDArray[np.intp]:
        """Rows of the cases that are shown, in ascending order."""
        rows = self._rows[cases] if len(self._rows) else np.zeros(0, np.intp)
        return np.sort(rows[rows >= 0])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of cases that are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One for each thing that is said of a case."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """Names of the columns; of rows the number in the order."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return tr(list(COLUMNS.values())[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """The words of a cell."""
        if not index.isValid() or self._words is None:
            return None
        case, column = int(self._order[index.row()]), list(COLUMNS)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole and column is Column.LIGHT:
            return look(self._words.explored.light(case)).shape  # its word stands in the tooltip and in the facts
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words.cell(case, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            reason = self._words.explored.cohort.rows[case].get("reason", "")
            return "\n".join(filter(None, (self._words.cell(case, column), reason if column is Column.LIGHT else "")))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{tr(COLUMNS[column])}: {self._words.cell(case, column)}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.TRUST:
            return int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        return None


def verdict_choices() -> list[tuple[str, str]]:
    """Words and value of each outcome, the worst first."""
    return [
        (f"{MARKS[verdict]} {tr(words)}", verdict.value)
        for verdict, words in zip(VERDICTS, VERDICT_WORDS, strict=True)
    ]
