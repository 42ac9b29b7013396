"""A flat picture of what a network sees, for showing and never for deciding: similar cases lie close together.

Features are reduced to their first principal components and laid out by t-SNE (openTSNE; van der Maaten & Hinton
2008, Policar et al. 2019). Neighbours are exact, so that the same features and seed give the same picture. Near is
similar; the distance between far clusters, their size and their direction mean nothing.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError

Floats = NDArray[np.float32]

Tell = Callable[[int, int], None]
"""Told how many steps are done, and how many there are; what it raises ends the work."""

MOST_COMPONENTS = 50
"""Principal components that neighbours are looked for in."""

PERPLEXITY = 30.0
"""Effective number of neighbours of each case, where there are enough cases; a third of the others where not."""

FEWEST = 8
"""With fewer different cases than this they lie as their first two principal components do."""

STEPS = 1000
"""Steps that are told: a quarter of them for neighbours, the others one for each round of openTSNE."""

_EARLY, _LATE = 250, 500
_NEIGHBOUR_STEPS = STEPS - _EARLY - _LATE
_BLOCK = 1024
_TOLD_EVERY = 5
_NEIGHBOURS_OF_NEW = 25
_PERPLEXITY_OF_NEW = 5


def unheard(done: int, total: int) -> None:
    """Nobody watches how far it is."""


def fit_map(features: NDArray[Any], seed: int = 0, *, tell: Tell = unheard) -> Floats:
    """Lay cases out on a plane.

    Args:
        features: Of every case, (n, D), finite; any unit, since only ratios of distances count.
        seed: The same features and seed give the same map on one machine.
        tell: Told how far it is, some hundred times, on the calling thread; what it raises (`JobCancelled`, say)
            ends the work.

    Returns:
        float32 (n, 2), centred on 0, no unit. Cases of equal features lie at one place.

    Raises:
        ViewerError: The features are no table of finite numbers.
    """
    table = _checked(features)
    if not len(table):
        return np.zeros((0, 2), np.float32)
    different, place_of = np.unique(table, axis=0, return_inverse=True)
    tell(0, STEPS)
    reduced = _Components(different, seed)(different)
    plane = _first_two(reduced) if len(reduced) < FEWEST else _lay_out(reduced, seed, tell)
    tell(STEPS, STEPS)
    positions: Floats = (plane - plane.mean(axis=0))[place_of.reshape(-1)].astype(np.float32)
    return positions


def place(new: NDArray[Any], features: NDArray[Any], positions: NDArray[Any]) -> Floats:
    """Put further cases into a map without moving what is there; each is placed as if it were the only one.

    A case that is like none on the map is put beside the nearest all the same: that it does not belong shows in a
    distance of features, never here.

    Args:
        new: Features of the further cases, (m, D).
        features: Those the map was made from, (n, D), n at least 1.
        positions: The map, (n, 2).

    Returns:
        float32 (m, 2), in the coordinates of the map.

    Raises:
        ViewerError: Tables that are not finite or do not fit each other.
    """
    known, further, plane = _checked(features), _checked(new), np.asarray(positions, np.float64)
    if further.shape[1] != known.shape[1]:
        raise ViewerError(f"a map of {known.shape[1]} features cannot place cases that have {further.shape[1]}")
    if plane.shape != (len(known), 2) or not known.size:
        raise ViewerError(f"a map of shape {plane.shape} does not belong to {len(known)} cases")
    if not len(further):
        return np.zeros((0, 2), np.float32)
    known, first = np.unique(known, axis=0, return_index=True)
    plane = plane[first]
    components = _Components(known, seed=0)
    nearest = _Nearest(components(known))
    if len(known) < FEWEST:
        return plane[nearest.query(components(further), 1)[0][:, 0]].astype(np.float32)
    return _placed(components(further), nearest, plane).astype(np.float32)


def _checked(features: NDArray[Any]) -> Floats:
    table = np.asarray(features)
    if table.ndim != 2 or not table.shape[1]:
        raise ViewerError(f"features must be a table of cases and numbers, not of shape {table.shape}")
    with np.errstate(over="ignore"):
        table = table.astype(np.float32)
    faulty = np.flatnonzero(~np.isfinite(table).all(axis=1))
    if faulty.size:
        raise ViewerError(f"the features of case {faulty[0] + 1} of {len(table)} are not finite numbers")
    return table


class _Components:
    """Projects on the first principal components of some features, scaled so that their largest spread is 1."""

    def __init__(self, features: Floats, seed: int) -> None:
        from sklearn.decomposition import PCA

        self._centre = features.mean(axis=0, dtype=np.float64)
        centred = features - self._centre
        self._scale = float(np.abs(centred).max(initial=0)) or 1.0
        self._pca = None
        if len(features) > 1:
            self._pca = PCA(min(MOST_COMPONENTS, len(features), features.shape[1]), random_state=seed)
            self._pca.fit((centred / self._scale).astype(np.float32))

    def __call__(self, features: Floats) -> Floats:
        """Project; one case alone has nothing to be projected on."""
        if self._pca is None:
            return np.zeros((len(features), 1), np.float32)
        scaled = ((features - self._centre) / self._scale).astype(np.float32)
        return np.ascontiguousarray(self._pca.transform(scaled), np.float32)


class _Nearest:
    """Exact nearest neighbours, as openTSNE asks for them; found in blocks, so that waiting can be told and ended."""

    def __init__(self, known: Floats) -> None:
        from sklearn.neighbors import NearestNeighbors

        self.n_samples = len(known)
        self._known = known
        self._search = NearestNeighbors(algorithm="brute").fit(known)

    def query(self, wanted: Floats, k: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Numbers and distances of the k nearest of each, nearest first, both (m, k)."""
        distances, found = self._search.kneighbors(wanted, min(k, self.n_samples))
        return found, distances

    def of_each_other(self, k: int, tell: Tell) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The k nearest others of every known case."""
        found = np.empty((self.n_samples, k), np.intp)
        distances = np.empty((self.n_samples, k))
        for start in range(0, self.n_samples, _BLOCK):
            tell(_NEIGHBOUR_STEPS * start // self.n_samples, STEPS)
            rows = slice(start, start + _BLOCK)
            others, apart = self.query(self._known[rows], k + 1)
            keep = others != np.arange(start, start + len(others))[:, None]
            keep[keep.all(axis=1), -1] = False  # rounding put more than k others before the case itself
            found[rows] = others[keep].reshape(-1, k)
            distances[rows] = apart[keep].reshape(-1, k)
        return found, distances


def _first_two(reduced: Floats) -> NDArray[np.float64]:
    plane = np.zeros((len(reduced), 2))
    plane[:, : reduced.shape[1]] = reduced[:, :2]
    return plane


def _lay_out(reduced: Floats, seed: int, tell: Tell) -> NDArray[np.float64]:
    """T-SNE from the first two components on, with the settings that openTSNE advises."""
    from openTSNE import TSNE, affinity, initialization, nearest_neighbors

    perplexity = min(PERPLEXITY, (len(reduced) - 1) / 3)
    neighbours = _Nearest(reduced).of_each_other(int(3 * perplexity), tell)
    known = affinity.PerplexityBasedNN(
        knn_index=nearest_neighbors.PrecomputedNeighbors(*neighbours), perplexity=perplexity
    )
    start = initialization.rescale(_first_two(reduced))
    start = initialization.jitter(start, random_state=seed)
    told = _Rounds(tell)
    network = TSNE(
        early_exaggeration_iter=_EARLY,
        n_iter=_LATE,
        random_state=seed,
        callbacks=told,
        callbacks_every_iters=_TOLD_EVERY,
    )
    return np.asarray(network.fit(affinities=known, initialization=start), np.float64)


class _Rounds:
    """Counts the rounds of openTSNE over both of its phases."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._done = _NEIGHBOUR_STEPS

    def __call__(self, iteration: int, error: float, embedding: NDArray[Any]) -> bool:
        """Called by openTSNE; True would end the work and keep what there is."""
        self._done += _TOLD_EVERY
        self._tell(min(self._done, STEPS), STEPS)
        return False


class _Affinities:
    """What openTSNE asks about the cases of a map when it places others: how near those are, and to which."""

    def __init__(self, nearest: _Nearest) -> None:
        self.P = np.empty((nearest.n_samples, 0))
        self._nearest = nearest

    def to_new(self, data: Floats, perplexity: float, return_distances: bool = True) -> tuple[Any, Any, Any]:
        """Affinities of the new cases, (m, n) sparse, with the neighbours that a case is first put between."""
        from openTSNE import affinity

        found, apart = self._nearest.query(data, _NEIGHBOURS_OF_NEW)
        near = min(int(3 * perplexity), self._nearest.n_samples)
        affinities = affinity.joint_probabilities_nn(
            found[:, :near], apart[:, :near], [min(perplexity, near / 3)], symmetrize=False,
            normalization="point-wise", n_reference_samples=self._nearest.n_samples,
        )  # fmt: skip
        return affinities, found, apart


def _placed(further: Floats, nearest: _Nearest, plane: NDArray[np.float64]) -> NDArray[np.float64]:
    from openTSNE import TSNEEmbedding

    middle = (plane.max(axis=0) + plane.min(axis=0)) / 2
    known = TSNEEmbedding(plane - middle, _Affinities(nearest), negative_gradient_method="bh", n_jobs=1)
    placed: NDArray[np.float64] = np.asarray(known.transform(further, perplexity=_PERPLEXITY_OF_NEW))
    placed += middle
    return placed
