"""How far a feature vector lies from those of calibration images; pure functions over batches (B, D)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.api import halved

Features = NDArray[np.float32]
Stored = NDArray[np.float16] | NDArray[np.float32]
"""What a bundle keeps, see `halved`."""

DIMENSIONS = 48
"""Directions kept of the features; what lies outside them is summed up in one number."""

NEIGHBOURS = 10
MOST_REFERENCES = 1024


class Neighbours(NamedTuple):
    """Reference directions in a reduced space.

    Attributes:
        basis: (D, d), orthonormal.
        references: (n, d), unit feature vectors on that basis.
    """

    basis: Stored
    references: Stored


def fit_neighbours(features: Features) -> Neighbours:
    """Unit vectors of at most 1024 of the features (n, D), in the directions that hold most of them."""
    unit = unit_vectors(features[:: -(-len(features) // MOST_REFERENCES)])
    _, _, directions = np.linalg.svd(unit, full_matrices=False)
    basis = directions[:DIMENSIONS].T
    return Neighbours(basis=halved(basis), references=halved(unit @ basis))


def neighbour_distance(features: Features, neighbours: Neighbours) -> NDArray[np.float64]:
    """Mean cosine distance 1 − cos to the 10 nearest references, [0, 2], (B,).

    A part of the feature vector outside the basis lowers every cosine, as it should. Source of the idea: Sun et al.,
    ICML 2022, arXiv:2204.06507.
    """
    along = unit_vectors(features) @ neighbours.basis.astype(np.float32)
    cosines = along @ neighbours.references.astype(np.float32).T
    nearest = -np.partition(-cosines, min(NEIGHBOURS, cosines.shape[1]) - 1, axis=1)[:, :NEIGHBOURS]
    distance: NDArray[np.float64] = 1 - nearest.mean(axis=1, dtype=np.float64)
    return distance


def unit_vectors(features: Features) -> Features:
    """Rows (B, D) divided by their length; zero rows stay zero."""
    length = np.sqrt((features**2).sum(axis=1, keepdims=True))
    unit: Features = features / np.maximum(length, np.float32(1e-12))
    return unit
