"""The figures of a bundle's card, one number at a time; many at once, with their intervals, come from `figures`."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.classification import confusion_matrix, mean_recall, recall
from viewer.evaluation.curves import failure_auroc, rank

Statistic = Callable[[NDArray[np.intp]], float]
"""A figure computed from the samples with these indices (repeats allowed)."""


def recalls(labels: NDArray[np.intp], predicted: NDArray[np.intp], classes: int) -> NDArray[np.float64]:
    """Share of each class's samples that are recognised, float64 (K,); NaN for a class without samples."""
    return recall(confusion_matrix(labels, predicted, classes))


def balanced_accuracy(labels: NDArray[np.intp], predicted: NDArray[np.intp], classes: int) -> float:
    """Mean recall over the classes that have samples; NaN without samples."""
    return float(mean_recall(confusion_matrix(labels, predicted, classes)))


def auroc(trust: NDArray[np.floating], correct: NDArray[np.bool_]) -> float:
    """Probability that a correct answer has higher trust than a wrong one, ties count half (AUROC_f).

    Returns:
        In [0, 1]; NaN when every answer is correct or every answer is wrong.
    """
    if not len(trust):
        return float("nan")
    return float(failure_auroc(rank(trust, ~correct).curve()))


def group_interval(
    statistic: Statistic,
    groups: Sequence[str] | NDArray[np.str_],
    *,
    seed: int,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[float, float]:
    """Percentile interval of `statistic` when whole groups are drawn with replacement.

    Args:
        statistic: Called with the indices of the drawn samples; draws where it is NaN are left out.
        groups: Group of every sample.
        seed: The same seed gives the same interval.
        draws: Number of bootstrap draws.
        level: Probability the interval covers.

    Returns:
        Lower and upper end; NaN where no draw had a value.
    """
    _, numbers = np.unique(np.asarray(groups), return_inverse=True)
    members = [np.flatnonzero(numbers == g) for g in range(numbers.max() + 1)]
    rng = np.random.default_rng(seed)
    values = np.empty(draws)
    for draw in range(draws):
        chosen = rng.integers(0, len(members), len(members))
        values[draw] = statistic(np.concatenate([members[g] for g in chosen]))
    finite = values[np.isfinite(values)]
    if not len(finite):
        return float("nan"), float("nan")
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
