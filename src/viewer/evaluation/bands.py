"""How far risk-coverage curves would lie elsewhere if other groups had come: bands from the bootstrap."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.curves import Ranking, RiskCoverage
from viewer.evaluation.weights import Floats

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A risk-coverage curve read at some coverages, with the interval at each of them alone.

    Attributes:
        coverage: float64 (m,), ascending, in (0, 1].
        risk, low, high: Selective risk there, (m,); the ends are NaN without draws.
        generalised, generalised_low, generalised_high: Generalised risk, likewise.
    """

    coverage: Floats
    risk: Floats
    low: Floats
    high: Floats
    generalised: Floats
    generalised_low: Floats
    generalised_high: Floats


def band(ranking: Ranking, units: NDArray[np.intp], bootstrap: Bootstrap, points: int = 100) -> Band:
    """Read a curve at evenly spaced coverages.

    At coverage c stands the highest threshold that accepts at least the share c, as in `risk_at_coverage`.

    Args:
        ranking: Of n rows.
        units: Number of every row's group, from 0 without gaps, (n,).
        bootstrap: How often to draw; one group gives no band.
        points: Most coverages; fewer where there are fewer rows.
    """
    count = min(points, len(units))
    coverage = np.arange(1, count + 1) / count
    risk, generalised = _read(ranking.curve(), coverage)
    drawn: list[tuple[Floats, Floats]] = []
    if units.max() > 0:
        for weights in bootstrap.draw(units):
            curves = ranking.curve(weights)
            drawn += [_read(_one(curves, draw), coverage) for draw in range(len(weights))]
    (low, high), (low_of_all, high_of_all) = (
        _interval([pair[which] for pair in drawn], count, bootstrap.level) for which in (0, 1)
    )
    return Band(
        coverage=coverage,
        risk=risk,
        low=low,
        high=high,
        generalised=generalised,
        generalised_low=low_of_all,
        generalised_high=high_of_all,
    )


def _one(curves: RiskCoverage, draw: int) -> RiskCoverage:
    return RiskCoverage(thresholds=curves.thresholds, accepted=curves.accepted[draw], errors=curves.errors[draw])


def _read(curve: RiskCoverage, coverage: Floats) -> tuple[Floats, Floats]:
    """Selective and generalised risk at each coverage."""
    total = float(curve.accepted[-1])
    places = np.searchsorted(curve.accepted, (coverage - _ROUNDING) * total, side="left")
    accepted, errors = curve.accepted[places], curve.errors[places]
    return errors / np.maximum(accepted, 1), errors / total


def _interval(drawn: list[Floats], count: int, level: float) -> tuple[Floats, Floats]:
    if not drawn:
        return np.full(count, np.nan), np.full(count, np.nan)
    low, high = np.quantile(np.stack(drawn), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high
