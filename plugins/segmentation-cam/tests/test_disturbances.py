"""What is painted over training pictures: something, nowhere it would lie, and never over the mask."""

import pytest
import torch
from torchvision import tv_tensors
from viewer_segmentation_cam.network.disturbances import DarkRim, Hairs, OtherSpot

SIDE = 64
EVERY = [Hairs, OtherSpot, DarkRim]


def lesion() -> torch.Tensor:
    """A box in the middle, bool."""
    inside = torch.zeros(SIDE, SIDE, dtype=torch.bool)
    inside[22:42, 22:42] = True
    return inside


def picture(inside: torch.Tensor) -> torch.Tensor:
    """Dark inside, bright around."""
    return torch.where(inside, 60, 200).to(torch.uint8).repeat(3, 1, 1)


def disturbed(what: type, seed: int, inside: torch.Tensor, share: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(seed)
    mask = tv_tensors.Mask(inside[None].to(torch.uint8) * 255)
    changed, same = what(share)(tv_tensors.Image(picture(inside)), mask)
    assert isinstance(changed, tv_tensors.Image)
    assert torch.equal(same, mask)
    return changed.as_subclass(torch.Tensor), same


@pytest.mark.parametrize("what", EVERY)
def test_that_pictures_are_painted_over_and_masks_are_not(what):
    inside = lesion()
    changed = [disturbed(what, seed, inside)[0] for seed in range(6)]
    assert all(levels.dtype == torch.uint8 and levels.shape == (3, SIDE, SIDE) for levels in changed)
    assert sum(not torch.equal(levels, picture(inside)) for levels in changed) >= 3


@pytest.mark.parametrize("what", EVERY)
def test_that_no_more_pictures_are_painted_over_than_asked_for(what):
    inside = lesion()
    assert all(torch.equal(disturbed(what, seed, inside, share=0.0)[0], picture(inside)) for seed in range(4))


@pytest.mark.parametrize("what", EVERY)
def test_that_a_seed_paints_the_same_again(what):
    inside = lesion()
    assert torch.equal(disturbed(what, 3, inside)[0], disturbed(what, 3, inside)[0])


@pytest.mark.parametrize("what", EVERY)
def test_that_a_picture_without_a_mask_is_painted_over_alone(what):
    torch.manual_seed(0)
    assert what(1.0)(picture(lesion())).shape == (3, SIDE, SIDE)


def test_that_no_other_spot_is_painted_where_no_lesion_is_known():
    nothing = torch.zeros(SIDE, SIDE, dtype=torch.bool)
    assert torch.equal(disturbed(OtherSpot, 0, nothing)[0], picture(nothing))


def test_that_hairs_are_dark_lines():
    inside = torch.zeros(SIDE, SIDE, dtype=torch.bool)
    for seed in range(6):
        changed, _ = disturbed(Hairs, seed, inside)
        assert changed.max() <= 200
        assert 0.01 < (changed[0] < 150).float().mean() < 0.6


def test_that_another_spot_leaves_the_lesion_alone_and_lies_at_the_edge():
    inside = lesion()
    for seed in range(20):
        changed, _ = disturbed(OtherSpot, seed, inside)
        differs = (changed != picture(inside)).any(dim=0)
        assert (changed[:, inside].float() - 60).abs().mean() < 6
        middle = differs[26:38, 26:38].float().mean()
        assert middle <= differs.float().mean()


def test_that_a_dark_rim_darkens_corners_first_and_hides_no_lesion():
    inside = lesion()
    for seed in range(20):
        changed, _ = disturbed(DarkRim, seed, inside)
        assert changed[:, inside].float().mean() >= 60 * 0.8
        corners = torch.stack([changed[:, i, j].float() for i in (0, -1) for j in (0, -1)]).mean()
        assert corners <= changed[:, 2:10, SIDE // 2].float().mean() + 1
    everywhere = torch.ones(SIDE, SIDE, dtype=torch.bool)
    assert all(disturbed(DarkRim, seed, everywhere)[0].float().mean() > 60 * 0.8 for seed in range(8))
