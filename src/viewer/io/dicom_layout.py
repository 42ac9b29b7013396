"""How the pixels of a DICOM instance are stored, checked before anything is allocated."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset

from viewer.domain.errors import UnreadableFile
from viewer.io.dicom_values import integer, text

MAX_PIXELS = 1 << 28
"""Most pixels of one frame."""

_COLOUR = {"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelLayout:
    """Image Pixel module (PS3.3 C.7.6.3) of one instance.

    Attributes:
        rows, columns, samples: Shape of a frame.
        bits_allocated, bits_stored: Per sample.
        signed: Two's complement.
        planar: True where native samples lie plane by plane.
        photometric: Photometric interpretation, upper case; guessed from `samples` where absent.
        kind: `integer`, `float` or `double`.
        big_endian, words: Byte order of native values, and whether bytes are stored in 16-bit words.
    """

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    planar: bool
    photometric: str
    kind: str
    big_endian: bool = False
    words: bool = False

    @property
    def pixels(self) -> int:
        """Pixels of one frame."""
        return self.rows * self.columns

    @property
    def subsampled(self) -> bool:
        """Whether native chroma is shared by two neighbouring pixels."""
        return self.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422")

    @property
    def frame_bits(self) -> int:
        """Bits of one native frame; frames of 1-bit pixels need not start at a byte."""
        samples = 2 if self.subsampled else self.samples
        return self.pixels * samples * self.bits_allocated

    @property
    def swapped(self) -> bool:
        """Whether neighbouring bytes stand in each other's place: 8-bit pixels in big-endian words."""
        return self.big_endian and self.words and self.bits_allocated <= 8

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """Type of a stored value in this machine's byte order."""
        if self.kind != "integer":
            return np.dtype(np.float32 if self.kind == "float" else np.float64)
        return np.dtype(f"{'i' if self.signed else 'u'}{max(self.bits_allocated // 8, 1)}")


def read_layout(dataset: Dataset, name: Path, *, kind: str, big_endian: bool, words: bool) -> PixelLayout:
    """Read and check the layout.

    Raises:
        UnreadableFile: A needed element is missing or makes no sense.
    """
    rows, columns = integer(dataset, "Rows"), integer(dataset, "Columns")
    if not rows or not columns:
        raise UnreadableFile(name, reason="the header gives no image size")
    if rows * columns > MAX_PIXELS:
        raise UnreadableFile(name, reason=f"a picture of {columns}×{rows} pixels is too large to open")
    samples = integer(dataset, "SamplesPerPixel") or 1
    if samples not in (1, 3):
        raise UnreadableFile(name, reason=f"{samples} samples per pixel are not supported")
    allocated = integer(dataset, "BitsAllocated") or {"float": 32, "double": 64}.get(kind, 0)
    if allocated not in (1, 8, 16, 32, 64):
        said = f"{allocated} bits allocated per sample are" if allocated else "a header without bits allocated is"
        raise UnreadableFile(name, reason=f"{said} not supported")
    stored = integer(dataset, "BitsStored") or allocated
    return PixelLayout(
        rows=rows,
        columns=columns,
        samples=samples,
        bits_allocated=allocated,
        bits_stored=stored if 0 < stored <= allocated else allocated,
        signed=integer(dataset, "PixelRepresentation") == 1,
        planar=integer(dataset, "PlanarConfiguration") == 1,
        photometric=_photometric(text(dataset, "PhotometricInterpretation").upper(), samples),
        kind=kind,
        big_endian=big_endian,
        words=words,
    )


def _photometric(given: str, samples: int) -> str:
    """What the file says, where it fits the number of samples."""
    if samples == 3:
        return given if given in _COLOUR else "RGB"
    return given if given in ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR") else "MONOCHROME2"
