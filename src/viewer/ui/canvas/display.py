"""From a decoded frame to 8-bit pixels on screen, through the user's window; the frame itself is never changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewer.domain.display import GreyDisplay, WindowPreset
from viewer.domain.image import Frame
from viewer.ui.texts import marked

COLOUR_WINDOW = (128.0, 256.0)
"""Window that leaves colour pictures as they are; moving it changes brightness and contrast on screen only."""

COLOUR_PRESETS = (WindowPreset(marked("More contrast"), 128.0, 180.0), WindowPreset(marked("Brighter"), 96.0, 256.0))

_LEVELS = np.arange(256, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Tone:
    """What the user did to the brightness of the display.

    Attributes:
        window: Centre and width in the units of the frame's display, or None for the file's own display.
        inverted: Black and white exchanged.
    """

    window: tuple[float, float] | None = None
    inverted: bool = False

    def dragged(self, frame: Frame, right: float, down: float) -> "Tone":
        """The tone after a drag: to the right widens the window, down raises its centre.

        Args:
            frame: On screen; gives the window to start from.
            right: Drag distance in shares of the canvas.
            down: The same, downwards.
        """
        center, width = self.window or default_window(frame)
        span = max(width, 1.0)
        return replace(self, window=(center + down * span, max(width + right * 2 * span, 1.0)))


def default_window(frame: Frame) -> tuple[float, float]:
    """Centre and width of the file's own display."""
    if frame.grey is None:
        return COLOUR_WINDOW
    return frame.grey.center, frame.grey.width


def presets_of(frame: Frame, presets: Sequence[WindowPreset]) -> tuple[WindowPreset, ...]:
    """Windows to choose from: the file's, or brightness steps for a colour picture."""
    if frame.grey is None:
        return COLOUR_PRESETS
    return (*presets, _full_range(frame, frame.grey))


def pixels_of(frame: Frame, tone: Tone) -> NDArray[np.uint8]:
    """What is painted: uint8 (rows, cols) for grey, (rows, cols, 3) for colour, contiguous; graphics stay white."""
    return np.ascontiguousarray(frame.painted(_toned(frame, tone)))


def _toned(frame: Frame, tone: Tone) -> NDArray[np.uint8]:
    if frame.grey is not None:
        grey = frame.grey.with_window(*tone.window) if tone.window else frame.grey
        return (grey.with_inversion() if tone.inverted else grey).render(frame.values)
    if tone == Tone():
        return frame.values
    center, width = tone.window or COLOUR_WINDOW
    brightness = GreyDisplay(center=center, width=width, function="LINEAR_EXACT", inverted=tone.inverted)
    painted: NDArray[np.uint8] = brightness.render(_LEVELS)[frame.values]
    return painted


def _full_range(frame: Frame, grey: GreyDisplay) -> WindowPreset:
    values = grey.rescaled(np.array([frame.values.min(), frame.values.max()]))
    low, high = float(values.min()), float(values.max())
    return WindowPreset(marked("Full range"), (low + high) / 2, max(high - low, 1.0))
