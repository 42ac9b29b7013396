"""Are probabilities true to their word? Every figure judges the probabilities alone, whatever the final answer is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.weights import Floats, once, ratio, tally

BINS = 15

SMALLEST = 1e-7
"""Smaller probabilities count as this one in the loss: tables round, and one 0 would make it infinite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Rows by confidence, in bins of equal width.

    Attributes:
        edges: float64 (bins + 1,), from 0 to 1.
        rows: Number in each bin, float64 (bins,).
        confidence: Mean confidence of each bin; NaN for an empty one.
        right: Share of right answers in each bin; NaN likewise.
    """

    edges: Floats
    rows: Floats
    confidence: Floats
    right: Floats


def reliability(probabilities: Floats, true: NDArray[np.intp], bins: int = BINS) -> Reliability:
    """What `calibration_error` adds up; args are its own."""
    confidence, right, bin_of = _binned(probabilities, true, bins)
    rows, confident, correct = (
        tally(weights, bin_of, bins) for weights in (once(len(true)), confidence, right.astype(np.float64))
    )
    return Reliability(
        edges=np.linspace(0, 1, bins + 1), rows=rows, confidence=ratio(confident, rows), right=ratio(correct, rows)
    )


def calibration_error(
    probabilities: Floats, true: NDArray[np.intp], weights: Floats | None = None, bins: int = BINS
) -> Floats:
    """Expected calibration error of the top class (top-label confidence; Guo et al. 2017).

    Confidence is the largest probability of a row; its answer, the first class that has it, is right or wrong. Rows
    fall into bins of equal width, ((i−1)/bins, i/bins]. ECE is the sum over the bins of the share of the rows times
    |share right − mean confidence|.

    Args:
        probabilities: (n, K), rows sum to 1.
        true: Index of the true class, (n,).
        weights: How often each row counts, (…, n); None counts each once.
        bins: Number of bins.

    Returns:
        In [0, 1], (…).
    """
    weights = once(len(true)) if weights is None else weights
    confidence, right, bin_of = _binned(probabilities, true, bins)
    gaps = tally(weights * (right - confidence), bin_of, bins)
    return ratio(np.abs(gaps).sum(axis=-1), weights.sum(axis=-1))


def brier(probabilities: Floats, true: NDArray[np.intp], weights: Floats | None = None) -> Floats:
    """Brier score: mean over the rows of Σₖ (pₖ − yₖ)², y being 1 for the true class and 0 else; in [0, 2], (…).

    Args and shapes are those of `calibration_error`.
    """
    weights = once(len(true)) if weights is None else weights
    truth = np.eye(probabilities.shape[1])[true]
    losses = ((probabilities - truth) ** 2).sum(axis=1)
    return ratio(weights @ losses, weights.sum(axis=-1))


def loss(probabilities: Floats, true: NDArray[np.intp], weights: Floats | None = None) -> Floats:
    """Negative log-likelihood in nats: mean over the rows of −ln p(true class), (…).

    Args and shapes are those of `calibration_error`; a probability below `SMALLEST` counts as `SMALLEST`.
    """
    weights = once(len(true)) if weights is None else weights
    losses = -np.log(np.maximum(probabilities[np.arange(len(true)), true], SMALLEST))
    return ratio(weights @ losses, weights.sum(axis=-1))


def _binned(
    probabilities: Floats, true: NDArray[np.intp], bins: int
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.intp]]:
    """Confidence of every row, whether its most probable class is right, and its bin."""
    confidence: Floats = probabilities.max(axis=1)
    right: NDArray[np.bool_] = probabilities.argmax(axis=1) == true
    edges = np.linspace(0, 1, bins + 1)
    return confidence, right, np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
