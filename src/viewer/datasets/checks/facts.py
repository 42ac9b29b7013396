"""What a file looks like from outside: its size, format and length, and fingerprints of its content.

Everything goes through `viewer.io`, so that a file is readable here exactly where it is for training.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.datasets.clips import spread_frames
from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, FrameSource
from viewer.io.reader import open_source

FRAMES_LOOKED_AT = 5
"""Frames of a clip that fingerprints are taken of."""

SIDE = 32
"""Pixels of a side of the small grey pictures that candidates for copies are compared by."""

Levels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """One file.

    Attributes:
        error: Why it cannot be read, one sentence; then the fields below hold nothing but `size` and `digest`.
        missing: Whether there is no such file.
        size: Bytes.
        digest: SHA-256 of the bytes, in hexadecimal; `""` for a member of an archive.
        form: Format, e.g. `raster .jpg`.
        rows, columns, frames: Of the picture or clip.
        duration_s: Seconds from the first frame to the last; 0 without timing.
        pixels: SHA-256 of the decoded frames that were looked at.
        hashes: Perceptual hash (64 bits) of each of them.
        small: The same frames in grey, uint8 (n, SIDE, SIDE).
        brightness, contrast, saturation: Mean, spread and mean colourfulness (largest minus smallest channel) of the
            displayed frame in the middle, each 0 to 1.
        neighbour: Correlation of the small picture of that frame with the next frame's; None for a still.
    """

    error: str = ""
    missing: bool = False
    size: int = 0
    digest: str = ""
    form: str = ""
    rows: int = 0
    columns: int = 0
    frames: int = 0
    duration_s: float = 0.0
    pixels: str = ""
    hashes: tuple[int, ...] = ()
    small: Levels = field(default_factory=lambda: np.zeros((0, SIDE, SIDE), np.uint8))
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    neighbour: float | None = None

    @property
    def readable(self) -> bool:
        """Whether all that was looked at could be decoded."""
        return not self.error


def look_at(path: Path) -> Facts:
    """Read and decode a file; what cannot be read is a fact as well."""
    try:
        with path.open("rb") as file:
            size, digest = path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
    except NotADirectoryError:
        size, digest = 0, ""  # a member of an archive: its pixels tell
    except FileNotFoundError:
        return Facts(error="there is no such file", missing=True)
    except OSError as error:
        return Facts(error=f"it cannot be read ({error.strerror})")
    try:
        source = open_source(path)
        try:
            return _facts(source, path, size, digest)
        finally:
            source.close()
    except ViewerError as error:
        reason = error.reason if error.reason != str(error) else str(error).removeprefix(f"{path}: ")
        return Facts(error=reason, size=size, digest=digest)


def _facts(source: FrameSource, path: Path, size: int, digest: str) -> Facts:
    import imagehash  # with SciPy behind it takes a second to load

    clip = source.clip
    hashes, small, pixels = [], [], hashlib.sha256()
    indices = spread_frames(clip.frames, FRAMES_LOOKED_AT)
    middle = indices[len(indices) // 2]
    look = (0.0, 0.0, 0.0)
    neighbour = None
    for index in indices:
        rgb = source.decode(index).rgb()
        pixels.update(repr(rgb.shape).encode())
        pixels.update(np.ascontiguousarray(rgb).data)
        grey = Image.fromarray(rgb).convert("L")
        hashes.append(int(str(imagehash.phash(grey)), 16))
        small.append(_small(grey))
        if index == middle:
            look = _look(rgb)
            if index + 1 < clip.frames:
                after = _small(Image.fromarray(source.decode(index + 1).rgb()).convert("L"))
                neighbour = correlation(small[-1], after)
    brightness, contrast, saturation = look
    return Facts(
        size=size,
        digest=digest,
        form=f"{clip.kind} {path.suffix.lower()}".strip(),
        rows=clip.rows,
        columns=clip.columns,
        frames=clip.frames,
        duration_s=_duration(clip),
        pixels=pixels.hexdigest(),
        hashes=tuple(hashes),
        small=np.stack(small),
        brightness=brightness,
        contrast=contrast,
        saturation=saturation,
        neighbour=neighbour,
    )


def correlation(first: NDArray[np.number], second: NDArray[np.number]) -> float:
    """Pearson's correlation of two pictures of one size; 0 where one of them is plain."""
    a, b = (picture.astype(np.float64) - float(picture.mean()) for picture in (first, second))
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 1e-6 else 0.0


def _small(grey: Image.Image) -> Levels:
    return np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BOX))


def _look(rgb: Levels) -> tuple[float, float, float]:
    """Brightness, contrast and saturation, from at most some ten thousand pixels."""
    step = max(1, int(np.sqrt(rgb.shape[0] * rgb.shape[1] / 10_000)))
    sparse = rgb[::step, ::step].astype(np.float64) / 255
    brightness = sparse.mean(axis=2)
    return float(brightness.mean()), float(brightness.std()), float(np.ptp(sparse, axis=2).mean())


def _duration(clip: Clip) -> float:
    return (clip.frame_times_ms[-1] - clip.frame_times_ms[0]) / 1000 if clip.frame_times_ms else 0.0
