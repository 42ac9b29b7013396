"""The outer layer of a DICOM file: its header, and where the pixel data lies."""

import logging
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydicom import config
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset, read_file_meta_info, read_partial
from pydicom.tag import BaseTag

from viewer.domain.errors import UnreadableFile
from viewer.io.faults import FAULTS, brief, silenced
from viewer.io.temporary import TemporaryCopy

# Messages of the parser quote values of the file, patient names among them.
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
config.settings.reading_validation_mode = config.IGNORE

DEFLATED = "1.2.840.10008.1.2.1.99"
IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"

_PIXEL_TAGS = (0x7FE00008, 0x7FE00009, 0x7FE00010)
_MAX_ELEMENT = 64 << 20  # bytes; larger elements before the pixel data are skipped, none of them is needed
_UNDEFINED = 0xFFFFFFFF
_CHUNK = 1 << 20
_LONGEST_META = 1 << 16
_META_START = 128 + 4 + 12  # preamble, "DICM", and the element that holds the length of the meta group


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelElement:
    """Where the pixel data lies.

    Attributes:
        location: File that holds it; a temporary copy for a deflated data set.
        offset: First byte of the value.
        length: Bytes of the value as far as the file goes, or None when it is encapsulated.
        declared: Bytes the header promises, or None when it is encapsulated.
        kind: `integer`, `float` or `double`.
        big_endian: Byte order of native values.
        explicit: Whether the data set names its value representations.
        words: Whether native values are stored as 16-bit words (VR OW).
    """

    location: Path
    offset: int
    length: int | None
    declared: int | None
    kind: str
    big_endian: bool
    explicit: bool
    words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DicomFile:
    """A parsed header.

    Attributes:
        dataset: All elements before the pixel data.
        transfer_syntax: UID as the file gives it, or `""`.
        pixels: The pixel data, or None.
        inflated: Keeps the temporary copy of a deflated data set alive.
    """

    dataset: Dataset
    transfer_syntax: str
    pixels: PixelElement | None
    inflated: TemporaryCopy | None = None


def read_dicom_file(location: Path, name: Path) -> DicomFile:
    """Parse the header of a DICOM file; the pixel data is found, not read.

    Args:
        location: The file.
        name: What it is called in an error.

    Raises:
        UnreadableFile: It is not DICOM, or damaged before the pixel data.
    """
    try:
        with silenced(), location.open("rb") as file:
            if DEFLATED.encode() in _meta_group(file):
                return _read_deflated(file, name)
            file.seek(0)
            dataset = read_partial(file, stop_when=_at_pixels, defer_size=_MAX_ELEMENT, force=True)
            syntax = str(dataset.file_meta.get("TransferSyntaxUID", "") or "")
            if not dataset and not dataset.file_meta:
                raise UnreadableFile(name, reason="it is not a DICOM file")
            pixels = _find_pixels(file, location, syntax)
            return DicomFile(dataset=dataset, transfer_syntax=syntax, pixels=pixels)
    except FAULTS as error:
        raise UnreadableFile(name, reason=f"the DICOM header is damaged ({brief(error)})") from error


def _at_pixels(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return tag in _PIXEL_TAGS


def _meta_group(file: BinaryIO) -> bytes:
    """Bytes of the file meta information, which is never deflated; empty where it does not say how long it is."""
    head = file.read(_META_START)
    if head[132:140] != b"\x02\0\0\0UL\x04\0":
        return b""
    return file.read(min(int.from_bytes(head[140:144], "little"), _LONGEST_META))


def _read_deflated(file: BinaryIO, name: Path) -> DicomFile:
    file.seek(0)
    meta = read_file_meta_info(file.name)
    file.seek(_META_START + int(meta.FileMetaInformationGroupLength))
    copy = TemporaryCopy(_inflate(file), name)
    with copy.path.open("rb") as inflated:
        dataset = read_dataset(inflated, False, True, stop_when=_at_pixels, defer_size=_MAX_ELEMENT)
        pixels = _find_pixels(inflated, copy.path, EXPLICIT_LITTLE)
    return DicomFile(dataset=dataset, transfer_syntax=DEFLATED, pixels=pixels, inflated=copy)


def _inflate(file: BinaryIO) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    while data := stream.unconsumed_tail or file.read(_CHUNK):
        yield stream.decompress(data, _CHUNK)
    yield stream.flush()


def _find_pixels(file: BinaryIO, location: Path, syntax: str) -> PixelElement | None:
    """Read the element header at the file's position, where the parser stopped."""
    head = file.read(12)
    tag = _pixel_tag(head)
    if tag is None:
        return None
    big = head[:2] == b"\x7f\xe0"
    vr = head[4:6]
    explicit = vr.isalpha() and vr.isupper() and syntax != IMPLICIT_LITTLE
    declared = int.from_bytes(head[8:12] if explicit else head[4:8], "big" if big else "little")
    offset = file.tell() - len(head) + (12 if explicit else 8)
    file.seek(0, 2)
    present = max(0, file.tell() - offset)
    encapsulated = declared == _UNDEFINED
    return PixelElement(
        location=location,
        offset=offset,
        length=None if encapsulated else min(declared, present),
        declared=None if encapsulated else declared,
        kind={0x7FE00008: "float", 0x7FE00009: "double"}.get(tag, "integer"),
        big_endian=big,
        explicit=explicit,
        words=vr == b"OW",
    )


def _pixel_tag(head: bytes) -> int | None:
    if len(head) < 8:
        return None
    for order in ("<HH", ">HH"):
        group, element = struct.unpack(order, head[:4])
        if (group << 16 | element) in _PIXEL_TAGS:
            return int(group << 16 | element)
    return None
