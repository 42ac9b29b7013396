"""Several bundles asked as one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from viewer.domain.bundle import FieldOfView
from viewer.domain.errors import BundleRefused, JobCancelled
from viewer.domain.evidence import FROM_AROUND, Evidence, Need, class_attention, softmax
from viewer.engine import ensemble as ensemble_module
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, ensemble_manifest, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.ensemble import EnsembleEngine
from viewer.engine.joining import (
    comparable_attention,
    joined_features,
    joined_looks,
    joined_statistics,
    mixed,
    weighted_mean,
)
from viewer.engine.opening import open_engine
from viewer.engine.picture import Picture

EVERYTHING = frozenset(Need)
WHOLE = FieldOfView(left=0, top=0, right=1, bottom=1)
WEIGHTS = (0.75, 0.25)

Make = Callable[..., Bundle]
Draw = Callable[..., Picture]


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def members(make_bundle: Make) -> list[Bundle]:
    """Of another network, size, way of resizing and order of classes; the second knows garbage."""
    order = ("wart", "melanoma", "nevus")
    return [
        make_bundle(folder="a", name="a", seed=1, temperature=2.0),
        make_bundle(
            folder="b",
            name="b",
            seed=2,
            temperature=0.5,
            architecture="tiny_dense",
            classes=order,
            input_size=48,
            resize="crop",
            mean=(0.5, 0.4, 0.3),
            garbage=True,
        ),
    ]


@pytest.fixture
def bundle(members: list[Bundle], tmp_path: Path) -> Bundle:
    manifest = ensemble_manifest(members, "both", weights=WEIGHTS)
    return write_bundle(tmp_path / "both", manifest, members, card="# Both\n", temperature=1.5)


@pytest.fixture
def make_engine(bundle: Bundle, architectures: Architectures) -> Callable[..., EnsembleEngine]:
    def make(**kwargs: Any) -> EnsembleEngine:
        return EnsembleEngine(bundle, architectures, device="cpu", threads=1, **kwargs)

    return make


def alone(member: Bundle, architectures: Architectures) -> Engine:
    return Engine(member, architectures, device="cpu", threads=1)


def same(one: Evidence, other: Evidence) -> None:
    for need in Need:
        mine, theirs = getattr(one, need, None), getattr(other, need, None)
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, theirs, err_msg=need)
        else:
            assert mine is None or not isinstance(theirs, np.ndarray)


def test_that_probabilities_are_the_weighted_mean_of_the_members(
    make_engine: Callable[..., EnsembleEngine], members: list[Bundle], architectures: Architectures, picture: Draw
) -> None:
    pictures = [picture(0), picture(1)]
    evidence = make_engine().evidence(pictures, frozenset({Need.LOGITS, Need.MEMBERS}))
    mean = np.zeros((2, 3))
    for number, (member, weight) in enumerate(zip(members, WEIGHTS, strict=True)):
        own = alone(member, architectures).evidence(pictures, frozenset({Need.LOGITS}))
        order = [own.classes.index(name) for name in evidence.classes]
        assert own.temperature == member.temperature
        np.testing.assert_allclose(np.exp(evidence.members[number]), own.probabilities[:, order], rtol=1e-5)
        mean += weight * own.probabilities[:, order]
    np.testing.assert_allclose(np.exp(evidence.logits), mean, rtol=1e-5)
    np.testing.assert_allclose(softmax(evidence.logits), mean, rtol=1e-5)
    sharpened = mean ** (1 / 1.5)
    np.testing.assert_allclose(evidence.probabilities, sharpened / sharpened.sum(axis=1, keepdims=True), rtol=1e-5)
    assert (evidence.member_names, evidence.member_weights) == (("a", "b"), WEIGHTS)


def test_that_a_frame_has_the_same_evidence_alone_and_in_a_batch(
    make_engine: Callable[..., EnsembleEngine], picture: Draw
) -> None:
    pictures = [picture(seed) for seed in range(3)]
    engine = make_engine(cache_bytes=0)
    together = engine.evidence(pictures, EVERYTHING)
    for index, one in enumerate(pictures):
        same(engine.evidence([one], EVERYTHING), together[index])


def test_that_all_is_there_but_what_no_member_gives(
    make_engine: Callable[..., EnsembleEngine], picture: Draw
) -> None:
    evidence = make_engine().evidence([picture()], EVERYTHING)
    missing = {need for need in Need if getattr(evidence, need) is None}
    assert missing == FROM_AROUND | {Need.MASK}
    assert evidence.linear_head is None
    assert evidence.features.shape == (1, 10 + 40)
    assert evidence.attention.shape == (1, 6, 6)
    assert evidence.head_samples.shape == (50, 1, 3)
    assert evidence.views.shape == (1, 2, 6, 6)
    assert all(np.isfinite(getattr(evidence, need)).all() for need in Need if need not in missing)


def test_that_only_what_is_asked_for_is_captured(make_engine: Callable[..., EnsembleEngine], picture: Draw) -> None:
    evidence = make_engine().evidence([picture()], frozenset({Need.FEATURES}))
    held = {need for need in Need if getattr(evidence, need) is not None}
    assert held == {Need.LOGITS, Need.FEATURES}


def test_that_attention_is_meant_for_the_class_of_the_ensemble(
    make_engine: Callable[..., EnsembleEngine], members: list[Bundle], architectures: Architectures, picture: Draw
) -> None:
    needs = frozenset({Need.ATTENTION, Need.ACTIVATIONS, Need.GRADIENTS})
    engine = make_engine()
    for target in (None, 2):
        evidence = engine.evidence([picture()], needs, [target])
        aim = int(evidence.targets[0])
        assert aim == (evidence.predicted[0] if target is None else 2)
        own = alone(members[0], architectures).evidence([picture()], needs, [aim])
        expected = own.attention / np.sqrt((own.attention.astype(np.float64) ** 2).mean())
        shown = comparable_attention([own.attention], [[WHOLE]])
        np.testing.assert_allclose(shown[:, 0], expected, rtol=1e-5)
        np.testing.assert_array_equal(evidence.attention, class_attention(evidence.activations, evidence.gradients))
        assert evidence.gradients[0, :, 0, 0].tolist() == list(WEIGHTS)


def test_that_views_are_the_attention_of_all_members_in_mirrored_pictures(
    make_engine: Callable[..., EnsembleEngine], picture: Draw
) -> None:
    engine, frame = make_engine(), picture()
    evidence = engine.evidence([frame], frozenset({Need.VIEWS}))
    aims = evidence.predicted.tolist()
    mirrored = Picture(np.ascontiguousarray(frame.rgb[:, ::-1]))
    expected = engine.evidence([mirrored], frozenset({Need.ATTENTION}), aims).attention
    np.testing.assert_allclose(evidence.views[0, 0], expected[0, :, ::-1], rtol=1e-3, atol=1e-4)
    assert (evidence.input, evidence.attention) == (None, None)


def test_that_garbage_is_what_those_say_that_know_it(
    make_engine: Callable[..., EnsembleEngine], members: list[Bundle], architectures: Architectures, picture: Draw
) -> None:
    evidence = make_engine().evidence([picture()], frozenset({Need.GARBAGE}))
    knowing = alone(members[1], architectures).evidence([picture()], frozenset({Need.GARBAGE}))
    np.testing.assert_allclose(evidence.garbage_log_odds, knowing.garbage_log_odds, rtol=1e-4)


def test_that_the_mask_is_that_of_the_first_that_draws_one(
    make_bundle: Make, members: list[Bundle], tmp_path: Path, architectures: Architectures, picture: Draw
) -> None:
    needs = frozenset({Need.MASK})
    drawing = [
        make_bundle(folder=how, name=how, architecture="tiny_masking", mask_shows="lesion", resize=how)
        for how in ("squash", "crop")
    ]
    for parts, whole in (([members[0], *drawing], True), ([members[0], *drawing[::-1]], False)):
        bundle = write_bundle(tmp_path / "e", ensemble_manifest(parts, "e"), parts, card="# E\n")
        evidence = open_engine(bundle, architectures, device="cpu").evidence([picture(columns=80)], needs)
        assert evidence.mask_shows == bundle.manifest.mask_shows == "lesion"
        if whole:
            own = alone(drawing[0], architectures).evidence([picture(columns=80)], needs)
            np.testing.assert_array_equal(evidence.mask, own.mask)
        else:  # the middle half is all that the cropping member sees
            assert evidence.mask.shape == (1, 16, 16)
            assert not evidence.mask[:, :, :4].any()
            assert not evidence.mask[:, :, 12:].any()
            assert evidence.mask[:, :, 4:12].all()


def test_that_members_prepared_alike_share_the_picture(
    make_bundle: Make, architectures: Architectures, tmp_path: Path, picture: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike = [make_bundle(folder=name, name=name, seed=seed) for seed, name in enumerate("ab")]
    other = make_bundle(folder="c", name="c", input_size=40)
    bundle = write_bundle(tmp_path / "e", ensemble_manifest([*alike, other], "e"), [*alike, other], card="# E\n")
    prepared: list[int] = []
    whole = ensemble_module.preprocess
    monkeypatch.setattr(
        ensemble_module,
        "preprocess",
        lambda one, manifest: prepared.append(manifest.input_size) or whole(one, manifest),
    )
    engine = EnsembleEngine(bundle, architectures, device="cpu", threads=1, cache_bytes=0)
    engine.evidence([picture(0), picture(1)], frozenset({Need.LOGITS}))
    assert sorted(prepared) == [32, 32, 40, 40]
    assert not engine._prepared._made


def test_that_a_wrong_preparation_shows_every_member_the_same_wrong_picture(
    make_engine: Callable[..., EnsembleEngine], members: list[Bundle], architectures: Architectures
) -> None:
    levels = np.random.default_rng(0).integers(0, 100, (48, 48, 3), dtype=np.uint8)
    engine = make_engine(cache_bytes=0)
    own = engine.bundle.manifest
    halved = replace(own, mean=tuple(2 * np.array(own.mean)), std=tuple(2 * np.array(own.std)))
    seen = engine.preparing(halved).evidence([Picture(rgb=2 * levels)], frozenset({Need.MEMBERS}))
    proper = engine.evidence([Picture(rgb=levels)], frozenset({Need.MEMBERS}))
    np.testing.assert_allclose(seen.members, proper.members, rtol=1e-3, atol=1e-3)
    again = engine.evidence([Picture(rgb=levels)], frozenset({Need.MEMBERS}))
    np.testing.assert_array_equal(again.members, proper.members)


def test_that_a_member_without_a_network_is_named(
    make_bundle: Make, members: list[Bundle], tmp_path: Path, architectures: Architectures
) -> None:
    parts = [members[0], make_bundle(folder="c", name="c", architecture="tiny_certain")]
    bundle = write_bundle(tmp_path / "e", ensemble_manifest(parts, "e"), parts, card="# E\n")
    few = Architectures([architectures.get("tiny")])
    with pytest.raises(BundleRefused, match=r"members/c: .*tiny_certain"):
        open_engine(bundle, few, device="cpu")


def test_that_an_ensemble_and_a_network_are_opened_alike(
    bundle: Bundle, members: list[Bundle], architectures: Architectures
) -> None:
    assert isinstance(open_engine(bundle, architectures, device="cpu"), EnsembleEngine)
    assert isinstance(open_engine(members[0], architectures, device="cpu"), Engine)


def test_that_nobody_waits_for_an_ensemble_in_vain(make_engine: Callable[..., EnsembleEngine], picture: Draw) -> None:
    with pytest.raises(JobCancelled):
        make_engine().evidence([picture()], EVERYTHING, cancelled=lambda: True)


def test_that_a_bare_pass_is_one_of_every_member(make_engine: Callable[..., EnsembleEngine], picture: Draw) -> None:
    engine = make_engine()
    assert engine.bare_pass_s(picture()) > 0
    assert (engine.device, engine.batch) == ("cpu", 1)


def test_that_a_mixture_of_agreeing_members_is_what_they_say() -> None:
    one = np.log([[0.7, 0.2, 0.1]])
    np.testing.assert_allclose(mixed(np.stack([one, one]), WEIGHTS), one)
    other = np.log([[0.1, 0.2, 0.7]])
    np.testing.assert_allclose(np.exp(mixed(np.stack([one, other]), (0.5, 0.5))), [[0.4, 0.2, 0.4]])


def test_that_a_mixture_is_finite_where_no_member_believes_in_a_class() -> None:
    assert np.isfinite(mixed(np.full((2, 1, 2), -690.0), (0.0, 1.0))).all()


def test_that_features_of_every_member_count_alike_in_a_cosine() -> None:
    small, large = np.array([[3.0, 4.0]], np.float32), np.array([[0.0, 500.0]], np.float32)
    joined = joined_features([small, large])
    np.testing.assert_allclose(joined, np.array([[0.6, 0.8, 0.0, 1.0]]) / np.sqrt(2), rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(joined), 1, rtol=1e-6)
    assert np.isfinite(joined_features([np.zeros((1, 2), np.float32)])).all()


def test_that_means_stand_before_spreads() -> None:
    first, second = np.array([[1, 2, 10, 20]], np.float32), np.array([[3, 30]], np.float32)
    assert joined_statistics([first, second]).tolist() == [[1, 2, 3, 10, 20, 30]]
    looks = [np.arange(10, dtype=np.float32)[None], np.arange(100, 108, dtype=np.float32)[None]]
    assert joined_looks(looks).tolist() == [[0, 1, 2, 3, 4, 5, 6, 7, 106, 8, 9, 107]]


def test_that_attention_without_any_stays_none_and_the_grid_is_the_finest() -> None:
    nothing, some = np.zeros((1, 2, 2), np.float32), np.full((1, 4, 4), 8, np.float32)
    maps = comparable_attention([nothing, some], [[WHOLE], [WHOLE]])
    assert maps.shape == (1, 2, 4, 4)
    assert not maps[0, 0].any()
    np.testing.assert_allclose(maps[0, 1], 1)


def test_that_attention_lies_where_the_member_looked() -> None:
    middle = FieldOfView(left=0.25, top=0, right=0.75, bottom=1)
    maps = comparable_attention([np.ones((1, 4, 4), np.float32), np.ones((1, 4, 4), np.float32)], [[WHOLE], [middle]])
    np.testing.assert_allclose(maps[0, 1], np.repeat([[0, 1, 1, 0]], 4, axis=0))


def test_that_those_without_weight_count_alike_where_nobody_has_any() -> None:
    ones = [np.array([1.0]), np.array([3.0])]
    assert weighted_mean(ones, (0.25, 0.25)).tolist() == [2]
    assert weighted_mean(ones, (0, 0)).tolist() == [2]
