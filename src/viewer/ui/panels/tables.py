"""Table models of the reliability panel: they hold what `present` made, and nothing of their own."""

from collections.abc import Sequence, Set
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from viewer.domain.result import Assessment
from viewer.present.families import Fold
from viewer.present.rows import rounded
from viewer.present.why import WhyLine
from viewer.present.wording import UNAVAILABLE, WITHHELD, class_word, percent
from viewer.ui.texts import tr
from viewer.ui.widgets.bars import FAULTY, INDENT, MARK, NOTES, OPEN, SHARE, STRONG

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class ProbabilityModel(QAbstractTableModel):
    """One row per class, in the bundle's order, so that rows stay where they are from frame to frame."""

    def __init__(self) -> None:
        super().__init__()
        self._assessment: Assessment | None = None
        self._withheld = False
        self._pending = False

    def show_pending(self) -> None:
        """Keep the rows and empty them: the next answer is on its way."""
        self._pending = True
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 1))

    def show_assessment(self, assessment: Assessment | None, *, withheld: bool = False) -> None:
        """Hold another assessment; of a withheld one only the names of the classes are shown."""
        self._pending, self._withheld = False, withheld
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
        if self._withheld:
            return _withheld_cell(name, index.column(), role)
        if role == Role.DisplayRole:
            return name if index.column() == 0 else percent(share)
        if role == SHARE:
            return share
        if role == STRONG:
            return index.row() == self._assessment.final
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return tr("{name}: probability {share}").format(name=name, share=f"{share:.3f}")
        return None


class ScoreModel(QAbstractTableModel):
    """One row per scorer: title and trust with the trust that green takes; its part in the light in the notes.

    Scorers of one family share a row below their leading one, which opens: with it those that are unfolded.
    """

    def __init__(self, unfolded: Set[str]) -> None:
        """Begin empty.

        Args:
            unfolded: Names of the leading scorers whose families are open; whoever changes it calls `refold`.
        """
        super().__init__()
        self._unfolded = unfolded
        self._families: tuple[WhyLine | Fold, ...] = ()
        self._rows: tuple[WhyLine | Fold, ...] = ()
        self._folded: frozenset[str] = frozenset()
        self._pending = False

    @property
    def lines(self) -> tuple[WhyLine, ...]:
        """Of every scorer, folded or not, in order."""
        parts = ((part,) if isinstance(part, WhyLine) else part.lines for part in self._families)
        return tuple(line for part in parts for line in part)

    def row(self, number: int) -> WhyLine | Fold:
        """What a row shows."""
        return self._rows[number]

    def show_pending(self) -> None:
        """Keep the rows and empty them: the next answer is on its way."""
        self._pending = True
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, self.columnCount() - 1))

    def show_families(self, families: Sequence[WhyLine | Fold]) -> None:
        """Hold other lines."""
        self._pending = False
        self._families = tuple(families)
        folds = (part for part in families if isinstance(part, Fold))
        self._folded = frozenset(line.score.name for fold in folds for line in fold.lines)
        self.refold()

    def refold(self) -> None:
        """Show the families that are open now with their rows."""
        rows: list[WhyLine | Fold] = []
        for part in self._families:
            rows.append(part)
            if isinstance(part, Fold) and part.lead in self._unfolded:
                rows += part.lines
        same = [_key(row) for row in rows] == [_key(row) for row in self._rows]
        if not same:
            self.beginResetModel()
        self._rows = tuple(rows)
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of scorers that are not folded, and of families."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Title and trust."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """Texts and bars."""
        line = self._rows[index.row()]
        if role == OPEN:
            return line.lead in self._unfolded if isinstance(line, Fold) else None
        if role == INDENT:
            return isinstance(line, WhyLine) and line.score.name in self._folded
        if self._pending:  # the notes stay, so that rows keep their height; they are drawn empty
            return _room(line) if role == NOTES else _pending_cell(_title(line), index.column(), role)
        if isinstance(line, Fold):
            return self._fold_cell(line, index.column(), role)
        if role == Role.DisplayRole:
            return line.score.title if index.column() == 0 else _trust_text(line)
        if role == SHARE:
            return line.score.trust
        if role == MARK:
            return line.threshold
        if role == NOTES:
            return line.notes
        if role == FAULTY:
            return line.score.failed
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return _sentence(line)
        return None

    def _fold_cell(self, fold: Fold, column: int, role: int) -> Any:  # noqa: ANN401 - Qt's variant
        """A family: its lowest score as the bar, while it is folded."""
        shown = None if fold.lead in self._unfolded else fold.lowest
        if role == Role.DisplayRole:
            return fold.title if column == 0 else "" if shown is None else shown.trust_text
        if role == SHARE:
            return None if shown is None else shown.trust
        if role == NOTES:
            return () if fold.lead in self._unfolded else fold.notes
        if role == FAULTY:
            return fold.failed
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            does = tr("click or Enter folds them") if fold.lead in self._unfolded else tr("click or Enter opens them")
            return "; ".join((fold.title, *fold.notes, does))
        return None


def _key(row: WhyLine | Fold) -> tuple[bool, str]:
    return (True, row.lead) if isinstance(row, Fold) else (False, row.score.name)


def _title(row: WhyLine | Fold) -> str:
    return row.title if isinstance(row, Fold) else row.score.title


def _trust_text(line: WhyLine) -> str:
    if line.score.trust is None:
        return tr(UNAVAILABLE) if line.score.failed else tr("no answer")
    return line.score.trust_text


def _room(line: WhyLine | Fold) -> tuple[str, ...]:
    """As many empty notes as there were."""
    return (" ",) * len(line.notes)


def _pending_cell(title: str, column: int, role: int) -> Any:  # noqa: ANN401 - Qt's variant
    """A row that is waited for: its title and an empty bar."""
    if role == Role.DisplayRole:
        return title if column == 0 else "–" if column == 1 else ""
    return 0.0 if role == SHARE else None


def _withheld_cell(name: str, column: int, role: int) -> str | None:
    """A class without its probability, whether it is the answer or not."""
    if role == Role.DisplayRole:
        return tr(WITHHELD) if column else name
    return f"{name}: {tr(WITHHELD)}" if role in (Role.ToolTipRole, Role.AccessibleTextRole) else None


def _classes(assessment: Assessment | None) -> tuple[str, ...]:
    return () if assessment is None else assessment.classes


def _sentence(line: WhyLine) -> str:
    said = "; ".join(note.replace("  ·  ", ", ") for note in line.notes if note)
    trust = tr("trust {share}").format(share=line.score.trust_text)
    return f"{line.score.title}: {trust}; {said} ({line.score.question} {line.score.plugin})"
