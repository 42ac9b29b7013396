"""The legend of an overlay: its colours, limits and unit; or of an outline: its line and what it means."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.present.colours import OUTLINE_HALO, OUTLINE_INK, colour_map
from viewer.present.outlines import HALO, WIDTH
from viewer.ui.texts import tr
from viewer.ui.theme import colour, scaled

STRIP, GAP = 8, 4


class Legend(QWidget):
    """A strip of the colour map, or a line, with the values at its ends and what it means between them."""

    def __init__(self) -> None:
        super().__init__()
        self._low, self._words, self._high, self._map = "", "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scale(self, limits: tuple[float, float], unit: str, name: str) -> None:
        """Show a scale.

        Args:
            limits: Values at the ends.
            unit: Of the values.
            name: Of the colour map.
        """
        low, high = (f"{limit:g}" for limit in limits)
        words = tr("Legend: {low} to {high} {unit}").format(low=low, high=high, unit=unit).rstrip()
        self._show(low, unit, high, name, words)

    def show_line(self, words: str) -> None:
        """Show the line of an outline, and what it means."""
        self._show("", words, "", "", tr("Legend: {words}").format(words=words))

    def _show(self, low: str, words: str, high: str, name: str, told: str) -> None:
        self._low, self._words, self._high, self._map = low, words, high, name
        self.setAccessibleName(told)
        self.update()

    def sizeHint(self) -> QSize:
        """The strip above one line of text."""
        return QSize(scaled(160), scaled(STRIP + GAP) + self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw strip and numbers."""
        painter = QPainter(self)
        strip = QRectF(0, 0, self.width(), scaled(STRIP))
        if self._map:
            colours = colour_map(self._map)
            painter.drawImage(strip, QImage(colours.tobytes(), 256, 1, 3 * 256, QImage.Format.Format_RGB888))
        else:
            for width, ink in ((HALO, OUTLINE_HALO), (WIDTH, OUTLINE_INK)):
                rest = (strip.height() - width) / 2
                painter.fillRect(strip.adjusted(0, rest, 0, -rest), QColor(ink))
        font = painter.font()
        font.setPixelSize(scaled(11))
        painter.setFont(font)
        painter.setPen(colour("muted"))
        room = QRectF(0, scaled(STRIP + GAP), self.width(), self.height() - scaled(STRIP + GAP))
        for side, words in (
            (Qt.AlignmentFlag.AlignLeft, self._low),
            (Qt.AlignmentFlag.AlignHCenter, self._words),
            (Qt.AlignmentFlag.AlignRight, self._high),
        ):
            painter.drawText(room, int(Qt.AlignmentFlag.AlignTop | side), words)
