"""A flat picture of what a network sees, for showing and never for deciding: similar cases lie close together.

Features are reduced to their first principal components and laid out by t-SNE (openTSNE; van der Maaten & Hinton
2008, Policar et al. 2019). Neighbours are exact, so that the same features and seed give the same picture. Near is
similar; the distance between far clusters, their size and their direction mean nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any, Self

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
_PULL_OF_NEW = 1.5
"""How much stronger its neighbours pull a further case than in the map itself; openTSNE's own setting."""
_STEPS_OF_NEW = 30
_MOST_PAIRS = 1 << 22


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
    reduced = _Components.of(different, seed)(different)
    plane = _first_two(reduced) if len(reduced) < FEWEST else _lay_out(reduced, seed, tell)
    tell(STEPS, STEPS)
    positions: Floats = (plane - plane.mean(axis=0))[place_of.reshape(-1)].astype(np.float32)
    return positions


class EmbeddingMap:
    """A map that further cases are placed on, without moving what is there.

    Attributes:
        positions: float32 (n, 2), of the cases it was made from, no unit; read-only.
    """

    def __init__(self, components: "_Components", reduced: Floats, positions: Floats) -> None:
        self.positions = positions
        self.positions.setflags(write=False)
        self._components = components
        self._reduced = reduced
        different, first = np.unique(reduced, axis=0, return_index=True)
        self._plane = positions[first].astype(np.float64)
        self._nearest = _Nearest(different)

    @classmethod
    def of(cls, features: NDArray[Any], positions: NDArray[Any] | None = None, seed: int = 0) -> Self:
        """Prepare a map.

        Args:
            features: Of every case, (n, D), n at least 1.
            positions: Where each lies, (n, 2); laid out by `fit_map` where there are none.
            seed: Of the layout, and of the principal components.

        Raises:
            ViewerError: Tables that are not finite or do not fit each other.
        """
        known = _checked(features)
        plane = fit_map(known, seed) if positions is None else np.array(positions, np.float32)
        if plane.shape != (len(known), 2) or not len(known):
            raise ViewerError(f"a map of shape {plane.shape} does not belong to {len(known)} cases")
        components = _Components.of(np.unique(known, axis=0), seed)
        return cls(components, components(known), plane)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """A map as `arrays` gave it; `KeyError` where one is missing."""
        components = _Components(*(arrays[name].astype(np.float32) for name in ("centre", "scale", "axes")))
        return cls(components, arrays["reduced"].astype(np.float32), arrays["positions"].astype(np.float32))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as plain arrays, small enough for a bundle: most are float16, finer than can be seen on a map."""
        return {
            "centre": self._components.centre,
            "scale": self._components.scale,
            "axes": self._components.axes.astype(np.float16),
            "reduced": self._reduced.astype(np.float16),
            "positions": self.positions.astype(np.float16),
        }

    def place(self, new: NDArray[Any]) -> Floats:
        """Where further cases lie, each as if it were the only one.

        A case that is like none on the map is put beside the nearest all the same: that it does not belong shows in a
        distance of features, never here.

        Args:
            new: Features of the further cases, (m, D).

        Returns:
            float32 (m, 2), in the coordinates of the map.

        Raises:
            ViewerError: The features are not finite, or others than those of the map.
        """
        further, known = _checked(new), self._components.centre.size
        if further.shape[1] != known:
            raise ViewerError(f"a map of {known} features cannot place cases that have {further.shape[1]}")
        rows = max(1, _MOST_PAIRS // len(self._plane))
        parts = [self._placed(further[start : start + rows]) for start in range(0, len(further), rows)]
        return np.concatenate([np.zeros((0, 2)), *parts]).astype(np.float32)

    def _placed(self, further: Floats) -> NDArray[np.float64]:
        reduced = self._components(further)
        if len(self._plane) < FEWEST:
            return self._plane[self._nearest.query(reduced, 1)[0][:, 0]]
        found, apart = self._nearest.query(reduced, _NEIGHBOURS_OF_NEW)
        near = min(3 * _PERPLEXITY_OF_NEW, len(self._plane))
        return _settled(
            np.median(self._plane[found], axis=1),
            self._plane[found[:, :near]],
            _PULL_OF_NEW * _affinities(apart[:, :near]),
            self._plane,
        )


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
    """Projects on the first principal components of some features, scaled so that their largest spread is 1.

    Attributes:
        centre: float32 (D,), mean of the features.
        scale: float32 (), largest distance from it in one feature.
        axes: float32 (d, D), unit vectors.
    """

    def __init__(self, centre: Floats, scale: Floats, axes: Floats) -> None:
        self.centre, self.scale, self.axes = centre, scale, axes

    @classmethod
    def of(cls, features: Floats, seed: int) -> Self:
        """Those of (n, D) features; one case alone has nothing to be projected on, and lies at 0."""
        from sklearn.decomposition import PCA

        centre = features.mean(axis=0, dtype=np.float64)
        scale = float(np.abs(features - centre).max(initial=0)) or 1.0
        axes = np.zeros((1, features.shape[1]), np.float32)
        if len(features) > 1:
            pca = PCA(min(MOST_COMPONENTS, len(features), features.shape[1]), random_state=seed)
            axes = pca.fit(((features - centre) / scale).astype(np.float32)).components_
        return cls(centre.astype(np.float32), np.array(scale, np.float32), axes)

    def __call__(self, features: Floats) -> Floats:
        """Project, (n, D) to (n, d)."""
        return np.ascontiguousarray((features - self.centre) / self.scale @ self.axes.T, np.float32)


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


def _affinities(apart: NDArray[np.float64]) -> NDArray[np.float64]:
    """How near each of m further cases is to its k nearest, (m, k), from their distances; sums to 1 in each row."""
    from openTSNE import affinity

    count, near = apart.shape
    found = np.broadcast_to(np.arange(near), apart.shape)
    shares = affinity.joint_probabilities_nn(
        found, apart, [min(_PERPLEXITY_OF_NEW, near / 3)], symmetrize=False, normalization="point-wise",
        n_reference_samples=near,
    )  # fmt: skip
    table: NDArray[np.float64] = shares.toarray().reshape(count, near)
    return table


def _settled(
    start: NDArray[np.float64], neighbours: NDArray[np.float64], pull: NDArray[np.float64], plane: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Where further cases come to rest on a map that does not move: the same as openTSNE's descent, in fewer steps.

    Each case y minimises Σⱼ pⱼ ln(1 + |y − yⱼ|²) + ln Σₗ 1/(1 + |y − yₗ|²) over its neighbours j and all cases l: the
    divergence of t-SNE (van der Maaten & Hinton 2008, equation 5, with every other place fixed). A step goes to where
    pull and push would balance if they stayed as they are.

    Args:
        start: Where each begins, (m, 2).
        neighbours: Places of its neighbours, (m, k, 2).
        pull: Their affinities times the exaggeration, (m, k).
        plane: The map, (n, 2).
    """
    places, lengths = start, (plane**2).sum(axis=1)
    for _ in range(_STEPS_OF_NEW):
        away = places[:, None] - neighbours
        pulls = pull / (1 + (away**2).sum(axis=2))
        near = 1 / np.maximum(1 + (places**2).sum(axis=1)[:, None] + lengths - 2 * places @ plane.T, 1)
        squares = near**2
        push = (places * squares.sum(axis=1)[:, None] - squares @ plane) / near.sum(axis=1)[:, None]
        wanted = (pulls[:, :, None] * away).sum(axis=1) - push
        places = places - wanted / pulls.sum(axis=1)[:, None]
    return places
