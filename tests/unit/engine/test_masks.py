"""Masks from elsewhere: over what the first model sees, and nothing of the first one changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from viewer.domain.bundle import FieldOfView
from viewer.domain.errors import BundleRefused, JobCancelled
from viewer.domain.evidence import Evidence, Need
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.masks import GivenMasks, MaskModel, WithMasks, full_size
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place, Surroundings, see

from ...mask_network import BrightMasks, bright_bundle

NEEDS = frozenset({Need.LOGITS, Need.FEATURES, Need.MASK})
WHOLE = FieldOfView(left=0, top=0, right=1, bottom=1)


@pytest.fixture(scope="module")
def drawing() -> Architectures:
    return Architectures([BrightMasks()])


@pytest.fixture
def build(drawing: Architectures) -> Callable[[Bundle], Engine]:
    return lambda bundle: Engine(bundle, drawing, device="cpu", threads=1)


def bright(rows: int, columns: int, top: int, bottom: int, left: int, right: int) -> Picture:
    """Dark, with one bright box."""
    rgb = np.zeros((rows, columns, 3), np.uint8)
    rgb[top:bottom, left:right] = 255
    return Picture(rgb)


@pytest.fixture
def first(tmp_path: Path, build: Any) -> Engine:
    return build(read_bundle(bright_bundle(tmp_path, name="first", shows="")))


def masked(first: Engine, source: Any, *pictures: Picture, own: bool = False) -> Evidence:
    places = [Place.alone(picture) for picture in pictures]
    return see(WithMasks(first, first, source, own=own), places, NEEDS)


def test_that_a_network_draws_its_own_mask_where_it_is_asked_for(tmp_path: Path, build: Any) -> None:
    engine = build(read_bundle(bright_bundle(tmp_path)))
    picture = bright(64, 64, 16, 32, 8, 24)
    seen = engine.evidence([picture], NEEDS)
    assert (seen.mask_shows, seen.mask_from) == ("lesion", "")
    np.testing.assert_array_equal(full_size(seen.mask[0], WHOLE, 64, 64), picture.rgb[..., 0] > 0)
    unasked = engine.evidence([picture], frozenset({Need.LOGITS}))
    assert (unasked.mask, unasked.mask_shows) == (None, "")


def test_that_a_bundle_clears_its_masks_where_it_says_how_many_parts_there_are(tmp_path: Path, build: Any) -> None:
    picture = bright(64, 64, 16, 48, 8, 40)
    picture.rgb[28:36, 20:28] = 0
    picture.rgb[4:12, 52:60] = 255
    drawn, cleared = (
        build(read_bundle(bright_bundle(tmp_path, name=f"parts-{parts}", parts=parts))).evidence([picture], NEEDS)
        for parts in (0, 1)
    )
    np.testing.assert_array_equal(full_size(drawn.mask[0], WHOLE, 64, 64), picture.rgb[..., 0] > 0)
    box = bright(64, 64, 16, 48, 8, 40).rgb[..., 0] > 0
    np.testing.assert_array_equal(full_size(cleared.mask[0], WHOLE, 64, 64), box)


def test_that_another_models_mask_changes_nothing_else(tmp_path: Path, first: Engine, build: Any) -> None:
    pictures = [bright(64, 64, 16, 32, 8, 24), bright(40, 70, 0, 10, 0, 20)]
    source = MaskModel(read_bundle(bright_bundle(tmp_path, seed=4)), build)
    alone = first.evidence(pictures, NEEDS - {Need.MASK})
    seen = masked(first, source, *pictures)
    np.testing.assert_array_equal(alone.logits, seen.logits)
    np.testing.assert_array_equal(alone.features, seen.features)
    assert (seen.mask_shows, seen.mask_from) == ("lesion", "bright")
    itself = build(source.bundle).evidence(pictures, NEEDS)
    np.testing.assert_array_equal(seen.mask, itself.mask)


def test_that_a_mask_does_not_depend_on_the_batch(tmp_path: Path, first: Engine, build: Any) -> None:
    random = np.random.default_rng(0)
    pictures = [Picture(random.integers(0, 256, (30, 50, 3), np.uint8)) for _ in range(3)]
    cropping = read_bundle(bright_bundle(tmp_path, resize="crop"))
    together = masked(first, MaskModel(cropping, build), *pictures)
    for index, picture in enumerate(pictures):
        alone = masked(first, MaskModel(cropping, build), picture)
        np.testing.assert_array_equal(alone.mask[0], together.mask[index])


@pytest.mark.parametrize(("ours", "theirs"), [("squash", "crop"), ("crop", "squash"), ("crop", "crop")])
def test_that_a_mask_lies_where_the_picture_is_bright_however_the_two_cut(
    tmp_path: Path, build: Any, ours: Any, theirs: Any
) -> None:
    first = build(read_bundle(bright_bundle(tmp_path, name="first", shows="", resize=ours)))
    source = MaskModel(read_bundle(bright_bundle(tmp_path, resize=theirs)), build)
    picture = bright(48, 96, 12, 36, 40, 60)
    seen = masked(first, source, picture)
    drawn = full_size(seen.mask[0], first.field_of_view(picture), 48, 96)
    bright_pixels = picture.rgb[..., 0] > 0
    overlap = 2 * (drawn & bright_pixels).sum() / (drawn.sum() + bright_pixels.sum())
    assert overlap > 0.9


def test_that_nothing_is_inside_where_the_mask_model_saw_nothing(tmp_path: Path, first: Engine, build: Any) -> None:
    source = MaskModel(read_bundle(bright_bundle(tmp_path, resize="crop")), build)
    picture = Picture(np.full((40, 80, 3), 255, np.uint8))
    (mask,) = masked(first, source, picture).mask
    drawn = full_size(mask, WHOLE, 40, 80)
    assert drawn[:, 21:59].all()
    assert not drawn[:, :19].any()
    assert not drawn[:, 61:].any()
    assert source.seen(picture, WHOLE) == FieldOfView(left=0.25, top=0, right=0.75, bottom=1)


def test_that_a_mask_model_that_cannot_be_built_says_so_once_and_costs_the_masks_alone(
    tmp_path: Path, first: Engine
) -> None:
    def refuse(bundle: Bundle) -> Engine:
        raise BundleRefused(bundle.path, reason="its network is unknown")

    told: list[str] = []
    source = MaskModel(read_bundle(bright_bundle(tmp_path)), refuse, told.append)
    pictures = [bright(20, 20, 5, 10, 5, 10), bright(20, 20, 1, 5, 5, 10)]
    seen = masked(first, source, *pictures)
    masked(first, source, *pictures)
    assert np.isnan(seen.mask).all()
    assert len(seen.mask) == 2
    np.testing.assert_array_equal(seen.logits, first.evidence(pictures, NEEDS).logits)
    (sentence,) = told
    assert sentence.startswith("the mask model bright does not answer from here on: ")
    assert "its network is unknown" in sentence


def test_that_frames_seen_before_it_fell_silent_stand_beside_later_ones(
    tmp_path: Path, first: Engine, drawing: Architectures, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(read_bundle(bright_bundle(tmp_path)), drawing, device="cpu", threads=1, cache_bytes=0)
    source = MaskModel(engine.bundle, lambda bundle: engine, lambda sentence: None)
    both = WithMasks(first, first, source, own=False)
    clip = Surroundings(4, lambda index: bright(20, 20, 5, 10, 5, 10 + index))
    needs = NEEDS | {Need.CLIP}
    clip.read(both, 0, NEEDS, lambda: False)  # and frame 3, which lies around it
    monkeypatch.setattr(engine, "_network", _exhausted)
    clip.conclude(3)
    seen = see(both, [Place(clip, 0), Place(clip, 3)], needs)
    assert [bool(np.isnan(row).all()) for row in seen.mask] == [False, True]


def _exhausted(*_: object) -> None:
    raise RuntimeError("DefaultCPUAllocator: can't allocate memory")


def test_that_cancelling_silences_nothing(tmp_path: Path, first: Engine, build: Any) -> None:
    told: list[str] = []
    source = MaskModel(read_bundle(bright_bundle(tmp_path)), build, told.append)
    picture = bright(20, 20, 5, 10, 5, 10)
    with pytest.raises(JobCancelled):
        source.masks([picture], first, lambda: True)
    assert told == []
    assert np.isfinite(source.masks([picture], first, lambda: False)).all()


def test_that_the_models_own_mask_stays_at_hand_where_it_was_calibrated_with_it(tmp_path: Path, build: Any) -> None:
    first = build(read_bundle(bright_bundle(tmp_path, name="first")))
    picture = bright(32, 32, 8, 16, 8, 16)
    given = GivenMasks(lambda picture: np.ones((32, 32), bool), "masks")
    seen = masked(first, given, picture, own=True)
    assert (seen.mask > 0.5).all()
    np.testing.assert_array_equal(seen.own_mask, first.evidence([picture], NEEDS).mask)
    assert masked(first, given, picture).own_mask is None


def test_that_given_masks_are_shrunk_as_the_picture_is_and_missing_ones_are_rows_of_nothing(first: Engine) -> None:
    inside = np.zeros((64, 64), bool)
    inside[16:48, 0:2] = True  # each cell of the grid is two pixels wide
    inside[0, 63] = True
    pictures = [Picture(np.zeros((64, 64, 3), np.uint8)) for _ in range(2)]
    answers = {id(pictures[0]): inside}
    seen = masked(first, GivenMasks(lambda picture: answers.get(id(picture)), "masks"), *pictures)
    assert (seen.mask_shows, seen.mask_from) == ("region", "given")
    assert seen.mask.shape == (2, 32, 32)
    assert np.isnan(seen.mask[1]).all()
    assert seen.mask[0].sum() * 4 == pytest.approx(inside.sum(), rel=0.05)
    assert seen.mask[0, 16, 0] == pytest.approx(0.875, abs=0.13)


def test_that_a_mask_in_part_of_a_picture_is_0_outside_it() -> None:
    middle = FieldOfView(left=0.25, top=0, right=0.75, bottom=1)
    inside = full_size(np.ones((8, 8), np.float32), middle, 20, 40)
    assert inside[:, 10:30].all()
    assert inside.sum() == 20 * 20
