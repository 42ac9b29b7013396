"""Pictures that no model should answer to."""

import numpy as np
import pytest

from viewer.phantoms.garbage import blanks, kinds, screens, textures
from viewer.phantoms.garbage.colours import in_colours_of
from viewer.phantoms.garbage.spoilt import shuffled

DRAWN = (
    *(kinds.chest_film, kinds.ultrasound_frame, kinds.lesion_picture),
    *(textures.clouds, textures.wood, textures.weave, textures.stones, textures.fibres),
    *(textures.white_noise, textures.specks, textures.static),
    *(screens.page, screens.windows, screens.table),
    *(blanks.black, blanks.white, blanks.one_colour, blanks.gradient),
)


def rng(seed=1):
    return np.random.default_rng(seed)


def some_picture(side=48, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("side", [47, 96])
def test_that_garbage_has_the_size_asked_for_and_the_same_seed_draws_the_same(draw, side):
    first, again = draw(rng(), side), draw(rng(), side)
    assert (first.shape, first.dtype) == ((side, side, 3), np.uint8)
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    "draw", [d for d in DRAWN if d not in (blanks.black, blanks.white)], ids=lambda d: d.__name__
)
def test_that_another_seed_draws_another_picture(draw):
    assert not np.array_equal(draw(rng(1), 64), draw(rng(2), 64))


def test_that_blank_pictures_show_nothing():
    assert blanks.black(rng(), 8).max() == 0
    assert blanks.white(rng(), 8).min() == 255
    assert np.ptp(blanks.one_colour(rng(), 8).reshape(-1, 3), axis=0).max() == 0


def test_that_a_picture_in_lent_colours_has_exactly_the_pixels_of_the_other_and_its_own_order_of_brightness():
    structure, like = textures.clouds(rng(), 48), some_picture()
    lent = in_colours_of(structure, like)
    rows = [np.unique(one.reshape(-1, 3), axis=0, return_counts=True) for one in (lent, like)]
    assert all(np.array_equal(a, b) for a, b in zip(*rows, strict=True))
    luma = np.array([0.299, 0.587, 0.114])
    brightness = [(one.reshape(-1, 3) @ luma) for one in (structure, lent)]
    order = brightness[0].argsort(kind="stable")
    assert (np.diff(brightness[1][order]) >= -1e-4).all()


def test_that_shuffling_keeps_the_patches_and_leaves_none_where_it_was():
    picture = some_picture(60)
    mixed = shuffled(rng(), picture)
    assert mixed.shape == picture.shape
    assert np.array_equal(np.sort(mixed, axis=None), np.sort(picture, axis=None))
    # In random pixels, patches that moved agree with what was there by chance alone.
    agree = (mixed[:45, :45] == picture[:45, :45]).mean()
    assert agree < 0.05
