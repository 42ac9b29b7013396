"""Overlay planes (groups 60xx, PS3.3 C.9): graphics that lie over the picture, one bit per pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from viewer.io.dicom_layout import PixelLayout
from viewer.io.faults import FAULTS

_GROUPS = range(0x6000, 0x6020, 2)
_ROWS, _COLUMNS, _FRAMES, _ORIGIN, _FIRST_FRAME, _DATA = 0x0010, 0x0011, 0x0015, 0x0050, 0x0051, 0x3000


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayPlane:
    """One group of overlay planes.

    Attributes:
        rows, columns: Size of a plane.
        top, left: Where it begins in the picture, from 0; may lie outside.
        first: Index of the frame that the first plane belongs to.
        planes: Number of planes, for as many frames; None for one plane that belongs to every frame.
        data: Packed bits, lowest bit first, plane after plane.
    """

    rows: int
    columns: int
    top: int
    left: int
    first: int
    planes: int | None
    data: bytes

    def draw(self, graphics: NDArray[np.bool_], index: int) -> None:
        """Set in `graphics`, bool (rows, cols) of the picture, what this group draws over frame `index`."""
        plane = 0 if self.planes is None else index - self.first
        if not 0 <= plane < (self.planes or 1):
            return
        size = self.rows * self.columns
        start, end = plane * size, (plane + 1) * size
        packed = np.frombuffer(self.data[start // 8 : (end + 7) // 8], np.uint8)
        bits = np.unpackbits(packed, bitorder="little")[start % 8 :][:size].reshape(self.rows, self.columns)
        top, left = max(self.top, 0), max(self.left, 0)
        shown = bits[top - self.top :, left - self.left :][: graphics.shape[0] - top, : graphics.shape[1] - left]
        graphics[top : top + shown.shape[0], left : left + shown.shape[1]] |= shown.astype(bool)


def read_overlays(dataset: Dataset, layout: PixelLayout) -> tuple[OverlayPlane, ...]:
    """Read the overlay planes; a malformed one is left out, for the picture matters more.

    Overlays in unused bits of the pixel data were retired in 2004 and are not read.
    """
    found = (_read(dataset, group, layout) for group in _GROUPS if (group, _DATA) in dataset)
    return tuple(plane for plane in found if plane is not None)


def graphics_of(overlays: tuple[OverlayPlane, ...], index: int, layout: PixelLayout) -> NDArray[np.bool_] | None:
    """What all overlays draw over frame `index`, bool (rows, cols); None where there are none."""
    if not overlays:
        return None
    graphics = np.zeros((layout.rows, layout.columns), np.bool_)
    for overlay in overlays:
        overlay.draw(graphics, index)
    return graphics


def _read(dataset: Dataset, group: int, layout: PixelLayout) -> OverlayPlane | None:
    try:
        rows, columns = int(dataset[group, _ROWS].value), int(dataset[group, _COLUMNS].value)
        origin = dataset[group, _ORIGIN].value if (group, _ORIGIN) in dataset else (1, 1)
        several = (group, _FRAMES) in dataset and (group, _FIRST_FRAME) in dataset
        planes = int(dataset[group, _FRAMES].value) if several else None
        element = dataset[group, _DATA]
        plane = OverlayPlane(
            rows=rows,
            columns=columns,
            top=int(origin[0]) - 1,
            left=int(origin[1]) - 1,
            first=int(dataset[group, _FIRST_FRAME].value) - 1 if several else 0,
            planes=planes,
            data=_little_endian(bytes(element.value), swapped=layout.big_endian and element.VR == "OW"),
        )
    except FAULTS:
        return None
    sound = 0 < rows * columns <= 4 * layout.pixels and rows > 0 and (planes is None or planes > 0)
    return plane if sound and rows * columns * (planes or 1) <= 8 * len(plane.data) else None


def _little_endian(data: bytes, *, swapped: bool) -> bytes:
    return np.frombuffer(data[: len(data) // 2 * 2], "<u2").byteswap().tobytes() if swapped else data
