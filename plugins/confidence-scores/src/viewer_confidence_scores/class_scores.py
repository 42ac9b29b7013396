"""Scores of every class rather than of the answer alone; pure functions over batches.

Every score is (B, K) in [0, 1]; the larger, the more it speaks for the class. The four are those of the study of nine
skin lesions, which asked whether an answer by their sum is right more often than an answer by softmax.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from viewer.api import Evidence, attention_shares, softmax
from viewer_confidence_scores.attention import concentration
from viewer_confidence_scores.probability import Values
from viewer_confidence_scores.ranking import auroc

NAMES = ("softmax", "margin", "cam", "certainty")
"""The four scores, in the order of every array of them."""

RIDGE = 1e-3
"""Pull of the weights towards 0, per unit squared: scores that say the same share the weight, for one solution."""


def class_scores(evidence: Evidence, cams: Values) -> Values:
    """All four scores, float64 (4, B, K).

    Args:
        evidence: With dropout samples of the head.
        cams: Maps of every class before the ReLU, (B, K, h, w).

    Raises:
        ValueError: No dropout samples were captured.
    """
    if evidence.head_samples is None:
        raise ValueError("no dropout samples were captured")
    p = evidence.probabilities
    samples = softmax(evidence.head_samples / evidence.temperature)
    return np.stack([p, class_margins(p), class_attention(cams), class_certainty(samples)])


def class_margins(p: Values) -> Values:
    """(1 + p_k − max_{j≠k} p_j) / 2, (B, K): ½ and more for the most probable class alone.

    For that class it is the top-2 margin, brought to [½, 1].
    """
    ordered = np.sort(p, axis=-1)
    rival = np.where(p == ordered[..., -1:], ordered[..., -2:-1], ordered[..., -1:])
    margins: Values = (1 + p - rival) / 2
    return margins


def class_attention(cams: Values) -> Values:
    """1 − H(π_k) / ln(h·w) with π_k = ReLU(CAM_k) / Σ ReLU(CAM_k), (B, K); 0 where nothing speaks for the class."""
    batch, classes, rows, columns = cams.shape
    shares = attention_shares(cams.reshape(-1, rows, columns))
    narrow = np.where(shares.any(axis=(1, 2)), concentration(shares), 0.0)
    by_class: Values = narrow.reshape(batch, classes)
    return by_class


def class_certainty(p: Values) -> Values:
    """1 − σ_k / ½ over dropout samples p (T, B, K), (B, K): ½ is the largest spread a probability can have."""
    certain: Values = 1 - p.std(axis=0) / 0.5
    return certain


def linear_cams(evidence: Evidence) -> Values:
    """CAM of every class, Σ_c w[k, c]·A_c, float64 (B, K, h, w), where the head is pooling and one linear layer.

    Source: Zhou et al., CVPR 2016, arXiv:1512.04150.

    Raises:
        ValueError: There is no such head, or no activations were captured.
    """
    if evidence.linear_head is None or evidence.activations is None:
        raise ValueError("class activation maps take a linear head and activations")
    cams: Values = np.einsum("kc,bchw->bkhw", evidence.linear_head.weight, evidence.activations, dtype=np.float64)
    return cams


def gradient_cams(by_class: Sequence[Evidence]) -> Values:
    """Grad-CAM of every class, float64 (B, K, h, w), from the same frames' evidence with each class as target.

    Source: Selvaraju et al., ICCV 2017, arXiv:1610.02391.

    Args:
        by_class: K pieces of evidence; the gradients of the k-th are those of class k.

    Raises:
        ValueError: Gradients or activations are missing, or are those of another class.
    """
    return np.stack([_gradient_cam(evidence, k) for k, evidence in enumerate(by_class)], axis=1)


def _gradient_cam(evidence: Evidence, target: int) -> Values:
    if evidence.gradients is None or evidence.activations is None or (evidence.targets != target).any():
        raise ValueError(f"no gradients of class {target} were captured")
    weights = evidence.gradients.mean(axis=(2, 3))
    cam: Values = np.einsum("bc,bchw->bhw", weights, evidence.activations, dtype=np.float64)
    return cam


def directions(scores: Values, labels: NDArray[np.intp]) -> Values:
    """Which way each score points, (S,): +1 where the true class has more of it than others, −1 where it has less.

    More often than not, over all pairs of a true class and any other class of the pictures (AUROC ≥ ½). Narrow
    attention, say, is usually that on a class of which the network sees hardly anything.

    Args:
        scores: (S, n, K), of pictures that the network was not trained on.
        labels: True class, int (n,).
    """
    true = np.eye(scores.shape[2], dtype=bool)[labels]
    areas = [auroc(of_class.ravel(), true.ravel()) for of_class in scores]
    return np.where(np.array(areas) < 0.5, -1.0, 1.0)


def turned(scores: Values, pointing: Values) -> Values:
    """Every score so that more of it speaks for a class: 1 − s where `pointing` (S,) is −1."""
    return np.where(pointing[:, None, None] < 0, 1 - scores, scores)


def weighted_sum(scores: Values, weights: Values) -> Values:
    """Σ wᵢ·sᵢ / Σ wᵢ of scores (S, B, K), (B, K)."""
    total: Values = np.tensordot(weights, scores, axes=1) / weights.sum()
    return total


def fit_class_weights(scores: Values, labels: NDArray[np.intp], groups: NDArray[np.str_]) -> Values:
    """Non-negative weights under which the true class's sum stands out most, float64 (S,), adding up to 1.

    Maximises the likelihood of the labels under softmax_k(Σ βᵢ·s_ik) with β ≥ 0 (McFadden's conditional logit), each
    group weighing alike; the weights are β / Σ β. The first score alone where nothing speaks for the true class.

    Args:
        scores: (S, n, K), of pictures that the network was not trained on.
        labels: True class, int (n,).
        groups: str (n,).
    """
    _, numbers, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    shares = 1 / (sizes[numbers] * len(sizes))
    rows = np.arange(len(labels))

    def loss(beta: Values) -> tuple[float, Values]:
        p = softmax(np.tensordot(beta, scores, axes=1))
        surprise = -np.log(np.maximum(p[rows, labels], np.finfo(np.float64).tiny))
        p[rows, labels] -= 1
        slope = (scores * (p * shares[:, None])).sum(axis=(1, 2))
        return float(shares @ surprise + RIDGE / 2 * beta @ beta), slope + RIDGE * beta

    start = np.ones(len(scores))
    found: Values = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(scores)).x
    weights: Values = found / found.sum() if found.any() else np.eye(len(scores))[0]
    return weights
