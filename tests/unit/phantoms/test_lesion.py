import hashlib

import numpy as np
import pytest

from viewer.phantoms.cohort import lesion_cohort
from viewer.phantoms.lesion import KINDS, lesion_phantom
from viewer.phantoms.skin import draw_skin


def digest(*arrays):
    return hashlib.sha256(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_same_seed_gives_the_same_bytes(kind):
    first, second = (lesion_phantom(7, kind=kind, ruler=True, bubbles=True) for _ in range(2))
    assert digest(first.pixels, first.mask) == digest(second.pixels, second.mask)
    assert digest(*first.artefacts.values()) == digest(*second.artefacts.values())


def test_that_another_seed_gives_another_lesion():
    assert len({digest(lesion_phantom(seed, kind="nevus", size=64).pixels) for seed in range(8)}) == 8


@pytest.mark.parametrize("size", [48, 97, 224])
def test_that_shapes_and_types_are_as_promised(size):
    artefacts = ("ruler", "bubbles", "ink", "sticker", "hair")
    lesion = lesion_phantom(3, kind="melanoma", size=size, **dict.fromkeys(artefacts, True))
    assert lesion.pixels.shape == (size, size, 3)
    assert lesion.pixels.dtype == np.uint8
    assert set(lesion.artefacts) == set(artefacts)
    for mask in (lesion.mask, *lesion.artefacts.values()):
        assert mask.shape == (size, size)
        assert mask.dtype == bool


def test_that_arrays_are_read_only():
    lesion = lesion_phantom(3, kind="nevus", size=64, ruler=True)
    for array in (lesion.pixels, lesion.mask, lesion.artefacts["ruler"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 0


def test_that_nonsense_is_refused():
    with pytest.raises(ValueError, match="unknown lesion kind 'wart'"):
        lesion_phantom(0, kind="wart")
    with pytest.raises(ValueError, match="at least 48"):
        lesion_phantom(0, kind="nevus", size=20)


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_mask_lies_on_the_lesion(kind):
    contrasts = []
    for seed in range(12):
        lesion = lesion_phantom(seed, kind=kind, size=128, hair=False)
        share = lesion.mask.mean()
        assert 0.01 < share < 0.6, seed
        rows, cols = np.nonzero(lesion.mask)
        assert abs(rows.mean() - 64) < 32, seed
        assert abs(cols.mean() - 64) < 32, seed
        around = np.zeros_like(lesion.mask)
        around[24:104, 24:104] = True  # away from the corners of a round field of view
        levels = lesion.pixels.astype(float)
        inside, outside = levels[lesion.mask].mean(0), levels[around & ~lesion.mask].mean(0)
        contrasts.append(np.abs(inside - outside).max())
    assert np.median(contrasts) > 20
    assert min(contrasts) > 4


@pytest.mark.parametrize("artefact", ["ruler", "bubbles", "ink", "sticker"])
def test_that_an_artefact_changes_the_picture_where_its_mask_says_so(artefact):
    for seed in range(6):
        plain = lesion_phantom(seed, kind="nevus", size=160, hair=False)
        marred = lesion_phantom(seed, kind="nevus", size=160, hair=False, **{artefact: True})
        mask = marred.artefacts[artefact]
        change = np.abs(marred.pixels.astype(int) - plain.pixels).max(axis=2)
        near = mask.copy()
        for axis in (0, 1):  # lens blur carries an artefact two pixels further
            near = np.logical_or.reduce([np.roll(near, step, axis) for step in (-2, -1, 0, 1, 2)])
        assert mask.any(), seed
        assert (change[mask] > 3).mean() > 0.5, seed
        assert (change[~near] > 3).mean() < 0.02, seed
        assert np.array_equal(plain.mask, marred.mask), seed


def test_that_hairs_come_with_the_patient_unless_asked_for():
    bald = draw_skin(np.random.default_rng(0), "a")
    assert "hair" not in lesion_phantom(1, kind="nevus", size=64, skin=bald, hair=False).artefacts
    assert lesion_phantom(1, kind="nevus", size=64, skin=bald, hair=True).artefacts["hair"].any()


def test_that_lesions_of_a_patient_share_skin_and_light():
    skins = [draw_skin(np.random.default_rng(seed), str(seed)) for seed in range(12)]
    tones = np.array(
        [
            [border_tone(lesion_phantom(100 * seed + n, kind="nevus", size=64, skin=skin)) for n in range(4)]
            for seed, skin in enumerate(skins)
        ]
    )
    within, between = tones.std(axis=1).mean(), tones.mean(axis=1).std(axis=0).mean()
    assert within < between


def border_tone(lesion):
    middle = lesion.pixels[8:-8, 8:-8].astype(float)
    return np.median(middle[~lesion.mask[8:-8, 8:-8]], axis=0)


def test_that_some_lesions_are_ambiguous_and_most_are_not():
    ambiguity = np.array([lesion.ambiguity for lesion in lesion_cohort(100, 4, lesions_per_patient=4, size=48)])
    assert 0.1 < (ambiguity > 0).mean() < 0.3
    assert ambiguity.max() <= 0.75
    assert (ambiguity > 0.5).any()


def test_that_simple_colours_tell_classes_apart_but_not_perfectly():
    """Nearest class mean on three standardised features of the lesion's colour: far above chance, far from 1."""
    lesions = list(lesion_cohort(120, 11, lesions_per_patient=2, size=64))
    features = np.array([colour_features(lesion) for lesion in lesions])
    features = (features - features.mean(0)) / features.std(0)
    labels = np.array([KINDS.index(lesion.label) for lesion in lesions])
    train = np.arange(len(lesions)) < len(lesions) // 2  # patients come in order: no group is in both halves
    means = np.array([features[train & (labels == k)].mean(0) for k in range(len(KINDS))])
    predicted = np.square(features[~train][:, None] - means).sum(-1).argmin(1)
    accuracy = (predicted == labels[~train]).mean()
    assert 0.45 < accuracy < 0.95


def colour_features(lesion):
    inside = lesion.pixels[lesion.mask].astype(float)
    red, green, blue = inside.mean(0) + 1
    return [np.log(red / green), np.log(green / blue), inside.sum(1).std()]
