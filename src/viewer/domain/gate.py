"""What the pictures of the fit groups look like to a model, so that pictures of another kind can be told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

OUTSIDE = 0.01
"""A picture with a lower p is of another kind, or was prepared otherwise."""

TYPICAL = 0.05
"""What both p-values must reach for a green light."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gate:
    """n pictures of the fit groups, row by row; a new picture is compared with them.

    Attributes:
        scorers: Names of the scorers of the input's suitability that are listened to.
        distances: By scorer, float64 (n,), `Score.raw` of each picture by a state that has not seen its group; larger
            is further away.
        looks: float32 (n, D), see `look_of`.
        groups: int (n,), number 0 … G−1 of each picture's group; no number is left out.
        labels: int (n,), true class of each picture, ≥ 0.
    """

    scorers: tuple[str, ...]
    distances: Mapping[str, NDArray[np.float64]]
    looks: NDArray[np.float32]
    groups: NDArray[np.intp]
    labels: NDArray[np.intp]

    def __post_init__(self) -> None:
        """Refuse rows that do not belong together, and make every array read-only."""
        if not self.scorers or set(self.scorers) != set(self.distances):
            raise ValueError("a gate needs a scorer, and distances of exactly the scorers it names")
        if self.looks.ndim != 2 or not self.looks.size:
            raise ValueError(f"looks are of shape {self.looks.shape}, not (pictures, statistics)")
        arrays: list[NDArray[Any]] = [self.looks, self.groups, self.labels, *self.distances.values()]
        for name, rows in zip(("groups", "labels", *self.distances), arrays[1:], strict=True):
            if rows.shape != self.looks.shape[:1]:
                raise ValueError(f"{name} has shape {rows.shape}, not one entry for each of {len(self.looks)} looks")
        if not all(np.isfinite(rows).all() for rows in arrays):
            raise ValueError("a distance or a look is not finite")
        if not np.array_equal(np.unique(self.groups), np.arange(self.groups.max() + 1)):
            raise ValueError("groups are not numbered from 0 without a gap")
        if self.labels.min() < 0:
            raise ValueError("a label is negative")
        for rows in arrays:
            rows.setflags(write=False)

    @property
    def group_count(self) -> int:
        """Number of groups G."""
        return int(self.groups.max()) + 1


def look_of(network_input: NDArray[np.floating], stem: NDArray[np.floating]) -> NDArray[np.float32]:
    """What B pictures look like at the entrance of the network: per-channel mean, then standard deviation.

    Args:
        network_input: (B, 3, H, W), normalised.
        stem: (B, C0, h0, w0), output of the first convolution.

    Returns:
        float32 (B, 6 + 2·C0), of the input and then of the stem. The engine computes the same on its device.
    """
    return np.concatenate([_means_and_spreads(network_input), _means_and_spreads(stem)], axis=1)


def _means_and_spreads(maps: NDArray[np.floating]) -> NDArray[np.float32]:
    grid = maps.reshape(*maps.shape[:2], -1).astype(np.float64)
    return np.concatenate([grid.mean(axis=2), grid.std(axis=2)], axis=1).astype(np.float32)
