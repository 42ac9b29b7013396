"""Whether pictures differ from those of a calibration in any of several metrics: a permutation test over groups.

Pictures are compared with pictures that got the same answer: a folder of one diagnosis, or of hard cases, is no shift
as long as pictures with an answer look like those the calibration has with that answer. Groups (patients, else
lesions) are permuted as wholes, within their answer, so that frames of a patient need not be independent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.conformal import group_weights

DRAWS = 1999
"""Permutations; the smallest p is 1 / 2000."""

SEED = 20240501
"""The same pictures always get the same p."""

FEWEST_OF_AN_ANSWER = 5
"""Calibration groups with an answer below which it is compared together with the next rarest answers."""

Values = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pictures:
    """n pictures and what was measured of each.

    Attributes:
        values: float64 (n, M), by metric; higher is more usual, NaN where it has no value.
        answers: int (n,), class of each.
        groups: int (n,), number 0 … G−1 of each picture's group; no number is left out.
    """

    values: Values
    answers: Indices
    groups: Indices

    @property
    def group_count(self) -> int:
        """Number of groups G."""
        return int(self.groups.max()) + 1 if len(self.groups) else 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shift:
    """How pictures differ from those of the calibration.

    Attributes:
        effects: float64 (M,), in [0, 1]: of all pairs of a picture here and one of the calibration with the same
            answer, the share in which the one here is less usual; .5 where they are alike, NaN where nothing can be
            compared. Groups weigh alike.
        p_values: float64 (M,), two-sided, of each metric alone.
        p_value: Of all metrics together.
    """

    effects: Values
    p_values: Values
    p_value: float


def shift_of(here: Pictures, calibration: Pictures) -> Shift:
    """Compare pictures with those of a calibration.

    The statistic of a metric is, per answer, the mean of the scaled midranks of the calibration's groups minus that
    of the groups here, averaged over the answers as often as they are given here (van Elteren's test, Bull. Inst.
    Int. Stat. 37, 1960, with equal say for the groups here). Together the metrics are judged by the largest statistic
    in units of its standard deviation over the permutations (Westfall & Young, Resampling-Based Multiple Testing,
    1993): that p holds for as many metrics as there are, however they depend on each other.

    Args:
        here: At least one picture.
        calibration: At least one picture, of other groups.
    """
    layers = _layers(here, calibration)
    null_parts, effects = [], []
    random = np.random.default_rng(SEED)
    for layer in layers:
        null_parts.append(_permuted(layer, random))
        effects.append(_effects(layer))
    shares = np.array([layer.share for layer in layers])
    effect = _averaged(np.stack(effects)[:, None], shares)[0]
    statistics = np.nan_to_num(_averaged(np.stack(null_parts), shares))
    observed, null = statistics[0], statistics[1:]
    spread = np.sqrt((null**2).mean(axis=0))
    compared = np.isfinite(effect) & (spread > 0)
    scaled = np.abs(statistics) / np.where(spread > 0, spread, 1.0)
    scaled = np.where(compared, scaled, 0.0)
    p_values = np.where(compared, _p(np.abs(observed), np.abs(null)), np.nan)
    return Shift(
        effects=effect,
        p_values=p_values,
        p_value=float(_p(scaled[0].max(initial=0.0), scaled[1:].max(axis=1, initial=0.0))),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Pictures with one answer, or with one of several rare ones.

    Attributes:
        here, calibration: Those pictures; groups are numbered from 0 in each.
        share: Of the groups here.
    """

    here: Pictures
    calibration: Pictures
    share: float


def _layers(here: Pictures, calibration: Pictures) -> list[_Layer]:
    """Divide groups by their most frequent answer; rare ones of the calibration are put together."""
    classes = int(max(here.answers.max(), calibration.answers.max())) + 1
    answers, known = _answer_of_groups(here, classes), _answer_of_groups(calibration, classes)
    counts = np.bincount(known, minlength=classes)
    rare: list[int] = []
    for answer in np.argsort(counts, kind="stable"):
        if counts[answer] >= FEWEST_OF_AN_ANSWER and (not rare or counts[rare].sum() >= FEWEST_OF_AN_ANSWER):
            break
        rare.append(int(answer))
    parts = [rare, *([answer] for answer in range(classes) if answer not in rare)]
    chosen = [(np.isin(answers, part), np.isin(known, part)) for part in parts]
    return [
        _Layer(_of_groups(here, mine), _of_groups(calibration, theirs), float(mine.mean()))
        for mine, theirs in chosen
        if mine.any() and theirs.any()
    ]


def _answer_of_groups(pictures: Pictures, classes: int) -> Indices:
    """The most frequent answer of every group, int (G,)."""
    counts = np.zeros((pictures.group_count, classes), np.intp)
    np.add.at(counts, (pictures.groups, pictures.answers), 1)
    most: Indices = counts.argmax(axis=1)
    return most


def _of_groups(pictures: Pictures, groups: NDArray[np.bool_]) -> Pictures:
    rows = groups[pictures.groups]
    numbers = np.unique(pictures.groups[rows], return_inverse=True)[1]
    return Pictures(values=pictures.values[rows], answers=pictures.answers[rows], groups=numbers)


def _permuted(layer: _Layer, random: np.random.Generator) -> Values:
    """Differences of mean midranks, the real one first and then those of permutations, float64 (1 + DRAWS, M)."""
    ranks = _midranks(np.concatenate([layer.here.values, layer.calibration.values]))
    mine, total = layer.here.group_count, layer.here.group_count + layer.calibration.group_count
    scores = _group_means(ranks, np.concatenate([layer.here.groups, layer.calibration.groups + mine]), total)
    places = random.permuted(np.tile(np.arange(total), (DRAWS, 1)), axis=1)
    chosen = np.concatenate([np.arange(total)[None] < mine, places < mine]).astype(np.float64)
    known = np.isfinite(scores).astype(np.float64)
    filled = np.nan_to_num(scores)
    with np.errstate(invalid="ignore"):
        here = (chosen @ filled) / (chosen @ known)
        others = ((1 - chosen) @ filled) / ((1 - chosen) @ known)
    difference: Values = others - here
    return difference


def _midranks(values: Values) -> Values:
    """Midranks of every column, scaled to (0, 1]; NaN stays."""
    ranks = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        known = np.isfinite(values[:, column])
        ascending = np.sort(values[known, column])
        below = np.searchsorted(ascending, values[known, column], side="left")
        up_to = np.searchsorted(ascending, values[known, column], side="right")
        ranks[known, column] = (below + up_to + 1) / 2 / max(len(ascending), 1)
    return ranks


def _group_means(rows: Values, groups: Indices, count: int) -> Values:
    """Mean of the finite values of every group, NaN where it has none, float64 (count, M)."""
    known = np.isfinite(rows)
    sums, sizes = np.zeros((2, count, rows.shape[1]))
    np.add.at(sums, groups, np.where(known, rows, 0.0))
    np.add.at(sizes, groups, known)
    means: Values = np.divide(sums, sizes, out=np.full(sums.shape, np.nan), where=sizes > 0)
    return means


def _effects(layer: _Layer) -> Values:
    """P(here < calibration) + P(equal)/2 of every metric, float64 (M,)."""
    mine, theirs = layer.here, layer.calibration
    weights_here, weights_there = group_weights(mine.groups), group_weights(theirs.groups)
    effects = np.full(mine.values.shape[1], np.nan)
    for column in range(len(effects)):
        a, b = mine.values[:, column], theirs.values[:, column]
        known_a, known_b = np.isfinite(a), np.isfinite(b)
        if known_a.any() and known_b.any():
            order = np.argsort(b[known_b], kind="stable")
            ascending = b[known_b][order]
            above = np.append(np.cumsum(weights_there[known_b][order][::-1])[::-1], 0.0)
            places = [np.searchsorted(ascending, a[known_a], side=side) for side in ("left", "right")]
            larger = (above[places[0]] + above[places[1]]) / 2 / above[0]
            effects[column] = np.average(larger, weights=weights_here[known_a])
    return effects


def _averaged(parts: Values, shares: Values) -> Values:
    """Average over layers (L, D, M) by their shares (L,); a layer without a value takes no part, float64 (D, M)."""
    known = np.isfinite(parts)
    weights = shares[:, None, None] * known
    total = weights.sum(axis=0)
    sums = (np.where(known, parts, 0.0) * weights).sum(axis=0)
    averages: Values = np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0)
    return averages


def _p(observed: Values | float, null: Values) -> Values:
    """(1 + draws that are at least as large) / (1 + draws); a hair below counts as equal."""
    p: Values = (1 + (null >= np.asarray(observed) - _ROUNDING).sum(axis=0)) / (1 + len(null))
    return p


_ROUNDING = 1e-12
