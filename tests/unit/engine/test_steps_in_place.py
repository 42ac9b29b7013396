"""What steps of a bundle change of what the network sees, and of where overlays are drawn."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from viewer.domain.bundle import STEPS, FieldOfView, Manifest
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.preprocess import field_of_view, preprocess, resize, stages
from viewer.engine.second import moved

Make = Callable[..., Bundle]


@pytest.fixture
def plain(manifest: Callable[..., Manifest]) -> Manifest:
    return manifest(input_size=64)


def framed(rows: int = 240, columns: int = 320, *, radius: float = 0.36) -> NDArray[np.uint8]:
    """A white spot on skin behind a round black frame right of the middle, uint8 (rows, columns, 3)."""
    down, along = np.mgrid[:rows, :columns]
    place = np.hypot(along - 0.55 * columns, down - 0.5 * rows) / columns
    rgb = np.where((place < radius)[..., None], np.uint8([210, 150, 130]), np.uint8(4))
    rgb[round(0.4 * rows) : round(0.44 * rows), round(0.63 * columns) : round(0.66 * columns)] = 255
    return rgb


def middle_of(light: NDArray[np.floating]) -> tuple[float, float]:
    """Middle of mass, as parts of height and width."""
    down, along = (((np.arange(side) + 0.5) / side) for side in light.shape)
    return float(light.sum(axis=1) @ down / light.sum()), float(light.sum(axis=0) @ along / light.sum())


@pytest.mark.parametrize("resizing", ["squash", "crop"])
@pytest.mark.parametrize("aspect", [1.0, 1.4])
def test_that_a_spot_lands_where_the_field_of_view_of_its_own_picture_says(
    plain: Manifest, resizing: str, aspect: float
) -> None:
    cropped = replace(plain, steps=("corner_crop",), resize=resizing)
    picture = Picture(framed(round(240 / aspect)), aspect)
    seen, view = resize(picture, cropped), field_of_view(picture, cropped)
    assert seen.min() > 100  # no black is left
    assert view.left > 0
    assert view.right < 1
    down, along = middle_of((seen[..., 2] > 200).astype(float))
    assert view.top + down * (view.bottom - view.top) == pytest.approx(0.42, abs=0.015)
    assert view.left + along * (view.right - view.left) == pytest.approx(0.645, abs=0.01)


def test_that_two_pictures_of_one_size_have_fields_of_their_own(plain: Manifest) -> None:
    cropped = replace(plain, steps=("corner_crop",))
    without = Picture(np.full((240, 320, 3), 180, np.uint8))
    assert field_of_view(without, cropped) == FieldOfView(left=0, top=0, right=1, bottom=1)
    assert field_of_view(Picture(framed()), cropped) != field_of_view(without, cropped)
    np.testing.assert_array_equal(preprocess(without, cropped), preprocess(without, plain))


def test_that_attention_of_a_model_without_steps_is_moved_into_the_cropped_part(plain: Manifest) -> None:
    picture = Picture(framed())
    there, here = (field_of_view(picture, replace(plain, steps=steps)) for steps in ((), ("corner_crop",)))
    spot = resize(picture, plain)[..., 2].astype(np.float32)
    now = moved(np.where(spot > 200, spot, 0), there, here)
    np.testing.assert_allclose(
        middle_of(now),
        middle_of((resize(picture, replace(plain, steps=("corner_crop",)))[..., 2] > 200).astype(float)),
        atol=0.03,
    )


def test_that_steps_are_taken_in_their_order_and_each_is_told(plain: Manifest) -> None:
    picture = Picture(framed())
    told = stages(picture, replace(plain, steps=STEPS))
    assert [stage.step for stage in told] == list(STEPS)
    assert told[0].before is picture
    assert told[1].before.rgb.shape == told[0].after.rgb.shape
    assert (told[2].before.rgb == told[1].after.rgb).all()
    assert stages(picture, plain) == []


@pytest.mark.parametrize("steps", [STEPS, STEPS[1:], STEPS[2:], STEPS[:1]])
@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (8, 6), (64, 64), (700, 30)])
@pytest.mark.parametrize("aspect", [0.3, 1.0, 3.0])
def test_that_every_size_becomes_the_square(
    plain: Manifest, steps: tuple[str, ...], shape: tuple[int, int], aspect: float
) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    prepared = replace(plain, steps=steps, resize="crop")
    assert resize(Picture(rgb, aspect), prepared).shape == (64, 64, 3)
    grey = Picture(np.repeat(rgb[..., :1], 3, axis=2), aspect)
    assert np.ptp(resize(grey, prepared).astype(int), axis=2).max() == 0


def test_that_a_huge_picture_is_prepared_as_it_is_when_small(plain: Manifest) -> None:
    small = framed(480, 640)
    large = np.kron(small, np.ones((5, 5, 1), np.uint8))
    prepared = replace(plain, steps=STEPS)
    seen = [resize(Picture(rgb), prepared).astype(int) for rgb in (small, large)]
    assert np.abs(seen[0] - seen[1]).mean() < 1.5


def test_that_the_engine_draws_overlays_into_the_box_and_answers_alike_in_any_batch(
    make_bundle: Make, architectures: Architectures
) -> None:
    bundle = make_bundle(steps=STEPS)
    engine = Engine(bundle, architectures, device="cpu", threads=1)
    pictures = [Picture(framed()), Picture(framed(radius=0.3)), Picture(np.full((9, 7, 3), 90, np.uint8))]
    assert engine.field_of_view(pictures[0]) != engine.field_of_view(pictures[1])
    together = engine.evidence(pictures, frozenset())
    alone = Engine(bundle, architectures, device="cpu", threads=1).evidence(pictures[1:2], frozenset())
    np.testing.assert_array_equal(together.logits[1:2], alone.logits)


def test_that_squares_do_not_go_through_the_steps_again(make_bundle: Make, architectures: Architectures) -> None:
    engine = Engine(make_bundle(steps=("colour_constancy",)), architectures, device="cpu", threads=1)
    picture = Picture(framed())
    square = Picture(np.array(resize(picture, engine.bundle.manifest)))
    needs = frozenset()
    expected = engine.evidence([picture], needs).logits
    np.testing.assert_array_equal(engine.for_squares().evidence([square], needs).logits, expected)
    plain = Engine(make_bundle(folder="plain"), architectures, device="cpu", threads=1)
    assert plain.for_squares() is plain
