"""The tint of the lamp."""

import numpy as np
import pytest

from viewer.engine.steps.colour import evened_out, lamp_gains

RANDOM = np.random.default_rng(5)


def test_that_the_gains_are_those_of_the_formula() -> None:
    rgb = RANDOM.integers(1, 256, (20, 30, 3), dtype=np.uint8)
    lamp = ((rgb / 255.0) ** 6).mean(axis=(0, 1)) ** (1 / 6)
    np.testing.assert_allclose(lamp_gains(rgb), np.linalg.norm(lamp) / np.sqrt(3) / lamp, rtol=1e-12)


def test_that_two_lamps_end_alike() -> None:
    rgb = RANDOM.integers(30, 160, (60, 80, 3)).astype(float)
    white = evened_out(rgb.round().astype(np.uint8)).astype(int)
    red = evened_out((rgb * [1.3, 1.0, 0.8]).round().astype(np.uint8)).astype(int)
    ratio = red.mean(axis=(0, 1)) / white.mean(axis=(0, 1))
    assert np.ptp(ratio) < 0.01


def test_that_a_grey_picture_and_a_dark_one_stay_as_they_are() -> None:
    grey = np.repeat(RANDOM.integers(0, 256, (9, 9, 1), dtype=np.uint8), 3, axis=2)
    for rgb in (grey, np.zeros((4, 4, 3), np.uint8), np.full((1, 1, 3), (0, 90, 200), np.uint8)):
        np.testing.assert_array_equal(evened_out(rgb), rgb)


def test_that_black_surroundings_count_for_nothing() -> None:
    rgb = RANDOM.integers(40, 200, (30, 30, 3), dtype=np.uint8)
    rgb[..., 0] //= 2
    framed = np.pad(rgb, ((10, 10), (10, 10), (0, 0)))
    np.testing.assert_array_equal(evened_out(framed)[10:-10, 10:-10], evened_out(rgb))


@pytest.mark.parametrize("shape", [(1, 1), (3, 200)])
def test_that_the_smallest_pictures_come_back_at_their_size(shape: tuple[int, int]) -> None:
    rgb = RANDOM.integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert evened_out(rgb).shape == rgb.shape
