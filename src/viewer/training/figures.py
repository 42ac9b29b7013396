"""The figures of a bundle's card, measured on the certify groups and on nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.metrics import Statistic, auroc, balanced_accuracy, group_interval, recalls
from viewer.training.fitting import Trusts

SEED = 20240501
"""Of the bootstrap: the same predictions always give the same intervals."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval from a bootstrap over groups; NaN where it is undefined."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Like `.742 (.690–.790)`, or `undefined`."""
        if np.isnan(self.value):
            return "undefined"
        return f"{_short(self.value)} ({_short(self.low)}–{_short(self.high)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the shipped weights do on groups that nothing was fitted on.

    Attributes:
        pictures, groups: How many there are.
        accuracy, balanced_accuracy: Of the most probable class.
        recalls: Of every class, in the bundle's order.
        supports: Pictures of every class.
        aurocs: By scorer name: how well its trust separates right from wrong answers (AUROC_f).
        abstained: By scorer name, pictures without a trust, which its AUROC_f leaves out.
    """

    pictures: int
    groups: int
    accuracy: Figure
    balanced_accuracy: Figure
    recalls: tuple[Figure, ...]
    supports: tuple[int, ...]
    aurocs: dict[str, Figure]
    abstained: dict[str, int]


def measure(
    labels: NDArray[np.intp], predicted: NDArray[np.intp], groups: NDArray[np.str_], trusts: Trusts, classes: int
) -> Figures:
    """Compute all figures.

    Args:
        labels: True class, int (n,).
        predicted: Most probable class, int (n,).
        groups: str (n,).
        trusts: By scorer name, float64 (n,), NaN where there is none.
        classes: Number of classes K.
    """
    correct = labels == predicted

    def figure(statistic: Statistic) -> Figure:
        value = statistic(np.arange(len(labels)))
        return Figure(value, *group_interval(statistic, groups, seed=SEED))

    def recall_of(k: int) -> Statistic:
        return lambda rows: float(recalls(labels[rows], predicted[rows], classes)[k])

    return Figures(
        pictures=len(labels),
        groups=len(set(groups)),
        accuracy=figure(lambda rows: float(correct[rows].mean())),
        balanced_accuracy=figure(lambda rows: balanced_accuracy(labels[rows], predicted[rows], classes)),
        recalls=tuple(figure(recall_of(k)) for k in range(classes)),
        supports=tuple(int(count) for count in np.bincount(labels, minlength=classes)),
        aurocs={name: figure(_auroc_of(values, correct)) for name, values in trusts.items()},
        abstained={name: int(np.isnan(values).sum()) for name, values in trusts.items()},
    )


def _auroc_of(trust: NDArray[np.float64], correct: NDArray[np.bool_]) -> Callable[[NDArray[np.intp]], float]:
    def statistic(rows: NDArray[np.intp]) -> float:
        scored = rows[np.isfinite(trust[rows])]
        return auroc(trust[scored], correct[scored])

    return statistic


def _short(value: float) -> str:
    """Three decimals without the leading zero, as the field writes shares."""
    return f"{value:.3f}".removeprefix("0") if value < 1 else "1.000"
