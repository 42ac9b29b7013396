"""How the recipes for masks change pictures and move weights."""

import pytest
import torch
from torchvision import tv_tensors
from viewer_segmentation_cam.network.architectures import SMALL, unet_architectures, with_backbone
from viewer_segmentation_cam.network.augmentation import Gamma, lesion_changes, lung_changes
from viewer_segmentation_cam.recipes import FASTER, LESION, LUNGS

from viewer.api import Hyperparameters, TrainingContext

BY_NAME = {architecture.name: architecture for architecture in unet_architectures()}
SIDE = 48


def context(name: str, **choices) -> TrainingContext:
    return TrainingContext(
        network=BY_NAME[name].build(2),
        classes=("a", "b"),
        counts=(3, 1),
        hyper=Hyperparameters(epochs=2, learning_rate=1e-3, weight_decay=0.1),
        choices=LUNGS.choose(choices),
        steps_per_epoch=10,
    )


@pytest.mark.parametrize("changes", [lung_changes, lesion_changes])
def test_that_a_mask_moves_with_its_picture_and_keeps_its_levels(changes):
    inside = torch.zeros(1, SIDE, SIDE, dtype=torch.uint8)
    inside[:, 14:34, 10:30] = 255
    picture = torch.where(inside > 0, 200, 60).to(torch.uint8).repeat(3, 1, 1)
    for seed in range(8):
        torch.manual_seed(seed)
        changed, mask = changes()(tv_tensors.Image(picture), tv_tensors.Mask(inside))
        assert set(mask.unique().tolist()) <= {0, 255}
        assert 100 < int((mask > 0).sum()) < 900
        grey = changed.float().mean(dim=0)
        border = mask[0, 1:-1, 1:-1] > 0
        bright = grey[1:-1, 1:-1]
        assert bright[border].mean() > bright[~border].mean() + 40


def test_that_gamma_changes_a_picture_and_leaves_its_mask_alone():
    levels = torch.full((3, 4, 4), 128, dtype=torch.uint8)
    mask = torch.full((1, 4, 4), 128, dtype=torch.uint8)
    torch.manual_seed(0)
    changed, same = Gamma(2.0, 2.0)(tv_tensors.Image(levels), tv_tensors.Mask(mask))
    assert abs(int(changed[0, 0, 0]) - round(255 * (128 / 255) ** 2)) <= 1
    assert torch.equal(same.as_subclass(torch.Tensor), mask)


@pytest.mark.parametrize(
    ("name", "encoder", "faster"), [(with_backbone("mobilenet_v2"), "mobilenet_v2", FASTER), (SMALL, "small", 1)]
)
def test_that_what_starts_from_chance_learns_faster_than_a_pretrained_encoder(name, encoder, faster):
    asked = context(name, encoder=encoder)
    steering = LUNGS.optimiser(asked, list(asked.network.parameters()))
    slow, fast = steering.optimiser.param_groups
    assert fast["max_lr"] == pytest.approx(faster * slow["max_lr"])
    assert slow["max_lr"] == pytest.approx(1e-3)
    parameters = sum(len(group["params"]) for group in steering.optimiser.param_groups)
    assert parameters == len(list(asked.network.parameters()))


def test_that_the_two_recipes_differ_in_what_their_masks_show():
    shown = [recipe.mask_shows_for(recipe.choose({})) for recipe in (LUNGS, LESION)]
    assert shown == ["lungs", "lesion"]
    assert LUNGS.architecture_for(LUNGS.choose({})) == with_backbone("mobilenet_v2")
