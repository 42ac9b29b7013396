"""What is minimised, against values worked out by hand."""

import math

import pytest
import torch
from torch.nn import functional
from viewer_segmentation_cam.network.architectures import ENCODER, SMALL, unet_architectures
from viewer_segmentation_cam.network.losses import (
    MaskAndClass,
    mask_and_class,
    mask_cross_entropy,
    soft_dice_loss,
)
from viewer_segmentation_cam.recipes import LESION, LUNGS

from viewer.api import Batch, Hyperparameters, TrainingContext, ViewerError

BY_NAME = {architecture.name: architecture for architecture in unet_architectures()}


def pictures(*rows: list[list[float]]) -> torch.Tensor:
    """Float (B, 1, H, W)."""
    return torch.tensor(rows)[:, None]


def batch(has_mask: list[bool], labels: list[int] | None = None) -> Batch:
    random = torch.Generator().manual_seed(0)
    drawn = (torch.rand(len(has_mask), 1, 32, 32, generator=random) > 0.5).float()
    has = torch.tensor(has_mask)
    return Batch(
        inputs=torch.randn(len(has_mask), 3, 32, 32, generator=random),
        labels=torch.tensor(labels or [0] * len(has_mask)),
        masks=drawn * has[:, None, None, None],
        has_mask=has,
    )


def context(recipe=LUNGS, network: str = SMALL, **choices) -> TrainingContext:
    torch.manual_seed(0)
    return TrainingContext(
        network=BY_NAME[network].build(2),
        classes=("a", "b"),
        counts=(3, 1),
        hyper=Hyperparameters(class_weight_power=1.0),
        choices=recipe.choose(choices),
        steps_per_epoch=1,
    )


def test_that_the_dice_loss_is_what_the_hand_gives():
    found = pictures([[0.5, 1.0], [0.0, 0.5]], [[0.0, 0.0], [0.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]])
    true = pictures([[1.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]])
    # 1 - (2 * 1.5 + 1) / (2 + 2 + 1); two empty masks agree; so do two equal ones.
    assert soft_dice_loss(found, true).tolist() == pytest.approx([0.2, 0.0, 0.0])


def test_that_a_mask_that_misses_everything_costs_nearly_one():
    loss = soft_dice_loss(torch.zeros(1, 1, 10, 10), torch.ones(1, 1, 10, 10))
    assert float(loss) == pytest.approx(1 - 1 / 101)


def test_that_the_cross_entropy_of_the_mask_takes_logits():
    logits, true = pictures([[0.0, math.log(3)]], [[-math.log(3), 0.0]]), pictures([[1.0, 1.0]], [[1.0, 0.0]])
    # -ln 0.5, -ln 0.75; -ln 0.25, -ln 0.5, each pair averaged.
    by_hand = [(math.log(2) + math.log(4 / 3)) / 2, (math.log(4) + math.log(2)) / 2]
    assert mask_cross_entropy(logits, true).tolist() == pytest.approx(by_hand)


def test_that_both_losses_have_the_gradients_that_differences_give():
    random = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 1, 3, 3, generator=random, dtype=torch.float64, requires_grad=True)
    masks = (torch.rand(2, 1, 3, 3, generator=random) > 0.5).double()
    assert torch.autograd.gradcheck(lambda z: soft_dice_loss(z.sigmoid(), masks), logits)
    assert torch.autograd.gradcheck(lambda z: mask_cross_entropy(z, masks), logits)


def test_that_the_terms_are_those_of_the_functions_with_their_weights():
    asked = context(mask_weight=2.0, dice_weight=0.5, class_weight=3.0)
    network, some = asked.network.eval(), batch([True, True], [0, 1])
    terms = mask_and_class(asked)(network, some)
    levels = network.trunk.levels(some.inputs)
    logits, drawn = network.classifier(network.pool(levels[-1])), network.decoder(levels)
    weights = torch.tensor([2 / 3, 2.0])
    torch.testing.assert_close(terms["cross_entropy"], 3 * functional.cross_entropy(logits, some.labels, weights))
    torch.testing.assert_close(terms["mask"], 2 * mask_cross_entropy(drawn, some.masks).mean())
    torch.testing.assert_close(terms["dice"], soft_dice_loss(drawn.sigmoid(), some.masks).mean())


def test_that_pictures_without_a_mask_leave_the_terms_of_the_mask_as_they_are():
    asked = context()
    network, objective = asked.network.eval(), mask_and_class(asked)
    both = batch([True, False])
    one = Batch(inputs=both.inputs[:1], labels=both.labels[:1], masks=both.masks[:1], has_mask=both.has_mask[:1])
    with_both, with_one = objective(network, both), objective(network, one)
    torch.testing.assert_close(with_both["mask"], with_one["mask"])
    torch.testing.assert_close(with_both["dice"], with_one["dice"])


def test_that_a_batch_without_any_mask_teaches_the_class_alone():
    asked = context()
    terms = mask_and_class(asked)(asked.network, batch([False, False]))
    assert (terms["mask"].item(), terms["dice"].item()) == (0.0, 0.0)
    sum(terms.values()).backward()
    assert all(not parameter.grad.any() for parameter in asked.network.decoder.parameters())
    assert asked.network.classifier[1].weight.grad.any()


def test_that_garbage_is_a_class_without_a_mask():
    torch.manual_seed(0)
    network = BY_NAME[SMALL].build(3)
    terms = MaskAndClass(torch.ones(3), cross_entropy=1, mask=1, dice=1)(network, batch([True, False], [0, 2]))
    assert all(torch.isfinite(term) for term in terms.values())


@pytest.mark.parametrize(
    ("learn", "terms"),
    [("both", {"cross_entropy", "mask", "dice"}), ("mask", {"mask", "dice"}), ("class", {"cross_entropy"})],
)
def test_that_a_person_says_what_is_learnt(learn, terms):
    network = ENCODER if learn == "class" else SMALL
    asked = context(LESION, network, learn=learn, encoder="small")
    assert mask_and_class(asked)(asked.network, batch([True, True])).keys() == terms
    assert LESION.architecture_for(asked.choices) == network
    assert LESION.mask_shows_for(asked.choices) == ("" if learn == "class" else "lesion")


def test_that_a_network_that_draws_nothing_cannot_be_taught_a_mask():
    with pytest.raises(ViewerError, match="no part that draws"):
        mask_and_class(context(network=ENCODER))
