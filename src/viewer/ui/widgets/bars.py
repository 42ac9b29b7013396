"""Tables whose rows carry bars: probabilities, trusts."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from viewer.ui.theme import FONT_PIXELS, colour, scale, scaled

SHARE = Qt.ItemDataRole.UserRole + 1
"""Length of the bar, [0, 1]; a row without one has None."""
STRONG = Qt.ItemDataRole.UserRole + 2
"""Whether the row stands out."""
NOTES = Qt.ItemDataRole.UserRole + 3
"""Words below the first line, a tuple with one entry for each line; a long one is broken."""
FAULTY = Qt.ItemDataRole.UserRole + 4
"""Whether the row tells of a failure."""
MARK = Qt.ItemDataRole.UserRole + 5
"""Where the bar has a mark, [0, 1]; None where nowhere."""
OPEN = Qt.ItemDataRole.UserRole + 6
"""Whether the rows folded under this one are shown; None where nothing is folded under it."""
INDENT = Qt.ItemDataRole.UserRole + 7
"""Whether the row is one of those."""

Index = QModelIndex | QPersistentModelIndex

LINE, NOTE_PIXELS, NOTE_GAP, PAD = 24, 11, 2, 8
MARK_WIDTH = 2.0
DEEPER, ARROW = 16, 4
"""How far folded rows and their notes are set in, and half the side of the arrow before them."""
TALL = 1000
"""Higher than any note."""
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class RowDelegate(QStyledItemDelegate):
    """Draws texts, bars and notes; the first line of every cell stands at the same height."""

    def __init__(self, view: QTableView, *, bar_column: int, bar_text_width: int) -> None:
        super().__init__(view)
        self._bar_column = bar_column
        self._bar_text_width = bar_text_width

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line, and the notes below it as they break in the width of the table."""
        notes = index.model().index(index.row(), 0).data(NOTES) or ()
        width = option.fontMetrics.horizontalAdvance(index.data() or "") + scaled(2 * PAD)
        metrics = QFontMetrics(_note_font(option.font))
        broken = [_broken(metrics, words, self._note_width() - _set_in(index)) for words in notes]
        heights = [room.height() + NOTE_GAP for room in broken]
        return QSize(width, scaled(LINE + (sum(heights) + NOTE_GAP if heights else 0)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(option.rect.topLeft())
        painter.scale(scale(), scale())
        whole = QRectF(0, 0, option.rect.width() / scale(), option.rect.height() / scale())
        font = QFont(option.font)
        font.setPixelSize(FONT_PIXELS)
        painter.setFont(font)
        line = QRectF(whole.left(), whole.top(), whole.width(), LINE)
        if index.column() == self._bar_column:
            self._paint_bar(painter, line.adjusted(0, 0, -PAD, 0), index)
        else:
            self._paint_text(painter, option, line, index)
        if index.column() == 0:
            self._paint_notes(painter, option, whole, index)
        painter.restore()

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, line: QRectF, index: Index) -> None:
        first = index.column() == 0
        font = painter.font()
        font.setWeight(font.Weight.DemiBold if index.data(STRONG) else font.Weight.Normal)
        painter.setFont(font)
        painter.setPen(colour("text") if first or index.data(STRONG) else colour("muted"))
        room = line.adjusted(PAD + _set_in(index) if first else 0, 0, -PAD, 0)
        if first and index.data(OPEN) is not None:
            _draw_arrow(painter, QPointF(line.left() + PAD + ARROW, line.center().y()), is_open=index.data(OPEN))
        words = painter.fontMetrics().elidedText(index.data() or "", Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, _MIDDLE if first else _RIGHT, words)

    def _paint_bar(self, painter: QPainter, line: QRectF, index: Index) -> None:
        share, strong = index.data(SHARE), bool(index.data(STRONG))
        track = line.adjusted(0, LINE / 2 - 4, -self._bar_text_width, -(LINE / 2 - 4))
        if share is None:
            painter.setPen(colour("problem") if index.data(FAULTY) else colour("muted"))
            painter.drawText(line, _RIGHT, index.data() or "")
            return
        fill(painter, track, 1.0, colour("track"))
        fill(painter, track, share, colour("bar_strong" if strong else "bar"))
        mark = index.data(MARK)
        if mark is not None:
            x = min(track.left() + track.width() * mark, track.right() - MARK_WIDTH)
            painter.fillRect(QRectF(x, track.top() - 4, MARK_WIDTH, track.height() + 8), colour("text"))
        font = painter.font()
        font.setWeight(font.Weight.DemiBold if strong else font.Weight.Normal)
        painter.setFont(font)
        painter.setPen(colour("text"))
        painter.drawText(line, _RIGHT, index.data() or "")

    def _paint_notes(self, painter: QPainter, option: QStyleOptionViewItem, whole: QRectF, index: Index) -> None:
        """Notes may run under the other columns: they have nothing there."""
        painter.setFont(_note_font(option.font))
        painter.setClipping(False)
        painter.setPen(colour("problem") if index.data(FAULTY) else colour("muted"))
        top = whole.top() + LINE - NOTE_GAP
        for words in index.data(NOTES) or ():
            width = self._note_width() - _set_in(index)
            height = _broken(painter.fontMetrics(), words, width).height()
            room = QRectF(whole.left() + PAD + _set_in(index), top, width, height)
            painter.drawText(room, int(Qt.TextFlag.TextWordWrap), words)
            top += height + NOTE_GAP

    def _note_width(self) -> int:
        table = self.parent()
        width = table.viewport().width() if isinstance(table, QTableView) else TALL
        return int(width / scale()) - 2 * PAD


def _set_in(index: Index) -> int:
    """How far a row and its notes are set in."""
    first = index.model().index(index.row(), 0)
    return DEEPER if first.data(INDENT) or first.data(OPEN) is not None else 0


def _draw_arrow(painter: QPainter, middle: QPointF, *, is_open: bool) -> None:
    """An arrow that points down where what it stands for is open, else to the right."""
    across, along = QPointF(ARROW, 0), QPointF(0, ARROW)
    corners = (
        [-across - along / 2, across - along / 2, along]
        if is_open
        else [-along - across / 2, along - across / 2, across]
    )
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("muted"))
    painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
    painter.restore()


def _note_font(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(NOTE_PIXELS)
    return small


def _broken(metrics: QFontMetrics, words: str, width: int) -> QRect:
    """The room that words take where they break at a width."""
    return metrics.boundingRect(QRect(0, 0, width, TALL), int(Qt.TextFlag.TextWordWrap), words)


class BarTable(QTableView):
    """A table as high as its rows; scrolling is the panel's."""

    def __init__(self, name: str, *, bar_column: int, bar_text_width: int = 52) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setItemDelegate(RowDelegate(self, bar_column=bar_column, bar_text_width=bar_text_width))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.setTabKeyNavigation(False)
        self._fitted: tuple[object, ...] = ()

    def set_columns(self, widths: dict[int, int]) -> None:
        """Fix the width of some columns, in pixels at 100 %; the others share the rest."""
        header = self.horizontalHeader()
        for column in range(self.model().columnCount()):
            fixed = column in widths
            header.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Stretch
            )
            if fixed:
                header.resizeSection(column, scaled(widths[column]))

    def fit_height(self) -> None:
        """Become as high as the rows, where they or the width have changed."""
        model = self.model()
        rows = range(model.rowCount())
        wanted = (
            self.viewport().width(),
            self.frameWidth(),
            scale(),
            *(model.index(row, 0).data(NOTES) for row in rows),
        )
        if wanted == self._fitted:
            return
        self._fitted = wanted
        for row in rows:
            height = self.sizeHintForIndex(model.index(row, 0)).height()
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)
        header = self.horizontalHeader()
        top = header.sizeHint().height() if not header.isHidden() else 0
        self.setFixedHeight(top + self.verticalHeader().length() + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the notes at the new width."""
        super().resizeEvent(event)
        if self.model() is not None:
            self.fit_height()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.model() is not None:
            self.fit_height()

    def wheelEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Leave scrolling to the panel around the table."""
        event.ignore()


def fill(painter: QPainter, track: QRectF, share: float, ink: QColor) -> None:
    """Fill a share of a rounded track from the left; a share above nothing stays visible."""
    if share <= 0:
        return
    width = max(track.width() * min(share, 1.0), min(3.0, track.width()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    radius = min(track.height(), width) / 2
    painter.drawRoundedRect(QRectF(track.left(), track.top(), width, track.height()), radius, radius)
