"""How far the look of a picture, or of a folder, lies from those of the fit pictures: two-sided, in any direction."""

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.conformal import Values, conformal_p, group_weights

FOLDS = 5
"""The distance of a fit picture is measured from other groups' looks, a fifth of the groups left out at a time."""

MOST_PICTURES = 50
"""Pictures of a folder that are looked at."""

DRAWS = 4999
"""Random folders that a folder is compared with."""

SEED = 20240501
"""Of the folds and of the random folders: the same folder always gets the same p."""


class Fingerprint:
    """Looks of fit pictures, and the distances of each from the others.

    Attributes:
        held_out: float64 (n,), distance of each fit picture from the looks of other groups.
    """

    def __init__(self, looks: NDArray[np.float32], groups: NDArray[np.intp]) -> None:
        """Learn from looks (n, D) of pictures of numbered groups (n,)."""
        self._looks, self._weights = looks.astype(np.float64), group_weights(groups)
        self._groups = groups
        self._fold_of = np.random.default_rng(SEED).permutation(int(groups.max()) + 1) % FOLDS
        folds = self._fold_of[groups]
        self._whole = _Centre(self._looks, self._weights)
        self._without = [_Centre(self._looks[folds != k], self._weights[folds != k]) for k in range(FOLDS)]
        self.held_out = np.empty(len(looks))
        for k in range(FOLDS):
            self.held_out[folds == k] = self._without[k].distances(self._looks[folds == k])

    def distance(self, look: NDArray[np.float32], *, own: int | None = None) -> float:
        """Distance of one look (D,); of a picture of fit group `own`, from looks of other groups."""
        centre = self._whole if own is None else self._without[self._fold_of[own]]
        return float(centre.distances(look[None].astype(np.float64))[0])

    def folder_p(self, looks: NDArray[np.float32]) -> float:
        """Share of random folders, of a picture from each of m groups, whose mean look lies at least as far away."""
        kept = looks[np.linspace(0, len(looks) - 1, min(len(looks), MOST_PICTURES)).round().astype(np.intp)]
        m, total = len(kept), len(self._fold_of)
        random = np.random.default_rng(SEED)
        order = random.random((DRAWS, total)).argpartition(m, axis=1)[:, :m]
        sizes = np.bincount(self._groups)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        rows = np.argsort(self._groups, kind="stable")
        picked = rows[starts[order] + (random.random(order.shape) * sizes[order]).astype(np.intp)]
        means = np.stack([self._looks[row].mean(axis=0) for row in picked])
        # Drawn without replacement the means of the known spread less than that of new pictures about the known mean.
        means = self._whole.mean + (means - self._whole.mean) * np.sqrt((total + m) / (total - m))
        known = self._whole.distances(means)
        mine = float(self._whole.distances(kept.astype(np.float64).mean(axis=0)[None])[0])
        return conformal_p(mine, known, np.ones(DRAWS))


class _Centre:
    """Mean and spread of looks; the distance is the largest deviation of any statistic, in units of its spread."""

    def __init__(self, looks: Values, weights: Values) -> None:
        self.mean = np.average(looks, axis=0, weights=weights)
        variance = np.average((looks - self.mean) ** 2, axis=0, weights=weights)
        self._spread = np.sqrt(np.maximum(variance, 1e-12))

    def distances(self, looks: Values) -> Values:
        distances: Values = (np.abs(looks - self.mean) / self._spread).max(axis=1)
        return distances
