"""Colour as stored → 8-bit sRGB."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset

from viewer.io.dicom_values import numbers, value
from viewer.io.faults import FAULTS

Rgb = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """Palette colour lookup table (PS3.3 C.7.9).

    Attributes:
        first: Stored value of the first entry; smaller values take it, too large ones take the last.
        entries: uint8 (n, 3).
    """

    first: int
    entries: Rgb

    def __call__(self, values: NDArray[Any]) -> Rgb:
        """Stored values (rows, columns) → uint8 (rows, columns, 3)."""
        index = np.clip(values.astype(np.int64) - self.first, 0, len(self.entries) - 1)
        return np.take(self.entries, index, axis=0)


def to_rgb(values: NDArray[Any], photometric: str, bits: int) -> Rgb:
    """Convert three-sample colour to 8-bit RGB.

    Args:
        values: (rows, columns, 3), in the colour space `photometric`.
        photometric: `RGB`, `YBR_FULL`, `YBR_FULL_422` (no longer subsampled), `YBR_PARTIAL_422` …
        bits: Significant bits per sample.
    """
    picture = _to_8_bit(values, bits)
    if photometric.startswith("YBR_PARTIAL"):
        return _partial_to_rgb(picture)
    if photometric.startswith("YBR"):
        return np.array(Image.fromarray(np.ascontiguousarray(picture), "YCbCr").convert("RGB"), np.uint8)
    return picture


def read_palette(dataset: Dataset, *, big_endian: bool) -> Palette | None:
    """Read the red, green and blue tables, plain or segmented; None when one is missing or malformed."""
    order = ">" if big_endian else "<"
    try:
        first, channels = zip(*(_channel(dataset, name, order) for name in ("Red", "Green", "Blue")), strict=True)
        shortest = min(len(channel) for channel in channels)
        entries = np.stack([channel[:shortest] for channel in channels], axis=1)
        # 16-bit entries, unless the writer announced 16 bits and stored 8.
        return Palette(first[0], (entries >> 8 if entries.max() > 255 else entries).astype(np.uint8))
    except FAULTS:
        return None


def _to_8_bit(values: NDArray[Any], bits: int) -> Rgb:
    if bits <= 8:
        return values.astype(np.uint8, copy=False)
    unsigned = values.view(f"u{values.dtype.itemsize}") if values.dtype.kind == "i" else values
    return (unsigned >> (bits - 8)).astype(np.uint8)


def _partial_to_rgb(picture: Rgb) -> Rgb:
    """ITU-R BT.601 with luma 16–235 and chroma 16–240 (PS3.3 C.7.6.3.1.2)."""
    luma = (picture[..., 0].astype(np.float32) - 16) * np.float32(255 / 219)
    blue, red = ((picture[..., at].astype(np.float32) - 128) * np.float32(255 / 224) for at in (1, 2))
    rgb = np.stack([luma + 1.402 * red, luma - 0.344136 * blue - 0.714136 * red, luma + 1.772 * blue], axis=-1)
    clipped: Rgb = np.clip(np.rint(rgb), 0, 255).astype(np.uint8)
    return clipped


def _channel(dataset: Dataset, colour: str, order: str) -> tuple[int, NDArray[np.int64]]:
    """First mapped value and the entries of one channel, as stored."""
    count, first, bits = (int(item) for item in numbers(dataset, f"{colour}PaletteColorLookupTableDescriptor"))
    count = count % 65536 or 65536  # 0 means 65536; the count is unsigned whatever its VR says
    data = value(dataset, f"{colour}PaletteColorLookupTableData")
    if data is not None:
        entries = _words(data, order, one_byte=bits == 8 and _size(data) < 2 * count)
    else:
        segments = _words(value(dataset, f"Segmented{colour}PaletteColorLookupTableData"), order, one_byte=bits == 8)
        entries = np.array(_expand(segments.tolist(), one_byte=bits == 8), np.int64)
    return first, entries[:count]


def _size(data: object) -> int:
    return len(data) if isinstance(data, bytes) else 2 * len(data)  # type: ignore[arg-type]


def _words(data: object, order: str, *, one_byte: bool) -> NDArray[np.int64]:
    if isinstance(data, bytes):
        dtype = "u1" if one_byte else f"{order}u2"
        return np.frombuffer(data[: len(data) // 2 * 2], dtype).astype(np.int64)
    return np.asarray(data, np.int64) & 0xFFFF  # the parser has already split a US element


def _expand(data: list[int], *, one_byte: bool, before: int | None = None, segments: int = 65536) -> list[int]:
    """Expand a segmented table (PS3.3 C.7.9.2).

    Args:
        data: Segments: (0, n, n values) discrete, (1, n, end) linear, (2, n, offset) copies n earlier segments.
        one_byte: Whether values are bytes, so that an offset takes four of them instead of two.
        before: Inside a copied run: the entry that a linear segment starts from.
        segments: Segments to read at most.
    """
    entries: list[int] = []
    position = 0
    while position + 2 < len(data) and segments > 0 and len(entries) <= 65536:
        code, length = data[position], data[position + 1]
        position += 2
        if code == 0:
            entries += data[position : position + length]
            position += length
        elif code == 1:
            start = entries[-1] if entries else before
            if start is None:
                raise ValueError("a palette begins with a linear segment")
            entries += np.rint(np.linspace(start, data[position], length + 1)[1:]).astype(int).tolist()
            position += 1
        elif code == 2 and before is None and entries:
            width = 4 if one_byte else 2
            base = 256 if one_byte else 65536
            offset = sum(data[position + at] * base**at for at in range(width))
            entries += _expand(data[offset:], one_byte=one_byte, before=entries[-1], segments=length)
            position += width
        else:
            raise ValueError(f"segment type {code} is not valid here")
        segments -= 1
    return entries
