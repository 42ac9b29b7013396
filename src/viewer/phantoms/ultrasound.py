"""Lung-ultrasound clips with their findings, one frame at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Region
from viewer.phantoms.chest import Chest, draw_chest
from viewer.phantoms.fields import Field, generator
from viewer.phantoms.lung import KINDS, MARGIN, Lung, draw_lung
from viewer.phantoms.probe import LINES, ProbeKind, ScanConverter

__all__ = ["KINDS", "ClipFrame", "ClipPhantom", "ultrasound_phantom"]

_TICK_LEVEL = 150
_WHITE_DB = -8.0  # echoes this bright are white at a gain of 0 dB


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipFrame:
    """One frame and the truth about it.

    Attributes:
        pixels: uint8 (rows, columns), grey, read-only.
        mask: bool (rows, columns), the finding as far as this frame shows it: A-lines, B-lines or the
            consolidation; read-only.
        severity: Lung-ultrasound score of this frame, 0–3.
    """

    pixels: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    severity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPhantom:
    """A clip whose frames are drawn when asked for, each from the seed and its own number.

    Attributes:
        label: Class of the clip, one of `KINDS`.
        group: Patient.
        frames: Number of frames.
        frame_time_ms: Time between frames.
        rows, columns: Size of a frame.
        mm_per_pixel: Size of a (square) pixel.
        region: The insonated region with its calibration in cm.
        ambiguous: Whether the clip was drawn near the border to another class.
    """

    label: str
    group: str
    frames: int
    frame_time_ms: float
    rows: int
    columns: int
    mm_per_pixel: float
    region: Region
    ambiguous: bool
    _chest: Chest = field(repr=False)
    _lung: Lung = field(repr=False)
    _converter: ScanConverter = field(repr=False)
    _noise_seed: int = field(repr=False)

    def __iter__(self) -> Iterator[ClipFrame]:
        """Frames in order, each drawn when it is its turn."""
        return (self.frame(index) for index in range(self.frames))

    def frame(self, index: int) -> ClipFrame:
        """Draw frame `index` alone.

        Raises:
            IndexError: When the clip has no such frame.
        """
        if not 0 <= index < self.frames:
            raise IndexError(f"frame {index} of a clip of {self.frames}")
        time_ms = index * self.frame_time_ms
        rng = np.random.default_rng((self._noise_seed, index))
        echo, finding, severity = _beams(self._chest, self._lung, time_ms, rng)
        span = np.float32(self._chest.dynamic_range_db)
        level = (echo + np.float32(self._chest.gain_db - _WHITE_DB)) / span + 1
        pixels = np.clip(np.rint(self._converter.picture(np.clip(level, 0, 1)) * 255), 0, 255).astype(np.uint8)
        self._draw_scale(pixels)
        mask = self._converter.mask(finding)
        pixels.setflags(write=False)
        mask.setflags(write=False)
        return ClipFrame(pixels=pixels, mask=mask, severity=severity)

    def _draw_scale(self, pixels: NDArray[np.uint8]) -> None:
        """A tick every centimetre of depth at the right border, longer every five."""
        for centimetre in range(int(self._chest.probe.depth_mm / 10) + 1):
            row = self._converter.row_of_depth(10.0 * centimetre)
            if row < self.rows:
                pixels[row, self.columns - (6 if centimetre % 5 == 0 else 3) :] = _TICK_LEVEL


def ultrasound_phantom(
    seed: int | np.random.Generator,
    *,
    kind: str,
    chest: Chest | None = None,
    probe: ProbeKind | None = None,
    frames: int = 60,
    rows: int = 360,
    columns: int = 480,
) -> ClipPhantom:
    """Draw one clip.

    Args:
        seed: Seed or generator; the same seed and options give the same bytes.
        kind: Class, one of `KINDS`.
        chest: The patient; a new one is drawn when None.
        probe: Probe of a new patient; drawn when None.
        frames: Number of frames.
        rows: Rows of a frame, at least 64.
        columns: Columns of a frame, at least 64.

    Raises:
        ValueError: For an unknown kind, no frames, or a frame below 64 × 64.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown clip kind {kind!r}; known are {', '.join(KINDS)}")
    if frames < 1 or min(rows, columns) < 64:
        raise ValueError(f"a clip needs frames of at least 64 × 64, got {frames} of {rows} × {columns}")
    rng = generator(seed)
    chest = chest or draw_chest(rng, "phantom", probe)
    converter = ScanConverter(chest.probe, rows, columns)
    lung = draw_lung(chest, kind, rng)
    left, top, right, bottom = converter.bounds
    return ClipPhantom(
        label=kind,
        group=chest.group,
        frames=frames,
        frame_time_ms=chest.frame_time_ms,
        rows=rows,
        columns=columns,
        mm_per_pixel=converter.mm_per_pixel,
        region=Region(
            left=left,
            top=top,
            right=right,
            bottom=bottom,
            spatial_format="2D",
            data_type="tissue",
            units=("cm", "cm"),
            delta=(converter.mm_per_pixel / 10, converter.mm_per_pixel / 10),
        ),
        ambiguous=lung.ambiguous,
        _chest=chest,
        _lung=lung,
        _converter=converter,
        _noise_seed=int(rng.integers(2**31)),
    )


def _beams(
    chest: Chest, lung: Lung, time_ms: float, rng: np.random.Generator
) -> tuple[Field, NDArray[np.bool_], int]:
    """Echoes in dB (SAMPLES, LINES), where the finding shows, and the severity of the frame."""
    breath = chest.breath(time_ms, lung.phase)
    pitch = chest.probe.line_pitch_mm(chest.pleura_mm)
    slide = float(np.clip((breath - 0.5) * chest.sliding_mm / pitch, 1 - MARGIN, MARGIN - 1))
    below = chest.probe.depths()[:, None] > lung.pleura_mm[None, :]
    echo = np.maximum(lung.air_db, lung.a_lines_db)
    finding = lung.a_lines_db > lung.air_db + 2 if lung.kind == "a_lines" else np.zeros(echo.shape, bool)

    tails, seen, visible = _tails(lung, slide, breath)
    echo = np.where(below, np.maximum(_erased(lung, echo, tails), tails[None, :]), echo)
    covered = float(seen[lung.clear].mean()) if lung.clear.any() else 0.0
    if lung.kind == "b_lines":
        finding = below & seen[None, :]
    severity = 0 if visible < 3 and covered < 0.3 else 1 if covered < 0.5 else 2
    if lung.consolidation is not None:
        start = MARGIN - round(slide)
        window = slice(start, start + LINES)
        finding = lung.consolidation.inside[:, window]
        patch = lung.consolidation.echo_db[:, window]
        echo = np.where(finding, patch, np.maximum(echo, patch))
        thick = lung.consolidation.thickness_mm[window][lung.clear]
        severity = 3 if thick.size and thick.max() > 10 else 2
    echo = np.maximum(np.maximum(lung.wall_db, echo), -72) + lung.shadow_db
    finding = finding & (lung.shadow_db > -12)
    return echo + _speckle_db(lung, slide, time_ms, below, rng), finding, severity


def _tails(lung: Lung, slide: float, breath: float) -> tuple[Field, NDArray[np.bool_], int]:
    """Level of B-lines per beam in dB, the beams they cover, and how many show in clear beams."""
    lines = np.arange(LINES, dtype=np.float32)
    level = np.full(LINES, -90, np.float32)
    seen = np.zeros(LINES, bool)
    visible = 0
    for b_line in lung.b_lines:
        shown = b_line.visibility(breath)
        offset = (lines - np.float32(b_line.line - MARGIN + slide)) / np.float32(b_line.width)
        own = np.float32(b_line.level_db - 30 * (1 - shown)) - 4 * offset**2
        level = np.maximum(level, own)
        if shown > 0.5:
            beams = np.abs(offset) < 1
            seen |= beams
            visible += bool((beams & lung.clear).any())
    return level, seen, visible


def _erased(lung: Lung, echo: Field, tails: Field) -> Field:
    """B-lines wipe out A-lines."""
    strong = np.clip((tails + 40) / 20, 0, 1)[None, :]
    return np.asarray(echo + strong * (lung.air_db - echo), dtype=np.float32)


def _speckle_db(
    lung: Lung, slide: float, time_ms: float, below: NDArray[np.bool_], rng: np.random.Generator
) -> Field:
    """Speckle in dB: still in the wall, moving with the lung below the pleura, slowly decorrelating in both."""
    wall = _turned(lung.speckle[0], lung.speckle[1], time_ms / 4000)[:, MARGIN : MARGIN + LINES]
    start = int(np.floor(MARGIN - slide))
    share = np.float32(MARGIN - slide - start)
    moving = _turned(lung.speckle[2], lung.speckle[3], time_ms / 700)
    tissue = moving[:, start : start + LINES] * (1 - share) + moving[:, start + 1 : start + 1 + LINES] * share
    grain = np.where(below, tissue, wall)
    power = grain.real**2 + grain.imag**2
    electronic = np.float32(0.04) * rng.standard_exponential(power.shape, dtype=np.float32)
    return np.asarray(10 * np.log10(power + electronic + np.float32(1e-3)), dtype=np.float32)


def _turned(first: NDArray[np.complex64], second: NDArray[np.complex64], turns: float) -> NDArray[np.complex64]:
    """A mixture of two independent speckle patterns that keeps its power."""
    angle = 2 * np.pi * turns
    return np.asarray(np.float32(np.cos(angle)) * first + np.float32(np.sin(angle)) * second)
