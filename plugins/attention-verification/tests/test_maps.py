import numpy as np
import pytest
import torch
from skimage.transform import resize
from torch.nn import functional
from viewer_attention_verification.maps import early_map, gam, has_attention, resized

GRIDS = [(1, 1), (4, 4), (7, 7), (7, 12), (16, 16), (28, 28), (45, 32), (112, 112)]


def attention(count=5, rows=7, columns=7, seed=0):
    return np.random.default_rng(seed).normal(0, 3, (count, rows, columns)).astype(np.float32)


@pytest.mark.parametrize("grid", GRIDS)
def test_that_resizing_equals_torch_for_finer_and_coarser_grids(grid):
    maps = np.random.default_rng(1).random((3, *grid))
    theirs = functional.interpolate(torch.from_numpy(maps)[:, None], (28, 28), mode="bilinear", antialias=True)
    assert resized(maps) == pytest.approx(theirs[:, 0].numpy(), abs=1e-6)


def test_that_resizing_equals_scikit_image_where_the_grid_becomes_finer():
    (one,) = np.random.default_rng(1).random((1, 7, 7))
    assert resized(one[None])[0] == pytest.approx(resize(one, (28, 28), order=1, mode="edge"), abs=1e-6)


def test_that_a_map_is_rectified_stretched_and_resized_in_this_order():
    maps = np.array([[[-5, 1], [3, 2]]], np.float32)
    expected = functional.interpolate(
        torch.tensor([[[[0, 1 / 3], [1, 2 / 3]]]]), (28, 28), mode="bilinear", align_corners=False
    )
    assert gam(maps) == pytest.approx(expected[0].numpy(), abs=1e-6)
    assert gam(maps).dtype == np.float32


def test_that_every_map_lies_between_zero_and_one_and_reaches_both():
    maps = gam(attention(rows=4, columns=4))
    assert maps.shape == (5, 28, 28)
    assert (maps.min(axis=(1, 2)) == 0).all()
    assert maps.max(axis=(1, 2)) == pytest.approx(1)


@pytest.mark.parametrize(
    "nothing",
    [np.zeros((7, 7)), np.full((7, 7), -2.0), np.full((7, 7), 3.7), np.full((7, 7), np.nan), np.eye(7) * -1],
    ids=["zero", "negative", "the same all over", "no number", "nowhere positive"],
)
def test_that_what_points_nowhere_is_no_attention_and_costs_no_other_map(nothing):
    maps = attention(3)
    maps[1] = nothing
    assert has_attention(maps).tolist() == [True, False, True]
    assert (gam(maps)[1] == 0).all()
    assert (gam(maps)[[0, 2]] == gam(attention(3))[[0, 2]]).all()


def test_that_one_infinite_cell_makes_a_map_no_attention():
    maps = attention(2)
    maps[0, 3, 3] = np.inf
    assert has_attention(maps).tolist() == [False, True]


def test_that_rounding_is_no_attention():
    maps = np.full((1, 7, 7), 3.0, np.float32)
    maps[0, 2, 2] = np.nextafter(np.float32(3), np.float32(4))
    assert not has_attention(maps)[0]


def test_that_tiny_attention_is_attention():
    assert has_attention(attention() * np.float32(1e-30)).all()


def test_that_the_batch_changes_no_digit():
    maps = attention(33)
    for function in (gam, early_map):
        together = function(maps)
        assert all((together[index] == function(maps[index : index + 1])[0]).all() for index in range(33))


def test_that_an_early_map_keeps_what_is_below_zero():
    early = np.linspace(-4, 2, 28 * 28, dtype=np.float32).reshape(1, 28, 28)
    assert early_map(early)[0] == pytest.approx(np.linspace(0, 1, 28 * 28).reshape(28, 28), abs=1e-6)
    assert (early_map(np.full((1, 28, 28), -3.0)) == 0).all()
