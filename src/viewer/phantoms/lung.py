"""Echoes of chest wall, ribs, pleura and lung along the beams, in decibels below white.

Layers of a clip are computed once. A frame then combines them: the wall stays under the probe, the lung
slides along the pleura with the breath, and speckle moves with the tissue that makes it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.phantoms.chest import Chest
from viewer.phantoms.fields import Field, fractal_noise, gaussian_blur, resized, smooth_noise, smoothstep
from viewer.phantoms.probe import LINES, SAMPLES

KINDS = ("a_lines", "b_lines", "consolidation")
"""Clip classes in alphabetical order, as a bundle lists them."""

MARGIN = 40
"""Beams of lung kept to either side of the view, for sliding."""

_WIDE = LINES + 2 * MARGIN
_FLOOR_DB = -72.0
_AMBIGUOUS_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class BLine:
    """A comet tail from the pleura.

    Attributes:
        line: Beam number on the wide lung grid.
        width: Half width in beams.
        level_db: Brightness.
        onset: Filling of the lung at which it appears; 0 means always there.
        falling: Whether it is there below the onset instead of above.
    """

    line: float
    width: float
    level_db: float
    onset: float
    falling: bool

    def visibility(self, breath: float) -> float:
        """How much of it shows, [0, 1]."""
        if self.onset <= 0:
            return 1.0
        ramp = 1 / (1 + np.exp(-(breath - self.onset) / 0.06))
        return float(1 - ramp if self.falling else ramp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidation:
    """Airless lung under the pleura, on the wide lung grid.

    Attributes:
        echo_db: float32 (SAMPLES, wide), echoes where `inside` or in the tails below it; `_FLOOR_DB` elsewhere.
        inside: bool (SAMPLES, wide).
        thickness_mm: float32 (wide,), extent below the pleura.
    """

    echo_db: Field
    inside: NDArray[np.bool_]
    thickness_mm: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Lung:
    """The layers of one clip.

    Attributes:
        kind: Class of the clip.
        ambiguous: Whether it was drawn near the border to another class.
        pleura_mm: float32 (LINES,), depth of the pleural line.
        wall_db, shadow_db: float32 (SAMPLES, LINES), echoes above the pleura; what ribs take away below them.
        air_db, a_lines_db: float32 (SAMPLES, LINES), haze below the pleura; reverberations of the pleura.
        clear: bool (LINES,), beams that no rib shadows.
        b_lines, consolidation: Findings.
        speckle: complex64 (4, SAMPLES, wide), two of the wall and two of the lung.
        phase: Where in the breath the clip starts, [0, 1].
    """

    kind: str
    ambiguous: bool
    pleura_mm: Field
    wall_db: Field
    shadow_db: Field
    air_db: Field
    a_lines_db: Field
    clear: NDArray[np.bool_]
    b_lines: tuple[BLine, ...]
    consolidation: Consolidation | None
    speckle: NDArray[np.complex64]
    phase: float


def draw_lung(chest: Chest, kind: str, rng: np.random.Generator) -> Lung:
    """Draw the layers of a clip of `kind`."""
    depth = chest.probe.depths()[:, None]
    pleura = _pleura(chest, rng)
    ambiguous = bool(rng.random() < _AMBIGUOUS_SHARE)
    shadow, caps, clear = _ribs(chest, pleura, rng)
    wall = np.maximum(_wall(chest, pleura, rng), caps)
    return Lung(
        kind=kind,
        ambiguous=ambiguous,
        pleura_mm=pleura,
        wall_db=wall,
        shadow_db=shadow,
        air_db=_air(chest, depth, pleura, rng),
        a_lines_db=_a_lines(chest, pleura, kind, ambiguous, rng),
        clear=clear,
        b_lines=_b_lines(chest, kind, ambiguous, rng),
        consolidation=_consolidation(chest, depth, pleura, ambiguous, rng) if kind == "consolidation" else None,
        speckle=_speckle(rng),
        phase=float(rng.random()),
    )


def _pleura(chest: Chest, rng: np.random.Generator) -> Field:
    across = np.linspace(-1, 1, LINES)
    bow = rng.uniform(0.0, 2.5) if chest.probe.kind == "convex" else rng.uniform(-0.5, 1.0)
    tilt = rng.normal(0, 0.8)
    wave = resized(rng.standard_normal((1, 6), dtype=np.float32), (1, LINES))[0]
    return np.asarray(chest.pleura_mm + bow * across**2 + tilt * across + 0.25 * wave, dtype=np.float32)


def _wall(chest: Chest, pleura: Field, rng: np.random.Generator) -> Field:
    """Skin, fat, muscle and fasciae."""
    depth = chest.probe.depths()[:, None]
    pleura_row = pleura[None, :]
    cells = chest.probe.depth_mm / 1.3
    layered = smooth_noise(rng, (SAMPLES, LINES), (cells, 4))
    streaks = smooth_noise(rng, (SAMPLES, LINES), (cells * 1.6, 18))
    muscle = smoothstep(depth / pleura_row, chest.fat - 0.05, chest.fat + 0.05)
    level = chest.echogenicity_db - 30 + 4.5 * layered + 3.5 * streaks * (0.6 + 0.8 * muscle) - 4 * muscle
    level = np.maximum(level, -9 - 8 * np.maximum(depth - 0.6, 0))  # ring-down of the probe face
    for share in (chest.fat, *rng.uniform(0.12, 0.92, 3)):
        wave = resized(rng.standard_normal((1, 7), dtype=np.float32), (1, LINES))
        offset = depth - share * pleura_row - np.float32(0.35) * wave
        patchy = 3 * resized(rng.standard_normal((1, 9), dtype=np.float32), (1, LINES))
        level = np.maximum(level, -17 + patchy - (offset / 0.35) ** 2 * 4)
    above = smoothstep(pleura_row - depth, -0.2, 0.3)
    return np.asarray(_FLOOR_DB + (level - _FLOOR_DB) * above, dtype=np.float32)


def _ribs(chest: Chest, pleura: Field, rng: np.random.Generator) -> tuple[Field, Field, NDArray[np.bool_]]:
    """Shadows (dB, ≤ 0), bright bony caps (dB), and which beams stay clear."""
    probe, depth = chest.probe, chest.probe.depths()[:, None]
    shadow = np.zeros((SAMPLES, LINES), np.float32)
    caps = np.full((SAMPLES, LINES), _FLOOR_DB, np.float32)
    clear = np.ones(LINES, bool)
    pitch = probe.line_pitch_mm(chest.pleura_mm)
    spacing = rng.uniform(23, 33) / pitch
    first = LINES / 2 - spacing / 2 + rng.normal(0, 0.15) * spacing
    if rng.random() < 0.4:  # the probe lies along the intercostal space: one rib at the edge, or none
        first = LINES / 2 - rng.choice([-1, 1]) * rng.uniform(0.42, 0.6) * LINES
        spacing = 2.0 * LINES
    half = rng.uniform(4.5, 6.5) / pitch
    top = chest.pleura_mm - rng.uniform(4.0, 7.5)
    lines = np.arange(LINES, dtype=np.float32)
    for centre in np.arange(first - spacing, LINES + spacing, spacing):
        edge = 0.25 * resized(rng.standard_normal((1, 30), dtype=np.float32), (1, LINES))[0]
        offset = (lines - np.float32(centre)) / np.float32(half * rng.uniform(0.8, 1.2)) + edge * 0.4
        under = 1 - smoothstep(np.abs(offset), 0.65, 1.2)
        cap = top + np.float32(2.6) * offset**2
        bright = -9 - ((depth - cap[None, :]) / np.float32(0.55)) ** 2 * 3 - 60 * (1 - under)
        caps = np.maximum(caps, bright.astype(np.float32))
        depth_in = smoothstep(depth - cap[None, :], 0.6, 4.0)
        shadow = np.minimum(shadow, -np.float32(46) * under * depth_in)
        clear &= under < 0.5
    return shadow, caps, clear


def _air(chest: Chest, depth: Field, pleura: Field, rng: np.random.Generator) -> Field:
    """Haze of reverberation in the air-filled lung under a bright pleural line."""
    below = depth - pleura[None, :]
    beam = resized(rng.standard_normal((1, 14), dtype=np.float32), (1, LINES))
    fall = rng.uniform(18, 34) / (chest.probe.depth_mm - chest.pleura_mm)
    haze = rng.uniform(-40, -33) + chest.echogenicity_db - fall * np.maximum(below, 0) + 1.6 * beam
    line = rng.uniform(-12, -6) + 2 * beam - (below / np.float32(0.45 * _pulse(chest))) ** 2 * 3
    haze = np.where(below > -0.3, haze, _FLOOR_DB)
    return np.maximum(haze, line).astype(np.float32)


def _pulse(chest: Chest) -> float:
    """Length of the pulse relative to a convex probe's: a shallow picture is taken at a higher frequency."""
    return float(np.clip(chest.probe.depth_mm / 100, 0.5, 1.0))


def _a_lines(chest: Chest, pleura: Field, kind: str, ambiguous: bool, rng: np.random.Generator) -> Field:
    """Echoes of the pleural line at whole multiples of its depth."""
    depth = chest.probe.depths()[:, None]
    level = {"a_lines": rng.uniform(-26, -15), "b_lines": rng.uniform(-44, -28), "consolidation": -44.0}[kind]
    if ambiguous and kind == "a_lines":
        level -= 7
    echoes = np.full((len(depth), LINES), _FLOOR_DB, np.float32)
    loss = rng.uniform(4, 8)
    for order in (2, 3, 4):
        patchy = 2.5 * resized(rng.standard_normal((1, 8), dtype=np.float32), (1, LINES))
        offset = (depth - order * pleura[None, :]) / np.float32((0.3 + 0.15 * order) * _pulse(chest))
        echoes = np.maximum(echoes, level - loss * (order - 2) + patchy - 3 * offset**2)
    return np.asarray(echoes, dtype=np.float32)


def _b_lines(chest: Chest, kind: str, ambiguous: bool, rng: np.random.Generator) -> tuple[BLine, ...]:
    """Isolated lines are normal in healthy lung; in disease there are several, up to confluent ones."""
    per_view = {
        ("a_lines", False): 0,
        ("a_lines", True): int(rng.integers(1, 3)),
        ("b_lines", False): int(rng.integers(4, 11)),
        ("b_lines", True): int(rng.integers(2, 4)),
        ("consolidation", False): int(rng.integers(0, 4)),
        ("consolidation", True): int(rng.integers(3, 7)),
    }[kind, ambiguous]
    count = round(per_view * _WIDE / LINES) if per_view > 2 else per_view
    pitch = chest.probe.line_pitch_mm(chest.pleura_mm)
    centres = rng.uniform(0, _WIDE, count) if per_view > 2 else rng.uniform(MARGIN + 35, MARGIN + LINES - 35, count)
    wide = rng.uniform(0.5, 1.8)
    return tuple(
        BLine(
            line=float(centre),
            width=float(wide * rng.uniform(0.6, 1.5) / pitch),
            level_db=float(rng.uniform(-29, -17)),
            onset=float(rng.uniform(0.25, 0.75)) if rng.random() < (0.8 if ambiguous else 0.35) else 0.0,
            falling=bool(rng.random() < 0.7),
        )
        for centre in centres
    )


def _consolidation(
    chest: Chest, depth: Field, pleura: Field, ambiguous: bool, rng: np.random.Generator
) -> Consolidation:
    """Tissue-like area with a shredded deep border, air bronchograms and comet tails beneath."""
    grid = (SAMPLES, _WIDE)
    pitch = chest.probe.line_pitch_mm(chest.pleura_mm)
    room = chest.probe.depth_mm - chest.pleura_mm
    deepest = rng.uniform(5, 9) if ambiguous else rng.uniform(0.22, 0.55) * room
    half = max(rng.uniform(0.7, 1.3) * deepest, 6.0) / pitch
    centre = MARGIN + LINES * rng.uniform(0.38, 0.62)
    lines = np.arange(_WIDE, dtype=np.float32)
    hill = np.clip(1 - ((lines - centre) / half) ** 2, 0, None)
    shred = resized(rng.standard_normal((1, 40), dtype=np.float32), (1, _WIDE))[0]
    shred = shred + np.float32(0.6) * resized(rng.standard_normal((1, 90), dtype=np.float32), (1, _WIDE))[0]
    thickness = np.clip(deepest * hill * (1 + 0.16 * shred), 0, None).astype(np.float32)
    below = depth - np.pad(pleura, MARGIN, mode="edge")[None, :]
    inside = (below > 0.5) & (below < thickness[None, :])
    tissue = rng.uniform(-42, -36) + chest.echogenicity_db + 3 * fractal_noise(rng, grid, 12, octaves=3)
    tissue = np.maximum(tissue, _bronchograms(chest, centre, half, deepest, rng))
    border = rng.uniform(-24, -16) + 2 * shred[None, :] - ((below - thickness[None, :]) / np.float32(1.0)) ** 2 * 2.5
    streaks = 4 * resized(rng.standard_normal((1, 50), dtype=np.float32), (1, _WIDE))
    beyond = below - thickness[None, :]
    fade = 32 * (1 - smoothstep(thickness / np.float32(deepest), 0.0, 0.7))[None, :]
    tails = -28 + streaks - np.float32(20 / room) * np.maximum(beyond, 0) - fade
    echo = np.where(
        inside, tissue, np.where((beyond >= 0) & (thickness > 0), np.maximum(tails, border - fade), _FLOOR_DB)
    )
    return Consolidation(
        echo_db=gaussian_blur(echo.astype(np.float32), (0.8, 0.8)), inside=inside, thickness_mm=thickness
    )


def _bronchograms(chest: Chest, centre: float, half: float, deepest: float, rng: np.random.Generator) -> Field:
    """Air in the bronchi: bright spots strung along branching paths."""
    bright = np.zeros((SAMPLES, _WIDE), np.float32)
    per_mm = (SAMPLES - 1) / chest.probe.depth_mm
    for _ in range(int(rng.integers(3, 7))):
        line = centre + rng.normal(0, 0.4) * half
        below = rng.uniform(0.15, 0.5) * deepest
        heading = rng.normal(0, 0.6)
        for _ in range(int(rng.integers(3, 12))):
            row, col = round((chest.pleura_mm + below) * per_mm), round(line)
            if 0 <= row < SAMPLES and 0 <= col < _WIDE and below < 0.9 * deepest:
                bright[row, col] = max(bright[row, col], rng.uniform(0.4, 1))
            below += rng.uniform(0.4, 1.6)
            heading += rng.normal(0, 0.35)
            line += heading * 2
    spots = gaussian_blur(bright, (1.1, 1.3))
    return np.asarray(-17 + 20 * np.log10(spots / 0.10 + np.float32(1e-4)), dtype=np.float32)


def _speckle(rng: np.random.Generator) -> NDArray[np.complex64]:
    """Fully developed speckle: blurred complex Gaussian noise of mean power 1."""
    noise = rng.standard_normal((8, SAMPLES, _WIDE), dtype=np.float32)
    grain = gaussian_blur(noise, (0.75, 1.35))
    grain /= np.float32(np.sqrt(2)) * grain.std()
    return np.asarray(grain[:4] + 1j * grain[4:], dtype=np.complex64)
