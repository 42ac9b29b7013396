"""Intervals by drawing whole groups with replacement, for many figures at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.weights import Floats, once

Name = tuple[str, ...]
"""Name of a figure as a path: ("trust", "trust_softmax", "aurc")."""

Measure = Callable[[Floats], Mapping[Name, Floats]]
"""Figures under weights (draws, n), each (draws,); always the same names."""

_CELLS = 1_000_000
"""Draws × rows worked on at a time: bounds memory to some tens of megabytes."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval; NaN where it is undefined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """How intervals are made.

    Attributes:
        draws: Number of draws; 0 for no intervals.
        seed: The same seed gives the same intervals.
        level: Probability the interval covers.
    """

    draws: int = 1000
    seed: int = 0
    level: float = 0.95

    def draw(self, groups: NDArray[np.intp]) -> Iterator[Floats]:
        """Yield weights in pieces, (some draws, n), `draws` in all.

        Args:
            groups: Number of every row's group, from 0 without gaps, (n,).
        """
        rng = np.random.default_rng(self.seed)
        count = int(groups.max()) + 1
        at_a_time = max(1, _CELLS // len(groups))
        for start in range(0, self.draws, at_a_time):
            draws = min(at_a_time, self.draws - start)
            chosen = rng.integers(0, count, (draws, count)) + count * np.arange(draws)[:, None]
            times = np.bincount(chosen.ravel(), minlength=draws * count).reshape(draws, count)
            yield times.astype(np.float64)[:, groups]


def estimate(measure: Measure, groups: NDArray[np.intp], bootstrap: Bootstrap) -> dict[Name, Figure]:
    """Compute figures and their percentile intervals.

    Args:
        measure: What to compute. Draws where a figure is NaN are left out of its interval.
        groups: Number of every row's group, from 0 without gaps, (n,).
        bootstrap: How often to draw.

    Returns:
        Every figure; its interval is NaN where the figure itself or every draw is, where nothing is drawn, and
        where there is only one group, since one group says nothing about the spread between groups.
    """
    values = {name: float(value[0]) for name, value in measure(once(len(groups))[None]).items()}
    drawn: dict[Name, list[Floats]] = {name: [] for name in values}
    if groups.max() > 0:
        for weights in bootstrap.draw(groups):
            for name, value in measure(weights).items():
                drawn[name].append(value)
    return {name: _figure(value, drawn[name], bootstrap.level) for name, value in values.items()}


def _figure(value: float, drawn: list[Floats], level: float) -> Figure:
    draws = np.concatenate(drawn) if drawn else np.empty(0)
    finite = draws[np.isfinite(draws)]
    if not finite.size or np.isnan(value):
        return Figure(value, float("nan"), float("nan"))
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return Figure(value, float(low), float(high))
