"""One frame's bytes → one array, straight from the codec; colour is left as the photometric interpretation says.

All codecs come from imagecodecs (BSD, with libjpeg-turbo, OpenJPEG, CharLS and libjxl inside).
"""

import itertools
import zlib
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from viewer.io.codestream import Codestream, read_codestream
from viewer.io.dicom_layout import PixelLayout

NAMES = {
    "1.2.840.10008.1.2.1.98": "uncompressed",
    "1.2.840.10008.1.2.4.50": "JPEG",
    "1.2.840.10008.1.2.4.51": "JPEG extended",
    "1.2.840.10008.1.2.4.53": "JPEG progressive",
    "1.2.840.10008.1.2.4.55": "JPEG progressive",
    "1.2.840.10008.1.2.4.57": "JPEG lossless",
    "1.2.840.10008.1.2.4.70": "JPEG lossless",
    "1.2.840.10008.1.2.4.80": "JPEG-LS",
    "1.2.840.10008.1.2.4.81": "JPEG-LS",
    "1.2.840.10008.1.2.4.90": "JPEG 2000",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.92": "JPEG 2000",
    "1.2.840.10008.1.2.4.93": "JPEG 2000",
    "1.2.840.10008.1.2.4.110": "JPEG XL",
    "1.2.840.10008.1.2.4.111": "JPEG XL",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
    "1.2.840.10008.1.2.4.201": "HTJ2K",
    "1.2.840.10008.1.2.4.202": "HTJ2K",
    "1.2.840.10008.1.2.4.203": "HTJ2K",
    "1.2.840.10008.1.2.5": "RLE",
    "1.2.840.10008.1.2.8.1": "deflated",
}
"""Encapsulated transfer syntaxes this module decodes, in words."""

UNSUPPORTED = {
    **{f"1.2.840.10008.1.2.4.{number}": "JPIP" for number in (94, 95, 204, 205)},
    **{f"1.2.840.10008.1.2.4.{number}{part}": "MPEG-2 video" for number in (100, 101) for part in ("", ".1")},
    **{f"1.2.840.10008.1.2.4.{number}{part}": "MPEG-4 video" for number in range(102, 107) for part in ("", ".1")},
    **{f"1.2.840.10008.1.2.4.{number}": "HEVC video" for number in (107, 108)},
}
"""Transfer syntaxes whose frames do not stand on their own, in words."""

Array = NDArray[Any]


def decode_encapsulated(data: bytes, layout: PixelLayout, syntax: str) -> tuple[Array, str]:
    """Decode one compressed frame.

    Args:
        data: The frame's bytes, fragments joined.
        layout: What the header says of the pixels.
        syntax: Transfer syntax UID; for unknown ones the codec is guessed from the data.

    Returns:
        Stored values, (rows, columns) or (rows, columns, 3), and their photometric interpretation.

    Raises:
        ValueError: The data does not fit the header, or no codec knows it.
        RuntimeError: The codec refuses the data.
    """
    codestream = read_codestream(data)
    if codestream is not None:
        _check_size(codestream, layout)
        return _CODESTREAMS[codestream.family](data, codestream, layout)
    codec = NAMES.get(syntax, "")
    if codec == "RLE":
        return _rle(data, layout)
    if codec in ("deflated", "uncompressed"):
        size = (layout.frame_bits + 7) // 8
        native = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size) if codec == "deflated" else data
        return decode_native(native, layout), layout.photometric
    if codec == "JPEG XL" or data.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")):
        return _jpegxl(data, layout)
    raise ValueError("its compression is not recognised")


def decode_native(data: bytes, layout: PixelLayout, first_bit: int = 0) -> Array:
    """Arrange the bytes of one uncompressed frame.

    Args:
        data: Bytes that hold the frame, already freed from 16-bit words.
        layout: Their arrangement.
        first_bit: For 1-bit pixels: bit of `data` at which the frame starts.

    Returns:
        Stored values, (rows, columns) or (rows, columns, 3).

    Raises:
        ValueError: There are too few bytes.
    """
    shape = (layout.rows, layout.columns)
    if layout.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        return bits[first_bit : first_bit + layout.pixels].reshape(shape)
    stored = np.frombuffer(data, layout.dtype.newbyteorder(">" if layout.big_endian else "<"))
    values = stored[: layout.frame_bits // layout.bits_allocated].astype(layout.dtype, copy=False)
    if layout.subsampled:
        return _without_subsampling(values, layout)
    if layout.samples == 1:
        return _clean(values.reshape(shape), layout)
    if layout.planar:
        return np.ascontiguousarray(values.reshape(3, *shape).transpose(1, 2, 0))
    return values.reshape(*shape, 3)


def _without_subsampling(values: Array, layout: PixelLayout) -> Array:
    """Y Y Cb Cr → (rows, columns, 3), each chroma pair serving two pixels (PS3.3 C.7.6.3.1.2)."""
    groups = values.reshape(layout.rows, layout.columns // 2, 4)
    picture = np.empty((layout.rows, layout.columns // 2, 2, 3), values.dtype)
    picture[..., 0] = groups[..., :2]
    picture[..., 1] = groups[..., 2:3]
    picture[..., 2] = groups[..., 3:4]
    return picture.reshape(layout.rows, layout.columns, 3)


def _clean(values: Array, layout: PixelLayout, precision: int | None = None) -> Array:
    """Give values the stored type; bits above the stored ones are dropped, or repeat the sign."""
    if layout.kind != "integer":
        return values
    values = values.astype(layout.dtype, copy=False)
    unused = 8 * layout.dtype.itemsize - (precision or layout.bits_stored)
    return (values << unused) >> unused if unused > 0 and layout.bits_allocated > 1 else values


def _check_size(codestream: Codestream, layout: PixelLayout) -> None:
    """Refuse before the codec allocates what the codestream claims."""
    if (codestream.rows, codestream.columns) != (layout.rows, layout.columns):
        raise ValueError(
            f"it holds {codestream.columns}×{codestream.rows} pixels, the header says {layout.columns}×{layout.rows}"
        )
    if codestream.samples != layout.samples:
        raise ValueError(f"it holds {codestream.samples} samples per pixel, the header says {layout.samples}")


def _jpeg(data: bytes, codestream: Codestream, layout: PixelLayout) -> tuple[Array, str]:
    if layout.samples == 1:
        return _clean(imagecodecs.jpeg8_decode(data), layout), layout.photometric
    ycbcr = codestream.is_ycbcr if codestream.is_ycbcr is not None else layout.photometric.startswith("YBR")
    if codestream.lossless:  # the codec has no colour conversion for lossless processes
        return _raw_jpeg(data), "YBR_FULL" if ycbcr else "RGB"
    stored = "YCBCR" if ycbcr else "RGB"
    return imagecodecs.jpeg8_decode(data, colorspace=stored, outcolorspace="RGB"), "RGB"


def _raw_jpeg(data: bytes) -> Array:
    return imagecodecs.jpeg8_decode(data, colorspace="RGB", outcolorspace="RGB")  # type: ignore[no-any-return, unused-ignore]


def _jpegls(data: bytes, codestream: Codestream, layout: PixelLayout) -> tuple[Array, str]:
    if b"\xff\xd9" not in data[-16:]:
        raise ValueError("it ends early")  # the codec takes seconds to find out
    values = imagecodecs.jpegls_decode(data)
    if layout.samples == 1:
        return _clean(values, layout, codestream.precision), layout.photometric
    if values.shape == (3, layout.rows, layout.columns):
        values = np.ascontiguousarray(values.transpose(1, 2, 0))
    return values, layout.photometric


def _jpeg2000(data: bytes, codestream: Codestream, layout: PixelLayout) -> tuple[Array, str]:
    """The codec undoes the component transform, so ICT and RCT come out as RGB."""
    values = imagecodecs.jpeg2k_decode(data, planar=False)
    if layout.samples == 3:
        return values, "RGB" if layout.photometric in ("YBR_ICT", "YBR_RCT") else layout.photometric
    if layout.bits_allocated == 1:
        return values.astype(np.uint8), layout.photometric
    same_sign = codestream.signed == layout.signed
    precision = 8 * layout.dtype.itemsize if same_sign else codestream.precision
    return _clean(values, layout, precision), layout.photometric


def _jpegxl(data: bytes, layout: PixelLayout) -> tuple[Array, str]:
    shape = (layout.rows, layout.columns) if layout.samples == 1 else (layout.rows, layout.columns, 3)
    # A picture of another size does not fit `out`, so the codec refuses it before it allocates.
    out = np.empty(shape, np.uint8 if layout.bits_allocated <= 8 else np.uint16)
    imagecodecs.jpegxl_decode(data, out=out)
    if layout.samples == 1:
        return _clean(out, layout), layout.photometric
    return out, "RGB"


def _rle(data: bytes, layout: PixelLayout) -> tuple[Array, str]:
    """PS3.5 annex G: up to 15 PackBits segments, one per byte of a sample, most significant byte first."""
    header = np.frombuffer(data[:64], "<u4")
    if header.size < 16 or not 1 <= header[0] <= 15:
        raise ValueError("its RLE header is damaged")
    count = int(header[0])
    bounds = [*(int(start) for start in header[1 : count + 1]), len(data)]
    size = (layout.pixels + 7) // 8 if layout.bits_allocated == 1 else layout.pixels
    planes = [_unpacked(data[start:end], size) for start, end in itertools.pairwise(bounds)]
    if layout.bits_allocated == 1:
        bits = np.unpackbits(planes[0], bitorder="little")[: layout.pixels]
        return bits.reshape(layout.rows, layout.columns), layout.photometric
    width = layout.bits_allocated // 8
    if count != width * layout.samples:
        raise ValueError(f"it holds {count} segments instead of {width * layout.samples}")
    joined = np.stack(planes).reshape(layout.samples, width, layout.pixels).transpose(2, 0, 1)
    values = np.ascontiguousarray(joined).view(f">u{width}").reshape(layout.rows, layout.columns, layout.samples)
    native = values.astype(f"u{width}").view(layout.dtype)
    if layout.samples == 1:
        return _clean(native[..., 0], layout), layout.photometric
    return native, layout.photometric.replace("_422", "")


def _unpacked(segment: bytes, size: int) -> NDArray[np.uint8]:
    plane = np.frombuffer(imagecodecs.packbits_decode(segment), np.uint8)
    if plane.size < size:
        raise ValueError(f"a segment holds {plane.size} of {size} bytes")
    return plane[:size]


_CODESTREAMS: dict[str, Callable[[bytes, Codestream, PixelLayout], tuple[Array, str]]] = {
    "jpeg": _jpeg,
    "jpeg-ls": _jpegls,
    "jpeg2000": _jpeg2000,
}
