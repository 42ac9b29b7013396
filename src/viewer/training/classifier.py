"""What the built-in recipe minimises, and how the learning rate goes where a recipe does not say."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from viewer.domain.recipe import Batch, TrainingContext, logits_of
from viewer.training.recipe import CLASSIFIER

__all__ = ["CLASSIFIER", "WeightedCrossEntropy", "warm_up_then_cosine"]

WARM_UP = 0.15
"""Share of the steps in which the learning rate rises to its maximum."""


class WeightedCrossEntropy(nn.Module):
    """Cross-entropy with a weight per class.

    Args:
        weights: (K,).
    """

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.weights: Tensor
        self.register_buffer("weights", weights)

    @classmethod
    def for_training(cls, context: TrainingContext) -> "WeightedCrossEntropy":
        """With weights after the number of training pictures of each class."""
        return cls(torch.tensor(context.class_weights))

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Named loss terms, nats."""
        logits = logits_of(network, batch.inputs).float()
        return {"cross_entropy": functional.cross_entropy(logits, batch.labels, self.weights)}


def warm_up_then_cosine(steps: int) -> Callable[[int], float]:
    """Factor of the learning rate at each of `steps` steps: a straight rise, then half a cosine down to 1 %."""
    rise = max(1, round(WARM_UP * steps))

    def factor(step: int) -> float:
        if step < rise:
            return (step + 1) / rise
        progress = min(1.0, (step - rise) / max(1, steps - rise))
        return 0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2

    return factor
