"""What the network sees of a picture."""

import dataclasses
import time
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from viewer.domain.bundle import FieldOfView, Manifest
from viewer.engine import preprocess as preprocess_module
from viewer.engine.picture import Picture
from viewer.engine.preprocess import field_of_view, normalise, preprocess, resize


@pytest.fixture
def squash(manifest: Callable[..., Manifest]) -> Manifest:
    return manifest(input_size=32, mean=(0.5, 0.25, 0.0), std=(0.5, 0.25, 1.0))


@pytest.fixture
def crop(squash: Manifest) -> Manifest:
    return dataclasses.replace(squash, resize="crop")


def test_that_pixels_are_scaled_to_one_then_normalised_per_channel(squash: Manifest) -> None:
    square = np.full((32, 32, 3), 255, np.uint8)
    planes = normalise(square, squash)
    assert planes.dtype == np.float32
    assert planes.flags.c_contiguous
    np.testing.assert_allclose(planes[:, 0, 0], [1.0, 3.0, 1.0], rtol=1e-6)
    np.testing.assert_allclose(normalise(square * 0, squash)[:, 5, 7], [-1.0, -1.0, 0.0], atol=1e-7)


def test_that_channels_keep_their_order(squash: Manifest) -> None:
    red = np.zeros((50, 70, 3), np.uint8)
    red[..., 0] = 255
    planes = preprocess(Picture(red), squash)
    assert planes.shape == (3, 32, 32)
    np.testing.assert_allclose(planes.mean(axis=(1, 2)), [1.0, -1.0, 0.0], atol=1e-6)


@pytest.mark.parametrize("shape", [(32, 32), (180, 180), (450, 600), (20, 25), (7, 90)])
def test_that_the_resize_is_antialiased_bilinear_as_pillow_does_it(shape: tuple[int, int], squash: Manifest) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    reference = np.asarray(Image.fromarray(rgb).resize((32, 32), Image.Resampling.BILINEAR)).astype(int)
    assert np.abs(resize(Picture(rgb), squash) - reference).max() <= 1


def test_that_a_read_only_picture_is_left_as_it_was(picture: Callable[..., Picture], squash: Manifest) -> None:
    given = picture()
    before = given.rgb.copy()
    first = preprocess(given, squash)
    np.testing.assert_array_equal(first, preprocess(given, squash))
    np.testing.assert_array_equal(given.rgb, before)


def test_that_a_numpy_that_lends_no_read_only_memory_does_as_well(
    picture: Callable[..., Picture], squash: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = preprocess(picture(), squash)

    def refuse(_: object) -> None:
        raise BufferError("cannot export read-only memory")

    monkeypatch.setattr(preprocess_module, "from_dlpack", refuse)
    np.testing.assert_array_equal(preprocess(picture(), squash), expected)


def blank(rows: int, columns: int, aspect: float = 1.0) -> Picture:
    return Picture(np.zeros((rows, columns, 3), np.uint8), aspect)


def test_that_squash_sees_the_whole_picture(squash: Manifest) -> None:
    assert field_of_view(blank(40, 90, 1.7), squash) == FieldOfView(left=0.0, top=0.0, right=1.0, bottom=1.0)


def test_that_crop_sees_the_centred_square(crop: Manifest) -> None:
    assert field_of_view(blank(40, 80), crop) == FieldOfView(left=0.25, top=0.0, right=0.75, bottom=1.0)
    assert field_of_view(blank(80, 40), crop) == FieldOfView(left=0.0, top=0.25, right=1.0, bottom=0.75)


def test_that_crop_takes_a_square_of_the_displayed_picture(crop: Manifest) -> None:
    # 40 rows of pixels twice as high as wide are displayed 80 pixel widths high: a square of the 80 columns.
    assert field_of_view(blank(40, 80, 2.0), crop) == FieldOfView(left=0.0, top=0.0, right=1.0, bottom=1.0)
    # Half as high as wide: displayed 20 high, so the square takes 20 of 80 columns.
    assert field_of_view(blank(40, 80, 0.5), crop) == FieldOfView(left=0.375, top=0.0, right=0.625, bottom=1.0)


@pytest.mark.parametrize(("rows", "columns", "aspect"), [(60, 91, 1.0), (33, 200, 1.3), (200, 33, 0.8), (1, 9, 1.0)])
def test_that_what_lies_outside_the_field_of_view_changes_nothing(
    crop: Manifest, rows: int, columns: int, aspect: float
) -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (rows, columns, 3), dtype=np.uint8)
    seen = field_of_view(Picture(rgb, aspect), crop)
    inside = np.s_[
        round(seen.top * rows) : round(seen.bottom * rows), round(seen.left * columns) : round(seen.right * columns)
    ]
    other = np.zeros_like(rgb)
    other[inside] = rgb[inside]
    np.testing.assert_array_equal(preprocess(Picture(rgb, aspect), crop), preprocess(Picture(other, aspect), crop))


def test_that_a_spot_lands_where_the_field_of_view_says(crop: Manifest) -> None:
    rgb = np.zeros((100, 300, 3), np.uint8)
    rgb[20:30, 160:170] = 255  # centre (25, 165): a quarter down, 0.65 across the centred square of columns 100–200
    light = preprocess(Picture(rgb), crop)[0] + 1
    centres = (np.arange(32) + 0.5) / 32
    assert (light.sum(axis=1) * centres).sum() / light.sum() == pytest.approx(0.25, abs=0.005)
    assert (light.sum(axis=0) * centres).sum() / light.sum() == pytest.approx(0.65, abs=0.005)


def test_that_a_very_large_picture_is_resized_in_little_time(squash: Manifest) -> None:
    rgb = np.zeros((4000, 6000, 3), np.uint8)
    rgb[:2000] = 200
    began = time.perf_counter()
    square = resize(Picture(rgb), squash)
    assert time.perf_counter() - began < 2
    assert (square[:15] == 200).all()
    assert (square[17:] == 0).all()


def test_that_pictures_are_named_by_their_content(picture: Callable[..., Picture]) -> None:
    one = picture()
    assert one.digest == picture().digest
    assert len({one.digest, picture(1).digest, Picture(one.rgb, 2.0).digest, Picture(one.rgb[::-1]).digest}) == 4


@pytest.mark.parametrize(
    ("rgb", "aspect"),
    [
        (np.zeros((4, 4), np.uint8), 1.0),
        (np.zeros((4, 4, 4), np.uint8), 1.0),
        (np.zeros((4, 4, 3), np.float32), 1.0),
        (np.zeros((0, 4, 3), np.uint8), 1.0),
        (np.zeros((4, 4, 3), np.uint8), 0.0),
        (np.zeros((4, 4, 3), np.uint8), float("nan")),
    ],
)
def test_that_a_picture_of_another_kind_is_refused(rgb: np.ndarray, aspect: float) -> None:
    with pytest.raises(ValueError, match=r"picture|aspect"):
        Picture(rgb, aspect)
