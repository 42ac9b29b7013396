"""Draws on the canvas what the overlay list says."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from viewer.domain.bundle import FieldOfView
from viewer.domain.result import Overlay
from viewer.present.heat import coloured
from viewer.ui.canvas.view import Canvas

Drawn = tuple[Overlay, str]


class OverlayLayer:
    """Keeps the canvas's maps in step with a list of overlays; colours each map once."""

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

    def draw(self, overlays: dict[str, tuple[Overlay, float, str]]) -> None:
        """Draw overlays, each with its opacity and colour map; take others away."""
        for name in [name for name in self._drawn if name not in overlays]:
            self._canvas.drop_map(name)
            del self._drawn[name]
        if self._canvas.frame is None:
            return
        for name, (overlay, opacity, colour_map) in overlays.items():
            if self._drawn.get(name) == (overlay, colour_map):
                self._canvas.set_map_opacity(name, opacity)
                continue
            self._canvas.set_map(name, _pixels(overlay, colour_map), self._area, opacity)
            self._drawn[name] = (overlay, colour_map)


def _pixels(overlay: Overlay, colour_map: str) -> NDArray[np.uint8]:
    return coloured(overlay.values, overlay.limits, colour_map)
