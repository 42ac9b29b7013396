"""A classifier in three parts, so that one pass can be tapped between them."""

from typing import cast

import torch
from torch import Tensor, nn

_LEAST_VARIANCE = 1e-5


class PartedNetwork(nn.Module):
    """Trunk → pool → classifier, applied in order.

    Args:
        trunk: (B, 3, H, W) → activations (B, C, h, w).
        pool: activations → features (B, D).
        classifier: features → logits (B, K).
    """

    def __init__(self, trunk: nn.Module, pool: nn.Module, classifier: nn.Module) -> None:
        super().__init__()
        self.trunk = trunk
        self.pool = pool
        self.classifier = classifier

    def forward(self, pictures: Tensor) -> Tensor:
        """(B, 3, H, W) → logits (B, K)."""
        return cast("Tensor", self.classifier(self.pool(self.trunk(pictures))))


def average_pool() -> nn.Sequential:
    """Global average pooling: (B, C, h, w) → (B, C)."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


class MeanAndSpread(nn.Module):
    """Mean and standard deviation of every channel over its map: (B, C, h, w) → (B, 2·C)."""

    def forward(self, activations: Tensor) -> Tensor:
        """Means first; a spread is never quite 0, where its gradient would be infinite."""
        spread = (activations.var(dim=(-2, -1), correction=0) + _LEAST_VARIANCE).sqrt()
        return torch.cat([activations.mean(dim=(-2, -1)), spread], dim=1)


def linear_head(features: int, classes: int, dropout: float) -> nn.Sequential:
    """Dropout and one linear layer; dropout is what uncertainty samples."""
    return nn.Sequential(nn.Dropout(dropout), nn.Linear(features, classes))
