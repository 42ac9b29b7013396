"""Tells file formats apart by content; the name decides only between kinds of text."""

from pathlib import Path

HEAD_BYTES = 4096
"""How much of a file is looked at."""

_RASTER_MAGIC = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"II*\x00",  # TIFF
    b"MM\x00*",
    b"II+\x00",  # BigTIFF
    b"MM\x00+",
    b"GIF87a",
    b"GIF89a",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n",  # JP2
    b"\xff\x4f\xff\x51",  # JPEG 2000 codestream
)
_VIDEO_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"skip", b"free")
_STILL_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1")
_PACKED_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}
_SYSTEM_FILES = {".ds_store", "thumbs.db", "desktop.ini", ".directory"}


def sniff(head: bytes, path: Path) -> str:
    """Name what a file holds.

    Args:
        head: The first `HEAD_BYTES` bytes.
        path: The file's name.

    Returns:
        `dicom`, `raster`, `video` or `archive` for what this room opens; `empty`; `packed` and `unknown` for
        what it cannot; else the kind of a file that holds no image: `document`, `table`, `text`, `profile`,
        `system`.
    """
    if path.name.lower() in _SYSTEM_FILES or path.name.startswith("._"):
        return "system"
    if not head:
        return "empty"
    if head[128:132] == b"DICM":
        return "dicom"
    return _image_format(head) or _container_format(head) or _other_format(head, path)


def packed_format(head: bytes) -> str:
    """Name of the compression of a file that `sniff` calls `packed`."""
    return next(name for magic, name in _PACKED_MAGIC.items() if head.startswith(magic))


def _image_format(head: bytes) -> str:
    if head.startswith(_RASTER_MAGIC) or (head[:2] == b"BM" and head[6:10] == b"\0\0\0\0"):
        return "raster"
    if head[:4] == b"RIFF":
        return {b"WEBP": "raster", b"AVI ": "video"}.get(head[8:12], "")
    if head[:4] == b"\x1a\x45\xdf\xa3":  # Matroska, WebM
        return "video"
    if head[:4] in (b"\0\0\x01\xba", b"\0\0\x01\xb3"):  # MPEG-1 and MPEG-2
        return "video"
    if head[4:8] in _VIDEO_BOXES:
        return "raster" if head[8:12] in _STILL_BRANDS else "video"
    return ""


def _container_format(head: bytes) -> str:
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        office = b"[Content_Types].xml" in head[:64] or head[30:38] == b"mimetype"
        return "document" if office else "archive"
    return "packed" if head.startswith(tuple(_PACKED_MAGIC)) else ""


def _other_format(head: bytes, path: Path) -> str:
    if head[:5] == b"%PDF-":
        return "document"
    if head[36:40] == b"acsp":
        return "profile"  # an ICC colour profile
    if _is_text(head):
        return "table" if path.suffix.lower() in (".csv", ".tsv") else "text"
    return "dicom" if _is_bare_dicom(head) else "unknown"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut in two at the end of the head.
        if error.start < len(head) - 4:
            control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
            return control == 0 and sum(byte >= 128 for byte in head) < len(head) // 10
    return True


def _is_bare_dicom(head: bytes) -> bool:
    """Whether a data set without preamble starts here: a low group, then a VR or a sensible length."""
    if len(head) < 16:
        return False
    little = int.from_bytes(head[:2], "little")
    big = int.from_bytes(head[:2], "big")
    known_vr = head[4:6].isalpha() and head[4:6].isupper()
    if known_vr:
        return little in (0x0002, 0x0008) or big in (0x0002, 0x0008)
    length = int.from_bytes(head[4:8], "little")
    return little in (0x0002, 0x0008) and int.from_bytes(head[2:4], "little") < 0x2200 and length <= 0x1000
