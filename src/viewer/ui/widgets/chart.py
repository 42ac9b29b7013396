"""Charts and tables that explainers return."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from viewer.domain.result import Chart, Table
from viewer.ui.theme import FONT_PIXELS, colour, scale, scaled
from viewer.ui.widgets.bars import fill

LINE, LABEL_SHARE, VALUE_WIDTH, PAD = 24, 0.36, 64, 8


class ChartView(QWidget):
    """Bars with an optional spread, one line per label."""

    def __init__(self, chart: Chart) -> None:
        super().__init__()
        self._chart = chart
        low = (
            float(min(0.0, *(chart.values - (0 if chart.spread is None else chart.spread))))
            if len(chart.values)
            else 0.0
        )
        high = float(max(chart.values + (0 if chart.spread is None else chart.spread), default=1.0))
        self._limits = chart.limits or (low, high if high > low else low + 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = ", ".join(f"{name} {value:.3g}" for name, value in zip(chart.labels, chart.values, strict=True))
        self.setAccessibleName(f"{chart.title}: {words} {chart.unit}".strip())

    def sizeHint(self) -> QSize:
        """One line per bar."""
        return QSize(scaled(240), scaled(LINE * max(1, len(self._chart.labels))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale(), scale())
        font = self.font()
        font.setPixelSize(FONT_PIXELS)
        painter.setFont(font)
        width = self.width() / scale()
        left = width * LABEL_SHARE
        room = width - left - VALUE_WIDTH - PAD
        for row, (name, value) in enumerate(zip(self._chart.labels, self._chart.values, strict=True)):
            top = row * LINE
            self._write(painter, QRectF(0, top, left - PAD, LINE), name, "text", Qt.AlignmentFlag.AlignLeft)
            track = QRectF(left, top + LINE / 2 - 4, room, 8)
            fill(painter, track, 1.0, colour("track"))
            fill(painter, track, self._share(float(value)), colour("bar"))
            if self._chart.spread is not None:
                self._draw_spread(painter, track, float(value), float(self._chart.spread[row]))
            number = QRectF(left + room, top, VALUE_WIDTH + PAD, LINE)
            self._write(painter, number, f"{value:.3g}", "text", Qt.AlignmentFlag.AlignRight)

    def _share(self, value: float) -> float:
        low, high = self._limits
        return min(max((value - low) / (high - low), 0.0), 1.0)

    def _draw_spread(self, painter: QPainter, track: QRectF, value: float, half: float) -> None:
        painter.setPen(QPen(colour("text"), 1.4))
        ends = [track.left() + track.width() * self._share(value + side * half) for side in (-1, 1)]
        middle = track.center().y()
        painter.drawLine(int(ends[0]), int(middle), int(ends[1]), int(middle))
        for end in ends:
            painter.drawLine(int(end), int(middle - 4), int(end), int(middle + 4))

    def _write(self, painter: QPainter, room: QRectF, words: str, ink: str, side: Qt.AlignmentFlag) -> None:
        painter.setPen(colour(ink))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | side), shown)


class FairTable(QTableWidget):
    """Narrow columns have the room they want, wide ones share the rest, and what is left goes to the first."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out."""
        super().resizeEvent(event)
        header, left = self.horizontalHeader(), self.viewport().width()
        wanted = [max(self.sizeHintForColumn(c), header.sectionSizeHint(c)) for c in range(self.columnCount())]
        widths = [0] * len(wanted)
        for served, column in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
            widths[column] = min(wanted[column], left // (len(wanted) - served))
            left -= widths[column]
        for column, width in enumerate(widths):
            header.resizeSection(column, width + (left if column == 0 else 0))


def table_view(table: Table) -> FairTable:
    """A small table of words, as high as its rows."""
    view = FairTable(len(table.rows), len(table.header))
    view.setAccessibleName(table.title)
    view.setHorizontalHeaderLabels(list(table.header))
    for row, cells in enumerate(table.rows):
        for column, words in enumerate(cells):
            item = QTableWidgetItem(words)
            item.setToolTip(words)
            view.setItem(row, column, item)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.setShowGrid(False)
    view.setTabKeyNavigation(False)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    view.verticalHeader().setDefaultSectionSize(scaled(LINE))
    view.setFixedHeight(view.horizontalHeader().sizeHint().height() + scaled(LINE) * len(table.rows) + 6)
    return view
