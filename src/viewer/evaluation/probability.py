"""Are probabilities true to their word? Both figures judge the probabilities alone, whatever the final answer is."""

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.weights import Floats, once, ratio, tally

BINS = 15


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
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == true
    edges = np.linspace(0, 1, bins + 1)
    bin_of = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
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
