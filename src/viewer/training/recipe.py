"""A way of training, as a small object."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from lightning.pytorch import LightningModule
from torch import nn

from viewer.training.plan import Hyperparameters

Build = Callable[[nn.Module, torch.Tensor, Hyperparameters, int], LightningModule]
"""(network, pictures per class int64 (K,), hyperparameters, optimiser steps in all) → what Lightning trains.

The module holds the network as `network` and logs `train_loss`, `stop_loss` and `stop_accuracy`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a network learns from labelled pictures; reading, splitting, fitting and writing are the same for all.

    Attributes:
        name: As in `viewer train <name>`.
        summary: For the card, completing "it was trained to …".
        defaults: Hyperparameters where the person named none.
        build: Makes the learner.
    """

    name: str
    summary: str
    defaults: Hyperparameters
    build: Build
