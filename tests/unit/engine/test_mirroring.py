"""Attention in mirrored views: further passes, for the same class, in the plain picture's own place."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from viewer.domain.errors import JobCancelled
from viewer.domain.evidence import Evidence, Need
from viewer.domain.image import Modality
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle
from viewer.engine.engine import Engine
from viewer.engine.mirroring import View, mirrored_views
from viewer.engine.picture import Picture

VIEWS = frozenset({Need.VIEWS})
ATTENTION = frozenset({Need.ATTENTION})
AXES = (1, 0)
"""Of a picture, and of its map: left to right, then top to bottom."""

Make = Callable[..., Bundle]
Draw = Callable[..., Picture]


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(params=["tiny", "tiny_dense"])
def make_engine(
    request: pytest.FixtureRequest, make_bundle: Make, architectures: Architectures
) -> Callable[..., Engine]:
    def make(**kwargs: Any) -> Engine:
        return Engine(make_bundle(architecture=request.param), architectures, device="cpu", threads=1, **kwargs)

    return make


def count_passes(engine: Engine) -> list[None]:
    passes: list[None] = []
    engine.network.get_submodule("trunk").register_forward_hook(lambda *_: passes.append(None))
    return passes


def mirrored(frame: Picture, axis: int) -> Picture:
    return replace(frame, rgb=np.ascontiguousarray(np.flip(frame.rgb, axis)))


def of_mirrored_pictures(engine: Engine, frame: Picture, target: int) -> np.ndarray:
    """What views should be, the long way: each picture mirrored, explained, and its map mirrored back."""
    seen = [engine.evidence([mirrored(frame, axis)], ATTENTION, [target]).attention for axis in AXES]
    return np.stack([np.flip(maps[0], axis) for maps, axis in zip(seen, AXES, strict=True)])


def test_that_views_are_the_attention_of_mirrored_pictures_mirrored_back(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    engine, frame = make_engine(), picture(3)
    evidence = engine.evidence([frame], VIEWS)
    assert views_of(evidence).shape == (1, 2, 4, 4)
    assert views_of(evidence).dtype == np.float32
    expected = of_mirrored_pictures(engine, frame, int(evidence.predicted[0]))
    np.testing.assert_allclose(views_of(evidence)[0], expected, rtol=1e-4, atol=1e-5)
    assert evidence.attention is None
    assert evidence.input is None


def test_that_other_kinds_of_pictures_are_mirrored_from_left_to_right_alone() -> None:
    assert mirrored_views(Modality.XRAY) == (View.LEFT_RIGHT,)
    assert mirrored_views(Modality.DERMOSCOPY) == (View.LEFT_RIGHT, View.TOP_BOTTOM)


def test_that_a_view_takes_one_pass_and_another_class_none(make_engine: Callable[..., Engine], picture: Draw) -> None:
    engine, frame = make_engine(), picture()
    passes = count_passes(engine)
    engine.evidence([frame], ATTENTION | {Need.INPUT})
    assert len(passes) == 1
    first = engine.evidence([frame], VIEWS, [0])
    assert len(passes) == 3
    other = engine.evidence([frame], VIEWS, [1])
    assert len(passes) == 3
    assert not np.allclose(views_of(first), views_of(other))
    np.testing.assert_array_equal(views_of(other), views_of(make_engine().evidence([frame], VIEWS, [1])))


def test_that_views_do_not_depend_on_the_frames_beside(make_engine: Callable[..., Engine], picture: Draw) -> None:
    frames = [picture(seed) for seed in range(3)]
    together = make_engine(cache_bytes=0).evidence(frames, VIEWS)
    for index, frame in enumerate(frames):
        alone = make_engine(cache_bytes=0).evidence([frame], VIEWS)
        np.testing.assert_array_equal(views_of(together)[index], views_of(alone)[0])


def test_that_nobody_waits_for_the_views_of_a_cancelled_job(
    make_engine: Callable[..., Engine], picture: Draw
) -> None:
    engine = make_engine()
    passes = count_passes(engine)
    with pytest.raises(JobCancelled):
        engine.evidence([picture()], VIEWS, cancelled=lambda: len(passes) == 1)
    assert len(passes) == 1


def views_of(evidence: Evidence) -> np.ndarray:
    assert evidence.views is not None
    return evidence.views
