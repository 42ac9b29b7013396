"""What is rejected of proper pictures and of garbage, by the garbage output, by distances, and by all together."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.suitability import Suitability
from viewer.evaluation.conformal import Conformal, group_weights
from viewer.evaluation.metrics import group_interval
from viewer.training.figures import SEED, Figure

SHARE = 0.05
"""Of the proper pictures of the fit groups, what a threshold may reject."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strange:
    """What is known of n pictures.

    Attributes:
        odds: Log-odds of the garbage output, float64 (n,).
        judged: Suitability and fingerprint of each.
        groups: Whose each is, or was drawn from, str (n,).
    """

    odds: Values
    judged: Sequence[Suitability]
    groups: NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """What is rejected of some pictures.

    Attributes:
        family: Name; `""` for proper pictures.
        title: In words.
        trained: Whether the network was shown such pictures as garbage.
        pictures: How many were tried.
        alone: Share that the garbage output rejects.
        gate: Share that suitability and fingerprint reject; undefined where these cannot tell.
        together: Share that all of them reject together; likewise.
    """

    family: str
    title: str
    trained: bool
    pictures: int
    alone: Figure
    gate: Figure
    together: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class GarbageReport:
    """What was rejected of proper pictures and of every family, all of groups that nothing was fitted on.

    Attributes:
        threshold: Probability of the garbage output above which a picture is rejected.
        proper: Proper pictures.
        families: Garbage.
    """

    threshold: float
    proper: Rejection
    families: tuple[Rejection, ...]

    def write(self, path: Path) -> None:
        """One row for proper pictures and each family, as CSV; an empty cell is undefined."""
        columns = ("alone", "gate", "together")
        with path.open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream, lineterminator="\n")
            table.writerow(["family", "trained", "pictures", *columns])
            for row in (self.proper, *self.families):
                shares = [getattr(row, column).value for column in columns]
                cells = ["" if np.isnan(share) else f"{share:.4f}" for share in shares]
                table.writerow([row.family or "proper", int(row.trained), row.pictures, *cells])


class Thresholds:
    """How strange pictures are beside the proper ones of the fit groups, and what `SHARE` of these exceed.

    Attributes:
        odds: Log-odds of garbage that so many exceed.

    Args:
        fit: Proper pictures of the fit groups, each judged by the gate of the other groups.
    """

    def __init__(self, fit: Strange) -> None:
        self._known, self._groups = fit.odds, np.unique(fit.groups, return_inverse=True)[1]
        own = np.empty(len(self._known))
        for group in np.unique(self._groups):
            mine = self._groups == group
            own[mine] = self._p_values(~mine)(self._known[mine])
        gate = _smallest(fit.judged)
        self.odds = _exceeded(self._known)
        self._gate, self._together = _exceeded(-gate), _exceeded(-np.minimum(own, gate))

    def rejection(self, pictures: Strange, *, family: str = "", title: str, trained: bool = False) -> Rejection:
        """What the thresholds reject of these."""
        gate = _smallest(pictures.judged)
        p = self._p_values(np.ones(len(self._known), np.bool_))(pictures.odds)
        return Rejection(
            family=family,
            title=title,
            trained=trained,
            pictures=len(pictures.odds),
            alone=_share(pictures.odds, self.odds, pictures.groups),
            gate=_share(-gate, self._gate, pictures.groups),
            together=_share(-np.minimum(p, gate), self._together, pictures.groups),
        )

    def _p_values(self, others: NDArray[np.bool_]) -> Conformal:
        numbers = np.unique(self._groups[others], return_inverse=True)[1]
        return Conformal(self._known[others], group_weights(numbers))


def _smallest(judged: Sequence[Suitability]) -> Values:
    """The smaller one of both p-values; NaN where one is not known."""
    smallest: Values = np.array([[one.suitability, one.fingerprint] for one in judged], np.float64).min(axis=1)
    return smallest


def _exceeded(values: Values) -> float:
    """What at most `SHARE` of the values exceed; NaN where one of them is not known."""
    return float(np.quantile(values, 1 - SHARE, method="higher"))


def _share(values: Values, threshold: float, groups: NDArray[np.str_]) -> Figure:
    if np.isnan(threshold) or np.isnan(values).any():
        return Figure(np.nan, np.nan, np.nan)
    rejected = values > threshold
    interval = group_interval(lambda rows: float(rejected[rows].mean()), groups, seed=SEED)
    return Figure(float(rejected.mean()), *interval)
