"""Maps of similar frames that explainers return: one at a time, with its legend and what may be read from it."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from viewer.domain.result import Scatter
from viewer.present.categories import class_looks
from viewer.present.maps import FRAMES_AROUND, THIS_FRAME, map_words
from viewer.ui.canvas.path_map import PathMap, draw_path
from viewer.ui.canvas.scatter import symbol_icon
from viewer.ui.texts import tr
from viewer.ui.theme import colour, current_theme, scaled, widened
from viewer.ui.widgets.chooser import chooser
from viewer.ui.widgets.labels import label

LOWEST, NARROWEST = 140, 150
"""Height and width that a map keeps in little room, in pixels at 100 %."""

ICON, GAP = 16, 5
"""Side of a sign in the legend, and what parts it from its words, in pixels at 100 %."""


class FrameMaps(QWidget):
    """Shows the map that is chosen; it stays chosen, and zoomed as it is, from frame to frame."""

    def __init__(self) -> None:
        super().__init__()
        self.chooser = chooser(tr("In what the frames on the map are alike"), [])
        self.map, self.legend = PathMap(), MapLegend()
        self.title, self.note = label("", "title", wrap=True), label("", "small", wrap=True)
        self._scatters: tuple[Scatter, ...] = ()
        self._laid: Scatter | None = None
        self._classes: list[tuple[QIcon, str]] = []
        self.map.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.map.setMinimumSize(widened(NARROWEST), widened(LOWEST))
        beside = QVBoxLayout()
        for part in (self.title, self.chooser, self.legend):
            beside.addWidget(part)
        beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.map, 3)
        row.addLayout(beside, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row, 1)
        column.addWidget(self.note)
        self.chooser.currentIndexChanged.connect(self._show)

    def show_scatters(self, scatters: Sequence[Scatter]) -> None:
        """Show one of these, at least one: that of the title that was chosen before, else the first."""
        self._scatters = tuple(scatters)
        titles = [scatter.title for scatter in scatters]
        if titles != [self.chooser.itemText(place) for place in range(self.chooser.count())]:
            self.chooser.blockSignals(True)
            self.chooser.clear()
            self.chooser.addItems(titles)
            self.chooser.blockSignals(False)
        self.chooser.setVisible(len(titles) > 1)
        self.title.setVisible(len(titles) == 1)
        self._show()

    @property
    def shown(self) -> Scatter:
        """The map that is shown."""
        return self._scatters[max(self.chooser.currentIndex(), 0)]

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_laid"):
            self._laid = None
            if self._scatters:
                self._show()

    def _show(self) -> None:
        scatter = self.shown
        self.title.setText(scatter.title)
        self.note.setText(scatter.note)
        if not _same_points(scatter, self._laid):
            self._lay(scatter)
        self.map.show_path(scatter.path, scatter.here)
        signs = [(_sign(_here), tr(THIS_FRAME))] if scatter.here is not None else []
        signs += [(_sign(_way), tr(FRAMES_AROUND))] if len(scatter.path) > 1 else []
        self.legend.show_entries([*self._classes, *signs])
        self.map.setAccessibleName(scatter.title)
        words = map_words(scatter)
        self.map.setAccessibleDescription(f"{words} {scatter.note}")
        self.map.setToolTip(words)

    def _lay(self, scatter: Scatter) -> None:
        self._laid = scatter
        looks = class_looks(scatter.names, current_theme().name)
        self.map.show_positions(scatter.points)
        self.map.show_kinds(scatter.kinds, looks, np.ones(len(scatter.kinds), np.bool_))
        self._classes = [
            (symbol_icon(looks[kind], scaled(ICON)), looks[kind].words) for kind in np.unique(scatter.kinds)
        ]


class MapLegend(QWidget):
    """Signs with their words, one under the other."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[tuple[QIcon, str]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: Sequence[tuple[QIcon, str]]) -> None:
        """Show signs with their words."""
        self._entries = entries
        words = [words for _, words in entries]
        self.setAccessibleName(tr("Legend: {words}").format(words=", ".join(words)))
        self.setToolTip("\n".join(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each entry; words that find no room end in …, and stand in the tooltip."""
        return QSize(scaled(100), self._row * len(self._entries))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the entries."""
        painter = QPainter(self)
        painter.setPen(colour("text"))
        side, start = scaled(ICON), scaled(ICON + GAP)
        for number, (icon, words) in enumerate(self._entries):
            top = number * self._row
            icon.paint(painter, 0, top + (self._row - side) // 2, side, side)
            room = QRectF(start, top, max(self.width() - start, 0), self._row)
            shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    @property
    def _row(self) -> int:
        return max(self.fontMetrics().height(), scaled(ICON)) + 2


def _same_points(one: Scatter, other: Scatter | None) -> bool:
    """Whether two maps are one, but for the path on them."""
    return (
        other is not None
        and one.names == other.names
        and np.array_equal(one.points, other.points)
        and np.array_equal(one.kinds, other.kinds)
    )


def _sign(draw: Callable[[QPainter, float], None]) -> QIcon:
    """A sign of the legend, drawn as it is on the map."""
    side = scaled(ICON)
    pixmap = QPixmap(2 * side, 2 * side)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, side)
    painter.end()
    return QIcon(pixmap)


def _here(painter: QPainter, side: float) -> None:
    draw_path(painter, [QPointF(side / 2, side / 2)], 0)


def _way(painter: QPainter, side: float) -> None:
    draw_path(painter, [QPointF(0, side / 2), QPointF(side, side / 2)], None)
