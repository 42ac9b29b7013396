"""What a network that draws a mask beside its answer is trained to minimise.

L = CE + w · (BCE + soft Dice). Cross-entropies take logits, the Dice loss probabilities; a picture without a mask
teaches its class alone.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from viewer.api import Batch, TrainingContext, ViewerError

SMOOTHING = 1.0
"""Cells added to the overlap and to the areas, so that two empty masks agree."""


def soft_dice_loss(probabilities: Tensor, masks: Tensor) -> Tensor:
    """1 − Dice of every picture with probabilities in place of a binary mask, (B,), in [0, 1].

    1 − (2 Σ p·m + s) / (Σ p + Σ m + s). Source: Milletari, Navab and Ahmadi, 3DV 2016, arXiv:1606.04797, without
    the squares.

    Args:
        probabilities: Float (B, 1, H, W) in [0, 1].
        masks: Float (B, 1, H, W) in [0, 1].
    """
    cells = (1, 2, 3)
    overlap = (probabilities * masks).sum(dim=cells)
    areas = probabilities.sum(dim=cells) + masks.sum(dim=cells)
    return 1 - (2 * overlap + SMOOTHING) / (areas + SMOOTHING)


def mask_cross_entropy(logits: Tensor, masks: Tensor) -> Tensor:
    """Binary cross-entropy of every picture, mean over its cells, (B,), nats.

    Args:
        logits: Float (B, 1, H, W).
        masks: Float (B, 1, H, W) in [0, 1].
    """
    return functional.binary_cross_entropy_with_logits(logits, masks, reduction="none").mean(dim=(1, 2, 3))


class MaskAndClass(nn.Module):
    """The weighted sum, as terms by name.

    Args:
        class_weights: Of the classes in the cross-entropy, (K,).
        cross_entropy, mask, dice: Weights of the three terms; one of weight 0 is left out, and where neither term of
            the mask is left, nothing is drawn.
    """

    def __init__(self, class_weights: Tensor, *, cross_entropy: float, mask: float, dice: float) -> None:
        super().__init__()
        self.class_weights: Tensor
        self.register_buffer("class_weights", class_weights)
        self._cross_entropy, self._mask, self._dice = cross_entropy, mask, dice

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Named loss terms of a batch."""
        draws = self._mask > 0 or self._dice > 0
        levels = network.trunk.levels(batch.inputs) if draws else (network.trunk(batch.inputs),)  # type: ignore[operator, union-attr]
        terms = {}
        if self._cross_entropy:
            logits = network.classifier(network.pool(levels[-1])).float()  # type: ignore[operator]
            entropy = functional.cross_entropy(logits, batch.labels, self.class_weights)
            terms["cross_entropy"] = self._cross_entropy * entropy
        if draws:
            bce, dice = mask_losses(network, levels, batch)
            terms |= {"mask": self._mask * bce, "dice": self._dice * dice}
        return terms


def mask_losses(network: nn.Module, levels: tuple[Tensor, ...], batch: Batch) -> tuple[Tensor, Tensor]:
    """Mean cross-entropy and Dice loss of the mask over the pictures that have one; 0 where none has.

    Args:
        network: With a decoder.
        levels: What its trunk made of the batch.
        batch: With masks.
    """
    assert batch.masks is not None  # noqa: S101 - the recipes ask for them
    assert batch.has_mask is not None  # noqa: S101
    rows = batch.has_mask.nonzero()[:, 0]
    counted = float(len(rows) > 0)
    # Where no picture has a mask, one is drawn all the same: processes that train together all need a gradient.
    rows = rows if counted else rows.new_zeros(1)
    masks = batch.masks[rows]
    logits = network.decoder(tuple(level[rows] for level in levels)).float()  # type: ignore[operator]
    logits = functional.interpolate(logits, size=masks.shape[-2:], mode="bilinear")
    bce, dice = mask_cross_entropy(logits, masks), soft_dice_loss(logits.sigmoid(), masks)
    return counted * bce.mean(), counted * dice.mean()


def mask_and_class(context: TrainingContext) -> nn.Module:
    """The objective, as the options of the recipe say."""
    choices = context.choices
    learn = choices["learn"]
    drawn = 0.0 if learn == "class" else float(choices["mask_weight"])
    if drawn and not hasattr(context.network, "decoder"):
        raise ViewerError("cannot teach this network a mask: it has no part that draws one")
    return MaskAndClass(
        torch.tensor(context.class_weights),
        cross_entropy=0.0 if learn == "mask" else float(choices["class_weight"]),
        mask=drawn,
        dice=drawn * float(choices["dice_weight"]),
    )
