import numpy as np
import pytest

from viewer.phantoms import faults
from viewer.phantoms.lesion import lesion_phantom

PIXEL = np.array([[[0, 100, 255]]], np.uint8)


@pytest.fixture(scope="module")
def lesion():
    return lesion_phantom(1, kind="melanoma", size=96).pixels


@pytest.mark.parametrize("name", faults.FAULTS)
def test_that_a_fault_keeps_shape_and_type_and_changes_the_picture(lesion, name):
    before = lesion.copy()
    faulty = faults.FAULTS[name](lesion)
    assert faulty.shape == lesion.shape
    assert faulty.dtype == np.uint8
    assert np.abs(faulty.astype(int) - lesion).mean() > 1
    assert np.array_equal(lesion, before)
    assert np.array_equal(faulty, faults.FAULTS[name](lesion))


def test_that_inversion_swapping_and_turning_undo_themselves(lesion):
    assert np.array_equal(faults.upside_down(faults.upside_down(lesion)), lesion)
    assert np.array_equal(faults.inverted(faults.inverted(lesion)), lesion)
    assert np.array_equal(faults.channels_swapped(faults.channels_swapped(lesion)), lesion)


def test_single_pixels_computed_by_hand():
    assert faults.inverted(PIXEL).tolist() == [[[255, 155, 0]]]
    assert faults.channels_swapped(PIXEL).tolist() == [[[255, 100, 0]]]
    assert faults.upside_down(np.concatenate([PIXEL, 255 - PIXEL]))[0].tolist() == [[255, 155, 0]]
    assert faults.scaled_twice(PIXEL).tolist() == [[[0, 0, 1]]]
    assert faults.wrong_gamma(PIXEL, 2.0).tolist() == [[[0, 39, 255]]]  # 255 · (100/255)² = 39.2
    assert faults.blank(PIXEL, 9).tolist() == [[[9, 9, 9]]]


def test_that_blur_keeps_the_mean_and_takes_detail(lesion):
    soft = faults.blurred(lesion)
    assert soft.mean() == pytest.approx(lesion.mean(), abs=1)
    assert np.abs(np.diff(soft.astype(int), axis=0)).mean() < 0.6 * np.abs(np.diff(lesion.astype(int), axis=0)).mean()


def test_that_noise_has_the_asked_for_spread():
    grey = np.full((128, 128, 3), 128, np.uint8)
    assert faults.noisy(grey, sigma=20).std() == pytest.approx(20, abs=0.5)


def test_that_the_other_modality_is_grey(lesion):
    film = faults.other_modality(lesion)
    assert np.array_equal(film[..., 0], film[..., 2])
    assert film.std() > 30
