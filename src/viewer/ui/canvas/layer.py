"""Draws on the canvas what the overlay list says."""

from PySide6.QtCore import QRectF

from viewer.domain.bundle import FieldOfView
from viewer.domain.outline import Outline
from viewer.domain.result import Layer
from viewer.present.heat import coloured
from viewer.present.outlines import traced
from viewer.ui.canvas.view import Canvas

Drawn = tuple[Layer, str]


class OverlayLayer:
    """Keeps the canvas's maps and outlines in step with a list; colours each map and traces each outline once."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._area = QRectF(0, 0, 1, 1)
        self._drawn: dict[str, Drawn] = {}

    def set_area(self, view: FieldOfView) -> None:
        """The part of the picture that overlays cover, as the network saw it."""
        self._area = QRectF(view.left, view.top, view.right - view.left, view.bottom - view.top)
        self._drawn.clear()

    def use_area_of(self, other: "OverlayLayer") -> None:
        """Cover the same part of the picture as another layer."""
        self._area = other._area
        self._drawn.clear()

    def draw(self, layers: dict[str, tuple[Layer, float, str]]) -> None:
        """Draw maps and outlines, each with its opacity and colour map; take others away."""
        for name in [name for name in self._drawn if name not in layers]:
            self._canvas.drop_map(name)
            del self._drawn[name]
        if self._canvas.frame is None:
            return
        for name, (layer, opacity, colour_map) in layers.items():
            if self._drawn.get(name) == (layer, colour_map):
                self._canvas.set_map_opacity(name, opacity)
                continue
            if isinstance(layer, Outline):
                self._canvas.set_outline(name, traced(layer), self._area, opacity)
            else:
                pixels = coloured(layer.values, layer.limits, colour_map)
                self._canvas.set_map(name, pixels, self._area, opacity)
            self._drawn[name] = (layer, colour_map)
