"""The sum that `dermoscopy-lesion-focus` minimises: classes, centres, divergence of maps, masks."""

from typing import Literal, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from viewer.api import Batch, TrainingContext, ViewerError
from viewer_lesion_focus.training.losses import (
    Formula,
    centre_distance,
    class_maps,
    deciding_maps,
    focal,
    map_divergence,
    mask_disagreement,
    moved_centres,
)

CentreKind = Literal["moving", "first_pass"]


class Centres(nn.Module):
    """Centres of the classes among the features, and the distance from them.

    `moving`: they follow the features of every batch. `first_pass`: they are the means over the first pass through
    the training pictures, during which there is no loss, and stay where they are from then on. A class of which no
    picture has been seen has no centre yet. What is held here goes into checkpoints.

    Args:
        classes: Number of classes K.
        features: Number of features D.
        kind: Which of the two.
        rate: Of `moving`, from 0 to 1.
        first_pass: Steps of the first pass.
    """

    def __init__(self, classes: int, features: int, kind: CentreKind, *, rate: float, first_pass: int) -> None:
        super().__init__()
        self.kind, self.rate, self.first_pass = kind, rate, first_pass
        self.centres: Tensor
        self.seen: Tensor
        self.steps: Tensor
        self.register_buffer("centres", torch.zeros(classes, features))
        self.register_buffer("seen", torch.zeros(classes, dtype=torch.int64))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """Mean distance from the centres, a scalar; while training, the centres take the batch in afterwards."""
        stand = self.kind == "moving" or bool(self.steps >= self.first_pass)
        counted = (self.seen[labels] > 0) & stand
        distances = centre_distance(features, labels, self.centres) * counted
        if self.training:
            self._take_in(features.detach(), labels)
        return distances.mean() if len(labels) else features.sum() * 0

    def _take_in(self, features: Tensor, labels: Tensor) -> None:
        self.steps += 1
        if self.kind == "first_pass" and self.steps > self.first_pass:
            return
        of_class = functional.one_hot(labels, len(self.centres)).to(features.dtype)
        number = of_class.sum(dim=0)
        if self.kind == "moving":
            moved = moved_centres(self.centres, features, labels, self.rate)
            means = of_class.T @ features / number.clamp(min=1)[:, None]
            self.centres.copy_(torch.where((self.seen > 0)[:, None], moved, means))
        else:
            all_seen = (self.seen + number).clamp(min=1)[:, None]
            self.centres += (of_class.T @ features - number[:, None] * self.centres) / all_seen
        self.seen += number.to(torch.int64)


class LesionFocus(nn.Module):
    """Cross-entropy or focal loss, and up to three terms that say where and how a network should look.

    Garbage, where it is taught, counts in the first term alone: nothing says where to look in it.

    Args:
        context: Its choices are those of the recipe.

    Raises:
        ViewerError: A weight is negative, or the network does not end in one linear layer.
    """

    def __init__(self, context: TrainingContext) -> None:
        super().__init__()
        choices = context.choices
        self.known = context.known
        for name in ("focal_gamma", "centre_weight", "divergence_weight", "divergence_penalty", "mask_weight"):
            if float(choices[name]) < 0:
                raise ViewerError(f"--{name.replace('_', '-')} must not be negative")
        if not 0 <= float(choices["centre_rate"]) <= 1:
            raise ViewerError("--centre-rate lies between 0 and 1")
        asked = choices["class_loss"]
        self.focal = asked == "focal" or (asked == "by_classes" and self.known > 2)
        self.gamma = float(choices["focal_gamma"])
        self.centre_weight, self.divergence_weight, self.mask_weight = (
            float(choices[f"{term}_weight"]) if choices[f"{term}_term"] else None
            for term in ("centre", "divergence", "mask")
        )
        self.mask_deciding = choices["mask_maps"] == "deciding"
        self.penalty = float(choices["divergence_penalty"])
        self.formula = cast("Formula", choices["divergence_formula"])
        self.class_weights: Tensor
        self.register_buffer("class_weights", torch.tensor(context.class_weights))
        self.centres = (
            None
            if self.centre_weight is None
            else Centres(
                self.known,
                _linear(context.network).in_features,
                cast("CentreKind", choices["centres"]),
                rate=float(choices["centre_rate"]),
                first_pass=context.steps_per_epoch,
            )
        )

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """The terms that are switched on, by name, each times its weight; one pass gives all of them."""
        activations: Tensor = network.trunk(batch.inputs)  # type: ignore[operator]
        features: Tensor = network.pool(activations)  # type: ignore[operator]
        logits: Tensor = network.classifier(features)  # type: ignore[operator]
        with torch.autocast(activations.device.type, enabled=False):  # small differences are what counts here
            terms = {"focal" if self.focal else "cross_entropy": self._of_classes(logits.float(), batch.labels)}
            proper = batch.labels < self.known
            if self.centres is not None:
                distance = self.centres(features.float()[proper], batch.labels[proper])
                terms["centre"] = cast("float", self.centre_weight) * distance
            if self.divergence_weight is None and self.mask_weight is None:
                return terms
            linear = _linear(network)
            if activations.shape[1] != linear.in_features:
                raise ViewerError(
                    "the network has no class activation maps: it does not end in pooling and one layer"
                )
            maps = class_maps(activations.float()[proper], linear.weight[: self.known].float())
            if self.divergence_weight is not None:
                terms["divergence"] = self.divergence_weight * _mean(map_divergence(maps, self.penalty, self.formula))
            if self.mask_weight is not None:
                wanted = deciding_maps(maps, batch.labels[proper]) if self.mask_deciding else maps
                terms["mask"] = self.mask_weight * _of_masks(wanted, batch, proper)
        return terms

    def _of_classes(self, logits: Tensor, labels: Tensor) -> Tensor:
        losses = (
            focal(logits, labels, self.gamma)
            if self.focal
            else functional.cross_entropy(logits, labels, reduction="none")
        )
        return (self.class_weights[labels] * losses).mean()


def _of_masks(maps: Tensor, batch: Batch, proper: Tensor) -> Tensor:
    """Mean over the pictures whose masks are usable; 0 where there are none."""
    assert batch.masks is not None  # noqa: S101 - the recipe asks for them
    assert batch.has_mask is not None  # noqa: S101
    losses, usable = mask_disagreement(maps, batch.masks[proper].float())
    return _mean(losses[usable & batch.has_mask[proper]])


def _mean(losses: Tensor) -> Tensor:
    """The mean; 0 of none."""
    return losses.sum() / max(1, len(losses))


def _linear(network: nn.Module) -> nn.Linear:
    """The one linear layer of the classifier.

    Raises:
        ViewerError: There are none or several.
    """
    layers = [one for one in network.get_submodule("classifier").modules() if isinstance(one, nn.Linear)]
    if len(layers) != 1:
        raise ViewerError("the network has no class activation maps: its classifier is not one linear layer")
    return layers[0]
