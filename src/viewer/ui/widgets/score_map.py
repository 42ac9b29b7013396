"""Scores × frames as a picture: one row per score, one column per frame, bright where a score trusts more than usual.

The cells are kept as one image of a pixel each, which is changed column by column and stretched when it is painted.
Cells without a standing have codes of their own, and no colour of the map; failed ones are hatched as well.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, qRgb
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.present.colours import colour_map
from viewer.present.disagreement import Standing, standing_words
from viewer.present.wording import frame_word, percent
from viewer.session.survey import runs
from viewer.ui.texts import marked, tr
from viewer.ui.theme import colour, scaled

MAP = "viridis"
EMPTY, KEPT_BACK, SILENT, FAILED = range(4)
"""Codes of cells that hold no standing: not assessed, waiting for the reader's answer, without an answer, failed."""
LEVELS = 252
"""Codes from 4 on are standings, the lowest first."""
STATES = {
    EMPTY: ("track", marked("not assessed")),
    SILENT: ("edge", marked("no answer")),
    FAILED: ("problem", marked("failed")),
    KEPT_BACK: ("selection", marked("after your answer")),
}
"""Theme colour and words of each."""

ROW, TOP, NAMES, NAMES_SHARE, WIDEST = 18, 4, 200, 0.46, 56
"""Height of a row, room above, most room for names in pixels and as a share, and the widest a frame gets."""
WHOLE_NAMES = 300
"""Room for names where a few frames leave it."""
READABLE = 36
"""Width of a cell from which it has its number."""
HATCHED = 3
"""Least width of failed cells that are hatched."""


class ScoreMap(QWidget):
    """Standings of the scores that answer one question, for every frame of a clip."""

    frame_sought = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._frame = 0
        self._found: dict[int, tuple[Standing, ...]] = {}
        self._titles: tuple[str, ...] = ()
        self._columns = np.zeros(1, np.uint8)
        self._allocate()
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self._columns)

    @property
    def rows(self) -> int:
        """Number of scores."""
        return len(self._titles)

    @property
    def codes(self) -> NDArray[np.uint8]:
        """The cells, uint8 (rows, frames); a copy."""
        return self._cells[: self.rows, : self.frames].copy()

    def show_clip(self, frames: int) -> None:
        """Start empty; the rows come with the first assessed frame."""
        self._found.clear()
        self._titles, self._frame = (), 0
        self._columns = np.full(frames, EMPTY, np.uint8)
        self._allocate()

    def put(self, frame: int, found: Sequence[Standing]) -> None:
        """Show what the scores say of one frame."""
        self._found[frame] = tuple(found)
        titles = tuple(one.title for one in found)
        if titles != self._titles:
            self._titles = titles
            self._allocate()
        self._cells[: self.rows, frame] = [code_of(one) for one in found]
        self._changed(frame)

    def put_state(self, frame: int, state: int) -> None:
        """Show in place of every score that a frame is not assessed, failed, or waits for the reader's answer."""
        self._found.pop(frame, None)
        self._columns[frame] = state
        self._cells[:, frame] = state
        self._changed(frame)

    def set_frame(self, frame: int) -> None:
        """The eye is on this frame."""
        self._frame = frame
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(300, TOP + self._row * self.rows)

    def frame_at(self, x: float) -> int | None:
        """The frame drawn at `x`; None beside the map."""
        plot = self._plot()
        share = (x - plot.left()) / plot.width()
        return int(share * self.frames) if 0 <= share < 1 else None

    def words(self, row: int, frame: int) -> str:
        """What one score says of one frame."""
        where = frame_word(frame, self.frames)
        if frame in self._found:
            return f"{where}\n{standing_words(self._found[frame][row])}"
        return f"{where}\n{self._titles[row]}: {tr(STATES[int(self._columns[frame])][1])}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the frame under the cursor."""
        frame = self.frame_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and frame is not None:
            self.frame_sought.emit(frame)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the cursor."""
        frame, row = self.frame_at(event.position().x()), int((event.position().y() - TOP) // self._row)
        inside = 0 <= row < self.rows
        words = "" if not inside else self._titles[row] if frame is None else self.words(row, frame)
        QToolTip.showText(event.globalPosition().toPoint(), words, self)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._colour()
            self.setFixedHeight(self.sizeHint().height())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Stretch the image; over it the cursor, and numbers where there is room."""
        if not self.rows:
            return
        painter, plot = QPainter(self), self._plot()
        painter.drawImage(plot, self._image, QRectF(0, 0, self.frames, self.rows))
        self._draw_hatching(painter, plot)
        painter.setPen(QPen(colour("panel"), 1))
        for row in range(self.rows + 1):
            painter.drawLine(
                QPointF(plot.left(), TOP + row * self._row), QPointF(plot.right(), TOP + row * self._row)
            )
        self._draw_names(painter, plot)
        if plot.width() / self.frames >= scaled(READABLE):
            self._draw_numbers(painter, plot)
        if self.frames > 1:
            self._draw_cursor(painter, plot)

    def _draw_hatching(self, painter: QPainter, plot: QRectF) -> None:
        width = plot.width() / self.frames
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(colour("canvas"), Qt.BrushStyle.BDiagPattern))
        for row in range(self.rows):
            for start, stop in runs(self._cells[row, : self.frames] == FAILED):
                if (stop - start) * width >= HATCHED:
                    painter.drawRect(
                        QRectF(plot.left() + start * width, TOP + row * self._row, (stop - start) * width, self._row)
                    )

    def _draw_names(self, painter: QPainter, plot: QRectF) -> None:
        painter.setPen(colour("text"))
        room = int(plot.left()) - 8
        for row, title in enumerate(self._titles):
            shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room)
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(0, TOP + row * self._row, room, self._row), int(side), shown)

    def _draw_numbers(self, painter: QPainter, plot: QRectF) -> None:
        width = plot.width() / self.frames
        for frame, found in self._found.items():
            for row, one in enumerate(found):
                bright = one.share is not None and one.share > 0.5
                painter.setPen(Qt.GlobalColor.black if bright or one.failed else Qt.GlobalColor.white)
                cell = QRectF(plot.left() + frame * width, TOP + row * self._row, width, self._row)
                if not one.failed:
                    painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), percent(one.trust))

    def _draw_cursor(self, painter: QPainter, plot: QRectF) -> None:
        """Draw lines around the column, and none over it."""
        width = plot.width() / self.frames
        left = plot.left() + self._frame * width
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, thick in (("canvas", 3), ("canvas_text", 1)):  # seen on bright cells and dark ones
            painter.setPen(QPen(colour(ink), thick))
            for x in (left - 1, left + width + 1):
                painter.drawLine(QPointF(x, 1), QPointF(x, plot.bottom()))

    @property
    def _row(self) -> int:
        """Height of a row in letters of the size in use."""
        return scaled(ROW)

    def _plot(self) -> QRectF:
        cells = scaled(WIDEST) * self.frames
        least = min(scaled(NAMES), self.width() * NAMES_SHARE)
        left = max(least, min(scaled(WHOLE_NAMES), self.width() - cells - 2))
        width = min(self.width() - left - 2, cells)
        return QRectF(left, TOP, max(width, 1.0), self._row * self.rows)

    def _allocate(self) -> None:
        """Make room for every cell; lines of Qt's images begin at every fourth byte."""
        self._cells = np.zeros((max(self.rows, 1), -(-self.frames // 4) * 4), np.uint8)
        self._cells[:, : self.frames] = self._columns
        stride = self._cells.shape[1]
        self._image = QImage(self._cells.data, self.frames, len(self._cells), stride, QImage.Format.Format_Indexed8)
        self._colour()
        self.setFixedHeight(self.sizeHint().height())

    def _colour(self) -> None:
        inks = [colour(STATES[state][0]) for state in sorted(STATES)]
        steps = colour_map(MAP)[np.linspace(0, 255, LEVELS).round().astype(int)]
        self._image.setColorTable([ink.rgb() for ink in inks] + [qRgb(*step) for step in steps.tolist()])

    def _changed(self, frame: int) -> None:
        if frame == self._frame:
            self._describe()
        self.update()

    def _describe(self) -> None:
        """Tell a screen reader of the frame on screen."""
        found = self._found.get(self._frame, ())
        self.setAccessibleDescription("; ".join(standing_words(one) for one in found))


def code_of(one: Standing) -> int:
    """The code of a cell."""
    if one.failed:
        return FAILED
    return SILENT if one.share is None else len(STATES) + round(one.share * (LEVELS - 1))
