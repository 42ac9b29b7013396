"""What the list of studies holds: clips, their thumbnails and their lights."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from viewer.domain.image import Clip, Study, group_clips
from viewer.domain.result import Light
from viewer.present.colours import look
from viewer.present.wording import LIGHT_TITLE, duration_words, sentence
from viewer.ui.panels.banner import date_words
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.labels import tip

Index = QModelIndex | QPersistentModelIndex

DETAIL = Qt.ItemDataRole.UserRole + 1
"""Frames, length and size in one line; None for a study."""
LIGHT = Qt.ItemDataRole.UserRole + 2
"""The clip's light; None while it is not known."""
WORD = Qt.ItemDataRole.UserRole + 3
"""The same as a word."""
SEPARATOR = "  ·  "
PENDING = marked("not assessed")


class SeriesModel(QAbstractItemModel):
    """Two levels: studies, and in each its clips in series and instance order."""

    thumbnail_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._clips: list[Clip] = []
        self._studies: tuple[tuple[Study, tuple[Clip, ...]], ...] = ()
        self._order: tuple[Clip, ...] = ()
        self._thumbnails: dict[str, QImage | None] = {}
        self._lights: dict[str, tuple[Light, str]] = {}

    @property
    def clips(self) -> tuple[Clip, ...]:
        """Every clip in the order of the list."""
        return self._order

    def add(self, clips: Sequence[Clip]) -> None:
        """Add clips; one that is listed already is not listed twice."""
        known = {str(clip.path) for clip in self._clips}
        self._clips += [clip for clip in clips if str(clip.path) not in known]
        self.beginResetModel()
        grouped = group_clips(self._clips)
        self._studies = tuple((study, _clips_of(study)) for study in grouped)
        self._order = tuple(clip for _, clips in self._studies for clip in clips)
        self.endResetModel()

    def set_thumbnail(self, path: str, image: QImage) -> None:
        """Show a thumbnail."""
        self._thumbnails[path] = image
        self._changed(path)

    def set_light(self, path: str, light: Light, reason: str) -> None:
        """Show the light of a picture or of a whole clip, which is known now."""
        self._lights[path] = (light, reason)
        self._changed(path)

    def drop_light(self, path: str) -> None:
        """The light of one clip is not known any more."""
        if self._lights.pop(path, None) is not None:
            self._changed(path)

    def drop_lights(self) -> None:
        """No light is known any more: another model answers."""
        for path in list(self._lights):
            self.drop_light(path)

    def index_of(self, clip: Clip) -> QModelIndex:
        """Where a clip is listed; invalid when it is not."""
        for row, (_, clips) in enumerate(self._studies):
            if clip in clips:
                return self.index(clips.index(clip), 0, self.index(row, 0))
        return QModelIndex()

    def clip_at(self, index: Index) -> Clip | None:
        """The clip of a row; None for a study."""
        if not index.isValid() or index.internalId() == 0:
            return None
        return self._studies[index.internalId() - 1][1][index.row()]

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Qt's index; its id is 0 for a study, else one more than the study's row."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """The study of a clip."""
        study = index.internalId() if index.isValid() else 0
        return self.createIndex(study - 1, 0, 0) if study else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Studies, or the clips of one."""
        if not parent.isValid():
            return len(self._studies)
        return len(self._studies[parent.row()][1]) if parent.internalId() == 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """Titles, details and thumbnails; a thumbnail is asked for when its row is first painted."""
        clip = self.clip_at(index)
        if clip is None:
            return study_words(self._studies[index.row()][0]) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return clip.series_description or clip.path.name
        if role == DETAIL:
            return detail_words(clip)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join([str(clip.path), detail_words(clip), tip(self._light_words(clip))])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{clip.series_description or clip.path.name}. {self._light_words(clip)}"
        if role in (LIGHT, WORD):
            light, _ = self._lights.get(str(clip.path), (None, ""))
            return light if role == LIGHT else tr(PENDING) if light is None else look(light).word
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(clip)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only clips can be chosen."""
        chosen = Qt.ItemFlag.ItemIsSelectable if self.clip_at(index) else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | chosen

    def _changed(self, path: str) -> None:
        place = next((self.index_of(clip) for clip in self._order if str(clip.path) == path), QModelIndex())
        if place.isValid():
            self.dataChanged.emit(place, place)

    def _light_words(self, clip: Clip) -> str:
        light, reason = self._lights.get(str(clip.path), (None, ""))
        words = tr(PENDING) if light is None else f"{look(light).word}. {sentence(reason)}"
        return f"{tr(LIGHT_TITLE)}: {words}"

    def _thumbnail(self, clip: Clip) -> QImage | None:
        path = str(clip.path)
        if path not in self._thumbnails:
            self._thumbnails[path] = None
            self.thumbnail_wanted.emit(clip)
        return self._thumbnails[path]


def study_words(study: Study) -> str:
    """A study's title and date."""
    date = study.series[0].clips[0].study_date
    return "   ".join(part for part in (study.title, date_words(date)) if part)


def detail_words(clip: Clip) -> str:
    """Frames, length and size in one line."""
    parts = [f"{clip.columns} × {clip.rows}"]
    if clip.frames > 1:
        length = clip.frame_times_ms[-1] + (clip.frame_time_ms or 0) if clip.frame_times_ms else None
        parts = [
            tr("{count} frames").format(count=clip.frames),
            *([duration_words(length)] if length else []),
            *parts,
        ]
    return SEPARATOR.join(parts)


def _clips_of(study: Study) -> tuple[Clip, ...]:
    return tuple(clip for series in study.series for clip in series.clips)
