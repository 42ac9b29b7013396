"""How often things are met here, each beside how often they were met in the calibration."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.ui.texts import tr
from viewer.ui.theme import FONT_PIXELS, colour, scale, scaled
from viewer.ui.widgets.bars import fill

LINE, PAD, NAME_SHARE, NUMBERS = 24, 8, 0.34, 92
BAR, BAND = 6, 14
"""Heights of the bar of a share here, and of the band of the calibration behind it."""

Interval = tuple[float, float, float]
"""A share with the ends of its interval, each in [0, 1]."""


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One thing.

    Attributes:
        name: In words.
        here, calibration: How often it is met.
    """

    name: str
    here: Interval
    calibration: Interval


class ShareBars(QWidget):
    """A bar with its interval for each thing, over the band in which the calibration's share lies."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._rows: tuple[ShareRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_rows(())

    @property
    def rows(self) -> tuple[ShareRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[ShareRow]) -> None:
        """Show these in place of what was shown."""
        self._rows = tuple(rows)
        said = "; ".join(
            tr("{name} {here}, {calibration} in the calibration").format(
                name=row.name, here=_percent(row.here[0]), calibration=_percent(row.calibration[0])
            )
            for row in rows
        )
        self.setAccessibleName(f"{self._name}: {said}")
        self.setToolTip("\n".join(_told(row) for row in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line for each thing."""
        return QSize(scaled(240), scaled(LINE * max(1, len(self._rows))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bands, bars and numbers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale(), scale())
        font = self.font()
        font.setPixelSize(FONT_PIXELS)
        painter.setFont(font)
        width = self.width() / scale()
        left = width * NAME_SHARE
        most = max((end for row in self._rows for end in (row.here[2], row.calibration[2])), default=1.0)
        for number, row in enumerate(self._rows):
            top = number * LINE
            name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, int(left - PAD))
            painter.setPen(colour("text"))
            painter.drawText(QRectF(0, top, left - PAD, LINE), int(Qt.AlignmentFlag.AlignVCenter), name)
            self._paint_row(painter, QRectF(left, top, width - left - NUMBERS - PAD, LINE), row, most)
            room = QRectF(width - NUMBERS, top, NUMBERS, LINE)
            self._paint_numbers(painter, room, row)

    def _paint_row(self, painter: QPainter, line: QRectF, row: ShareRow, most: float) -> None:
        def place(share: float) -> float:
            return line.left() + line.width() * share / most

        middle = line.center().y()
        value, low, high = row.calibration
        band = QRectF(place(low), middle - BAND / 2, max(place(high) - place(low), 2.0), BAND)
        painter.fillRect(band, colour("track"))
        fill(
            painter,
            QRectF(line.left(), middle - BAR / 2, line.width(), BAR),
            row.here[0] / most,
            colour("bar_strong"),
        )
        painter.fillRect(QRectF(place(value) - 1, band.top() - 2, 2, BAND + 4), colour("muted"))
        painter.setPen(QPen(colour("text"), 1.2))
        ends = [place(end) for end in row.here[1:]]
        painter.drawLine(int(ends[0]), int(middle), int(ends[1]), int(middle))
        for end in ends:
            painter.drawLine(int(end), int(middle - 3), int(end), int(middle + 3))

    def _paint_numbers(self, painter: QPainter, room: QRectF, row: ShareRow) -> None:
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.setPen(colour("text"))
        half = room.width() / 2
        painter.drawText(QRectF(room.left(), room.top(), half, room.height()), right, _percent(row.here[0]))
        painter.setPen(colour("muted"))
        painter.drawText(
            QRectF(room.left() + half, room.top(), half, room.height()), right, _percent(row.calibration[0])
        )


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _told(row: ShareRow) -> str:
    words = tr("{name}: {here} here ({low}–{high}), {calibration} in the calibration ({least}–{most})")
    return words.format(
        name=row.name,
        here=_percent(row.here[0]),
        low=_percent(row.here[1]),
        high=_percent(row.here[2]),
        calibration=_percent(row.calibration[0]),
        least=_percent(row.calibration[1]),
        most=_percent(row.calibration[2]),
    )
