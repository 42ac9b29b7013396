from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms import v2

from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.recipe import Hyperparameters
from viewer.training.augment import augmentation, augmented
from viewer.training.loading import Shares, garbage_in_a_batch
from viewer.training.recipe import CLASSIFIER

HYPER = Hyperparameters(batch=4)
MASKED = replace(CLASSIFIER, name="masked", masks="where there are", augmentation="none")


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_that_shares_are_disjoint_and_cover_the_epoch(processes):
    order = torch.randperm(24).tolist()
    shares = [list(Shares(order, 8, process=rank, processes=processes)) for rank in range(processes)]
    for step in range(3):
        together = [index for share in shares for index in share[step]]
        assert sorted(together) == sorted(order[8 * step : 8 * step + 8])
        assert len(together) == len(set(together))


def test_that_stopping_pictures_are_all_judged_by_equally_many_steps_of_every_process():
    shares = [list(Shares(range(11), 4, process=rank, processes=2, even=True)) for rank in range(2)]
    assert [len(step) for step in shares[0]] == [len(step) for step in shares[1]]
    rows = [[index for step in share for index in step] for share in shares]
    woven = [index for pair in zip(*rows, strict=True) for index in pair]
    assert woven[:11] == list(range(11))


def test_that_steps_that_are_done_are_left_out_but_still_counted():
    shares = Shares(range(12), 4, done=2)
    assert (len(shares), list(shares)) == (3, [[8, 9, 10, 11]])


@pytest.fixture
def masked(samples, tmp_path):
    """The first six have a mask: their left half."""
    levels = np.zeros((16, 16), np.uint8)
    levels[:, :8] = 255
    Image.fromarray(levels).save(tmp_path / "mask.png")
    return [replace(s, mask=tmp_path / "mask.png" if i < 6 else None) for i, s in enumerate(samples)]


def batches(data):
    return list(data.train_dataloader())


def test_that_batches_bring_masks_where_there_are_any(tiny, masked):
    found = batches(tiny.data(masked, [], HYPER, MASKED))
    assert all(batch.masks.shape == (4, 1, 16, 16) for batch in found)
    for batch in found:
        for mask, has in zip(batch.masks, batch.has_mask, strict=True):
            assert mask[0, :, :8].mean() == float(has)
            assert mask[0, :, 8:].sum() == 0
    assert 0 < sum(int(batch.has_mask.sum()) for batch in found) <= 6


def test_that_a_recipe_without_masks_gets_none(tiny, masked):
    assert all(batch.masks is None and batch.has_mask is None for batch in batches(tiny.data(masked, [], HYPER)))


def test_that_a_required_mask_that_is_missing_costs_one_sentence(tiny, masked):
    with pytest.raises(ViewerError, match=r"6\.png: it has no mask, and this recipe needs one"):
        tiny.data(masked, [], HYPER, replace(MASKED, masks="required"))


def test_that_a_mask_of_another_size_costs_one_sentence(tiny, masked, tmp_path):
    Image.fromarray(np.zeros((8, 16), np.uint8)).save(tmp_path / "mask.png")
    with pytest.raises(ViewerError, match=r"mask\.png: the mask has 8×16 pixels, its picture 16×16"):
        tiny.data(masked, [], HYPER, MASKED)


@pytest.mark.parametrize("modality", [Modality.DERMOSCOPY, Modality.ULTRASOUND, Modality.XRAY])
def test_that_a_mask_moves_with_its_picture(modality):
    """A picture that is its own mask stays so, whatever is done to where things are."""
    mask = torch.zeros(1, 64, 64, dtype=torch.uint8)
    mask[:, 8:40, 20:36] = 255
    transform = augmentation(modality, 64)
    for seed in range(12):
        changed, moved = augmented(mask.expand(3, -1, -1).clone(), transform, seed=seed, mask=mask)
        assert set(moved.unique().tolist()) <= {0, 255}
        bright = changed.float().mean(dim=0) > 0.5 * changed.float().mean(dim=0).max()
        union = (bright | (moved[0] > 0)).sum()
        assert (bright & (moved[0] > 0)).sum() / union > 0.85


@pytest.mark.parametrize("modality", [Modality.DERMOSCOPY, Modality.OTHER])
def test_that_a_picture_is_changed_alike_with_and_without_a_mask(modality):
    picture = torch.randint(0, 256, (3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    transform: v2.Transform = augmentation(modality, 32)
    for seed in range(6):
        alone, none = augmented(picture, transform, seed=seed)
        beside, _ = augmented(picture, transform, seed=seed, mask=torch.zeros(1, 32, 32, dtype=torch.uint8))
        assert none is None
        assert torch.equal(alone, beside)


def test_that_every_step_shows_new_garbage_after_its_pictures(tiny, samples):
    data = tiny.data(samples[:13], [], HYPER, garbage=True)
    assert (data.steps_per_epoch, data.garbage_per_epoch, data.class_counts) == (4, 4, (7, 6, 4))
    found = batches(data)
    assert [batch.labels.tolist()[-1] for batch in found] == [2, 2, 2, 2]
    assert all(2 not in batch.labels.tolist()[:-1] for batch in found)
    pieces = [batch.inputs[-1] for batch in found]
    assert all(not torch.equal(one, other) for one, other in pairwise(pieces))
    assert all(torch.equal(one.inputs, other.inputs) for one, other in zip(found, batches(data), strict=True))


def test_that_two_epochs_show_different_garbage(tiny, samples):
    data = tiny.data(samples[:12], [], HYPER, garbage=True)
    orders = [data._with_garbage(range(12), epoch) for epoch in (0, 1)]
    pieces = [[index for index in order if index >= 12] for order in orders]
    assert pieces == [[12, 13, 14, 15], [16, 17, 18, 19]]


@pytest.mark.parametrize(("batch", "classes", "each"), [(32, 8, 4), (16, 3, 4), (4, 2, 1), (2, 9, 1)])
def test_that_garbage_takes_the_place_of_one_class_in_a_batch(batch, classes, each):
    assert garbage_in_a_batch(batch, classes) == each


def test_that_processes_share_garbage_and_each_has_it_last(tiny, samples):
    hyper = replace(HYPER, batch=8)
    order = tiny.data(samples[:13], [], hyper, garbage=True)._with_garbage(range(10), 0)
    for rank in range(2):
        for step in Shares(order, 8, process=rank, processes=2):
            assert sorted(step) == step
            assert sum(index >= 13 for index in step) in (1, 2)
