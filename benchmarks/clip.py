"""The clip every peer opens: 768×1024 JPEG YBR_FULL_422 ultrasound, made once and kept in `benchmarks/.cache`."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from measure import CACHE
from numpy.typing import NDArray
from pydicom.uid import JPEGBaseline8Bit

from viewer.io.dicom_writer import write_clip
from viewer.phantoms.ultrasound import ultrasound_phantom

ROWS, COLUMNS = 768, 1024
DRAWN = 60
"""Frames that are drawn; longer clips repeat them."""

MARK = (200, 40, 180)
"""Red, green, blue of a square in the middle of every frame, by which the picture is recognised on the screen."""

_MARKED = (slice(256, 512), slice(384, 640))


def clip(frames: int, rows: int = ROWS, columns: int = COLUMNS) -> Path:
    """Path of a clip of so many frames."""
    path = CACHE / f"clip-{frames}x{rows}x{columns}.dcm"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        pictures = _pictures(frames, rows, columns)
        write_clip(draft, pictures, transfer_syntax=JPEGBaseline8Bit, quality=90, frame_time_ms=33.3)
        draft.replace(path)
    return path


def _pictures(frames: int, rows: int, columns: int) -> Iterator[NDArray[np.uint8]]:
    phantom = ultrasound_phantom(0, kind="b_lines", frames=min(frames, DRAWN), rows=rows, columns=columns)
    drawn = [frame.pixels for frame in phantom]
    for index in range(frames):
        picture = np.repeat(drawn[index % len(drawn)][..., None], 3, axis=2)
        picture[_MARKED] = MARK
        yield picture
