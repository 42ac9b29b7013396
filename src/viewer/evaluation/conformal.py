"""Conformal p-values where every group weighs alike, however many pictures it has."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

TAIL = 0.1
"""Share of the known distances that an exponential tail stands for."""


def group_weights(groups: NDArray[np.intp]) -> Values:
    """1 / size of its group for each of n pictures, float64 (n,): they add up to the number of groups."""
    weights: Values = 1 / np.bincount(groups)[groups]
    return weights


class Conformal:
    """Conformal p-values by known distances: how often a picture of a new group would be at least as strange.

    p = (1 + Σ_{x_i ≥ x} w_i) / (G + 1) in (0, 1], at least 1 / (G + 1).
    """

    def __init__(self, known: Values, weights: Values) -> None:
        """Known x_i of n pictures, larger is stranger, (n,), and w_i as `group_weights`; G is their sum."""
        order = np.argsort(known, kind="stable")
        self._known = known[order]
        self._at_least = np.append(np.cumsum(weights[order][::-1])[::-1], 0.0)

    def __call__(self, values: Values) -> Values:
        """The p of each new picture's x, float64 (B,)."""
        at_least = self._at_least[np.searchsorted(self._known, values, side="left")]
        p: Values = (1 + at_least) / (1 + self._at_least[0])
        return p


class Rarity:
    """How rare a distance is among known ones, as −ln p.

    Up to the 90th percentile u, p is the share of the known distances that are at least as large, each group weighing
    alike; beyond it .1·exp(−(x − u)/β), β the mean excess over u. Without that tail all that lies beyond the known
    distances would count the same, however far (exponential excesses: Pickands, Ann. Statist. 3, 1975).
    """

    def __init__(self, known: Values, weights: Values) -> None:
        order = np.argsort(known)
        self._known = known[order]
        self._at_least = np.append(np.cumsum(weights[order][::-1])[::-1], 0.0) / weights.sum()
        self._start = float(self._known[np.flatnonzero(self._at_least[:-1] >= TAIL - _ROUNDING)[-1]])
        beyond = known > self._start
        excess = np.average(known[beyond] - self._start, weights=weights[beyond]) if beyond.any() else 0.0
        self._scale = max(float(excess), _LEAST_EXCESS)

    def __call__(self, distances: Values) -> Values:
        """−ln p of each distance, float64 (B,), ≥ 0."""
        share = self._at_least[np.searchsorted(self._known, distances, side="left")]
        within = -np.log(np.clip(share, TAIL, 1.0))
        rarity: Values = within + np.maximum(distances - self._start, 0.0) / self._scale
        return rarity


_LEAST_EXCESS = 1e-12
_ROUNDING = 1e-9
