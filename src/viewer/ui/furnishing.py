"""Tells each pane what stands over its picture: whose it is, where in it, how it is shown and how large it is."""

from PySide6.QtCore import QSizeF

from viewer.domain.calibration import Scale, scale_of, whole_scale
from viewer.domain.image import Clip, Frame
from viewer.domain.view import edge_letters, mm_across
from viewer.present.corners import corners
from viewer.present.scale_bar import ScaleBar, scale_bar
from viewer.ui.canvas.furniture import Content, bar_room
from viewer.ui.naming import Naming
from viewer.ui.pane import Pane
from viewer.ui.panes import Panes


class Furnishing:
    """Keeps what stands over the pictures in step with them."""

    def __init__(self, panes: Panes, naming: Naming) -> None:
        self._naming = naming
        self._made: list[Pane] = []
        self._shown = self._graphics = True
        panes.equip(self._equip)
        naming.changed.connect(self._refresh_all)

    def set_shown(self, on: bool) -> None:
        """Show corner text, letters and scale bar, or the bare picture."""
        self._shown = on
        self._refresh_all()

    def show_graphics(self, on: bool) -> None:
        """Show or hide what files draw over their pictures."""
        self._graphics = on
        for pane in self._made:
            pane.canvas.show_graphics(on)

    def _equip(self, pane: Pane) -> None:
        self._made.append(pane)
        pane.canvas.show_graphics(self._graphics)
        pane.shown.connect(lambda: self._refresh(pane))
        pane.canvas.moved.connect(lambda: self._refresh(pane))

    def _refresh_all(self) -> None:
        for pane in self._made:
            self._refresh(pane)

    def _refresh(self, pane: Pane) -> None:
        frame, picture = pane.canvas.frame, pane.on_canvas
        if pane.note:
            pane.canvas.show_note(self._naming.sentence(pane.note))
        if not self._shown or frame is None or picture is None:
            pane.canvas.furniture.show(Content())
        else:
            pane.canvas.furniture.show(self._content(pane, frame, *picture))

    def _content(self, pane: Pane, frame: Frame, clip: Clip, index: int) -> Content:
        canvas = pane.canvas
        scale = whole_scale(clip, index) or scale_of(clip, index, [canvas.middle])
        return Content(
            corners=corners(
                clip,
                index,
                frame,
                names=self._naming.names(clip),
                view=canvas.view,
                zoom=canvas.zoom * canvas.devicePixelRatioF(),
                scale=scale,
                graphics_hidden=frame.graphics is not None and not canvas.graphics_shown,
            ),
            letters=edge_letters(clip.geometry(index).orientation, canvas.view.turn),
            bar=_bar(pane, frame, scale),
        )


def _bar(pane: Pane, frame: Frame, scale: Scale) -> ScaleBar | None:
    across = mm_across(scale, pane.canvas.view.turn, frame.pixel_aspect)
    longest = bar_room(QSizeF(pane.canvas.viewport().size()))
    return None if across is None else scale_bar(across / pane.canvas.zoom, longest)
