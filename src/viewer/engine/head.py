"""What comes after the last convolution: dropout samples, the linear head, gradients."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from viewer.domain.evidence import Float

SEED = 20
"""Of the dropout masks: fixed, so that one frame always gets one answer, in the window and headless."""


def only_linear(classifier: nn.Module) -> nn.Linear | None:
    """The linear layer of a classifier that is nothing but dropout and one linear layer, else None."""
    layers = [m for m in classifier.modules() if not isinstance(m, nn.Sequential | nn.Dropout | nn.Identity)]
    return layers[0] if len(layers) == 1 and isinstance(layers[0], nn.Linear) else None


def dropout_rate(classifier: nn.Module) -> float:
    """Share of features dropped on the way through all dropout layers of a classifier; 0.0 without."""
    kept = 1.0
    for module in classifier.modules():
        if isinstance(module, nn.Dropout):
            kept *= 1 - module.p
    return 1 - kept


def dropout_masks(samples: int, features: int, rate: float) -> Tensor:
    """Inverted-dropout masks, float32 (T, D): 0 or 1/(1 − rate)."""
    kept = np.random.default_rng(SEED).random((samples, features)) >= rate
    return torch.from_numpy((kept / (1 - rate)).astype(np.float32))


def sample_linear(features: Tensor, linear: nn.Linear, masks: Tensor) -> Tensor:
    """Logits (T, B, K) of the masked features (B, D): T dropout samples in one matrix product."""
    masked = masks[:, None, :] * features[None, :, :]
    return nn.functional.linear(masked, linear.weight, linear.bias)


def member_logits(features: Tensor, linear: nn.Linear, members: int) -> Tensor:
    """Logits (M, B, K) of each network of an ensemble, from its own features in (B, M·D).

    The joined layer holds the networks' weights divided by M, and one bias for all, the mean of theirs: so the mean
    over the networks is the ensemble's answer.
    """
    own = features.reshape(len(features), members, -1)
    weight = linear.weight.reshape(len(linear.weight), members, -1)
    return torch.einsum("bmd,kmd->mbk", own, weight) * members + linear.bias


def sample_classifier(features: Tensor, classifier: nn.Module, samples: int) -> Tensor:
    """Logits (T, B, K) of any classifier with its dropout layers switched on.

    Every frame is drawn with the same seed, so that its samples do not depend on its neighbours in the batch.
    """
    layers = [module for module in classifier.modules() if isinstance(module, nn.Dropout)]
    with torch.random.fork_rng(devices=[features.device] if features.is_cuda else []):
        try:
            for layer in layers:
                layer.train()
            return torch.stack([_sample_one(frame, classifier, samples) for frame in features], dim=1)
        finally:
            for layer in layers:
                layer.eval()


def _sample_one(frame: Tensor, classifier: nn.Module, samples: int) -> Tensor:
    torch.manual_seed(SEED)
    logits: Tensor = classifier(frame.expand(samples, -1))
    return logits


def linear_gradients(weight: Float, targets: NDArray[np.intp], cells: int) -> Float:
    """Derivative of logit[target] by the activations before average pooling, (B, C, 1, 1): equal in every cell."""
    gradients: Float = weight[targets][:, :, None, None] / np.float32(cells)
    return gradients
