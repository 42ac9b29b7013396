"""Values of a picture, each with its place among those of other pictures."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.domain.result import Placed
from viewer.present.placed import BINS, UNUSUAL, USUAL, placed_words, share_text, strip, value_text
from viewer.ui.texts import tr
from viewer.ui.theme import FONT_PIXELS, colour, scale, scaled
from viewer.ui.widgets.bars import NOTE_PIXELS

HEAD, LINE, STRIP, GAP, PAD = 16, 20, 28, 8, 10
"""Heights of the line of the ends, of a title and of a strip; what parts a value from the next, and columns."""

STRIP_SHARE, TALLEST, ARROW = 0.46, 22, 4
"""Width of a strip as a part of the whole, height of its tallest bar, and half the width of an arrow."""


class PlacedView(QWidget):
    """A line for each value: title, strip, number, and below what its place means."""

    def __init__(self, placed: Placed) -> None:
        super().__init__()
        self._placed = placed
        self._strips = [strip(item) for item in placed.items]
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        words = [placed_words(item) for item in placed.items]
        self.setAccessibleName(placed.title)
        self.setAccessibleDescription(" ".join(words))
        self.setToolTip("\n".join(words))

    def sizeHint(self) -> QSize:
        """The line of the ends, and a title and a strip for each value."""
        return QSize(scaled(240), scaled(HEAD + (LINE + STRIP + GAP) * len(self._placed.items)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw everything."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale(), scale())
        width = self.width() / scale()
        top = QRectF(2 * ARROW, 0, STRIP_SHARE * width, HEAD)
        self._write(painter, top, tr(UNUSUAL), "muted", Qt.AlignmentFlag.AlignLeft, small=True)
        self._write(painter, top, tr(USUAL), "muted", Qt.AlignmentFlag.AlignRight, small=True)
        for number, item in enumerate(self._placed.items):
            line = QRectF(0, HEAD + number * (LINE + STRIP + GAP), width, LINE)
            value = value_text(item.value)
            number_width = painter.fontMetrics().horizontalAdvance(value) + PAD
            self._write(
                painter, line.adjusted(0, 0, -number_width, 0), item.title, "text", Qt.AlignmentFlag.AlignLeft
            )
            self._write(painter, line, value, "text", Qt.AlignmentFlag.AlignRight)
            self._draw_strip(painter, QRectF(top.left(), line.bottom(), top.width(), STRIP), number)
            left = top.right() + PAD + 2 * ARROW
            half = QRectF(left, line.bottom(), width - left, STRIP / 2)
            for words, row in ((share_text(item), half), (item.words, half.translated(0, STRIP / 2))):
                self._write(painter, row, words, "muted", Qt.AlignmentFlag.AlignLeft, small=True)

    def _draw_strip(self, painter: QPainter, line: QRectF, number: int) -> None:
        """Bars of the others, those that are more unusual brighter, and a mark through them for this picture."""
        drawn, floor, step = self._strips[number], line.bottom() - 2, line.width() / BINS
        unusual, usual = colour("bar_strong"), colour("bar")
        for place, height in enumerate(drawn.heights):
            tall = max(TALLEST * height, 1.5) if height else 0.0
            bar = QRectF(line.left() + place * step, floor - tall, max(step - 1, 1.0), tall)
            painter.fillRect(bar, unusual if place < drawn.below else usual)
        painter.fillRect(QRectF(line.left(), floor, line.width(), 1), colour("edge"))
        x = line.left() + drawn.mark * line.width()
        painter.setPen(QPen(colour("panel"), 5))
        painter.drawLine(QPointF(x, line.top() + 2), QPointF(x, floor))
        painter.setPen(QPen(colour("text"), 2))
        painter.drawLine(QPointF(x, line.top() + 2), QPointF(x, floor))
        if drawn.beyond:
            self._draw_arrow(painter, x, line.center().y(), -1 if drawn.mark == 0 else 1)

    def _draw_arrow(self, painter: QPainter, x: float, y: float, side: int) -> None:
        """The value lies beyond the strip, on this side."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("text"))
        tip, base = x + side * 2 * ARROW, x + side
        painter.drawPolygon(QPolygonF([QPointF(tip, y), QPointF(base, y - ARROW), QPointF(base, y + ARROW)]))

    def _write(
        self, painter: QPainter, room: QRectF, words: str, ink: str, side: Qt.AlignmentFlag, *, small: bool = False
    ) -> None:
        font = QFont(self.font())
        font.setPixelSize(NOTE_PIXELS if small else FONT_PIXELS)
        painter.setFont(font)
        painter.setPen(colour(ink))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | side), shown)
