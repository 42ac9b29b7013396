"""Which bytes of encapsulated pixel data belong to which frame (PS3.5 A.4); no pixel byte is read."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_ITEM = b"\xfe\xff\x00\xe0"
_STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\xff\x0a", b"\0\0\0\x0cJXL", b"\0\0\0\x0cjP  ")


@dataclass(frozen=True, slots=True)
class Fragment:
    """One item of the pixel data: `offset` of its first byte in the file and its `length` in bytes."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        """One past its last byte."""
        return self.offset + self.length

    @property
    def item(self) -> int:
        """Where its item tag stands: what offset tables point to."""
        return self.offset - 8


Frames = tuple[tuple[Fragment, ...], ...]


def find_frames(location: Path, offset: int, frames: int | None, extended: Sequence[int] = ()) -> Frames:
    """Assign fragments to frames.

    Args:
        location: The file.
        offset: First byte of the pixel data's value.
        frames: Frames the header promises; None to count them.
        extended: Extended Offset Table, or empty.

    Returns:
        One tuple of fragments per complete frame, at most `frames`; fewer when the file ends early.

    Raises:
        ValueError: The fragments cannot be told apart.
    """
    with location.open("rb") as file:
        end = file.seek(0, 2)
        table, fragments = _scan(file, offset, end)
        if not fragments:
            return ()
        groups = _grouped(file, fragments, frames, (extended, table))
    return tuple(group for group in groups[:frames] if group[-1].end <= end)


def read_frame(location: Path, fragments: Sequence[Fragment]) -> bytes:
    """Read the bytes of one frame."""
    with location.open("rb", buffering=0) as file:
        parts = []
        for fragment in fragments:
            file.seek(fragment.offset)
            parts.append(file.read(fragment.length))
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _scan(file: BinaryIO, offset: int, end: int) -> tuple[tuple[int, ...], list[Fragment]]:
    """Walk over the items: the basic offset table and the fragments after it; the last may reach past `end`."""
    table: tuple[int, ...] | None = None
    fragments: list[Fragment] = []
    position = offset
    while position + 8 <= end:
        file.seek(position)
        head = file.read(8)
        if head[:4] != _ITEM:
            break  # the sequence delimiter, or damage
        length = int.from_bytes(head[4:], "little")
        position += 8
        if table is None:
            count = min(length, end - position) // 4
            table = struct.unpack(f"<{count}I", file.read(count * 4))
        elif length:
            fragments.append(Fragment(position, length))
        position += length
    return table or (), fragments


def _grouped(
    file: BinaryIO, fragments: list[Fragment], frames: int | None, tables: Sequence[Sequence[int]]
) -> Frames:
    if frames == 1:
        return (tuple(fragments),)
    if frames == len(fragments):
        return tuple((fragment,) for fragment in fragments)
    first = fragments[0].item
    for offsets in tables:
        starts = {first + entry for entry in offsets}
        if len(starts) > 1 and starts <= {fragment.item for fragment in fragments}:
            return _split(fragments, starts)
    return _split(fragments, _marked(file, fragments))


def _marked(file: BinaryIO, fragments: list[Fragment]) -> set[int]:
    """Items that begin with a codestream's own first bytes; every item where none does."""
    starts = set()
    for fragment in fragments:
        file.seek(fragment.offset)
        if file.read(8).startswith(_STARTS):
            starts.add(fragment.item)
    return starts or {fragment.item for fragment in fragments}


def _split(fragments: list[Fragment], starts: set[int]) -> Frames:
    groups: list[list[Fragment]] = []
    for fragment in fragments:
        if fragment.item in starts or not groups:
            groups.append([])
        groups[-1].append(fragment)
    return tuple(tuple(group) for group in groups)
