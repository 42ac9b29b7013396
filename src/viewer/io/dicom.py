"""DICOM instances as clips: the header is parsed once, frames are read and decoded one at a time."""

import dataclasses
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.datadict import dictionary_has_tag
from pydicom.dataset import Dataset

from viewer.domain.display import WindowPreset
from viewer.domain.errors import NotAnImage, UnreadableFile
from viewer.domain.image import Clip, Frame
from viewer.io.codestream import read_codestream
from viewer.io.dicom_codec import NAMES, UNSUPPORTED, decode_encapsulated, decode_native
from viewer.io.dicom_colour import Palette, read_palette, to_rgb
from viewer.io.dicom_display import GreyRule, read_rules, stored_range
from viewer.io.dicom_file import (
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    DicomFile,
    PixelElement,
    read_dicom_file,
)
from viewer.io.dicom_fragments import Fragment, Frames, find_frames, read_frame
from viewer.io.dicom_kind import kind_without_pixels
from viewer.io.dicom_layout import PixelLayout, read_layout
from viewer.io.dicom_metadata import read_clip
from viewer.io.dicom_overlay import graphics_of, read_overlays
from viewer.io.dicom_values import integer, text, value
from viewer.io.faults import FAULTS, brief, silenced
from viewer.io.presets import usual_presets
from viewer.io.ranges import seen_range

MAX_MISSING_FRAMES = 100_000
"""A header that promises this many frames more than the file holds is not believed."""


class DicomSource:
    """One opened instance; `decode` may be called from any thread."""

    def __init__(self, file: DicomFile, pixels: PixelElement, name: Path) -> None:
        self._name = name
        self._pixels = pixels
        self._inflated = file.inflated
        dataset = file.dataset
        if file.transfer_syntax in UNSUPPORTED:
            reason = f"its compression, {UNSUPPORTED[file.transfer_syntax]}, is not supported"
            raise UnreadableFile(name, reason=reason)
        self._layout = _layout(dataset, pixels, name)
        self._frames = self._locate(dataset)
        self._syntax = file.transfer_syntax or _guessed_syntax(self._frames, pixels)
        declared = _declared_frames(dataset) or self._available
        if not self._available:
            raise UnreadableFile(name, reason=self._cut_short(declared))
        if declared - self._available > MAX_MISSING_FRAMES:
            reason = f"the header promises {declared} frames, but the pixel data holds {self._available}"
            raise UnreadableFile(name, reason=reason)
        self._rules = read_rules(dataset, self._layout, declared)
        self._range = stored_range(self._layout)
        self._palette = self._read_palette(dataset)
        self._overlays = read_overlays(dataset, self._layout)
        self._clip = read_clip(
            dataset,
            self._layout,
            name,
            frames=declared,
            transfer_syntax=self._syntax,
            presets=self._presets(dataset),
        )

    @property
    def clip(self) -> Clip:
        """What the file holds."""
        return self._clip

    def decode(self, index: int) -> Frame:
        """Decode frame `index` alone.

        Raises:
            UnreadableFile: The pixel data ends before this frame, or its data is damaged.
        """
        if not 0 <= index < self._clip.frames:
            raise IndexError(f"frame {index} of {self._clip.frames}")
        values, photometric = self._stored(index)
        grey = None
        if self._palette is not None and values.ndim == 2:
            values = self._palette(values)
        elif values.ndim == 3:
            values = to_rgb(values, photometric, self._layout.bits_stored)
        else:
            rule = self._rules[index if len(self._rules) > 1 else 0]
            grey = rule.display(*self._shown_range(index, values, rule))
        graphics = graphics_of(self._overlays, index, self._layout)
        return Frame(values=values, grey=grey, graphics=graphics, pixel_aspect=self._clip.pixel_aspect)

    def close(self) -> None:
        """Delete the temporary copy of a deflated file; other files are never held open."""
        if self._inflated is not None:
            self._inflated.close()

    @property
    def _available(self) -> int:
        return len(self._frames)

    def _locate(self, dataset: Dataset) -> Frames | range:
        """Where complete frames lie: fragments of each, or the indices of native frames."""
        declared, pixels = _declared_frames(dataset), self._pixels
        if pixels.length is None:
            extended = _offset_table(dataset)
            try:
                return find_frames(pixels.location, pixels.offset, declared, extended)
            except FAULTS as error:
                reason = f"the frames of the pixel data cannot be told apart ({brief(error)})"
                raise UnreadableFile(self._name, reason=reason) from error
        if self._is_bare_codestream():
            return ((Fragment(pixels.offset, pixels.length),),)
        complete = pixels.length * 8 // self._layout.frame_bits
        return range(complete if declared is None else min(complete, declared))

    def _is_bare_codestream(self) -> bool:
        """Whether compressed data lies in the element without the items that should wrap it."""
        pixels = self._pixels
        if pixels.length is None or pixels.length * 8 >= self._layout.frame_bits:
            return False
        return read_frame(pixels.location, [Fragment(pixels.offset, 4)])[:3] in (b"\xff\xd8\xff", b"\xff\x4f\xff")

    def _stored(self, index: int) -> tuple[NDArray[Any], str]:
        if index >= self._available:
            raise UnreadableFile(self._name, reason=self._cut_short(self._clip.frames))
        try:
            with silenced():
                frames = self._frames
                if isinstance(frames, range):
                    return self._native(index), self._layout.photometric
                data = read_frame(self._pixels.location, frames[index])
                return decode_encapsulated(data, self._layout, self._syntax)
        except FAULTS as error:
            where = f" of frame {index + 1}" if self._clip.frames > 1 else ""
            codec = NAMES.get(self._syntax, "pixel")
            reason = f"the {codec} data{where} cannot be decoded ({brief(error)})"
            raise UnreadableFile(self._name, reason=reason) from error

    def _native(self, index: int) -> NDArray[Any]:
        bits = self._layout.frame_bits
        start, end = index * bits // 8, ((index + 1) * bits + 7) // 8
        first_bit = index * bits % 8
        if not self._layout.swapped:
            return decode_native(self._bytes(start, end), self._layout, first_bit)
        words = np.frombuffer(self._bytes(start // 2 * 2, (end + 1) // 2 * 2), "<u2")
        data = words.byteswap().tobytes()[start % 2 :]
        return decode_native(data, self._layout, first_bit)

    def _bytes(self, start: int, end: int) -> bytes:
        return read_frame(self._pixels.location, [Fragment(self._pixels.offset + start, end - start)])

    def _shown_range(self, index: int, values: NDArray[Any], rule: GreyRule) -> tuple[float, float]:
        """Stored values shown black and white: where the file gives no window, the range of the first frame."""
        if rule.has_window:
            return 0.0, 1.0
        if self._range is None:
            first = values if index == 0 else self._stored(0)[0]
            self._range = seen_range(first, rule.padding)
        return self._range

    def _cut_short(self, declared: int) -> str:
        if declared > 1:
            return f"the pixel data ends after {self._available} of {declared} frames"
        if self._pixels.length is None:
            return "the pixel data is cut short"
        wanted = (self._layout.frame_bits + 7) // 8
        return f"the pixel data ends after {self._pixels.length} of {wanted} bytes"

    def _read_palette(self, dataset: Dataset) -> Palette | None:
        if self._layout.photometric != "PALETTE COLOR":
            return None
        palette = read_palette(dataset, big_endian=self._layout.big_endian)
        if palette is None:
            raise UnreadableFile(self._name, reason="the colour palette is missing or damaged")
        return palette

    def _presets(self, dataset: Dataset) -> tuple[WindowPreset, ...]:
        first = self._rules[0]
        usual = usual_presets(text(dataset, "Modality").upper(), first.rescale_type, first.rescaled)
        return first.windows + usual


def open_dicom(location: Path, name: Path) -> DicomSource:
    """Open a DICOM file.

    Args:
        location: Where its bytes are.
        name: The file as the user named it.

    Raises:
        NotAnImage: It is a directory, a report, a plan, a waveform …
        UnreadableFile: It is damaged, or an image without pixel data.
    """
    file = read_dicom_file(location, name)
    with silenced():
        if file.pixels is None:
            kind = kind_without_pixels(file.dataset)
            if kind == "image":
                raise UnreadableFile(name, reason="the file is an image object but holds no pixel data")
            if not any(dictionary_has_tag(tag) for tag in file.dataset.keys()):  # noqa: SIM118 - values would be parsed
                raise UnreadableFile(name, reason="the DICOM header is damaged (it holds no known element)")
            raise NotAnImage(name, kind=kind)
        try:
            return DicomSource(file, file.pixels, name)
        except FAULTS as error:
            raise UnreadableFile(name, reason=f"the DICOM header is damaged ({brief(error)})") from error


def _layout(dataset: Dataset, pixels: PixelElement, name: Path) -> PixelLayout:
    layout = read_layout(dataset, name, kind=pixels.kind, big_endian=pixels.big_endian, words=pixels.words)
    if pixels.length is None or not layout.subsampled:
        return layout
    # Some writers say 4:2:2 and store every chroma sample; the length tells.
    frames = _declared_frames(dataset) or 1
    full = layout.pixels * 3 * layout.bits_allocated // 8 * frames
    if layout.columns % 2 or pixels.declared in (full, full + full % 2):
        return dataclasses.replace(layout, photometric=layout.photometric.replace("_422", ""))
    return layout


def _declared_frames(dataset: Dataset) -> int | None:
    """Number of Frames; 1 where the element is absent, None where it makes no sense."""
    if value(dataset, "NumberOfFrames") is None and "NumberOfFrames" not in dataset:
        return 1
    frames = integer(dataset, "NumberOfFrames")
    return frames if frames > 0 else None


def _offset_table(dataset: Dataset) -> tuple[int, ...]:
    data = value(dataset, "ExtendedOffsetTable")
    if not isinstance(data, bytes):
        return ()
    return tuple(entry for (entry,) in struct.iter_unpack("<Q", data[: len(data) // 8 * 8]))


def _guessed_syntax(frames: Frames | range, pixels: PixelElement) -> str:
    """Transfer syntax of a file without one, as far as its pixel data tells."""
    if isinstance(frames, range) or not frames:
        return EXPLICIT_BIG if pixels.big_endian else EXPLICIT_LITTLE if pixels.explicit else IMPLICIT_LITTLE
    head = read_codestream(read_frame(pixels.location, frames[0]))
    return "" if head is None else _USUAL_SYNTAX[head.family]


_USUAL_SYNTAX = {
    "jpeg": "1.2.840.10008.1.2.4.50",
    "jpeg-ls": "1.2.840.10008.1.2.4.80",
    "jpeg2000": "1.2.840.10008.1.2.4.90",
}
