"""Scores of the class probabilities and logits alone; each is a pure function over a batch.

Throughout, p is float64 (B, K), softmax of the logits divided by the temperature, and z float32 (B, K), the logits.
"""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_TINY = np.finfo(np.float64).tiny


def top_probability(p: Values) -> Values:
    """Maximum softmax probability max_k p, in [1/K, 1].

    Source: Hendrycks & Gimpel, ICLR 2017, arXiv:1610.02136.
    """
    best: Values = p.max(axis=-1)
    return best


def top_margin(p: Values, k: int = 2) -> Values:
    """Margin p₍₁₎ − p₍k₎ between the largest and the k-th largest probability, in [0, 1].

    With fewer than k classes the smallest probability stands for the k-th. Source for k = 2: Scheffer, Decomain &
    Wrobel, IDA 2001.
    """
    ordered = np.sort(p, axis=-1)
    margin: Values = ordered[..., -1] - ordered[..., -min(k, p.shape[-1])]
    return margin


def entropy(p: Values) -> Values:
    """Shannon entropy −Σ p ln p in nats, over the last axis; 0 ln 0 = 0."""
    total: Values = -(p * np.log(np.maximum(p, _TINY))).sum(axis=-1)
    return np.maximum(total, 0.0)


def certainty(nats: Values, classes: int) -> Values:
    """1 − H / ln K: entropy as a trust, 1 for a single possible class and 0 for all K equally likely."""
    share: Values = 1 - nats / np.log(classes)
    return share


def max_logit(z: NDArray[np.float32]) -> Values:
    """Largest logit max_k z, unbounded.

    Source: Hendrycks et al., ICML 2022, arXiv:1911.11132.
    """
    best: Values = z.max(axis=-1).astype(np.float64)
    return best


def energy(z: NDArray[np.float32]) -> Values:
    """Negative free energy ln Σ_k exp z, unbounded; larger for inputs of the training kind.

    Source: Liu et al., NeurIPS 2020, arXiv:2010.03759, at temperature 1.
    """
    wide = z.astype(np.float64)
    best = wide.max(axis=-1)
    total: Values = best + np.log(np.exp(wide - best[..., None]).sum(axis=-1))
    return total


def doctor_alpha(p: Values) -> Values:
    """DOCTOR's −D_α = −(1 − g) / g with g = Σ p², in [−(K − 1), 0].

    Source: Granese et al., NeurIPS 2021, arXiv:2106.02395.
    """
    g = (p * p).sum(axis=-1)
    odds: Values = -(1 - g) / g
    return odds


def doctor_trust(raw: Values, classes: int) -> Values:
    """DOCTOR's value as a trust: 1 + raw / (K − 1), 0 for all K equally likely."""
    share: Values = 1 + raw / (classes - 1)
    return share


def generalised_entropy(p: Values, gamma: float = 0.1, top: int = 100) -> Values:
    """GEN: −Σ (p (1 − p))^γ over the `top` largest probabilities, at most 0.

    Source: Liu, Lochman & Zach, CVPR 2023, with the paper's γ = 0.1 and M = 100.
    """
    largest = np.sort(p, axis=-1)[..., -top:]
    total: Values = -((largest * (1 - largest)).clip(0, None) ** gamma).sum(axis=-1)
    return total


def generalised_entropy_trust(raw: Values, classes: int, gamma: float = 0.1, top: int = 100) -> Values:
    """GEN as a trust: 1 + raw / the largest sum there can be.

    (p (1 − p))^γ is concave for γ ≤ 1, so by Jensen's inequality the sum over M terms is largest for p = 1/M.
    """
    terms = min(classes, top)
    largest = terms * (1 / terms * (1 - 1 / terms)) ** gamma
    share: Values = 1 + raw / largest
    return share
