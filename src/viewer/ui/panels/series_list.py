"""Left dock: every opened clip with a thumbnail, grouped by study."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from viewer.domain.image import Clip, Study, group_clips
from viewer.present.wording import duration_words
from viewer.ui.panels.banner import date_words
from viewer.ui.theme import colour

Index = QModelIndex | QPersistentModelIndex

THUMBNAIL = 52
"""Side of a thumbnail's box in pixels at 100 %."""
_ROW, _HEADING, _PAD = 64, 30, 8
_DETAIL = Qt.ItemDataRole.UserRole + 1


class SeriesModel(QAbstractItemModel):
    """Two levels: studies, and in each its clips in series and instance order."""

    thumbnail_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._clips: list[Clip] = []
        self._studies: tuple[tuple[Study, tuple[Clip, ...]], ...] = ()
        self._order: tuple[Clip, ...] = ()
        self._thumbnails: dict[str, QImage | None] = {}

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
        place = next((self.index_of(clip) for clip in self._order if str(clip.path) == path), QModelIndex())
        if place.isValid():
            self.dataChanged.emit(place, place)

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
        if role == _DETAIL:
            return detail_words(clip)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{clip.path}\n{detail_words(clip)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(clip)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only clips can be chosen."""
        chosen = Qt.ItemFlag.ItemIsSelectable if self.clip_at(index) else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | chosen

    def _thumbnail(self, clip: Clip) -> QImage | None:
        path = str(clip.path)
        if path not in self._thumbnails:
            self._thumbnails[path] = None
            self.thumbnail_wanted.emit(clip)
        return self._thumbnails[path]


class SeriesList(QTreeView):
    """The list itself."""

    clip_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Studies and series")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_ClipDelegate(self))
        self.clips = SeriesModel()
        self.setModel(self.clips)
        self.clips.modelReset.connect(self.expandAll)
        self.clicked.connect(lambda index: self._choose(index))
        self.activated.connect(lambda index: self._choose(index))

    def select(self, clip: Clip) -> None:
        """Mark a clip as the one on screen."""
        index = self.clips.index_of(clip)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def _choose(self, index: QModelIndex) -> None:
        clip = self.clips.clip_at(index)
        if clip is not None:
            self.clip_chosen.emit(clip)


class _ClipDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW if index.data(_DETAIL) is not None else _HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        room = QRect(option.rect)
        if index.data(_DETAIL) is None:
            self._paint_heading(painter, room.adjusted(_PAD + 2, 4, -_PAD, 0), index.data())
        else:
            self._paint_clip(painter, option, room.adjusted(4, 1, -4, -1), index)
        painter.restore()

    def _paint_heading(self, painter: QPainter, room: QRect, words: str) -> None:
        font = painter.font()
        font.setPixelSize(11)
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour("muted"))
        _write(painter, room, words)

    def _paint_clip(self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, index: Index) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or under:
            painter.setBrush(colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(room, 5, 5)
        box = QRect(room.left() + 5, room.top() + (room.height() - THUMBNAIL) // 2, THUMBNAIL, THUMBNAIL)
        painter.setBrush(colour("canvas"))
        painter.drawRoundedRect(box, 3, 3)
        self._paint_thumbnail(painter, box, index.data(Qt.ItemDataRole.DecorationRole))
        left = box.right() + 10
        painter.setPen(colour("text"))
        middle = room.center().y()
        _write(
            painter, QRect(left, middle - 20, room.right() - left - 4, 20), index.data(), Qt.TextElideMode.ElideMiddle
        )
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(colour("muted"))
        _write(painter, QRect(left, middle + 1, room.right() - left - 4, 18), index.data(_DETAIL))

    def _paint_thumbnail(self, painter: QPainter, box: QRect, image: QImage | None) -> None:
        if image is None or image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(box.center())
        painter.drawImage(place, image)


def study_words(study: Study) -> str:
    """A study's title and date."""
    date = study.series[0].clips[0].study_date
    return "   ".join(part for part in (study.title, date_words(date)) if part)


def detail_words(clip: Clip) -> str:
    """Frames, length and size in one line."""
    parts = [f"{clip.columns} × {clip.rows}"]
    if clip.frames > 1:
        length = clip.frame_times_ms[-1] + (clip.frame_time_ms or 0) if clip.frame_times_ms else None
        parts = [f"{clip.frames} frames", *([duration_words(length)] if length else []), *parts]
    return "  ·  ".join(parts)


def _clips_of(study: Study) -> tuple[Clip, ...]:
    return tuple(clip for series in study.series for clip in series.clips)


def _write(painter: QPainter, room: QRect, words: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
    shown = painter.fontMetrics().elidedText(words, mode, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
