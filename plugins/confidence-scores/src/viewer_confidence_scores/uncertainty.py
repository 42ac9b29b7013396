"""Uncertainty under dropout of the head, or between the networks of an ensemble.

Pure functions over samples p, float64 (T, B, K), of class probabilities.

Source: Gal & Ghahramani, ICML 2016, arXiv:1506.02142; Lakshminarayanan et al., NeurIPS 2017, arXiv:1612.01474; the
split into expected entropy and mutual information: Depeweg et al., ICML 2018, arXiv:1710.07283.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from viewer_confidence_scores.probability import Values, entropy


def predictive_entropy(p: Values) -> Values:
    """H[p̄] in nats, (B,): uncertainty of the averaged answer."""
    return entropy(p.mean(axis=0))


def expected_entropy(p: Values) -> Values:
    """E[H] in nats, (B,): how undecided the samples are on their own (ambiguous image)."""
    mean: Values = entropy(p).mean(axis=0)
    return mean


def mutual_information(p: Values) -> Values:
    """MI = H[p̄] − E[H] in nats, (B,), at least 0: how far the samples contradict each other (unsure model)."""
    return np.maximum(predictive_entropy(p) - expected_entropy(p), 0.0)


def divergence(p: Values, shares: Sequence[float]) -> Values:
    """Jensen–Shannon divergence H[Σ w·p] − Σ w·H[p] in nats, (B,), ≥ 0: `mutual_information` of unequal models.

    Source: Lin, IEEE Transactions on Information Theory 37, 1991.

    Args:
        p: Probabilities of M models, (M, B, K).
        shares: Their weights w, which sum to 1.
    """
    together, alone = (np.average(part, axis=0, weights=shares) for part in (p, entropy(p)))
    return np.maximum(entropy(together) - alone, 0.0)


def frames_that_vary(logits: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Frames whose samples differ at all, bool (B,), from logits (T, B, K); none does without dropout in the head."""
    varies: NDArray[np.bool_] = (logits != logits[:1]).any(axis=(0, 2))
    return varies
