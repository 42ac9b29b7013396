"""What makes a network look at the lesion, one small loss each; all give the loss of every picture."""

from itertools import combinations
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Formula = Literal["penalised", "printed"]
"""How a large divergence is held back; see `map_divergence`."""

LEAST_VARIANCE = 1e-8
"""Added under the root of a standard deviation, so that a map without any spread has a gradient."""

NEAREST_TO_POLE = 1e-3
"""The denominator of the printed formula is kept this far from 0, on its own side of it."""


def focal(logits: Tensor, labels: Tensor, gamma: float = 2.0) -> Tensor:
    """(1 − p_y)^γ · −ln p_y, (B,), nats: what is right already counts for little; γ = 0 is cross-entropy.

    Source: Lin et al., Focal loss for dense object detection, ICCV 2017, arXiv:1708.02002.

    Args:
        logits: (B, K).
        labels: int64 (B,).
        gamma: 0 or more.
    """
    log_p = functional.log_softmax(logits, dim=1).gather(1, labels[:, None]).squeeze(1)
    doubt = -torch.expm1(log_p)
    return -(doubt.clamp(min=torch.finfo(doubt.dtype).tiny) ** gamma) * log_p  # no infinite slope at certainty


def centre_distance(features: Tensor, labels: Tensor, centres: Tensor) -> Tensor:
    """½‖f − c_y‖², (B,): pictures of a class come to lie close together. No gradient reaches the centres.

    Source: Wen et al., A discriminative feature learning approach for deep face recognition, ECCV 2016.

    Args:
        features: (B, D).
        labels: int64 (B,).
        centres: (K, D).
    """
    return (features - centres.detach()[labels]).square().sum(dim=1) / 2


def moved_centres(centres: Tensor, features: Tensor, labels: Tensor, rate: float) -> Tensor:
    """Centres (K, D), moved by α · Σ (f − c_k) / (1 + n_k) over the n_k features of class k in a batch.

    Source: as `centre_distance`.

    Args:
        centres: (K, D).
        features: (B, D).
        labels: int64 (B,).
        rate: α, from 0 (they stay) to 1.
    """
    of_class = functional.one_hot(labels, len(centres)).to(features.dtype)
    number = of_class.sum(dim=0)[:, None]
    return centres + rate * (of_class.T @ features.detach() - number * centres) / (1 + number)


def class_maps(activations: Tensor, weights: Tensor) -> Tensor:
    """Class activation maps (B, K, h, w) before any ReLU: Σ_c w_kc · A_c.

    Source: Zhou et al., Learning deep features for discriminative localization, CVPR 2016, arXiv:1512.04150.

    Args:
        activations: A, (B, C, h, w).
        weights: Of the one linear layer, (K, C).
    """
    return torch.einsum("kc,bchw->bkhw", weights, activations)


def deciding_maps(maps: Tensor, labels: Tensor) -> Tensor:
    """What speaks for the true class against the others, (B, 1, h, w): its map minus the mean of theirs.

    A softmax cancels what the maps of all classes have in common.

    Args:
        maps: (B, K, h, w), before any ReLU, K ≥ 2.
        labels: int64 (B,).
    """
    own = maps[torch.arange(len(maps), device=maps.device), labels][:, None]
    return own - (maps.sum(dim=1, keepdim=True) - own) / (maps.shape[1] - 1)


def map_divergence(maps: Tensor, penalty: float = 0.0, formula: Formula = "penalised") -> Tensor:
    """How differently the classes of a picture attend to it, (B,), the mean over all pairs of classes.

    A softmax over the grid makes every map a distribution. Of two of them, p and q, every cell has
    d = (p − q)(ln p − ln q) ≥ 0; Σ d is the symmetric Kullback–Leibler divergence. `penalised` is Σ d / (1 + λ·d), in
    which one cell counts 1/λ at most; λ = 0 leaves Σ d. `printed` is Σ d / (1 − λ·d), the same with the other sign:
    it has a pole at d = 1/λ and is negative beyond, so that two classes come to be rewarded for looking at different
    places. Near the pole the denominator is held `NEAREST_TO_POLE` away from 0. It serves for comparison alone.

    Args:
        maps: (B, K, h, w), before any ReLU, K ≥ 2.
        penalty: λ, 0 or more.
        formula: Which of the two.
    """
    log_shares = functional.log_softmax(maps.flatten(2), dim=2)
    pairs = [(log_shares[:, k], log_shares[:, m]) for k, m in combinations(range(maps.shape[1]), 2)]
    cells = torch.stack([(p.exp() - q.exp()) * (p - q) for p, q in pairs], dim=1)
    return _held_back(cells, penalty, formula).sum(dim=2).mean(dim=1)


def _held_back(cells: Tensor, penalty: float, formula: Formula) -> Tensor:
    if formula == "penalised":
        return cells / (1 + penalty * cells)
    below = 1 - penalty * cells
    side = torch.where(below < 0, -1.0, 1.0).to(below.dtype)
    return cells / (side * below.abs().clamp(min=NEAREST_TO_POLE))


def mask_disagreement(maps: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
    """1 − Pearson's r between the mask and every class's map, the mean over the classes, (B,), in [0, 2].

    Pearson's r ignores scale and offset of a map, so the logits stay free. Masks are averaged over the cells of the
    maps' grid. A mask that is constant there says nothing: it is not usable.

    Args:
        maps: (B, K, h, w), before any ReLU.
        masks: (B, 1, H, W), in [0, 1].

    Returns:
        The losses, and whether each mask is usable, bool (B,).
    """
    wanted = _standardised(functional.adaptive_avg_pool2d(masks, (maps.shape[2], maps.shape[3])))
    r = (_standardised(maps) * wanted).mean(dim=2)
    return 1 - r.mean(dim=1), wanted.square().mean(dim=(1, 2)) > 0.5


def _standardised(maps: Tensor) -> Tensor:
    """Mean 0 and standard deviation 1 over the grid, (B, K, h·w); what has no spread stays near 0."""
    centred = maps.flatten(2) - maps.mean(dim=(2, 3))[..., None]
    return centred / (centred.square().mean(dim=2, keepdim=True) + LEAST_VARIANCE).sqrt()
