"""Pictures in which there is nothing."""

import numpy as np

from viewer.phantoms.garbage.colours import Picture


def black(_rng: np.random.Generator, side: int) -> Picture:
    """No light at all."""
    return np.zeros((side, side, 3), np.uint8)


def white(_rng: np.random.Generator, side: int) -> Picture:
    """Too much of it."""
    return np.full((side, side, 3), 255, np.uint8)


def one_colour(rng: np.random.Generator, side: int) -> Picture:
    """Any colour, the same everywhere."""
    return np.broadcast_to(rng.integers(0, 256, 3).astype(np.uint8), (side, side, 3)).copy()


def gradient(rng: np.random.Generator, side: int) -> Picture:
    """From one colour to another, in any direction."""
    axis = np.linspace(-1, 1, side)
    turn = rng.uniform(0, 2 * np.pi)
    along = np.clip(0.5 + (np.cos(turn) * axis + np.sin(turn) * axis[:, None]) / 2, 0, 1)[..., None]
    first, last = rng.uniform(0, 255, (2, 3))
    return np.asarray(first + (last - first) * along, dtype=np.uint8)
