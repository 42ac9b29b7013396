"""Figures of the answers alone; all but the confusion matrix are functions of it.

A confusion matrix is float64 (…, K, K): counts, row = true class, column = answer.
"""

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.weights import Floats, once, ratio, tally


def confusion_matrix(
    true: NDArray[np.intp], answer: NDArray[np.intp], classes: int, weights: Floats | None = None
) -> Floats:
    """Count every pair of a true class and an answer.

    Args:
        true: Index of the true class, 0 ≤ index < classes, (n,).
        answer: Index of the answered class, (n,).
        classes: Number of classes K.
        weights: How often each row counts, (…, n); None counts each once.

    Returns:
        (…, K, K).
    """
    weights = once(len(true)) if weights is None else weights
    counts = tally(weights, true * classes + answer, classes * classes)
    return counts.reshape(*weights.shape[:-1], classes, classes)


def support(confusion: Floats) -> Floats:
    """Number of rows of each true class, (…, K)."""
    counts: Floats = confusion.sum(axis=-1)
    return counts


def accuracy(confusion: Floats) -> Floats:
    """Share of right answers, (…)."""
    return ratio(_hits(confusion).sum(axis=-1), confusion.sum(axis=(-2, -1)))


def recall(confusion: Floats) -> Floats:
    """Share of each true class that is recognised, (…, K); NaN for a class without rows."""
    return ratio(_hits(confusion), support(confusion))


def precision(confusion: Floats) -> Floats:
    """Share of right answers among the answers of each class, (…, K); NaN for a class never answered."""
    return ratio(_hits(confusion), confusion.sum(axis=-2))


def f1(confusion: Floats) -> Floats:
    """2·hits ÷ (rows of the class + answers of the class), (…, K); NaN for a class neither true nor answered."""
    return ratio(2 * _hits(confusion), support(confusion) + confusion.sum(axis=-2))


def mean_recall(confusion: Floats) -> Floats:
    """Balanced accuracy: mean recall over the classes that have rows, (…)."""
    present = support(confusion) > 0
    return ratio(np.where(present, recall(confusion), 0).sum(axis=-1), present.sum(axis=-1).astype(np.float64))


def macro(values: Floats, confusion: Floats) -> Floats:
    """Mean of a figure of the classes, over those that are true or answered at all, (…).

    An undefined value counts as 0, as in scikit-learn with `zero_division=0`; `mean_recall` leaves it out instead.

    Args:
        values: Of every class, (…, K).
        confusion: (…, K, K).
    """
    seen = support(confusion) + confusion.sum(axis=-2) > 0
    return ratio(np.where(seen, np.nan_to_num(values), 0).sum(axis=-1), seen.sum(axis=-1).astype(np.float64))


def weighted(values: Floats, confusion: Floats) -> Floats:
    """Mean of a figure of the classes, each counting as often as it is true, (…); args as for `macro`."""
    rows = support(confusion)
    return ratio((np.nan_to_num(values) * rows).sum(axis=-1), rows.sum(axis=-1))


def kappa(confusion: Floats) -> Floats:
    """Cohen's κ: agreement beyond chance, (pₒ − pₑ) ÷ (1 − pₑ), (…); NaN where chance alone agrees always."""
    total = confusion.sum(axis=(-2, -1))
    chance = ratio((support(confusion) * confusion.sum(axis=-2)).sum(axis=-1), total**2)
    return ratio(accuracy(confusion) - chance, 1 - chance)


def _hits(confusion: Floats) -> Floats:
    hits: Floats = np.diagonal(confusion, axis1=-2, axis2=-1)
    return hits
