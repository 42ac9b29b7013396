"""Outlines as lines: traced once, for window and report alike, and drawn into the small pictures of both."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from viewer.domain.bundle import FieldOfView
from viewer.domain.outline import Outline
from viewer.present.colours import OUTLINE_HALO, OUTLINE_INK
from viewer.present.spans import span

Line = NDArray[np.float64]
"""Points (n, 2) of one line, each as shares of the width and the height; the last is the first where it is closed."""

WIDTH, HALO = 1.4, 3.6
"""Pixels of the line and of the dark rim that keeps it seen on any picture."""

FINER = 3
"""How often finer lines are drawn than the picture they go into, so that they look smooth there."""


def traced(outline: Outline) -> tuple[Line, ...]:
    """Where the values cross the level: marching squares, linear between the centres of cells.

    From the outer centres to the border the values go on as they are, so that a line ends at the border where what it
    runs around goes on beyond it. Where two corners that face each other lie above the level and two do not, the mean
    of the four decides which belong together. Source: Lorensen & Cline, SIGGRAPH 1987, in the plane.
    """
    values = np.pad(outline.values.astype(np.float64), 1, mode="edge")
    above = values > outline.level
    wide = values.shape[1]
    corners = np.stack([above[:-1, :-1], above[:-1, 1:], above[1:, 1:], above[1:, :-1]], axis=-1)  # clockwise
    row, column = np.nonzero(corners.any(axis=-1) & ~corners.all(axis=-1))
    corners, first = corners[row, column], row * wide + column
    crossed = corners != np.roll(corners, -1, axis=1)
    edges = np.stack([2 * first, 2 * first + 3, 2 * (first + wide), 2 * first + 1], axis=-1)  # clockwise from the top
    saddle = crossed.all(axis=1)
    around = (
        values[row, column] + values[row + 1, column] + values[row, column + 1] + values[row + 1, column + 1]
    ) / 4
    joined = (around > outline.level) == corners[:, 0]
    pairs = [edges[~saddle][crossed[~saddle]].reshape(-1, 2)]
    for which, order in ((saddle & joined, [0, 1, 2, 3]), (saddle & ~joined, [0, 3, 1, 2])):
        pairs.append(edges[which][:, order].reshape(-1, 2))
    return tuple(_crossings(values, outline.level, np.array(chain)) for chain in _chains(np.concatenate(pairs)))


def outlined(
    picture: NDArray[np.uint8], outline: Outline, view: FieldOfView, *, wider: float = 1.0
) -> NDArray[np.uint8]:
    """A picture with an outline drawn over the part that the network saw.

    Args:
        picture: uint8 (rows, cols, 3).
        outline: The outline.
        view: The part of the picture it covers.
        wider: How often the line is wider than usual, for pictures that will be shown smaller.

    Returns:
        uint8 (rows, cols, 3), another array.
    """
    rows, columns = picture.shape[:2]
    top, bottom = span(view.top, view.bottom, rows)
    left, right = span(view.left, view.right, columns)
    corner, size = np.array([left, top]), np.array([right - left, bottom - top])
    lines = [FINER * (corner + line * size) for line in traced(outline)]
    drawn = Image.fromarray(picture)
    for width, ink in ((HALO, OUTLINE_HALO), (WIDTH, OUTLINE_INK)):
        drawn.paste(ink, (0, 0, columns, rows), _strokes(lines, columns, rows, round(width * wider * FINER)))
    return np.asarray(drawn)


def _strokes(lines: Iterable[Line], columns: int, rows: int, width: int) -> Image.Image:
    """Lines on a finer grid as the part of each pixel that they cover."""
    fine = Image.new("L", (columns * FINER, rows * FINER))
    pen = ImageDraw.Draw(fine)
    for line in lines:
        pen.line([(float(x), float(y)) for x, y in line], fill=255, width=width, joint="curve")
    return fine.reduce(FINER)


def _crossings(values: NDArray[np.float64], level: float, edges: NDArray[np.intp]) -> Line:
    """Where edges of a grid are crossed.

    Args:
        values: (R, C) with a border of one cell, whose outer corners lie on that of the map.
        level: Between the two values of each edge.
        edges: (n,), twice the number of the corner where an edge begins, and one more where it runs down.
    """
    tall, wide = values.shape
    xs, ys = (np.concatenate([[0], (np.arange(n - 2) + 0.5) / (n - 2), [1]]) for n in (wide, tall))
    start = edges // 2
    end = start + np.where(edges % 2, wide, 1)
    low, high = values.flat[start], values.flat[end]
    part = (level - low) / (high - low)
    x, y = (
        (1 - part) * places[a] + part * places[b]
        for places, a, b in ((xs, start % wide, end % wide), (ys, start // wide, end // wide))
    )
    return np.stack([x, y], axis=1)


def _chains(pairs: NDArray[np.intp]) -> list[list[int]]:
    """Pairs of numbers, each number in one or two of them, as chains; a closed one ends as it begins."""
    beside: dict[int, list[int]] = {}
    for one, other in pairs.tolist():
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    ends = [number for number, others in beside.items() if len(others) == 1]
    chains = []
    for start in (*ends, *beside):
        if start not in beside:
            continue
        chain, here = [start], start
        while beside.get(here):
            following = beside[here].pop()
            beside[following].remove(here)
            if not beside[here]:
                del beside[here]
            chain.append(following)
            here = following
        beside.pop(here, None)
        chains.append(chain)
    return chains
