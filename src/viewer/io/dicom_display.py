"""How the grey values of each frame become its default display."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from viewer.domain.display import GreyDisplay, LookupTable, VoiFunction, WindowPreset
from viewer.io.dicom_groups import frame_groups, macro_items
from viewer.io.dicom_layout import PixelLayout
from viewer.io.dicom_values import integer, items, number, numbers, text, texts, value
from viewer.io.faults import FAULTS
from viewer.io.ranges import full_range

_FUNCTIONS: dict[str, VoiFunction] = {"SIGMOID": "SIGMOID", "LINEAR_EXACT": "LINEAR_EXACT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GreyRule:
    """What the file says about the display of a frame.

    Attributes:
        slope, intercept, rescale_type: Rescale, `rescaled` telling whether the file gives one.
        modality_lut: Modality LUT, used instead.
        windows: Windows in the file's order; the first is the default.
        function: VOI LUT function of the windows.
        voi_lut: VOI LUT, preferred to the windows.
        inverted: MONOCHROME1.
        padding: Inclusive range of stored padding values, or None.
    """

    slope: float = 1.0
    intercept: float = 0.0
    rescale_type: str = ""
    rescaled: bool = False
    modality_lut: LookupTable | None = None
    windows: tuple[WindowPreset, ...] = ()
    function: VoiFunction = "LINEAR"
    voi_lut: LookupTable | None = None
    inverted: bool = False
    padding: tuple[int, int] | None = None

    @property
    def has_window(self) -> bool:
        """Whether the file itself says how grey values are shown."""
        return bool(self.windows) or self.voi_lut is not None

    def display(self, low: float, high: float) -> GreyDisplay:
        """Build the display.

        Args:
            low: Stored value shown black where the file gives no window.
            high: Stored value shown white there.
        """
        if self.windows:
            window, function = self.windows[0], self.function
            center, width = window.center, window.width
        else:
            ends = self._rescaled(low), self._rescaled(high)
            center, width, function = full_range(min(ends), max(ends))
        return GreyDisplay(
            slope=self.slope,
            intercept=self.intercept,
            modality_lut=self.modality_lut,
            center=center,
            width=width,
            function=function,
            voi_lut=self.voi_lut,
            inverted=self.inverted,
            padding=self.padding,
        )

    def _rescaled(self, stored: float) -> float:
        if self.modality_lut is not None:
            return float(self.modality_lut(np.array([stored]))[0])
        return stored * self.slope + self.intercept


def stored_range(layout: PixelLayout) -> tuple[float, float] | None:
    """Ends of the stored values where all of them are meant to be seen: pixels of at most 8 bits."""
    if layout.kind != "integer" or layout.bits_stored > 8:
        return None
    low = -(1 << (layout.bits_stored - 1)) if layout.signed else 0
    return low, low + (1 << layout.bits_stored) - 1


def read_rules(dataset: Dataset, layout: PixelLayout, frames: int) -> tuple[GreyRule, ...]:
    """Read the rule of every frame; one rule alone where all frames share it.

    A frame's own functional group comes before the shared one, and that before the data set (PS3.3 C.7.6.16).
    """
    basis = GreyRule(
        modality_lut=_lookup_table(dataset, "ModalityLUTSequence", layout),
        voi_lut=_lookup_table(dataset, "VOILUTSequence", layout),
        inverted=layout.photometric == "MONOCHROME1",
        padding=_padding(dataset, layout),
    )
    rules = tuple(_rule(basis, groups, dataset) for groups in frame_groups(dataset, frames))
    return rules[:1] if len(set(rules)) == 1 else rules


def _rule(basis: GreyRule, groups: Sequence[Dataset], dataset: Dataset) -> GreyRule:
    rescale = _first(groups, "PixelValueTransformationSequence", "RescaleSlope") or dataset
    voi = _first(groups, "FrameVOILUTSequence", "WindowCenter") or dataset
    slope, intercept = number(rescale, "RescaleSlope"), number(rescale, "RescaleIntercept")
    return GreyRule(
        slope=slope or 1.0,
        intercept=intercept or 0.0,
        rescale_type=text(rescale, "RescaleType").upper(),
        rescaled=slope is not None,
        modality_lut=basis.modality_lut,
        windows=_windows(voi),
        function=_FUNCTIONS.get(text(voi, "VOILUTFunction").upper(), "LINEAR"),
        voi_lut=basis.voi_lut,
        inverted=basis.inverted,
        padding=basis.padding,
    )


def _first(groups: Sequence[Dataset], macro: str, keyword: str) -> Dataset | None:
    """The item of a functional group macro that has a value for `keyword`."""
    return next((item for item in macro_items(groups, macro) if numbers(item, keyword)), None)


def _windows(dataset: Dataset) -> tuple[WindowPreset, ...]:
    centers, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    names = texts(dataset, "WindowCenterWidthExplanation")
    return tuple(
        WindowPreset(names[at] if at < len(names) and names[at] else f"Window {at + 1}", center, width)
        for at, (center, width) in enumerate(zip(centers, widths, strict=False))
        if width > 0
    )


def _padding(dataset: Dataset, layout: PixelLayout) -> tuple[int, int] | None:
    """Pixel padding as an inclusive range; the element's VR may have read a signed value as unsigned."""
    if number(dataset, "PixelPaddingValue") is None or layout.kind != "integer" or layout.samples > 1:
        return None
    first = _stored(integer(dataset, "PixelPaddingValue"), layout)
    limited = number(dataset, "PixelPaddingRangeLimit") is not None
    last = _stored(integer(dataset, "PixelPaddingRangeLimit"), layout) if limited else first
    return min(first, last), max(first, last)


def _stored(number_: int, layout: PixelLayout) -> int:
    span = 1 << layout.bits_allocated
    number_ %= span
    return number_ - span if layout.signed and number_ >= span // 2 else number_


def _lookup_table(dataset: Dataset, keyword: str, layout: PixelLayout) -> LookupTable | None:
    for item in items(dataset, keyword)[:1]:
        descriptor, data = numbers(item, "LUTDescriptor"), value(item, "LUTData")
        try:
            return _parse_table([int(entry) for entry in descriptor], data, layout)
        except FAULTS:
            return None
    return None


def _parse_table(descriptor: list[int], data: object, layout: PixelLayout) -> LookupTable:
    count, first, bits = descriptor
    count = count % 65536 or 65536
    if isinstance(data, bytes):
        one_byte = bits <= 8 and len(data) < 2 * count
        order = ">" if layout.big_endian else "<"
        entries = np.frombuffer(data, np.uint8 if one_byte else f"{order}u2").astype(np.uint16)
    else:
        entries = (np.asarray(data, np.int64) & 0xFFFF).astype(np.uint16)
    if not entries.size:
        raise ValueError("an empty lookup table")
    entries = entries[:count]
    # Some writers announce 16 bits for a table that only uses fewer; the widest entry is then white.
    used = max(int(entries.max()).bit_length(), 8)
    if layout.signed and first >= 32768:
        first -= 65536
    return LookupTable(first=first, entries=entries, bits=min(bits, 16) if bits in range(8, 17) else used)
