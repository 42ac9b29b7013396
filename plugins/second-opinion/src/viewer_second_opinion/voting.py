"""How neighbours vote on a class; pure functions over m queries with k neighbours each, nearest first.

Labels are int (m, k), -1 where there is no neighbour, and similarities float (m, k), of which those of missing
neighbours do not matter. Every vote is int (m,), -1 where fewer than `fewest` neighbours are there. Classes with
equal votes are told apart by the neighbour that stands nearest: the tied class that appears first wins.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.integer[Any]]
Similarity = NDArray[np.floating[Any]]
Votes = NDArray[np.intp]

MOST_ALIKE = 1e-9
"""Shares of votes that differ by no more are equal: sums of the same numbers in another order."""


def mode_vote(labels: Labels, similarity: Similarity | None = None, *, fewest: int = 1) -> Votes:
    """The class of most neighbours.

    Args:
        labels: (m, k).
        similarity: Not used; votes are called alike.
        fewest: Neighbours needed.
    """
    return _winners(labels, np.ones(labels.shape), fewest)


def weighted_vote(labels: Labels, similarity: Similarity, *, fewest: int = 1) -> Votes:
    """The class with the greatest sum of similarities; negative ones count as 0.

    Args:
        labels: (m, k).
        similarity: (m, k), cosines.
        fewest: Neighbours needed.
    """
    return _winners(labels, _weights(labels, similarity), fewest)


def mean_vote(labels: Labels, similarity: Similarity | None = None, *, fewest: int = 1) -> Votes:
    """The mean of the neighbours' classes, for classes that are steps of one scale, to the nearest step.

    Halfway between two steps it is the upper one: of two scores, the worse.

    Args:
        labels: (m, k).
        similarity: Not used; votes are called alike.
        fewest: Neighbours needed.
    """
    there = labels >= 0
    count = there.sum(axis=1)
    # In whole numbers, floor(mean + 1/2) has no rounding of its own.
    doubled = 2 * np.where(there, labels, 0).sum(axis=1) + count
    mean = doubled // np.maximum(2 * count, 1)
    return np.where(count >= max(fewest, 1), mean, -1).astype(np.intp)


def class_shares(labels: Labels, similarity: Similarity, classes: int) -> NDArray[np.float64]:
    """Share of every class in the summed similarity, (m, K); rows sum to 1, or to 0 without neighbours.

    Args:
        labels: (m, k).
        similarity: (m, k), cosines; negative ones count as 0.
        classes: K.
    """
    weights = _weights(labels, similarity)
    sums = _sums(labels, weights, classes)
    total = sums.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = sums / np.where(total > 0, total, 1)
    return shares


def _weights(labels: Labels, similarity: Similarity) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.where(labels >= 0, np.maximum(similarity, 0), 0).astype(np.float64)
    return weights


def _sums(labels: Labels, weights: NDArray[np.float64], classes: int) -> NDArray[np.float64]:
    sums = np.zeros((len(labels), classes))
    rows, columns = np.nonzero(labels >= 0)
    np.add.at(sums, (rows, labels[rows, columns]), weights[rows, columns])
    return sums


def _winners(labels: Labels, weights: NDArray[np.float64], fewest: int) -> Votes:
    there = labels >= 0
    sums = _sums(labels, weights, int(labels.max(initial=0)) + 1)
    own = np.where(there, np.take_along_axis(sums, np.maximum(labels, 0), axis=1), -np.inf)
    best = own.max(axis=1, initial=-np.inf, keepdims=True)
    # The first neighbour, so the nearest, whose class has all the votes that any class has.
    first = (own >= best - MOST_ALIKE * np.maximum(np.abs(best), 1)).argmax(axis=1) if labels.shape[1] else 0
    enough = there.sum(axis=1) >= max(fewest, 1)
    winners = np.full(len(labels), -1, np.intp)
    winners[enough] = labels[np.arange(len(labels)), first][enough] if labels.shape[1] else -1
    return winners
