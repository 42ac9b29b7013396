"""The built-in recipe's learner: cross-entropy fine-tuning of a whole network, on Lightning."""

import math
from collections.abc import Callable

import torch
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.nn import functional

from viewer.training.plan import Hyperparameters
from viewer.training.recipe import Recipe
from viewer.training.temperature import fit_temperature, negative_log_likelihood

Batch = tuple[Tensor, Tensor]
"""Network input float32 (B, 3, side, side), and class index int64 (B,)."""

WARM_UP = 0.15
"""Share of the steps in which the learning rate rises to its maximum."""


def class_weights(counts: Tensor, power: float) -> Tensor:
    """Weight per class, (n / (K·n_k))^power, scaled so that the mean over pictures is 1.

    Args:
        counts: Pictures per class (K,), all positive.
        power: Between 0 (no weighting) and 1 (balanced).
    """
    counts = counts.float()
    weights = (counts.sum() / (len(counts) * counts)) ** power
    return weights * counts.sum() / (weights * counts).sum()


class Classifier(LightningModule):
    """Trains a `viewer.protocols.Network` end to end.

    Args:
        network: Its `trunk`, `pool` and `classifier` are applied in this order.
        weights: Loss weight per class (K,).
        hyper: Learning rate, decay and seed.
        steps: Optimiser steps of the whole training, the length of the cosine.
    """

    def __init__(self, network: nn.Module, weights: Tensor, hyper: Hyperparameters, steps: int) -> None:
        super().__init__()
        self.network = network
        self.hyper = hyper
        self._steps = steps
        self._stopping: list[tuple[Tensor, Tensor]] = []
        self.class_weights: Tensor
        self.register_buffer("class_weights", weights)

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits (B, K)."""
        logits: Tensor = self.network.classifier(self.network.pool(self.network.trunk(inputs)))  # type: ignore[operator]
        return logits

    def on_train_batch_start(self, _batch: Batch, _index: int) -> None:
        """Seed dropout by the step, so that a resumed training draws what an uninterrupted one would."""
        torch.manual_seed(self.hyper.seed * 1_000_003 + self.global_step)

    def training_step(self, batch: Batch, _index: int) -> Tensor:
        """Weighted cross-entropy."""
        inputs, labels = batch
        loss = functional.cross_entropy(self(_channels_last(inputs)).float(), labels, self.class_weights)
        self.log("train_loss", loss, on_step=False, on_epoch=True, batch_size=len(labels))
        return loss

    def validation_step(self, batch: Batch, _index: int) -> None:
        """Keep the logits of the stopping groups."""
        inputs, labels = batch
        self._stopping.append((self(_channels_last(inputs)).float().cpu(), labels.cpu()))

    def on_validation_epoch_end(self) -> None:
        """Loss at the best temperature, and accuracy, on the stopping groups.

        The bundle gets a temperature of its own, so an epoch must not be preferred for being less sure of itself:
        late epochs rank better and are only overconfident.
        """
        logits, labels = (torch.cat(parts).numpy() for parts in zip(*self._stopping, strict=True))
        self._stopping.clear()
        loss = negative_log_likelihood(logits, labels, fit_temperature(logits, labels))
        self.log("stop_loss", loss)
        self.log("stop_accuracy", float((logits.argmax(axis=1) == labels).mean()))

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        """AdamW under a warm-up and a cosine, stepped after every batch."""
        optimiser = torch.optim.AdamW(
            self.parameters(), lr=self.hyper.learning_rate, weight_decay=self.hyper.weight_decay
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, warm_up_then_cosine(self._steps))
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def warm_up_then_cosine(steps: int) -> Callable[[int], float]:
    """Factor of the learning rate at each of `steps` steps: a straight rise, then half a cosine down to 1 %."""
    rise = max(1, round(WARM_UP * steps))

    def factor(step: int) -> float:
        if step < rise:
            return (step + 1) / rise
        progress = min(1.0, (step - rise) / max(1, steps - rise))
        return 0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2

    return factor


def build_classifier(network: nn.Module, counts: Tensor, hyper: Hyperparameters, steps: int) -> Classifier:
    """The learner of the recipe `classifier`."""
    return Classifier(network, class_weights(counts, hyper.class_weight_power), hyper, steps)


CLASSIFIER = Recipe(
    name="classifier",
    summary="fine-tune a whole network on one label per picture, by weighted cross-entropy",
    defaults=Hyperparameters(),
    build=build_classifier,
)
"""The built-in recipe."""


def _channels_last(inputs: Tensor) -> Tensor:
    # Convolutions are about a third faster in this layout on CPUs with AVX-512 and on GPUs.
    return inputs.contiguous(memory_format=torch.channels_last)
