"""JPEG, PNG, TIFF, BMP, WebP, GIF and JPEG 2000 pictures; several pages or an animation make a clip."""

import itertools
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from viewer.domain.display import GreyDisplay
from viewer.domain.errors import UnreadableFile
from viewer.domain.image import Clip, Frame
from viewer.io.faults import FAULTS, brief, silenced
from viewer.io.ranges import full_range, seen_range

MAX_PIXELS = 1 << 27
"""Most pixels of one picture; a few kilobytes can unpack to more than any memory holds."""

_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF", "JPEG2000", "AVIF")
_ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")
_ORIENTATION = 0x0112
_GREY_MODES = ("1", "L", "I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_FAULTS: tuple[type[Exception], ...] = (*FAULTS, Image.DecompressionBombError)


class RasterSource:
    """One opened picture or series of pages; `decode` may be called from any thread."""

    def __init__(self, location: Path, name: Path) -> None:
        self._location = location
        self._name = name
        self._lock = threading.Lock()
        self._open: Image.Image | None = None
        self._range: tuple[float, float] | None = None
        try:
            with silenced(), self._image() as image:
                self._clip = self._read_clip(image)
        except Image.DecompressionBombError as error:
            raise UnreadableFile(name, reason="the picture is too large to open") from error
        except UnidentifiedImageError as error:  # its words quote a path, which may be that of a temporary copy
            raise UnreadableFile(name, reason="the picture is damaged (its header cannot be read)") from error
        except _FAULTS as error:
            raise UnreadableFile(name, reason=f"the picture is damaged ({brief(error)})") from error

    @property
    def clip(self) -> Clip:
        """What the file holds."""
        return self._clip

    def decode(self, index: int) -> Frame:
        """Decode page `index` alone.

        Raises:
            UnreadableFile: Its data is damaged or ends early.
        """
        if not 0 <= index < self._clip.frames:
            raise IndexError(f"frame {index} of {self._clip.frames}")
        where = f"frame {index + 1} of the picture" if self._clip.frames > 1 else "the picture"
        try:
            with self._lock, silenced():
                values = self._values(index)
        except _FAULTS as error:
            raise UnreadableFile(self._name, reason=f"{where} cannot be decoded ({brief(error)})") from error
        if values.ndim == 3:
            return Frame(values=values, grey=None)
        return Frame(values=values, grey=self._grey(index, values))

    def close(self) -> None:
        """Let go of the file; a later decode opens it again."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _image(self) -> Image.Image:
        image = Image.open(self._location, formats=_FORMATS)
        if image.width * image.height > MAX_PIXELS:
            image.close()
            raise UnreadableFile(
                self._name, reason=f"a picture of {image.width}×{image.height} pixels is too large to open"
            )
        return image

    def _read_clip(self, image: Image.Image) -> Clip:
        columns, rows = image.size
        if image.getexif().get(_ORIENTATION, 1) >= 5:
            columns, rows = rows, columns
        # The second picture of an MPO file is a preview or the other eye.
        frames = 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))
        return Clip(
            path=self._name,
            kind="raster",
            frames=frames,
            rows=rows,
            columns=columns,
            photometric="MONOCHROME2" if image.mode in _GREY_MODES else "RGB",
            frame_times_ms=_frame_times(image, frames),
        )

    def _values(self, index: int) -> NDArray[Any]:
        """Pixels of a page; animations stay open, for each frame builds on the one before."""
        if self._clip.frames == 1:
            with self._image() as image:
                return _pixels(image)
        if self._open is None:
            self._open = self._image()
        try:
            self._open.seek(index)
            return _pixels(self._open)
        except _FAULTS:
            self._forget()  # the decoder may be stuck in the middle
            raise

    def _grey(self, index: int, values: NDArray[Any]) -> GreyDisplay:
        """8-bit grey as it is; deeper grey over the range of the first page, since the file names no window."""
        if values.dtype == np.uint8:
            low, high = 0.0, 255.0
        else:
            if self._range is None:
                first = values if index == 0 else self.decode(0).values
                self._range = seen_range(first)
            low, high = self._range
        center, width, function = full_range(low, high)
        return GreyDisplay(center=center, width=width, function=function)


def open_raster(location: Path, name: Path) -> RasterSource:
    """Open a picture.

    Args:
        location: Where its bytes are.
        name: The file as the user named it.

    Raises:
        UnreadableFile: It is damaged or too large.
    """
    return RasterSource(location, name)


def _frame_times(image: Image.Image, frames: int) -> tuple[float, ...]:
    """Start of every frame of an animation in ms; `()` for pages."""
    if frames < 2 or image.format not in _ANIMATED:
        return ()
    durations = []
    for index in range(frames):
        image.seek(index)
        if image.format in ("WEBP", "AVIF"):
            image.load()  # these decoders tell a frame's duration only with its pixels
        durations.append(float(image.info.get("duration", 0)))
    return tuple(itertools.accumulate((0.0, *durations[:-1]))) if any(durations) else ()


def _pixels(image: Image.Image) -> NDArray[Any]:
    """Grey (rows, columns) as stored, or RGB uint8 (rows, columns, 3) over black; upright."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode == "1":
        upright = upright.convert("L")
    if upright.mode in _GREY_MODES:
        values = np.array(upright)
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    if upright.has_transparency_data:
        over = upright.convert("RGBA")
        black = Image.new("RGBA", over.size, (0, 0, 0, 255))
        upright = Image.alpha_composite(black, over)
    return np.array(upright.convert("RGB"))
