"""Exact nearest neighbours by cosine, quickly enough to search while a clip plays.

What takes the time is reading the stored vectors, so that they are read as float16 (by faiss), and only the
candidates that come out are compared in full precision. Rounding moves a cosine by no more than a known amount; the
candidates are widened until nothing outside them can belong to the answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Indices = NDArray[np.intp]

SPARE = 24
"""Candidates asked for beyond the k neighbours at first."""

WIDEN = 8
"""Times as many candidates are asked for next, where the first were not enough to be sure."""

ROUNDING = 1e-5
"""Most by which sums of float32 products may be off, beside the rounding of what is stored."""


class ExactSearch:
    """The k vectors of n with the greatest cosine, never one of the query's own group.

    A vector of zeros points nowhere: it has no neighbours and is nobody's neighbour. Vectors equally near come in the
    order they were given. The answer to a query depends on no other query.
    """

    def __init__(self, features: Floats, groups: NDArray[Any] | None = None, *, threads: int = 1) -> None:
        """Keep the directions of n vectors.

        Args:
            features: (n, D), of any length; copied.
            groups: (n,), whose each is; by default each is its own.
            threads: Of faiss, within a call; what others set for themselves stays as it is.

        Raises:
            ValueError: A value is not finite, or there are not as many groups as vectors.
        """
        self._threads = threads
        self._groups = np.arange(len(features)) if groups is None else np.asarray(groups)
        if self._groups.shape != features.shape[:1]:
            raise ValueError(f"{self._groups.shape} groups for {len(features)} vectors")
        unit, known = _directions(features)
        # One group after the other, so that a group is a range.
        self._order = np.flatnonzero(known)[np.argsort(self._groups[known], kind="stable")]
        self._unit = unit[self._order]
        self._sorted_groups = self._groups[self._order]
        width = features.shape[1]
        self._index = faiss.IndexScalarQuantizer(width, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        self._slack = ROUNDING
        if len(self._unit):
            with _threads(threads):
                self._index.add(self._unit)
            self._slack += _rounded_off(self._unit)

    def __len__(self) -> int:
        """Number of vectors that can be found."""
        return len(self._order)

    def nearest(
        self, queries: Floats, k: int, groups: NDArray[Any] | None = None
    ) -> tuple[Indices, NDArray[np.float64]]:
        """Find the k nearest of every query, nearest first.

        Args:
            queries: (m, D).
            k: At least 1.
            groups: (m,), whose each query is: none of that group is found. By default nobody's.

        Returns:
            Indices (m, k) into the vectors given, -1 where there are too few; cosines (m, k), NaN there.

        Raises:
            ValueError: A value is not finite, or the shapes do not fit.
        """
        if queries.ndim != 2 or queries.shape[1] != self._index.d:
            raise ValueError(f"queries {queries.shape} for vectors of {self._index.d}")
        unit, known = _directions(queries)
        indices = np.full((len(queries), k), -1, np.intp)
        cosines = np.full((len(queries), k), np.nan)
        for rows, own in self._by_group(np.flatnonzero(known), groups):
            indices[rows], cosines[rows] = self._search(unit[rows], k, own)
        return indices, cosines

    def _by_group(self, rows: Indices, groups: NDArray[Any] | None) -> Iterator[tuple[Indices, tuple[int, int]]]:
        """Queries by the range of vectors that they may not find."""
        if not len(rows) or not len(self):
            return
        if groups is None:
            yield rows, (0, 0)
            return
        starts = np.searchsorted(self._sorted_groups, groups[rows], side="left")
        ends = np.searchsorted(self._sorted_groups, groups[rows], side="right")
        for start, end in np.unique(np.stack([starts, ends], axis=1), axis=0).tolist():
            yield rows[(starts == start) & (ends == end)], (start, end)

    def _search(self, unit: NDArray[np.float32], k: int, own: tuple[int, int]) -> tuple[Indices, NDArray[np.float64]]:
        """Nearest of m queries, none in the range `own`."""
        there = len(self) - (own[1] - own[0])
        indices = np.full((len(unit), k), -1, np.intp)
        cosines = np.full((len(unit), k), np.nan)
        found = min(k, there)
        wanted = min(k + SPARE, there)
        rows = np.arange(len(unit))
        while found and len(rows):
            rough, candidates = self._candidates(unit[rows], wanted, own)
            exact = np.einsum("md,mcd->mc", unit[rows], self._unit[candidates], dtype=np.float64)
            places = self._order[candidates]
            best = np.lexsort((places, -exact))[:, :found]
            indices[rows, :found] = np.take_along_axis(places, best, axis=1)
            cosines[rows, :found] = np.take_along_axis(exact, best, axis=1)
            # No vector outside can be nearer than the last candidate but for what rounding took from it.
            unsure = cosines[rows, found - 1] <= rough[:, -1] + self._slack
            rows = rows[unsure] if wanted < there else rows[:0]
            wanted = min(wanted * WIDEN, there)
        return indices, cosines

    def _candidates(
        self, unit: NDArray[np.float32], wanted: int, own: tuple[int, int]
    ) -> tuple[NDArray[np.float32], Indices]:
        parameters = None
        if own[0] < own[1]:
            parameters = faiss.SearchParameters(  # type: ignore[call-arg]  # a keyword faiss adds when it is loaded
                sel=faiss.IDSelectorNot(faiss.IDSelectorRange(*own))
            )
        with _threads(self._threads):
            rough, candidates = self._index.search(unit, wanted, params=parameters)
        return rough, candidates


def unit_vectors(features: Floats) -> NDArray[np.float32]:
    """Rows (n, D) divided by their length, float32; rows of zeros stay so."""
    length = np.linalg.norm(features.astype(np.float64), axis=1, keepdims=True)
    unit: NDArray[np.float32] = (features / np.where(length > 0, length, 1)).astype(np.float32)
    return unit


def projected(vectors: NDArray[np.float32], basis: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every row (n, D) on the columns of a basis (D, d), (n, d); a row's numbers do not depend on those beside it.

    A product of many rows at once rounds in another order than that of few, and the last digit of a frame's trust
    would tell how many frames were scored with it.
    """
    return np.array([row @ basis for row in vectors], np.float32).reshape(len(vectors), basis.shape[1])


def _directions(features: Floats) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Unit vectors, and which vectors have a direction at all."""
    if features.ndim != 2 or not np.isfinite(features).all():
        raise ValueError(f"vectors {features.shape} are not all finite numbers, one row for each")
    unit = unit_vectors(features)
    known: NDArray[np.bool_] = np.asarray(unit.any(axis=1))
    return unit, known


def _rounded_off(unit: NDArray[np.float32]) -> float:
    """Greatest length that rounding to float16 takes from a unit vector: no cosine moves by more."""
    return float(np.linalg.norm(unit - unit.astype(np.float16), axis=1).max())


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let faiss use so many threads, and leave its setting as it was."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
