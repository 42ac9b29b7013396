"""What the worklist shows: one row for each study, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from viewer.domain.image import Modality
from viewer.present.colours import look
from viewer.present.identity import date_words
from viewer.session.worklist import StudyRow
from viewer.store.acts import ReadingState
from viewer.ui.panels.banner import MODALITIES
from viewer.ui.texts import marked, tr

Index = QModelIndex | QPersistentModelIndex

SAVING = Qt.ItemDataRole.UserRole + 1
"""How the saving of another state goes; `""` where nothing is being saved."""

STATE_WORDS: Mapping[ReadingState, str] = {
    ReadingState.UNREAD: marked("unread"),
    ReadingState.IN_REVIEW: marked("in review"),
    ReadingState.DONE: marked("done"),
}


class WorklistModel(QAbstractTableModel):
    """The rows as they are sorted and filtered."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[StudyRow, ...] = ()
        self._saving: Mapping[str, str] = {}

    @property
    def rows(self) -> tuple[StudyRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[StudyRow], saving: Mapping[str, str]) -> None:
        """Show rows.

        Args:
            rows: In order.
            saving: How the saving of a state goes, in words, by study.
        """
        if [row.study for row in rows] == [row.study for row in self._rows]:
            self._rows, self._saving = tuple(rows), saving
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))
            return
        self.beginResetModel()
        self._rows, self._saving = tuple(rows), saving
        self.endResetModel()

    def row_at(self, index: Index) -> StudyRow | None:
        """The study of a row; None where there is none."""
        return self._rows[index.row()] if index.isValid() else None

    def row_of(self, study: str) -> int:
        """Where a study is shown; -1 where it is not."""
        return next((place for place, row in enumerate(self._rows) if row.study == study), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of studies that are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """Title and everything there is to say of a study."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == SAVING:
            return self._saving.get(row.study, "")
        if role == Qt.ItemDataRole.DisplayRole:
            return study_name(row)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            lines = [study_name(row), *detail_lines(row), self._saving.get(row.study, "")]
            return (". " if role == Qt.ItemDataRole.AccessibleTextRole else "\n").join(filter(None, lines))
        return None


def study_name(row: StudyRow) -> str:
    """What a study is called in the worklist: whose it is while it is open, else what it is."""
    return row.patient or row.title


def kind_words(row: StudyRow) -> str:
    """Title where the name is the patient's, modality, date and number of pictures in one line."""
    about = row.about
    parts = [row.title if row.patient else ""]
    if about is not None:
        parts += [modality_words(about.modality), date_words(about.date)]
    pictures = tr("1 picture") if row.pictures == 1 else tr("{n} pictures").format(n=row.pictures)
    parts.append(pictures if row.pictures else "")
    return "  ·  ".join(filter(None, parts))


def modality_words(modality: str) -> str:
    """Modalities as the banner calls them; nothing for those that are not known."""
    return ", ".join(tr(MODALITIES[Modality(part)]) for part in modality.split(", ") if part in set(Modality))


def progress_words(row: StudyRow) -> str:
    """How much of a study is answered."""
    return tr("{n} of {all} answered").format(n=row.answered, all=row.pictures or "?")


def reader_words(row: StudyRow) -> str:
    """Who brought the study to its state, and when."""
    if row.since is None:
        return ""
    return f"{row.reader}, {row.since.astimezone().strftime('%Y-%m-%d %H:%M')}"


def detail_lines(row: StudyRow) -> list[str]:
    """Everything but the name, for those who hear it and for the tooltip."""
    lights = [f"{look(light).shape} {look(light).word}: {count}" for light, count in row.lights.items()]
    state = ": ".join(filter(None, [tr(STATE_WORDS[row.state]), reader_words(row)]))
    opened = "" if row.is_open else tr("Not open: {file}").format(file=row.file)
    return [kind_words(row), state, progress_words(row), *lights, opened]
