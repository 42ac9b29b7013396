"""The grey display pipeline of DICOM: stored value → rescale → VOI LUT → polarity → 8 bit."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

VoiFunction = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]


@dataclass(frozen=True, slots=True)
class WindowPreset:
    """A named window in units of the rescaled value.

    Attributes:
        name: The file's own explanation, or `Window 1`, `Window 2` …
        center, width: Window centre and width in rescaled units.
    """

    name: str
    center: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LookupTable:
    """A modality or VOI LUT (PS3.3 C.11.1, C.11.2).

    Attributes:
        first: First input value mapped; smaller inputs take the first entry, larger ones the last.
        entries: uint16 (n,), output values.
        bits: Significant bits of an entry.
    """

    first: int
    entries: NDArray[np.uint16]
    bits: int

    def __call__(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Map values of any shape to float32 of the same shape."""
        wanted = np.rint(np.nan_to_num(values.astype(np.float64)))
        index = np.clip(wanted - self.first, 0, len(self.entries) - 1)
        output: NDArray[np.float32] = self.entries[index.astype(np.intp)].astype(np.float32)
        return output


@dataclass(frozen=True, slots=True, kw_only=True)
class GreyDisplay:
    """How stored grey values become 8-bit grey.

    Attributes:
        slope, intercept: Rescale slope and intercept (ignored where a modality LUT is given).
        modality_lut: Modality LUT, or None.
        center, width: Window in rescaled units.
        function: VOI LUT function applied to the window.
        voi_lut: VOI LUT, used instead of the window when not None.
        inverted: True for MONOCHROME1: the lowest value is white.
        padding: Inclusive stored-value range of pixel padding, shown black, or None.
    """

    slope: float = 1.0
    intercept: float = 0.0
    modality_lut: LookupTable | None = None
    center: float
    width: float
    function: VoiFunction = "LINEAR"
    voi_lut: LookupTable | None = None
    inverted: bool = False
    padding: tuple[int, int] | None = None

    def rescaled(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Stored values → values in output units (HU, optical density …), float32 of the same shape."""
        if self.modality_lut is not None:
            return self.modality_lut(values)
        output: NDArray[np.float32] = values.astype(np.float32) * np.float32(self.slope) + np.float32(self.intercept)
        return output

    def with_window(self, center: float, width: float) -> "GreyDisplay":
        """The same pipeline with the user's window in place of the file's window or VOI LUT."""
        return replace(self, center=center, width=max(width, 1e-6), voi_lut=None)

    def with_inversion(self) -> "GreyDisplay":
        """The same pipeline with black and white exchanged."""
        return replace(self, inverted=not self.inverted)

    def render(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        """Stored values (rows, cols) → uint8 (rows, cols), 0 black.

        Integer values of at most 16 bits go through a table of every possible value, so a frame costs one lookup;
        8-bit values that are already grey come back as they are.
        """
        if values.dtype.kind in "iu" and values.dtype.itemsize <= 2:
            table, same = _every_grey(self, values.dtype.str)
            unsigned = values.view(f"u{values.dtype.itemsize}")
            return unsigned if same else np.take(table, unsigned)
        with np.errstate(all="ignore"):  # floating-point pixels may hold anything; what is not finite is black
            return self._grey(values)

    def _grey(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        shown = self._windowed(self.rescaled(values))
        if self.inverted:
            shown = 1 - shown
        grey = np.rint(np.nan_to_num(shown, nan=0.0) * 255).astype(np.uint8)
        if self.padding is not None:
            low, high = self.padding
            grey[(values >= low) & (values <= high)] = 0
        return grey

    def _windowed(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map rescaled values to [0, 1] by PS3.3 C.11.2.1.2 and C.11.2.1.3."""
        shown: NDArray[np.float32]
        if self.voi_lut is not None:
            shown = np.minimum(self.voi_lut(values) / np.float32(2**self.voi_lut.bits - 1), 1)
        elif self.function == "SIGMOID":
            shown = 1 / (1 + np.exp(np.clip(-4 * (values - self.center) / self.width, -80, 80)))
        elif self.function == "LINEAR_EXACT":
            shown = np.clip((values - self.center) / self.width + 0.5, 0, 1)
        else:
            span = max(self.width - 1, 1e-6)
            shown = np.clip((values - (self.center - 0.5)) / span + 0.5, 0, 1)
        return shown


@lru_cache(maxsize=16)
def _every_grey(display: GreyDisplay, dtype: str) -> tuple[NDArray[np.uint8], bool]:
    """The grey of every value of a type, in the order of its unsigned reading; and whether grey is the value."""
    info = np.iinfo(dtype)
    table = np.roll(display._grey(np.arange(info.min, info.max + 1)), info.min)
    table.setflags(write=False)
    return table, len(table) == 256 and np.array_equal(table, np.arange(256))
