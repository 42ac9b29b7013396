import numpy as np
import pytest
from viewer_segmentation_cam import facts
from viewer_segmentation_cam.facts import FACTS, facts_of


def disc(radius=0.3, side=200, across=0.5, down=0.5, sure=0.9):
    y, x = (np.mgrid[:side, :side] + 0.5) / side
    return np.where(np.hypot(x - across, y - down) < radius, sure, 1 - sure).astype(np.float32)


def of(fact, *masks):
    return fact(np.stack(masks)).tolist()


def test_that_expected_dice_is_the_soft_dice_with_the_probabilities():
    mask = np.array([[0.8, 0.6], [0.3, 0.1]], np.float32)
    assert of(facts.expected_dice, mask) == pytest.approx([2 * 1.4 / (2 + 1.8)])
    assert of(facts.expected_dice, (mask > 0.5).astype(np.float32)) == [1]


def test_that_expected_dice_is_the_mean_dice_of_truths_drawn_from_the_probabilities():
    random = np.random.default_rng(0)
    mask = disc(sure=0.8)
    found, truths = mask > 0.5, random.random((200, *mask.shape)) < mask
    dice = 2 * (found & truths).sum(axis=(1, 2)) / (found.sum() + truths.sum(axis=(1, 2)))
    assert of(facts.expected_dice, mask) == pytest.approx([dice.mean()], abs=0.002)


def test_that_area_and_border_are_counted_in_cells():
    left = np.zeros((4, 4), np.float32)
    left[:, 0] = 1
    assert of(facts.area, left) == [0.25]
    assert of(facts.at_border, left) == pytest.approx([4 / 12])


def test_that_parts_are_counted_without_specks():
    two = np.maximum(disc(0.15, across=0.25), disc(0.15, across=0.75))
    two[0, 0] = 1
    assert of(facts.parts, two) == [2]


def test_that_a_disc_is_hardly_ragged_and_noise_is():
    noise = np.random.default_rng(0).random((200, 200), np.float32)
    smooth, rough = of(facts.raggedness, disc(), noise)
    assert smooth == pytest.approx(1, abs=0.02)
    assert rough > 10


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_that_every_fact_of_nothing_and_of_everything_is_finite(value):
    assert np.isfinite(facts_of(np.full((2, 9, 9), value, np.float32))).all()


def test_that_a_mask_is_measured_alike_in_any_batch():
    masks = np.random.default_rng(1).random((7, 33, 57), np.float32)
    whole = facts_of(masks)
    assert all((facts_of(masks[row : row + 1])[0] == whole[row]).all() for row in range(7))


def test_that_names_are_unlike_and_titles_are_told():
    assert len({fact.name for fact in FACTS}) == len(FACTS)
    assert all(fact.title for fact in FACTS)
