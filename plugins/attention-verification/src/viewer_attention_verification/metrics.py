"""How alike two maps are: eight pure functions f(test, reference) of maps (…, h, w), which give (…,).

Leading shapes are broadcast, so that one call compares a frame with every class. Computed in float64, map by map: a
pair's value does not depend, to the last digit, on what is compared beside it.

What holds for all of them:

- Two equal maps are as alike as can be, even where they are constant or zero.
- A map that points nowhere (all its cells the same) has a defined value, never NaN; each function says which.
- `ValueError`: the maps differ in height or width, have no cells or cannot be broadcast, or a cell is no finite
  number. The last three also refuse cells below 0.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, update_wrapper
from typing import Any

import numpy as np
from numpy.typing import NDArray

Maps = NDArray[Any]
"""Numbers (…, h, w), usually in [0, 1]."""

Values = NDArray[np.float64]

THRESHOLD = 0.5
"""Cells above it are looked at, for `iou` and `dice`."""

WINDOW = 7
"""Side of the window of `ssim` in cells."""

K1, K2, DATA_RANGE = 0.01, 0.03, 1.0
"""Constants of `ssim`, as in its paper."""

EPSILON = 1e-8
"""Share added to every cell for `kl_divergence`, so that no cell is impossible."""


class Pair:
    """Test and reference, and what several functions make of both, made once and in one go.

    Attributes:
        maps: float64 (2, n, h, w).
        shape: The leading shape they share, n cells.
    """

    def __init__(self, test: Maps, reference: Maps) -> None:
        """Maps (…, h, w).

        Raises:
            ValueError: They cannot be compared.
        """
        first, second = np.asarray(test), np.asarray(reference)
        if min(first.ndim, second.ndim) < 2 or first.shape[-2:] != second.shape[-2:] or 0 in first.shape[-2:]:
            raise ValueError(f"maps of shapes {first.shape} and {second.shape} cannot be compared")
        if first.shape != second.shape:
            try:
                first, second = np.broadcast_arrays(first, second)
            except ValueError as error:
                raise ValueError(f"maps of shapes {first.shape} and {second.shape} cannot be compared") from error
        self.shape, sides = first.shape[:-2], first.shape[-2:]
        self.maps: Values = np.array((first, second), np.float64).reshape(2, math.prod(self.shape), *sides)
        if not np.isfinite(self.maps).all():
            raise ValueError("maps with cells that are no finite numbers cannot be compared")

    @cached_property
    def rows(self) -> Values:
        """Both as float64 (2, n, h·w)."""
        return _flat(self.maps)

    @cached_property
    def looked_at(self) -> NDArray[np.bool_]:
        """Cells that are looked at, bool (2, n, h·w)."""
        return self.rows > THRESHOLD

    @cached_property
    def unit(self) -> Values:
        """The rows divided by their largest magnitude."""
        return _of_unit_height(self.rows)

    @cached_property
    def shares(self) -> Values:
        """The rows divided by their sum; a row of zeros becomes the same all over.

        Raises:
            ValueError: A cell is below 0.
        """
        if (self.rows < 0).any():
            raise ValueError("maps with cells below 0 cannot be shared out")
        total = self.unit.sum(axis=-1, keepdims=True)
        even = np.full_like(self.unit, 1 / self.unit.shape[-1])
        shares: Values = np.divide(self.unit, total, out=even, where=total > 0)
        return shares


class Function:
    """f(test, reference) of maps (…, h, w), which gives float64 (…,).

    Attributes:
        of: The same of a pair of n maps, which gives (n,).
    """

    def __init__(self, of: Callable[[Pair], Values]) -> None:
        self.of = of
        update_wrapper(self, of)

    def __call__(self, test: Maps, reference: Maps) -> Values:
        """Compare."""
        pair = Pair(test, reference)
        return self.of(pair).reshape(pair.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One way to compare two maps.

    Attributes:
        name: Of its function.
        title: In words for the reader.
        function: f(test, reference) of maps (…, h, w).
        higher_is_alike: Whether larger values mean more alike; else smaller ones do.
        unit: Of its values; empty for a plain number.
    """

    name: str
    title: str
    function: Function
    higher_is_alike: bool
    unit: str = ""


@Function
def iou(pair: Pair) -> Values:
    """Intersection over union of the cells above ½, in [0, 1]; 1 where both have none."""
    looked, usual = pair.looked_at
    return _share((looked & usual).sum(axis=1), (looked | usual).sum(axis=1))


@Function
def dice(pair: Pair) -> Values:
    """Dice's coefficient of the cells above ½, twice the shared ones over all, in [0, 1]; 1 without any.

    Source: Dice, Ecology 26(3), 1945.
    """
    looked, usual = pair.looked_at
    return _share(2 * (looked & usual).sum(axis=1), looked.sum(axis=1) + usual.sum(axis=1))


@Function
def ssim(pair: Pair) -> Values:
    """Structural similarity, the mean over every 7×7 window that lies in the map, in [−1, 1].

    SSIM = (2·μₜμᵣ + C₁)(2·σₜᵣ + C₂) / ((μₜ² + μᵣ² + C₁)(σₜ² + σᵣ² + C₂)), C₁ = .01² and C₂ = .03² for a data range of
    1, equal weights in the window, sample covariance (÷ 48). It is scikit-image's `structural_similarity(test,
    reference, data_range=1)` with its defaults: win_size=7, gaussian_weights=False, use_sample_covariance=True.
    Constant maps have a value by the same formula. Source: Wang et al., IEEE TIP 13(4), 2004.

    Raises:
        ValueError: A side of the maps is shorter than the window, beside what is said above.
    """
    rows, columns = pair.maps.shape[-2:]
    if min(rows, columns) < WINDOW:
        raise ValueError(f"maps of {rows}×{columns} cells are smaller than the window of {WINDOW}×{WINDOW}")
    first, second = pair.maps
    products = np.stack((first * first, second * second, first * second))
    mean_1, mean_2 = _window_means(pair.maps)
    expected = np.stack((mean_1 * mean_1, mean_2 * mean_2, mean_1 * mean_2))
    sample = WINDOW**2 / (WINDOW**2 - 1)
    var_1, var_2, covariance = sample * (_window_means(products) - expected)
    c1, c2 = (K1 * DATA_RANGE) ** 2, (K2 * DATA_RANGE) ** 2
    above = (2 * mean_1 * mean_2 + c1) * (2 * covariance + c2)
    below = (expected[0] + expected[1] + c1) * (var_1 + var_2 + c2)
    value: Values = _flat(above / below).mean(axis=1)
    return value


@Function
def cosine(pair: Pair) -> Values:
    """Cosine of the angle between the maps as vectors, in [−1, 1], and [0, 1] for maps that are nowhere negative.

    A map of zeros has no direction: 0 beside any other, 1 beside another one of zeros.
    """
    return _cosine(pair.unit)


@Function
def pearson(pair: Pair) -> Values:
    """Pearson's correlation over the cells, in [−1, 1].

    A constant map rises and falls with nothing: 0 beside any other, 1 beside another constant one.
    """
    return _cosine(_of_unit_height(_centred(pair.rows)))


@Function
def kl_divergence(pair: Pair) -> Values:
    """Kullback–Leibler divergence KL(test ‖ reference) = Σ p·ln(p/q) in nats, in [0, 18.5).

    p and q are the maps divided by their sum, with 1e-8 added to every cell and divided by their sum again. A map of
    zeros counts as one that is the same all over. Not symmetric: it is large where the test looks at cells that the
    reference leaves out. Source: Kullback & Leibler, Annals of Mathematical Statistics 22, 1951.
    """
    p, q = (pair.shares + EPSILON) / (1 + pair.shares.shape[-1] * EPSILON)
    nats: Values = np.maximum((p * np.log(p / q)).sum(axis=1), 0)
    return nats


@Function
def js_divergence(pair: Pair) -> Values:
    """Jensen–Shannon divergence ½·KL(p ‖ m) + ½·KL(q ‖ m), m = (p + q)/2, in bits, in [0, 1].

    p and q are the maps divided by their sum; a map of zeros counts as one that is the same all over. 1 where no cell
    is shared. The square of SciPy's `jensenshannon(p, q, base=2)`. Source: Lin, IEEE Trans. Inf. Theory 37(1), 1991.
    """
    first, second = _bits_above(pair.shares, pair.shares[0] + pair.shares[1])
    bits: Values = (first + second).clip(0, 1)
    return bits


@Function
def wasserstein(pair: Pair) -> Values:
    """How far attention must be moved, across and down on average, as a part of the map's side, in [0, 1].

    W = ½·(W₁ across + W₁ down): earth mover's distances of the maps' sums over columns and over rows, the whole map
    divided by its sum, with cells of width 1/w and height 1/h. In one dimension W₁ = ∫|F − G| (Vallender, Theory of
    Probability & Its Applications 18, 1974). A map of zeros counts as one that is the same all over. The sums know
    where along each side attention lies, not how the two go together: spots on one diagonal equal spots on the other.
    """
    p, q = pair.shares.reshape(pair.maps.shape)
    down, across = (np.abs((p.sum(axis) - q.sum(axis)).cumsum(axis=1)).mean(axis=1) for axis in (2, 1))
    moved: Values = (down + across) / 2
    return moved.clip(0, 1)


METRICS = (
    Metric(name="iou", title="Overlap of attention (IoU)", function=iou, higher_is_alike=True),
    Metric(name="dice", title="Overlap of attention (Dice)", function=dice, higher_is_alike=True),
    Metric(name="ssim", title="Structure of attention (SSIM)", function=ssim, higher_is_alike=True),
    Metric(name="cosine", title="Likeness of attention (cosine)", function=cosine, higher_is_alike=True),
    Metric(name="pearson", title="Correlation of attention (Pearson)", function=pearson, higher_is_alike=True),
    Metric(
        name="kl_divergence",
        title="Attention where it is unusual (KL)",
        function=kl_divergence,
        higher_is_alike=False,
        unit="nats",
    ),
    Metric(
        name="js_divergence",
        title="Attention shared out otherwise (Jensen–Shannon)",
        function=js_divergence,
        higher_is_alike=False,
        unit="bits",
    ),
    Metric(
        name="wasserstein",
        title="Attention moved aside (Wasserstein)",
        function=wasserstein,
        higher_is_alike=False,
        unit="of the side",
    ),
)
"""All of them, in the order in which they are shown."""


def values_of(metrics: Sequence[Metric], test: Maps, reference: Maps) -> Values:
    """Values of M functions for maps (…, h, w), float64 (…, M): as each for itself, but prepared once for all."""
    pair = Pair(test, reference)
    return np.stack([metric.function.of(pair).reshape(pair.shape) for metric in metrics], axis=-1)


def _flat(maps: Values) -> Values:
    """Maps (…, h, w) as rows (…, h·w)."""
    return maps.reshape(*maps.shape[:-2], maps.shape[-2] * maps.shape[-1])


def _share(part: NDArray[np.integer], whole: NDArray[np.integer]) -> Values:
    """The part over the whole; 1 where the whole is 0."""
    share: Values = np.divide(part, whole, out=np.ones(len(whole)), where=whole > 0)
    return share


def _cosine(pairs: Values) -> Values:
    """Cosine of n pairs of rows (2, n, cells) of unit height: 0 where one is zero, 1 where both are."""
    first, second = pairs
    squares_1, squares_2 = (pairs * pairs).sum(axis=-1)
    lengths = np.sqrt(squares_1 * squares_2)
    alike = np.where(pairs.any(axis=(0, 2)), 0.0, 1.0)
    value: Values = np.divide((first * second).sum(axis=1), lengths, out=alike, where=lengths > 0)
    return value.clip(-1, 1)


def _centred(rows: Values) -> Values:
    """Rows (…, cells) minus their mean; constant ones exactly zero."""
    varies = rows.max(axis=-1, keepdims=True) > rows.min(axis=-1, keepdims=True)
    return np.where(varies, rows - rows.mean(axis=-1, keepdims=True), 0.0)


def _of_unit_height(rows: Values) -> Values:
    """Rows (…, cells) divided by their largest magnitude, so that no square of theirs vanishes; zero ones stay."""
    top = np.abs(rows).max(axis=-1, keepdims=True)
    unit: Values = np.divide(rows, top, out=np.zeros_like(rows), where=top > 0)
    return unit


def _bits_above(shares: Values, both: Values) -> Values:
    """½·KL(p ‖ m) in bits for shares p (…, n, cells) and both = 2·m, (…, n)."""
    ratio = np.divide(2 * shares, both, out=np.ones_like(shares), where=shares > 0)
    bits: Values = (shares * np.log2(ratio)).sum(axis=-1) / 2
    return bits


def _window_means(maps: Values) -> Values:
    """Mean of every window that lies in the maps (…, h, w): (…, h − 6, w − 6)."""
    means: Values = _windows(maps.shape[-2]) @ maps @ _windows(maps.shape[-1]).T
    return means


@cache
def _windows(cells: int) -> Values:
    """Matrix (cells − 6, cells) that averages `WINDOW` neighbours along one axis."""
    places = np.arange(cells - WINDOW + 1)[:, None]
    within = (np.arange(cells) >= places) & (np.arange(cells) < places + WINDOW)
    return within / WINDOW
