"""Temperature scaling: one number that makes probabilities honest without changing any answer."""

import numpy as np
from numpy.typing import NDArray

from viewer.domain.evidence import softmax

LIMITS = (0.05, 20.0)
"""Temperatures outside these are not believed: logits that are always right would ask for 0."""


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.intp]) -> float:
    """Temperature T that minimises the mean negative log-likelihood of softmax(logits / T).

    The likelihood is log-concave in 1/T, so its slope mean(Σ_k p_k·z_k − z_y) changes sign once and bisection
    finds it (Guo et al. 2017, "On calibration of modern neural networks").

    Args:
        logits: (n, K), of samples the weights were not trained on.
        labels: int (n,), true class.

    Returns:
        T within `LIMITS`.
    """
    low, high = LIMITS
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        if _slope(logits, labels, middle) > 0:  # too sure of itself: cool down, i.e. raise T
            low = middle
        else:
            high = middle
    return float(np.sqrt(low * high))


def negative_log_likelihood(logits: NDArray[np.floating], labels: NDArray[np.intp], temperature: float) -> float:
    """Mean −ln p(true class), nats."""
    shares = softmax(logits / temperature)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(shares, np.finfo(np.float64).tiny)).mean())


def _slope(logits: NDArray[np.floating], labels: NDArray[np.intp], temperature: float) -> float:
    """Derivative of the mean negative log-likelihood with respect to 1/T."""
    expected = (softmax(logits / temperature) * logits).sum(axis=1)
    return float((expected - logits[np.arange(len(labels)), labels]).mean())
