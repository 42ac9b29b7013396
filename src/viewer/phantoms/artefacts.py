"""What lies between lens and lesion: hairs, gel bubbles, the ruler of the contact plate, surgical ink, a sticker.

Every painter changes linear reflectance (3, size, size) in place and returns the bool (size, size) mask of
what it covered.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from viewer.phantoms.fields import Field, glaze, smooth_noise, smoothstep

Mask = NDArray[np.bool_]

_OVERSAMPLING = 3
_PAPER = np.array([[0.05, 0.25, 0.6], [0.05, 0.4, 0.12], [0.75, 0.5, 0.03], [0.7, 0.08, 0.08]], np.float32)
_COVERED = 0.25  # a pixel belongs to an artefact from this share on


def paint_hairs(image: Field, rng: np.random.Generator, count: int) -> Mask:
    """Paint `count` curved hairs, mostly combed one way, with a faint shadow."""
    size = image.shape[-1]
    colour = np.array([0.045, 0.025, 0.015], np.float32) * np.float32(rng.uniform(0.3, 2.5))
    comb = rng.uniform(0, np.pi)

    def draw(canvas: ImageDraw.ImageDraw, scale: float) -> None:
        for _ in range(count):
            width = rng.uniform(0.6, 1.7) * size / 224
            canvas.line(_hair(rng, size, comb, scale), fill=255, width=max(round(width * scale), 1), joint="curve")

    cover = _drawn(size, draw)
    shadow = np.roll(cover, (2, 1), (0, 1)) * np.float32(0.18)
    image *= 1 - shadow
    glaze(image, cover * np.float32(0.92), colour)
    return cover > _COVERED


def _hair(rng: np.random.Generator, size: int, comb: float, scale: float) -> list[tuple[float, float]]:
    """A quadratic Bézier curve as a polyline in oversampled pixels."""
    centre = rng.uniform(0, size, 2)
    angle = comb + rng.normal(0, 0.5)
    half = rng.uniform(0.08, 0.5) * size
    along = np.array([np.cos(angle), np.sin(angle)])
    bend = np.array([-along[1], along[0]]) * rng.normal(0, 0.45) * half
    t = np.linspace(0, 1, 24)[:, None]
    points = (
        (1 - t) ** 2 * (centre - half * along) + 2 * t * (1 - t) * (centre + bend) + t**2 * (centre + half * along)
    )
    return [(float(x * scale), float(y * scale)) for x, y in points]


def paint_ruler(image: Field, rng: np.random.Generator) -> Mask:
    """Paint the scale of the contact plate: ticks every millimetre along an edge, numbers every five."""
    size = image.shape[-1]
    millimetre = size / rng.uniform(14, 22)
    edge = int(rng.integers(4))
    offset = rng.uniform(0.0, 0.10) * size
    phase = rng.uniform(0, 5)
    bow = rng.choice([0.0, 0.12]) * size  # some plates carry a round scale

    def draw(canvas: ImageDraw.ImageDraw, scale: float) -> None:
        font = ImageFont.load_default(size=round(0.05 * size * scale))
        for number in range(int(size / millimetre) + 2):
            along = (number - phase % 1) * millimetre
            inset = offset + bow * (2 * along / size - 1) ** 2
            mark = number + int(phase)
            length = size * (0.075 if mark % 5 == 0 else 0.04)
            start, end = _on_edge(edge, along, inset, size), _on_edge(edge, along, inset + length, size)
            canvas.line(
                [(p[0] * scale, p[1] * scale) for p in (start, end)], fill=255, width=round(0.006 * size * scale)
            )
            if mark % 5 == 0 and mark > 0:
                x, y = _on_edge(edge, along, inset + length + 0.04 * size, size)
                canvas.text((x * scale, y * scale), str(mark), fill=255, font=font, anchor="mm")

    cover = _drawn(size, draw)
    glaze(image, cover * np.float32(0.93), np.array([0.02, 0.02, 0.025], np.float32))
    return cover > _COVERED


def _on_edge(edge: int, along: float, inset: float, size: int) -> tuple[float, float]:
    """A point `inset` from an edge: 0 top, 1 bottom, 2 left, 3 right."""
    across = inset if edge % 2 == 0 else size - inset
    return (along, across) if edge < 2 else (across, along)


def paint_bubbles(image: Field, rng: np.random.Generator) -> Mask:
    """Paint bubbles in the contact gel: dark rim, bright crescent towards the lamp and a small highlight."""
    size = image.shape[-1]
    lamp = rng.uniform(0, 2 * np.pi)
    mask = np.zeros((size, size), bool)
    centres = rng.uniform(0.05, 0.95, (int(rng.integers(1, 4)), 2)) * size
    for _ in range(int(rng.integers(4, 16))):
        centre = centres[rng.integers(len(centres))] + rng.normal(0, 0.09 * size, 2)
        _paint_bubble(image, mask, centre, size * float(0.012 + 0.05 * rng.beta(1.1, 3)), lamp)
    return mask


def _paint_bubble(image: Field, mask: Mask, centre: NDArray[np.float64], radius: float, lamp: float) -> None:
    size = image.shape[-1]
    low = np.clip(np.floor(centre - radius - 2).astype(int), 0, size)
    high = np.clip(np.ceil(centre + radius + 3).astype(int), 0, size)
    if (high <= low).any():
        return
    window = (slice(low[1], high[1]), slice(low[0], high[0]))
    x = (np.arange(low[0], high[0], dtype=np.float32) - np.float32(centre[0]))[None, :]
    y = (np.arange(low[1], high[1], dtype=np.float32) - np.float32(centre[1]))[:, None]
    r = np.hypot(x, y) / np.float32(radius)
    inside = 1 - smoothstep(r, 1 - 0.6 / radius, 1 + 0.6 / radius)
    towards = (x * np.float32(np.cos(lamp)) + y * np.float32(np.sin(lamp))) / np.float32(radius)
    rim = np.exp(-(((r - 0.93) / 0.11) ** 2))
    crescent = np.exp(-(((r - 0.78) / 0.13) ** 2)) * smoothstep(towards, 0.05, 0.8)
    glint = np.exp(-(((x / radius - 0.45 * np.cos(lamp)) ** 2 + (y / radius - 0.45 * np.sin(lamp)) ** 2) / 0.02))
    part = image[:, *window]
    part *= 1 - np.float32(0.45) * rim * np.clip(inside + rim * (r < 1.1), 0, 1)
    light = np.clip(0.10 + 0.55 * crescent + 0.75 * glint, 0, 0.9) * inside
    glaze(part, light.astype(np.float32), np.array([0.97, 0.95, 0.95], np.float32))
    mask[window] |= inside > _COVERED


def paint_ink(image: Field, rng: np.random.Generator) -> Mask:
    """Paint strokes of a violet or blue surgical marker near the border of the picture."""
    size = image.shape[-1]
    centre = rng.normal(0.5, 0.04, 2) * size
    radius = rng.uniform(0.38, 0.5) * size

    def draw(canvas: ImageDraw.ImageDraw, scale: float) -> None:
        for start in rng.uniform(0, 2 * np.pi, int(rng.integers(1, 4))):
            angles = start + np.linspace(0, rng.uniform(0.25, 0.8), 20)
            wobble = radius + rng.normal(0, 0.01 * size)
            points = [
                (float((centre[0] + wobble * np.cos(a)) * scale), float((centre[1] + wobble * np.sin(a)) * scale))
                for a in angles
            ]
            canvas.line(points, fill=255, width=round(rng.uniform(0.03, 0.06) * size * scale), joint="curve")

    patchy = smoothstep(smooth_noise(rng, (size, size), (size / 6, size / 6)), -2.6, 0.8)
    cover = _drawn(size, draw)
    colour = (
        np.array([0.16, 0.08, 0.42], np.float32) if rng.random() < 0.6 else np.array([0.05, 0.12, 0.42], np.float32)
    )
    # Ink is a glaze, not paint: the skin shows through.
    depth = cover * (np.float32(0.35) + np.float32(0.55) * patchy)
    image *= 1 - depth * (1 - colour[:, None, None])
    return cover > _COVERED


def paint_sticker(image: Field, rng: np.random.Generator) -> Mask:
    """Paint a round paper sticker in one of four colours, cut off by a corner of the picture."""
    size = image.shape[-1]
    corner = rng.integers(2, size=2) * size
    centre = corner + (size / 2 - corner) * rng.uniform(0.1, 0.3, 2)
    radius = rng.uniform(0.12, 0.18) * size
    colour = _PAPER[rng.integers(len(_PAPER))] * np.float32(rng.uniform(0.8, 1.1))

    def draw(canvas: ImageDraw.ImageDraw, scale: float) -> None:
        (x, y), reach = centre * scale, radius * scale
        canvas.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)

    cover = _drawn(size, draw)
    glaze(image, cover, colour)
    return cover > _COVERED


def _drawn(size: int, draw: Callable[[ImageDraw.ImageDraw, float], None]) -> Field:
    """Run `draw` on an oversampled canvas; the answer is coverage in [0, 1], float32 (size, size)."""
    canvas = Image.new("L", (size * _OVERSAMPLING, size * _OVERSAMPLING))
    draw(ImageDraw.Draw(canvas), float(_OVERSAMPLING))
    return np.asarray(canvas.reduce(_OVERSAMPLING), dtype=np.float32) / np.float32(255)
