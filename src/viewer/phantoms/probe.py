"""Geometry of ultrasound probes: beams of echoes to a picture in millimetres."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viewer.phantoms.fields import Field

LINES = 160
"""Beams side by side."""

SAMPLES = 288
"""Echo samples along a beam, evenly over the depth."""

ProbeKind = Literal["convex", "linear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A curved or a straight array.

    Attributes:
        kind: `convex` (sector picture) or `linear` (rectangular picture).
        radius_mm: Radius of the curved face; unused for `linear`.
        half_angle: Half the opening of the sector in radians; unused for `linear`.
        width_mm: Width of the straight face; unused for `convex`.
        depth_mm: Depth from face to the end of a beam.
    """

    kind: ProbeKind
    radius_mm: float = 60.0
    half_angle: float = 0.5
    width_mm: float = 45.0
    depth_mm: float

    def depths(self) -> Field:
        """Depth of every sample in mm, float32 (SAMPLES,)."""
        return np.linspace(0, self.depth_mm, SAMPLES, dtype=np.float32)

    def line_pitch_mm(self, depth_mm: float) -> float:
        """Distance between neighbouring beams at a depth."""
        if self.kind == "linear":
            return self.width_mm / (LINES - 1)
        return 2 * self.half_angle * (self.radius_mm + depth_mm) / (LINES - 1)

    def extent_mm(self) -> tuple[float, float]:
        """Height and width of the picture."""
        if self.kind == "linear":
            return self.depth_mm, self.width_mm
        end = self.radius_mm + self.depth_mm
        return end - self.radius_mm * float(np.cos(self.half_angle)), 2 * end * float(np.sin(self.half_angle))


class ScanConverter:
    """Resamples beams (SAMPLES, LINES) bilinearly to a picture (rows, columns) with square pixels."""

    def __init__(self, probe: Probe, rows: int, columns: int, margin: int = 6) -> None:
        height, width = probe.extent_mm()
        self.rows, self.columns = rows, columns
        self.mm_per_pixel = max(height / (rows - 2 * margin), width / (columns - 2 * margin))
        self._margin = margin
        self._probe = probe
        sample, line = self._beam_coordinates()
        inside = (sample >= 0) & (sample <= SAMPLES - 1) & (line >= 0) & (line <= LINES - 1)
        self._pixels = np.flatnonzero(inside)
        sample, line = sample[inside], line[inside]
        row, col = np.minimum(sample.astype(np.intp), SAMPLES - 2), np.minimum(line.astype(np.intp), LINES - 2)
        self._corner = row * LINES + col
        self._down, self._right = (sample - row).astype(np.float32), (line - col).astype(np.float32)

    @cached_property
    def bounds(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom of the insonated region in pixels, inclusive."""
        rows, cols = np.divmod(self._pixels, self.columns)
        return int(cols.min()), int(rows.min()), int(cols.max()), int(rows.max())

    def picture(self, beams: Field) -> Field:
        """Beams → float32 (rows, columns), 0 outside the insonated region."""
        flat = np.ascontiguousarray(beams, dtype=np.float32).reshape(-1)
        upper = self._between(flat, self._corner)
        upper += self._down * (self._between(flat, self._corner + LINES) - upper)
        image = np.zeros(self.rows * self.columns, np.float32)
        image[self._pixels] = upper
        return image.reshape(self.rows, self.columns)

    def mask(self, beams: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Beams → bool (rows, columns), by the nearest echo."""
        nearest = self._corner + LINES * (self._down > 0.5) + (self._right > 0.5)
        image = np.zeros(self.rows * self.columns, bool)
        image[self._pixels] = beams.reshape(-1)[nearest]
        return image.reshape(self.rows, self.columns)

    def row_of_depth(self, depth_mm: float) -> int:
        """Picture row at a depth under the middle of the probe."""
        return round(self._margin + (depth_mm + self._face_mm()) / self.mm_per_pixel)

    def _face_mm(self) -> float:
        """How far the middle of the face lies below the top of the picture."""
        if self._probe.kind == "linear":
            return 0.0
        return self._probe.radius_mm * (1 - float(np.cos(self._probe.half_angle)))

    def _between(self, flat: Field, left: NDArray[np.intp]) -> Field:
        start = flat.take(left)
        return start + self._right * (flat.take(left + 1) - start)

    def _beam_coordinates(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Sample and line number of every pixel, float64 (rows, columns)."""
        probe, scale = self._probe, self.mm_per_pixel
        x = (np.arange(self.columns) - (self.columns - 1) / 2)[None, :] * scale
        y = (np.arange(self.rows) - self._margin)[:, None] * scale
        if probe.kind == "linear":
            depth, across = np.broadcast_arrays(y, x / probe.width_mm)
        else:
            from_apex = y + probe.radius_mm * np.cos(probe.half_angle)
            depth = np.hypot(x, from_apex) - probe.radius_mm
            across = np.arctan2(x, from_apex) / (2 * probe.half_angle)
        return depth / probe.depth_mm * (SAMPLES - 1), (across + 0.5) * (LINES - 1)
