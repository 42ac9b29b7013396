"""How far the look of a picture, or of a folder, lies from those of the fit pictures: two-sided, in any direction.

Spreads are compared by their logarithms. A missing mean and standard deviation, or a picture without colour, makes
them several times smaller, which is no further from the usual than many a plain lesion unless counted in factors.
"""

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.conformal import Conformal, Values, group_weights

FOLDS = 5
"""The distance of a fit picture is measured from other groups' looks, a fifth of the groups left out at a time."""

MOST_PICTURES = 50
"""Pictures of a folder that are looked at."""

FEWEST_OF_A_CLASS = 5
"""Groups of a class below which no random folders are made of it: they would show these patients, not their class."""

DRAWS = 4999
"""Random folders that a folder is compared with."""

SEED = 20240501
"""Of the folds and of the random folders: the same folder always gets the same p."""

INPUT_CHANNELS = 3

LEAST_SPREAD = 1e-3
"""Spreads below this are taken for it: channels that are silent are equally silent."""

CLIPPED = 3.0
"""One picture moves a folder by no more than this many standard deviations of any statistic."""

Indices = NDArray[np.intp]


class Fingerprint:
    """Looks of fit pictures, and the distance of each from those of other groups.

    Attributes:
        held_out: float64 (n,), distances of the fit pictures.
    """

    def __init__(self, looks: NDArray[np.float32], groups: Indices, labels: Indices) -> None:
        """Learn from looks (n, D) of pictures of numbered groups (n,) and classes (n,)."""
        known, weights = _comparable(looks), group_weights(groups)
        self._fold_of = np.random.default_rng(SEED).permutation(int(groups.max()) + 1) % FOLDS
        folds = self._fold_of[groups]
        self._whole = _Ellipsoid(known, weights)
        self._without = [_Ellipsoid(known[folds != k], weights[folds != k]) for k in range(FOLDS)]
        self.held_out = np.empty(len(known))
        for k, ellipsoid in enumerate(self._without):
            self.held_out[folds == k] = ellipsoid.distances(known[folds == k])
        self._folders = _Folders(known, groups, labels, self._whole)

    def distance(self, look: NDArray[np.float32], *, own: int | None = None) -> float:
        """Distance of one look (D,); of a picture of fit group `own`, from looks of other groups."""
        ellipsoid = self._whole if own is None else self._without[self._fold_of[own]]
        return float(ellipsoid.distances(_comparable(look[None]))[0])

    def folder_p(self, looks: NDArray[np.float32]) -> float:
        """Share of random folders of m pictures of one class that differ at least as much as these m looks do."""
        kept = np.linspace(0, len(looks) - 1, min(len(looks), MOST_PICTURES)).round().astype(np.intp)
        return self._folders.p(_comparable(looks[kept]))


class _Ellipsoid:
    """Mean and covariance of looks in units of each statistic's own spread; distance after Mahalanobis.

    The covariance S is shrunk to the mean m of its diagonal, (1 − r)·S + r·m·1, by Ledoit & Wolf's r (J. Multivariate
    Analysis 88, 2004): looks have about as many statistics as there are groups.
    """

    def __init__(self, looks: Values, weights: Values) -> None:
        self.mean, self.spread = _centre(looks, weights)
        scaled = (looks - self.mean) / self.spread
        total, width = weights.sum(), looks.shape[1]
        covariance = (scaled * weights[:, None]).T @ scaled / total
        level = np.trace(covariance) / width
        noise = (((scaled**2).sum(axis=1) ** 2 * weights).sum() / total - (covariance**2).sum()) / total
        structure = (covariance**2).sum() - width * level**2
        r = float(np.clip(noise / structure, 0, 1)) if structure > 0 else 1.0
        shrunk = (1 - r) * covariance + max(r * level, _NEVER_SINGULAR) * np.eye(width)
        self._precision = np.linalg.inv(shrunk)

    def distances(self, looks: Values) -> Values:
        """√ of (x − μ)ᵀ Σ⁻¹ (x − μ) per statistic: about 1 for the looks it was made of, float64 (B,)."""
        scaled = (looks - self.mean) / self.spread
        distances: Values = np.sqrt(((scaled @ self._precision) * scaled).sum(axis=1) / looks.shape[1])
        return distances


class _Folders:
    """Random folders of fit pictures.

    A folder's distance is the largest deviation of any of its mean statistics, in units of that statistic's spread
    over pictures. What one picture adds to a mean is limited, so that a rare picture does not condemn its folder.
    A random folder holds pictures of one class, whichever: the mean of a folder of any case mix lies between theirs,
    so that what is rare among them is neither a diagnosis nor a mix of diagnoses.
    """

    def __init__(self, known: Values, groups: Indices, labels: Indices, ellipsoid: _Ellipsoid) -> None:
        self._middle, self._unit = ellipsoid.mean, ellipsoid.spread
        self._known, self._weights = self._limited(known), group_weights(groups)
        self._mean, self._spread = _centre(self._known, self._weights)
        self._groups = int(groups.max()) + 1
        members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
        common = [rows for rows in members if len(np.unique(groups[rows])) >= FEWEST_OF_A_CLASS]
        self._classes = common or [np.arange(len(known))]

    def p(self, looks: Values) -> float:
        mine = self._distances(self._limited(looks).mean(axis=0)[None])
        return float(Conformal(self._drawn(len(looks)), np.ones(DRAWS))(mine)[0])

    def _drawn(self, pictures: int) -> Values:
        """Distances of random folders of so many pictures.

        They are drawn about the known mean; the mean of new groups differs from it by 1/m + 1/G instead of 1/m of the
        variance of a picture, hence the factor √(1 + m/G).
        """
        random = np.random.default_rng(SEED)
        folders = np.bincount(random.integers(len(self._classes), size=DRAWS), minlength=len(self._classes))
        means = np.concatenate(
            [self._means(random, rows, count, pictures) for rows, count in zip(self._classes, folders, strict=True)]
        )
        distances: Values = self._distances(means) * np.sqrt(1 + pictures / self._groups)
        return distances

    def _means(self, random: np.random.Generator, rows: Indices, folders: int, pictures: int) -> Values:
        """Mean statistics of folders of pictures among `rows`, each group being drawn alike, float64 (folders, D)."""
        shares = self._weights[rows] / self._weights[rows].sum()
        counts = random.multinomial(pictures, shares, size=folders)
        means: Values = counts @ self._known[rows] / pictures
        return means

    def _limited(self, looks: Values) -> Values:
        limited: Values = np.clip((looks - self._middle) / self._unit, -CLIPPED, CLIPPED)
        return limited

    def _distances(self, means: Values) -> Values:
        distances: Values = (np.abs(means - self._mean) / self._spread).max(axis=1)
        return distances


_NEVER_SINGULAR = 1e-9


def _comparable(looks: NDArray[np.float32]) -> Values:
    """Looks (B, D) with the logarithms of the spreads, float64."""
    comparable = looks.astype(np.float64)
    stem = (looks.shape[1] - 2 * INPUT_CHANNELS) // 2
    for start, stop in ((INPUT_CHANNELS, 2 * INPUT_CHANNELS), (2 * INPUT_CHANNELS + stem, looks.shape[1])):
        comparable[:, start:stop] = np.log(np.maximum(comparable[:, start:stop], LEAST_SPREAD))
    return comparable


def _centre(looks: Values, weights: Values) -> tuple[Values, Values]:
    """Mean and standard deviation of every statistic, each group weighing alike, float64 (D,).

    A statistic that hardly varies is given a tenth of the median spread: it must not speak louder for being quiet.
    """
    mean = np.average(looks, axis=0, weights=weights)
    spread = np.sqrt(np.average((looks - mean) ** 2, axis=0, weights=weights))
    return mean, np.maximum(spread, 0.1 * np.median(spread) + 1e-9)
