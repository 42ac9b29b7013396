"""A proper picture spoilt, so that only its colours or its small parts are left as they were."""

import numpy as np

from viewer.phantoms.garbage.colours import Picture

_FEWEST, _MOST = 3, 8
"""Patches along a side."""


def shuffled(rng: np.random.Generator, picture: Picture) -> Picture:
    """Its patches in another order; what is left over at the borders stays."""
    count = int(rng.integers(_FEWEST, _MOST + 1))
    cell = len(picture) // count
    whole = picture[: cell * count, : cell * count]
    patches = whole.reshape(count, cell, count, cell, 3).swapaxes(1, 2).reshape(-1, cell, cell, 3)
    mixed = patches[_moved(rng, len(patches))].reshape(count, count, cell, cell, 3).swapaxes(1, 2)
    spoilt = picture.copy()
    spoilt[: cell * count, : cell * count] = mixed.reshape(whole.shape)
    return spoilt


def _moved(rng: np.random.Generator, count: int) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """An order in which nothing stays in its place: a random cycle through all (Sattolo's)."""
    cycle = rng.permutation(count)
    order = np.empty(count, np.intp)
    order[cycle] = np.roll(cycle, 1)
    return order
