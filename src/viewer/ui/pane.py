"""One place for a picture: a canvas, the maps over it, and which frame of which clip it shows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from viewer.domain.image import Clip, Frame
from viewer.ui.canvas.layer import OverlayLayer
from viewer.ui.canvas.view import Canvas
from viewer.ui.texts import tr
from viewer.ui.widgets.labels import label

EDGE = 2
"""Width in pixels of the line around a picture that lies beside others, as in the style sheet."""


class Pane(QFrame):
    """Shows one frame of one clip.

    Attributes:
        canvas: Draws it.
        layer: Draws the maps over it.
        caption: Says which picture the AI speaks of, where there are several.
        clip: What is shown; None before anything was.
        index: Of the frame that is shown, from 0.
        on_canvas: Clip and frame of what is on the canvas: of the clip before, until the first frame follows.
        note: The sentence in place of a picture, as it was told; `""` while one is shown.

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
        self.on_canvas: tuple[Clip, int] | None = None
        self.note = ""
        self.caption = label("", "small")
        self.caption.setContentsMargins(8, 2, 8, 2)
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.caption.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.caption)
        self._column.addWidget(self.canvas, 1)

    def take_clip(self, clip: Clip, index: int = 0) -> None:
        """Turn to another clip, of which frame `index` follows; the clip that is shown already stays as it lies."""
        if clip is self.clip:
            return
        self.clip, self.index = clip, index
        self.layer.draw({})
        self.clip_changed.emit(clip)
        self.canvas.show_whole()

    def show_frame(self, index: int, frame: Frame) -> None:
        """Show a frame of the clip."""
        self._is_on_canvas(index)
        self.canvas.show_frame(frame)
        self.shown.emit()

    def show_note(self, index: int, words: str) -> None:
        """Show words in place of a frame."""
        self._is_on_canvas(index, words)
        self.canvas.show_note(words)
        self.shown.emit()

    def _is_on_canvas(self, index: int, note: str = "") -> None:
        self.index, self.note = index, note
        self.on_canvas = None if self.clip is None else (self.clip, index)

    def show_place(self, place: int | None, *, active: bool) -> None:
        """Say which pane this is, from 1, and whether the reader works in it; None where there is only one."""
        state = "" if place is None else "active" if active else "beside"
        name = tr("Picture") if place is None else tr("Picture {place}").format(place=place)
        self.canvas.setAccessibleName(name)
        self.canvas.setAccessibleDescription(tr("You work in this one") if state == "active" else "")
        spoken_of = (
            tr("{place}: the AI speaks of this picture")
            if active
            else tr("{place}: without the AI; click to work here")
        )
        self.caption.setText(spoken_of.format(place=place))
        self.caption.setVisible(place is not None)
        edge = EDGE if state else 0
        self._column.setContentsMargins(edge, edge, edge, edge)
        if self.property("state") != state:
            self.setProperty("state", state)
            self.style().unpolish(self)
            self.style().polish(self)
