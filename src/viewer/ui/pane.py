"""One place for a picture: a canvas, the maps over it, and which frame of which clip it shows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from viewer.domain.image import Clip, Frame
from viewer.ui.canvas.layer import OverlayLayer
from viewer.ui.canvas.view import Canvas


class Pane(QFrame):
    """Shows one frame of one clip.

    Attributes:
        canvas: Draws it.
        layer: Draws the maps over it.
        clip: What is shown; None before anything was.
        index: Of the frame that is shown, from 0.

    Signals:
        clip_changed: Another clip belongs here from now on; its first frame follows.
        shown: Another frame, or a note in its place, is on the canvas.
    """

    clip_changed = Signal(object)
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pane")
        self.canvas = Canvas()
        self.layer = OverlayLayer(self.canvas)
        self.clip: Clip | None = None
        self.index = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)

    def take_clip(self, clip: Clip) -> None:
        """Turn to another clip; its first frame follows."""
        self.clip, self.index = clip, 0
        self.clip_changed.emit(clip)
        self.canvas.fit()

    def show_frame(self, index: int, frame: Frame) -> None:
        """Show a frame of the clip."""
        self.index = index
        self.canvas.show_frame(frame)
        self.shown.emit()

    def show_note(self, index: int, words: str) -> None:
        """Show words in place of a frame."""
        self.index = index
        self.canvas.show_note(words)
        self.shown.emit()
