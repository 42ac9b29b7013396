"""Tells each pane what stands over its picture: whose it is, where in it, how it is shown and how large it is."""

from dataclasses import dataclass

from PySide6.QtCore import QSizeF

from viewer.domain.calibration import Scale, scale_of, whole_scale
from viewer.domain.image import Clip, Frame
from viewer.domain.view import EdgeLetters, edge_letters, mm_across
from viewer.present.corners import corners
from viewer.present.scale_bar import ScaleBar, scale_bar
from viewer.ui.canvas.furniture import Content, bar_room
from viewer.ui.naming import Naming
from viewer.ui.pane import Pane
from viewer.ui.panes import Panes


class Furnishing:
    """Keeps what stands over the pictures in step with them."""

    def __init__(self, panes: Panes, naming: Naming) -> None:
        self._panes = panes
        self._naming = naming
        self._known: dict[Pane, tuple[tuple[Clip, int], _Measured]] = {}
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
        for pane in self._panes.made:
            pane.canvas.show_graphics(on)

    def _equip(self, pane: Pane) -> None:
        pane.canvas.show_graphics(self._graphics)
        pane.shown.connect(lambda: self._refresh(pane))
        pane.canvas.moved.connect(lambda: self._lies_elsewhere(pane))

    def _lies_elsewhere(self, pane: Pane) -> None:
        self._known.pop(pane, None)
        self._refresh(pane)

    def _refresh_all(self) -> None:
        for pane in self._panes.made:
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
        measured = self._measured(pane, frame, clip, index)
        return Content(
            corners=corners(
                clip,
                index,
                frame,
                names=self._naming.names(clip),
                view=canvas.view,
                zoom=measured.zoom,
                scale=measured.scale,
                graphics_hidden=frame.graphics is not None and not canvas.graphics_shown,
            ),
            letters=measured.letters,
            bar=measured.bar,
        )

    def _measured(self, pane: Pane, frame: Frame, clip: Clip, index: int) -> "_Measured":
        """What stays from frame to frame while the picture lies still."""
        picture = (clip, index if clip.frame_geometries else 0)
        known = self._known.get(pane)
        if known is not None and known[0] == picture:
            return known[1]
        canvas = pane.canvas
        scale = whole_scale(clip, index) or scale_of(clip, index, [canvas.middle])
        across = mm_across(scale, canvas.view.turn, frame.pixel_aspect)
        longest = bar_room(QSizeF(canvas.viewport().size()))
        made = _Measured(
            zoom=canvas.zoom * canvas.devicePixelRatioF(),
            scale=scale,
            letters=edge_letters(clip.geometry(index).orientation, canvas.view.turn),
            bar=None if across is None else scale_bar(across / canvas.zoom, longest),
        )
        self._known[pane] = (picture, made)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """How a picture lies on the screen.

    Attributes:
        zoom: Pixels of the screen per stored column.
        scale: How large its pixels are.
        letters: Directions in the patient.
        bar: The scale bar.
    """

    zoom: float
    scale: Scale
    letters: EdgeLetters | None
    bar: ScaleBar | None
