"""One forward pass through a network, with everything that was asked for caught on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from viewer.domain.evidence import EARLY_SIDE, Need
from viewer.engine.head import (
    dropout_masks,
    dropout_rate,
    member_logits,
    only_linear,
    sample_classifier,
    sample_linear,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """Tensors of one pass, detached, on the network's device; None means not asked for.

    Attributes are those of `Evidence`.
    """

    logits: Tensor
    features: Tensor | None = None
    activations: Tensor | None = None
    gradients: Tensor | None = None
    stem: Tensor | None = None
    middle: Tensor | None = None
    head_samples: Tensor | None = None
    look: Tensor | None = None
    members: Tensor | None = None
    early: Tensor | None = None
    garbage: Tensor | None = None
    mask: Tensor | None = None


class TappedNetwork:
    """A network in evaluation that can be tapped.

    Attributes:
        linear: The head's linear layer, where gradients follow from its weights alone.

    Args:
        network: A `Network` with its weights, in eval mode; its parameters are frozen here.
        classes: Classes K; an output beyond them is the logit of garbage.
        stem, middle: Names of modules inside the trunk.
        gap_linear: Whether the pool is global average pooling.
        samples: Dropout samples T of the head.
        members: Networks that lie side by side in the trunk, each with its share of the features.

    Raises:
        AttributeError: The trunk has no module of that name.
    """

    def __init__(
        self,
        network: nn.Module,
        *,
        classes: int,
        stem: str,
        middle: str,
        gap_linear: bool,
        samples: int,
        members: int = 1,
    ) -> None:
        self.network = network.requires_grad_(False)
        self.trunk = network.get_submodule("trunk")
        self._pool = network.get_submodule("pool")
        self._classifier = network.get_submodule("classifier")
        self._decoder = getattr(network, "decoder", None)
        self._linear = only_linear(self._classifier)
        self.linear = self._linear if gap_linear else None
        self._rate = dropout_rate(self._classifier)
        self._classes = classes
        self._samples = samples
        self._members = members
        self._masks: Tensor | None = None
        self._wanted: frozenset[Need] = frozenset()
        self._caught: dict[Need, Tensor] = {}
        self.trunk.get_submodule(stem).register_forward_hook(self._catch_stem)
        self.trunk.get_submodule(middle).register_forward_hook(self._catch_middle)

    def __call__(self, pictures: Tensor, needs: frozenset[Need], targets: Iterable[int | None]) -> Captured:
        """Run one pass.

        Args:
            pictures: float32 (B, 3, H, W) on the network's device.
            needs: What to capture.
            targets: Class of every frame whose gradients are meant; None for the predicted one.
        """
        self._wanted, self._caught = needs, {}
        with torch.inference_mode():
            levels = self._levels(pictures, needs)
            activations = levels[-1]
            if Need.GRADIENTS in needs and self.linear is None:
                features, logits, gradients = self.head_with_gradients(activations, targets)
            else:
                features, gradients = self._pool(activations), None
                logits = self._classifier(features)
            return Captured(
                logits=logits[:, : self._classes],
                features=features if Need.FEATURES in needs else None,
                activations=activations if Need.ACTIVATIONS in needs else None,
                gradients=gradients,
                stem=self._caught.get(Need.STEM),
                middle=self._caught.get(Need.MIDDLE),
                head_samples=self._sampled(features) if Need.HEAD_SAMPLES in needs else None,
                look=self._look(pictures) if Need.LOOK in needs else None,
                members=self._answers_of_members(features) if Need.MEMBERS in needs else None,
                early=self._caught.get(Need.EARLY),
                garbage=self._garbage(logits) if Need.GARBAGE in needs else None,
                mask=self._mask(levels) if Need.MASK in needs else None,
            )

    @property
    def draws_masks(self) -> bool:
        """Whether the network draws a mask beside its answer."""
        return self._decoder is not None

    def after_trunk(self, activations: Tensor) -> Tensor:
        """All outputs of the network, (B, K) or (B, K + 1), from activations (B, C, h, w)."""
        outputs: Tensor = self._classifier(self._pool(activations))
        return outputs

    def head_with_gradients(
        self, activations: Tensor, targets: Iterable[int | None]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Run pool and classifier with a graph that starts at the activations.

        Returns:
            features, all outputs, and d logit[target] / d activations (B, C, h, w).
        """
        with torch.inference_mode(mode=False), torch.enable_grad():
            start = activations.detach().clone().requires_grad_()
            features = self._pool(start)
            logits = self._classifier(features)
            predicted = logits.detach()[:, : self._classes].argmax(dim=1).tolist()
            chosen = [best if target is None else target for target, best in zip(targets, predicted, strict=True)]
            picked = logits[torch.arange(len(chosen)), chosen].sum()  # frames do not mix, so one backward serves all
            (gradients,) = torch.autograd.grad(picked, start)
        return features.detach(), logits.detach(), gradients

    def _sampled(self, features: Tensor) -> Tensor | None:
        if self._rate == 0:
            return None  # samples without dropout would all agree and look certain
        if self._linear is None:
            return sample_classifier(features, self._classifier, self._samples)[..., : self._classes]
        if self._masks is None or self._masks.device != features.device:
            self._masks = dropout_masks(self._samples, features.shape[1], self._rate).to(features.device)
        return sample_linear(features, self._linear, self._masks)[..., : self._classes]

    def _answers_of_members(self, features: Tensor) -> Tensor | None:
        if self._members == 1 or self.linear is None:
            return None
        return member_logits(features, self.linear, self._members)[..., : self._classes]

    def _garbage(self, logits: Tensor) -> Tensor | None:
        return logits[:, self._classes] if logits.shape[1] > self._classes else None

    def _levels(self, pictures: Tensor, needs: frozenset[Need]) -> tuple[Tensor, ...]:
        """The trunk's maps, the activations last; before them those a mask is drawn from, where one is asked for."""
        if Need.MASK not in needs or self._decoder is None:
            return (self.trunk(pictures),)
        return tuple(self.trunk.levels(pictures))  # type: ignore[operator]  # what a network with a decoder has

    def _mask(self, levels: tuple[Tensor, ...]) -> Tensor | None:
        """Probabilities of the mask, (B, H, W)."""
        return None if self._decoder is None else self._decoder(levels)[:, 0].float().sigmoid()

    def _look(self, pictures: Tensor) -> Tensor:
        return torch.cat([means_and_spreads(pictures), self._caught[Need.LOOK]], dim=1)

    def _catch_stem(self, _module: nn.Module, _inputs: Any, output: Tensor) -> None:  # noqa: ANN401 - torch's hook
        if Need.STEM in self._wanted:
            self._caught[Need.STEM] = output.clone()  # the next layer may work in place
        if Need.LOOK in self._wanted:
            self._caught[Need.LOOK] = means_and_spreads(output)  # of the stem alone, until the input is at hand
        if Need.EARLY in self._wanted:
            self._caught[Need.EARLY] = channel_mean(output)

    def _catch_middle(self, _module: nn.Module, _inputs: Any, output: Tensor) -> None:  # noqa: ANN401
        if Need.MIDDLE in self._wanted:
            self._caught[Need.MIDDLE] = means_and_spreads(output)


def channel_mean(maps: Tensor) -> Tensor:
    """Mean over the channels, resized to the early grid without aliasing: (B, C, h, w) → float32 (B, 28, 28)."""
    mean = maps.float().mean(dim=1, keepdim=True)
    resized = functional.interpolate(mean, (EARLY_SIDE, EARLY_SIDE), mode="bilinear", antialias=True)
    return resized[:, 0]


def means_and_spreads(maps: Tensor) -> Tensor:
    """Mean, then standard deviation of every channel over the grid: (B, C, h, w) → float32 (B, 2·C)."""
    maps = maps.float()
    mean = maps.mean(dim=(2, 3), keepdim=True)
    # torch.std_mean takes twenty times as long where channels lie last, as they do here.
    std = (maps - mean).square_().mean(dim=(2, 3)).sqrt_()
    return torch.cat([mean[:, :, 0, 0], std], dim=1)
