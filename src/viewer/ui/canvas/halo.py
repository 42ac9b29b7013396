"""Words and lines that can be read over any picture: light with a dark rim, drawn once and then copied."""

from collections import OrderedDict

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

RIM = 2
"""Pixels around the words that the rim takes."""

KEPT = 256
"""Words kept drawn: those of a frame, and the numbers of a short clip that plays again and again."""

_RING = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y)
_OUTER = ((-2, 0), (2, 0), (0, -2), (0, 2))


class HaloText:
    """Draws words with a rim.

    Attributes:
        metrics: Of the font.
        height: Of a line.
    """

    def __init__(self) -> None:
        self._drawn: OrderedDict[str, QPixmap] = OrderedDict()
        self._widths: dict[str, float] = {}
        self.ink, self.rim = QColor(), QColor()
        self._ratio = 1.0
        self.metrics = QFontMetricsF(QFont())
        self.height = self.metrics.height()
        self._font = QFont()

    def use(self, font: QFont, ink: QColor, rim: QColor, ratio: float) -> None:
        """Draw in a font and colours, for a screen with that many of its pixels to one of Qt's."""
        if (font, ink, rim, ratio) != (self._font, self.ink, self.rim, self._ratio):
            self._font, self.ink, self.rim, self._ratio = font, ink, rim, ratio
            self.metrics = QFontMetricsF(font)
            self.height = self.metrics.height()
            self._drawn.clear()
            self._widths.clear()

    def width(self, words: str) -> float:
        """Of words, without their rim."""
        found = self._widths.get(words)
        if found is None:
            if len(self._widths) >= KEPT:
                self._widths.clear()
            found = self._widths[words] = self.metrics.horizontalAdvance(words)
        return found

    def shortened(self, words: str, width: float) -> str:
        """Words that fit, ending in … where they were longer."""
        if self.width(words) <= width:
            return words
        return self.metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)

    def paint(self, painter: QPainter, left: float, top: float, words: str) -> None:
        """Paint words with their upper left corner at a point; the rim reaches beyond it."""
        painter.drawPixmap(QPointF(left - RIM, top - RIM), self._pixmap(words))

    def _pixmap(self, words: str) -> QPixmap:
        found = self._drawn.pop(words, None)
        if found is None:
            found = self._draw(words)
            if len(self._drawn) >= KEPT:
                self._drawn.popitem(last=False)
        self._drawn[words] = found
        return found

    def _draw(self, words: str) -> QPixmap:
        # The rim is the words themselves, copied around: that keeps the letters as sharp as text is elsewhere.
        shadow = self._written(words, self.rim)
        drawn = self._blank(words)
        painter = QPainter(drawn)
        painter.setOpacity(0.35)
        for x, y in _OUTER:
            painter.drawPixmap(x, y, shadow)
        painter.setOpacity(1.0)
        for x, y in _RING:
            painter.drawPixmap(x, y, shadow)
        painter.end()
        return self._written(words, self.ink, drawn)

    def _written(self, words: str, colour: QColor, on: QPixmap | None = None) -> QPixmap:
        pixmap = self._blank(words) if on is None else on
        painter = QPainter(pixmap)
        painter.setFont(self._font)
        painter.setPen(colour)
        painter.drawText(QPointF(RIM, RIM + self.metrics.ascent()), words)
        painter.end()
        return pixmap

    def _blank(self, words: str) -> QPixmap:
        width, height = self.width(words) + 2 * RIM + 1, self.height + 2 * RIM + 1
        pixmap = QPixmap(round(width * self._ratio), round(height * self._ratio))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap
