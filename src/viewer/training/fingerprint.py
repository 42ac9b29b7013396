"""The preprocessing fingerprint: what the network's input and first convolution usually look like.

A missing /255, an inversion, swapped channels or another normalisation move the per-channel mean and spread of the
input or of the stem. The bundle keeps how these statistics are spread over the pictures of the fit groups, as
quantiles, so that a two-sided test needs no assumption about their shape.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

LEVELS = np.linspace(0, 1, 65)
"""Probabilities at which quantiles are kept: every 1/64."""


def channel_statistics(maps: NDArray[np.floating]) -> NDArray[np.float32]:
    """Mean, then standard deviation, of every channel over the grid.

    Args:
        maps: (B, C, h, w).

    Returns:
        float32 (B, 2·C).
    """
    grid = maps.reshape(*maps.shape[:2], -1)
    return np.concatenate([grid.mean(axis=2), grid.std(axis=2)], axis=1).astype(np.float32)


def fingerprint(statistics: Mapping[str, Sequence[NDArray[np.float32]]]) -> dict[str, NDArray[np.float32]]:
    """How per-channel statistics are spread over pictures.

    Args:
        statistics: By place (`input`, `stem`), batches of `channel_statistics`, (B, 2·C) each.

    Returns:
        By place: `<place>_quantiles` float32 (65, 2·C) at `LEVELS`, `<place>_mean` and `<place>_sd` float32 (2·C,)
        over the pictures.
    """
    arrays: dict[str, NDArray[np.float32]] = {}
    for place, batches in statistics.items():
        rows = np.concatenate(batches).astype(np.float64)
        arrays[f"{place}_quantiles"] = np.quantile(rows, LEVELS, axis=0).astype(np.float32)
        arrays[f"{place}_mean"] = rows.mean(axis=0).astype(np.float32)
        arrays[f"{place}_sd"] = rows.std(axis=0).astype(np.float32)
    return arrays
