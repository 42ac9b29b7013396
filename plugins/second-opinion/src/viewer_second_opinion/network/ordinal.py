"""Losses for scores that have an order: a 0 taken for a 3 must cost more than a 0 taken for a 1."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from viewer.api import Batch, TrainingContext, logits_of

FrameLoss = Callable[[Tensor, Tensor], Tensor]
"""(logits (B, K), labels int64 (B,)) → loss of every frame (B,)."""


class WeightedLoss(nn.Module):
    """Mean over the frames of a batch, each weighted by its class.

    Args:
        name: Of the term.
        of_frames: The loss of every frame.
        weights: Of the classes (K,).
    """

    def __init__(self, name: str, of_frames: FrameLoss, weights: Tensor) -> None:
        super().__init__()
        self.name = name
        self.of_frames = of_frames
        self.weights: Tensor
        self.register_buffer("weights", weights)

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """One term under its name."""
        losses = self.of_frames(logits_of(network, batch.inputs).float(), batch.labels)
        return {self.name: (self.weights[batch.labels] * losses).mean()}


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Of every frame (B,), nats; knows of no order."""
    return functional.cross_entropy(logits, labels, reduction="none")


def squared_earth_mover(logits: Tensor, labels: Tensor) -> Tensor:
    """Squared earth mover's distance between every answer and its label along the order of the classes, (B,).

    Σ over the K − 1 borders k of (P(score ≤ k) − [label ≤ k])²: 0 for certainty in the right score, K − 1 for
    certainty at the far end. The answer stays a softmax over all scores, so all that reads probabilities can read it.

    Source: Hou, Yu and Samaras, Squared earth mover's distance-based loss, arXiv:1611.05916, up to a factor.

    Args:
        logits: (B, K), classes in ascending order.
        labels: int64 (B,).
    """
    below = logits.softmax(dim=1).cumsum(dim=1)[:, :-1]
    borders = torch.arange(below.shape[1], device=labels.device)
    reached = (labels[:, None] <= borders).float()
    return (below - reached).square().sum(dim=1)


LOSSES: dict[str, FrameLoss] = {"cross_entropy": cross_entropy, "earth_mover": squared_earth_mover}


def loss_for(context: TrainingContext) -> nn.Module:
    """The loss that the option `loss` names, weighted as `--class-weight-power` says."""
    name = str(context.choices["loss"])
    return WeightedLoss(name, LOSSES[name], torch.tensor(context.class_weights))
