"""The value of the pixel under the mouse, in the bar at the bottom."""

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QLabel

from viewer.present.pixel import pixel_words
from viewer.ui.pane import Pane
from viewer.ui.texts import tr

WIDTH = 230
"""Room for the longest words, so that the bar does not move while the mouse does."""


class Readout(QLabel):
    """Follows the mouse over all panes, and the frames that pass under it while it rests."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("readout")
        self.setMinimumWidth(WIDTH)
        self.setAccessibleName(tr("Pixel under the mouse"))
        self.setToolTip(tr("Column and row of the pixel under the mouse, from 0 as stored, and its value"))
        self._pane: Pane | None = None
        self._at = QPointF()

    def equip(self, pane: Pane) -> None:
        """Follow the mouse over a pane."""
        pane.canvas.pointed.connect(lambda at: self._point(pane, at))
        pane.shown.connect(lambda: self._tell_of(pane))
        pane.canvas.moved.connect(lambda: self._tell_of(pane))

    def _point(self, pane: Pane, at: QPointF | None) -> None:
        if at is None:
            self._pane = None
            self.clear()
        else:
            self._pane, self._at = pane, at
            self._tell_of(pane)

    def _tell_of(self, pane: Pane) -> None:
        if pane is not self._pane:
            return
        frame, picture = pane.canvas.frame, pane.on_canvas
        if frame is None or picture is None:
            self.clear()
        else:
            self.setText(pixel_words(frame, pane.canvas.stored_position(self._at), picture[0].value_unit))
