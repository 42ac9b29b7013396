"""The legend of an overlay: its colours, limits and unit."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.present.colours import colour_map
from viewer.ui.texts import tr
from viewer.ui.theme import colour, scaled

STRIP, GAP = 8, 4


class Legend(QWidget):
    """A strip of the colour map with the values at its ends and the unit between them."""

    def __init__(self) -> None:
        super().__init__()
        self._limits, self._unit, self._map = (0.0, 1.0), "", "inferno"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scale(self, limits: tuple[float, float], unit: str, name: str) -> None:
        """Show a scale.

        Args:
            limits: Values at the ends.
            unit: Of the values.
            name: Of the colour map.
        """
        self._limits, self._unit, self._map = limits, unit, name
        words = tr("Legend: {low} to {high} {unit}")
        self.setAccessibleName(words.format(low=f"{limits[0]:g}", high=f"{limits[1]:g}", unit=unit).rstrip())
        self.update()

    def sizeHint(self) -> QSize:
        """The strip above one line of text."""
        return QSize(scaled(160), scaled(STRIP + GAP) + self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw strip and numbers."""
        painter = QPainter(self)
        table = colour_map(self._map)
        strip = QImage(table.tobytes(), 256, 1, 3 * 256, QImage.Format.Format_RGB888)
        painter.drawImage(QRectF(0, 0, self.width(), scaled(STRIP)), strip)
        font = painter.font()
        font.setPixelSize(scaled(11))
        painter.setFont(font)
        painter.setPen(colour("muted"))
        room = QRectF(0, scaled(STRIP + GAP), self.width(), self.height() - scaled(STRIP + GAP))
        low, high = self._limits
        for side, words in (
            (Qt.AlignmentFlag.AlignLeft, f"{low:g}"),
            (Qt.AlignmentFlag.AlignHCenter, self._unit),
            (Qt.AlignmentFlag.AlignRight, f"{high:g}"),
        ):
            painter.drawText(room, int(Qt.AlignmentFlag.AlignTop | side), words)
