"""Left dock: every opened clip with a thumbnail and its light, grouped by study."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from viewer.domain.image import Clip
from viewer.domain.result import Light
from viewer.session.worklist import Marks
from viewer.ui.panels.series_model import DETAIL, LIGHT, MARKS, SEPARATOR, WORD, Index, SeriesModel
from viewer.ui.texts import tr
from viewer.ui.theme import FONT_PIXELS, colour, scale, scaled
from viewer.ui.widgets.light_sign import MARK, draw_mark

THUMBNAIL = 52
"""Side of a thumbnail's box in pixels at 100 %."""
_ROW, _HEADING, _PAD, _SMALL = 68, 46, 8, 11
_LINES = (21, 17, 19)
"""Heights of a clip's title, its details and its light."""


class SeriesList(QTableView):
    """The list itself."""

    clip_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Studies and series"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumHeight(40)  # a low window has room for little more beside the reader's answer
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)  # the row under the mouse is drawn as such
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_ClipDelegate(self))
        self.clips = SeriesModel()
        self.setModel(self.clips)
        self._on_screen: Clip | None = None
        self._scrolled = 0
        self.clips.modelAboutToBeReset.connect(self._remember)
        self.clips.modelReset.connect(self._find_again)
        self.clips.rowsInserted.connect(self._inserted)
        self.clicked.connect(lambda index: self._choose(index))
        self.activated.connect(lambda index: self._choose(index))

    def select(self, clip: Clip) -> None:
        """Mark a clip as the one on screen."""
        self._on_screen = clip
        index = self.clips.index_of(clip)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        self._lower(row for row in self.clips.headings() if first <= row <= last)

    def _lower(self, headings: Iterable[int]) -> None:
        """Headings are lower than clips."""
        for row in headings:
            self.setRowHeight(row, scaled(_HEADING))

    def changeEvent(self, event: QEvent) -> None:
        """Rows follow the size of letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.verticalHeader().setDefaultSectionSize(scaled(_ROW))
            self.verticalHeader().resizeSections(QHeaderView.ResizeMode.Fixed)
            self._lower(self.clips.headings())

    def _remember(self) -> None:
        self._scrolled = self.verticalScrollBar().value()

    def _find_again(self) -> None:
        """Everything is arranged anew: stay where the reader was, at the clip on screen where it is listed."""
        self._lower(self.clips.headings())
        self.verticalScrollBar().setValue(self._scrolled)
        if self._on_screen is not None:
            self.select(self._on_screen)

    def _choose(self, index: QModelIndex) -> None:
        clip = self.clips.clip_at(index)
        if clip is not None:
            self.clip_chosen.emit(clip)


class _ClipDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.translate(option.rect.topLeft())
        painter.scale(scale(), scale())
        room = QRect(0, 0, round(option.rect.width() / scale()), round(option.rect.height() / scale()))
        font = painter.font()
        font.setPixelSize(FONT_PIXELS)
        painter.setFont(font)
        if index.data(DETAIL) is None:
            self._paint_heading(painter, room.adjusted(_PAD + 2, 6, -_PAD, 0), index)
        else:
            self._paint_clip(painter, option, room.adjusted(4, 1, -4, -1), index)
        painter.restore()

    def _paint_heading(self, painter: QPainter, room: QRect, index: Index) -> None:
        """The study, and below it how much of it is answered."""
        font = painter.font()
        font.setPixelSize(_SMALL)
        painter.setFont(font)
        painter.setPen(colour("muted"))
        answered, every = index.data(MARKS)
        count = f"{answered} / {every}"
        height = _LINES[1]
        second = QRect(room.left(), room.top() + height, room.width(), height)
        room.setHeight(height)
        write_words(painter, second, count)
        left = second.left() + painter.fontMetrics().horizontalAdvance(count) + _PAD
        draw_progress(painter, QRect(left, second.center().y() - 1, second.right() - left, 4), answered / every)
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour("muted"))
        write_words(painter, room, index.data())

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
        _paint_marks(painter, box, index.data(MARKS))
        self._paint_words(painter, QRect(box.right() + 10, room.top(), room.right() - box.right() - 14, _ROW), index)

    def _paint_words(self, painter: QPainter, room: QRect, index: Index) -> None:
        """Title, details, and the light with its word."""
        top = room.top() + (room.height() - sum(_LINES)) // 2 - 1
        lines = []
        for height in _LINES:
            lines.append(QRect(room.left(), top, room.width(), height))
            top += height
        painter.setPen(colour("text"))
        write_words(painter, lines[0], index.data(), Qt.TextElideMode.ElideMiddle)
        font = painter.font()
        font.setPixelSize(_SMALL)
        painter.setFont(font)
        painter.setPen(colour("muted"))
        write_words(painter, lines[1], fitting(index.data(DETAIL), painter.fontMetrics(), room.width()))
        write_words(painter, lines[2].adjusted(MARK + 3, 0, 0, 0), index.data(WORD))
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


def draw_progress(painter: QPainter, room: QRect, share: float) -> None:
    """Draw how much of something is done, [0, 1], as a bar."""
    if room.width() < 2 * room.height():
        return
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("track"))
    painter.drawRoundedRect(room, room.height() / 2, room.height() / 2)
    if share > 0:
        painter.setBrush(colour("accent"))
        filled = max(room.height(), round(share * room.width()))
        painter.drawRoundedRect(QRect(room.left(), room.top(), filled, room.height()), 2, 2)
    painter.restore()


def _paint_marks(painter: QPainter, box: QRect, marks: Marks) -> None:
    """On the thumbnail: a tick where the clip is answered, K and a number where it has key images."""
    painter.save()
    if marks.answers:
        place = QPointF(box.right() - 8, box.top() + 9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawEllipse(place, 7.5, 7.5)
        painter.setPen(QPen(colour("accent_text"), 2))
        painter.drawPolyline([place + QPointF(-3.5, 0), place + QPointF(-1, 3), place + QPointF(4, -3)])
    if marks.key_images:
        font = painter.font()
        font.setPixelSize(_SMALL)
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        words = f"K {marks.key_images}"
        width = painter.fontMetrics().horizontalAdvance(words) + 8
        height = painter.fontMetrics().height() + 2
        plate = QRect(box.right() - width + 1, box.bottom() - height + 1, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("raised"))
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(colour("text"))
        painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), words)
    painter.restore()


def fitting(details: str, metrics: QFontMetrics, width: int) -> str:
    """As many details as fit, the first always: what is left out stands in the tooltip."""
    parts = details.split(SEPARATOR)
    while len(parts) > 1 and is_cut(SEPARATOR.join(parts), metrics, width):
        parts.pop()
    return SEPARATOR.join(parts)


def is_cut(words: str, metrics: QFontMetrics, width: int) -> bool:
    """Whether words would be shortened, by Qt's own comparison: a length in whole pixels is rounded."""
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, width) != words


def write_words(
    painter: QPainter, room: QRect, words: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> None:
    """Write words in one line, shortened where the room ends."""
    shown = painter.fontMetrics().elidedText(words, mode, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
