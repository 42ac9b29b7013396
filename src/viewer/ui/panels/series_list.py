"""Left dock: every opened clip with a thumbnail and its light, grouped by study."""

from PySide6.QtCore import QModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from viewer.domain.image import Clip
from viewer.domain.result import Light
from viewer.ui.panels.series_model import DETAIL, LIGHT, SEPARATOR, WORD, Index, SeriesModel
from viewer.ui.texts import tr
from viewer.ui.theme import colour
from viewer.ui.widgets.light_sign import MARK, draw_mark

THUMBNAIL = 52
"""Side of a thumbnail's box in pixels at 100 %."""
_ROW, _HEADING, _PAD = 68, 30, 8
_LINES = (21, 17, 19)
"""Heights of a clip's title, its details and its light."""


class SeriesList(QTreeView):
    """The list itself."""

    clip_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Studies and series"))
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
        return QSize(200, _ROW if index.data(DETAIL) is not None else _HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        room = QRect(option.rect)
        if index.data(DETAIL) is None:
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
        self._paint_words(painter, QRect(box.right() + 10, room.top(), room.right() - box.right() - 14, _ROW), index)

    def _paint_words(self, painter: QPainter, room: QRect, index: Index) -> None:
        """Title, details, and the light with its word."""
        top = room.top() + (room.height() - sum(_LINES)) // 2 - 1
        lines = []
        for height in _LINES:
            lines.append(QRect(room.left(), top, room.width(), height))
            top += height
        painter.setPen(colour("text"))
        _write(painter, lines[0], index.data(), Qt.TextElideMode.ElideMiddle)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(colour("muted"))
        _write(painter, lines[1], fitting(index.data(DETAIL), painter.fontMetrics(), room.width()))
        _write(painter, lines[2].adjusted(MARK + 3, 0, 0, 0), index.data(WORD))
        light = index.data(LIGHT)  # Qt hands it back as a plain string
        draw_mark(
            painter, Light(light) if light else None, QPointF(room.left() + MARK / 2 - 1, lines[2].center().y() + 0.5)
        )

    def _paint_thumbnail(self, painter: QPainter, box: QRect, image: QImage | None) -> None:
        if image is None or image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(box.center())
        painter.drawImage(place, image)


def fitting(details: str, metrics: QFontMetrics, width: int) -> str:
    """As many details as fit, the first always: what is left out stands in the tooltip."""
    parts = details.split(SEPARATOR)
    while len(parts) > 1 and metrics.horizontalAdvance(SEPARATOR.join(parts)) > width:
        parts.pop()
    return SEPARATOR.join(parts)


def _write(painter: QPainter, room: QRect, words: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
    shown = painter.fontMetrics().elidedText(words, mode, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
