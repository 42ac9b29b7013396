"""Windows on the brightness of a frame: the file's own, those to choose from, and what a hand makes of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewer.domain.display import GreyDisplay, WindowPreset
from viewer.domain.image import Frame
from viewer.domain.view import View

COLOUR_WINDOW = (128.0, 256.0)
"""Window that leaves colour pictures as they are; moving it changes brightness and contrast on screen only."""

COLOUR_PRESETS = (
    WindowPreset("More contrast", 128.0, 180.0),
    WindowPreset("Less contrast", 128.0, 360.0),
    WindowPreset("Brighter", 96.0, 256.0),
    WindowPreset("Much brighter", 64.0, 192.0),
    WindowPreset("Darker", 160.0, 256.0),
)

AUTO_PERCENTILES = (1.0, 99.0)
_AUTO_SAMPLES = 250_000
"""Values looked at for the automatic window; more do not move the percentiles, but cost time."""


def default_window(frame: Frame) -> tuple[float, float]:
    """Centre and width of the file's own display."""
    if frame.grey is None:
        return COLOUR_WINDOW
    return frame.grey.center, frame.grey.width


def least_width(frame: Frame) -> float:
    """The narrowest window that still shows steps: the usual function of DICOM knows none below 1."""
    if frame.grey is None or frame.grey.function == "LINEAR":
        return 1.0
    return max(frame.grey.width / 1000, 1e-6)


def dragged(view: View, frame: Frame, right: float, down: float) -> View:
    """The view after a drag: to the right widens the window, down raises its centre.

    Args:
        view: Before.
        frame: On screen; gives the window to start from.
        right: Drag distance in shares of the canvas.
        down: The same, downwards.
    """
    center, width = view.window or default_window(frame)
    least = least_width(frame)
    span = max(width, least)
    return replace(view, window=(center + down * span, max(width + right * 2 * span, least)))


def auto_window(frame: Frame) -> tuple[float, float]:
    """Centre and width that spread nearly all of this frame's values over the greys; padding does not count."""
    values = frame.values[:: max(1, round((frame.values.size / _AUTO_SAMPLES) ** 0.5))]
    if frame.grey is not None:
        values = _measured(values, frame.grey)
    if values.size == 0:
        return default_window(frame)
    low, high = (float(value) for value in np.percentile(values, AUTO_PERCENTILES))
    return (low + high) / 2, max(high - low, least_width(frame))


def presets_of(frame: Frame, presets: Sequence[WindowPreset]) -> tuple[WindowPreset, ...]:
    """Windows to choose from: the whole range and the file's, or brightness steps for a colour picture."""
    if frame.grey is None:
        return COLOUR_PRESETS
    return (_full_range(frame, frame.grey), *presets)


def _full_range(frame: Frame, grey: GreyDisplay) -> WindowPreset:
    values = _measured(frame.values, grey)
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    return WindowPreset("Full range", (low + high) / 2, max(high - low, least_width(frame)))


def _measured(values: NDArray[np.generic], grey: GreyDisplay) -> NDArray[np.float32]:
    """Rescaled values without padding and without what is no number."""
    kept = np.asarray(values)
    if grey.padding is not None:
        low, high = grey.padding
        kept = kept[(kept < low) | (kept > high)]
    rescaled = grey.rescaled(kept)
    finite: NDArray[np.float32] = rescaled[np.isfinite(rescaled)]
    return finite
