"""Thumbnails as a bundle keeps them: JPEG after JPEG in one array, a sixth of what their pixels take."""

import io
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITY = 80

Pictures = NDArray[np.uint8]


def packed(pictures: Iterable[Pictures], room: int) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The first pictures that fit into a number of bytes.

    Args:
        pictures: Each uint8 (h, w, 3), RGB.
        room: Bytes there are, for both arrays.

    Returns:
        The files, uint8 (m,), and where each of p ends, int32 (p,).
    """
    files: list[bytes] = []
    ends: list[int] = []
    for picture in pictures:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "JPEG", quality=QUALITY)
        end = (ends[-1] if ends else 0) + len(buffer.getvalue())
        if end + 4 * (len(ends) + 1) > room:
            break
        files.append(buffer.getvalue())
        ends.append(end)
    return np.frombuffer(b"".join(files), np.uint8), np.array(ends, np.int32)


def unpacked(files: NDArray[np.uint8], ends: NDArray[np.int32], index: int) -> Pictures:
    """Picture `index` of `packed` ones, uint8 (h, w, 3)."""
    start = int(ends[index - 1]) if index else 0
    with Image.open(io.BytesIO(files[start : int(ends[index])].tobytes())) as picture:
        return np.array(picture.convert("RGB"))
