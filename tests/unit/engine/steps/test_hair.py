"""Hairs found and painted over, on phantoms whose picture without hairs is known."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from viewer.engine.steps.hair import hair_mask, painted_over, without_hair


def skin(rows: int, columns: int) -> NDArray[np.uint8]:
    """Skin with a round lesion and a few dots, uint8 (rows, columns, 3)."""
    down, along = np.mgrid[:rows, :columns]
    side = min(rows, columns)
    level = 190 - 90 / (1 + np.exp((np.hypot(down - rows / 2, along - columns / 2) - 0.25 * side) / (0.02 * side)))
    for row, column in ((0.2, 0.2), (0.8, 0.3), (0.25, 0.7)):
        level[np.hypot(down - row * rows, along - column * columns) < 0.012 * side] = 90
    return np.rint(level[..., None] * np.array([1.0, 0.75, 0.65])).astype(np.uint8)


def with_hairs(clean: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The picture with three hairs across it, and where they lie."""
    rows, columns = clean.shape[:2]
    drawn = Image.new("L", (columns, rows))
    pen, wide = ImageDraw.Draw(drawn), max(1, round(min(rows, columns) / 80))
    pen.line([(0.1 * columns, 0.2 * rows), (0.9 * columns, 0.75 * rows)], fill=255, width=wide)
    pen.line([(0.55 * columns, 0), (0.35 * columns, rows)], fill=255, width=wide)
    pen.arc([0.1 * columns, 0.3 * rows, 1.4 * columns, 1.6 * rows], 180, 270, fill=255, width=wide)
    where = np.asarray(drawn) > 0
    return np.where(where[..., None], np.uint8([40, 30, 25]), clean), where


@pytest.mark.parametrize("size", [(240, 320), (300, 400), (512, 384), (500, 260)])
def test_that_hairs_are_found_and_little_else(size: tuple[int, int]) -> None:
    hairy, where = with_hairs(skin(*size))
    found = hair_mask(hairy)
    assert found[where].mean() > 0.85
    near = hair_near(where)
    assert (found & ~near).sum() < 0.15 * where.sum()


def hair_near(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    grown = np.pad(where, 3)
    return np.max([np.roll(grown, (y, x), (0, 1)) for y in range(-3, 4) for x in range(-3, 4)], axis=0)[3:-3, 3:-3]


def test_that_painting_over_comes_close_to_the_picture_without_hairs() -> None:
    clean = skin(300, 400)
    hairy, where = with_hairs(clean)
    before, after = (np.abs(rgb.astype(int) - clean)[where].mean() for rgb in (hairy, without_hair(hairy)))
    assert after < 0.2 * before


def test_that_a_picture_without_hairs_stays_as_it_is() -> None:
    clean = skin(300, 400)
    np.testing.assert_array_equal(without_hair(clean), clean)


def test_that_only_what_is_named_is_painted_over_and_from_its_surroundings() -> None:
    rgb = np.full((40, 50, 3), (200, 150, 100), np.uint8)
    rgb[10:14, 5:30] = 7
    where = (rgb == 7).all(axis=2)
    np.testing.assert_array_equal(painted_over(rgb, where), np.full((40, 50, 3), (200, 150, 100), np.uint8))
    ramp = np.repeat(np.linspace(0, 200, 101).round().astype(np.uint8)[None, :, None], 30, axis=0).repeat(3, axis=2)
    where = np.zeros((30, 101), bool)
    where[:, 50:53] = True
    painted = painted_over(np.where(where[..., None], np.uint8(0), ramp), where)
    np.testing.assert_array_equal(painted[~where], ramp[~where])
    np.testing.assert_allclose(painted[where].astype(int), ramp[where].astype(int), atol=6)


@pytest.mark.parametrize("shape", [(1, 1), (1, 80), (2, 2), (5, 3), (9, 300), (33, 17)])
def test_that_the_smallest_pictures_come_back_at_their_size(shape: tuple[int, int]) -> None:
    rgb = np.random.default_rng(3).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert without_hair(rgb).shape == rgb.shape
    np.testing.assert_array_equal(without_hair(np.full((*shape, 3), 77, np.uint8)), 77)


def test_that_a_grey_picture_stays_grey() -> None:
    hairy, _ = with_hairs(skin(200, 260))
    painted = without_hair(np.repeat(hairy[..., :1], 3, axis=2))
    assert np.ptp(painted.astype(int), axis=2).max() == 0
