"""From a decoded frame to 8-bit pixels on screen, as the reader looks at it; the frame itself is never changed."""

import numpy as np
from numpy.typing import NDArray

from viewer.domain.display import GreyDisplay
from viewer.domain.image import Frame
from viewer.domain.view import View
from viewer.domain.windowing import COLOUR_WINDOW

_LEVELS = np.arange(256, dtype=np.uint8)


def pixels_of(frame: Frame, view: View, *, graphics: bool = True) -> NDArray[np.uint8]:
    """What is painted: uint8 (rows, cols) for grey, (rows, cols, 3) for colour, contiguous, not yet turned.

    Args:
        frame: Decoded.
        view: Its window and inversion count.
        graphics: Whether the file's graphics are painted over it; they are white, however it is looked at.
    """
    toned = _toned(frame, view)
    return np.ascontiguousarray(frame.painted(toned) if graphics else toned)


def _toned(frame: Frame, view: View) -> NDArray[np.uint8]:
    if frame.grey is not None:
        grey = frame.grey.with_window(*view.window) if view.window else frame.grey
        return (grey.with_inversion() if view.inverted else grey).render(frame.values)
    if view.window is None and not view.inverted:
        return frame.values
    center, width = view.window or COLOUR_WINDOW
    brightness = GreyDisplay(center=center, width=width, function="LINEAR_EXACT", inverted=view.inverted)
    painted: NDArray[np.uint8] = brightness.render(_LEVELS)[frame.values]
    return painted
