"""Gaussians of a few numbers, for features with many: shrunk, and how far a feature vector lies from them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]
Stored = NDArray[np.float16] | NDArray[np.float32]
"""What a bundle keeps; float16 halves it and moves distances by less than a thousandth."""

DIMENSIONS = 48
"""Directions kept of the features; what lies outside them is summed up in one number."""

LEAST_VARIANCE = 1e-6
"""Floor in units of a feature's own spread, for features that never vary."""


class Gaussians(NamedTuple):
    """Gaussians with one covariance, low-rank plus isotropic, in units of each feature's own spread.

    Attributes:
        means: (K', D), one for each class there is.
        scale: (D,), spread of each feature.
        basis: (D, d), orthonormal.
        variances: (d,), along the basis.
        rest: (1,), variance in every other direction.
    """

    means: Stored
    scale: Features
    basis: Stored
    variances: Features
    rest: Features


def fit_gaussians(features: Features, labels: NDArray[np.intp]) -> Gaussians:
    """Class means and the shrunk covariance they share.

    The eigenvalues λ are shrunk linearly to their mean: (1 − r)·λ + r·mean(λ), after Ledoit & Wolf, J. Multivariate
    Analysis 88, 2004; the smallest are replaced by their mean, so that `DIMENSIONS` directions suffice.

    Args:
        features: (n, D).
        labels: (n,); all equal for a single Gaussian.
    """
    present, member = np.unique(labels, return_inverse=True)
    means = np.stack([features[member == index].mean(axis=0) for index in range(len(present))])
    spread = features.std(axis=0)
    scale = np.maximum(spread, 0.1 * np.median(spread) + 1e-6)
    centred = (features - means[member]) / scale
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    eigenvalues = singular.astype(np.float64) ** 2 / len(features)
    mean = eigenvalues.sum() / features.shape[1]
    r = shrinkage(centred, eigenvalues)
    kept = min(DIMENSIONS, len(eigenvalues))
    left = features.shape[1] - kept
    rest = (1 - r) * eigenvalues[kept:].sum() / max(left, 1) + r * mean
    return Gaussians(
        means=halved(means),
        scale=scale,
        basis=halved(directions[:kept].T),
        variances=np.maximum((1 - r) * eigenvalues[:kept] + r * mean, LEAST_VARIANCE).astype(np.float32),
        rest=np.array([max(rest, 1e-3 * mean, LEAST_VARIANCE)], np.float32),
    )


def shrinkage(centred: NDArray[np.floating], eigenvalues: NDArray[np.float64]) -> float:
    """Ledoit & Wolf's r in [0, 1] for centred data (n, D) and the eigenvalues of their covariance (1/n)·XᵀX."""
    count, width = centred.shape
    mean = eigenvalues.sum() / width
    distance = (eigenvalues**2).sum() / width - mean**2
    noise = (((centred**2).sum(axis=1) ** 2).mean() - (eigenvalues**2).sum()) / (width * count)
    return float(np.clip(noise / distance, 0, 1)) if distance > 0 else 1.0


def mahalanobis(features: Features, gaussians: Gaussians) -> NDArray[np.float64]:
    """Distance to the nearest mean, √ of (x − μ)ᵀ Σ⁻¹ (x − μ) per dimension, (B,).

    Source: Lee et al., NeurIPS 2018, arXiv:1807.03888; divided by √D, so that it is about 1 for the images it was
    fitted on.
    """
    centred = (features[:, None] - gaussians.means.astype(np.float32)) / gaussians.scale
    along = centred @ gaussians.basis.astype(np.float32)
    inside = (along**2 / gaussians.variances).sum(axis=-1)
    outside = np.maximum((centred**2).sum(axis=-1) - (along**2).sum(axis=-1), 0) / gaussians.rest
    nearest: NDArray[np.float64] = np.sqrt((inside + outside).min(axis=-1) / features.shape[1], dtype=np.float64)
    return nearest


def halved(values: Features) -> Stored:
    """As float16, where that can hold the values."""
    if np.abs(values).max(initial=0) > np.finfo(np.float16).max:
        return values.astype(np.float32)
    return values.astype(np.float16)
