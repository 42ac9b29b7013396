"""A second model beside the first: the same frames, and nothing of the first changed."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from viewer.domain.bundle import FieldOfView
from viewer.domain.errors import BundleRefused, JobCancelled, ViewerError
from viewer.domain.evidence import Evidence, Need
from viewer.engine.architectures import Architectures
from viewer.engine.beside import moved
from viewer.engine.bundle import Bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.second import BothModels, SecondModel
from viewer.engine.surroundings import Place, Surroundings, make_ready, see

NEEDS = frozenset({Need.LOGITS, Need.FEATURES, Need.ATTENTION, Need.CLIP, Need.SECOND})
LOOKING = frozenset({Need.LOGITS, Need.ATTENTION})
OTHERS = ("nevus", "freckle", "melanoma", "scar")

Draw = Callable[..., Picture]


def never() -> bool:
    return False


@pytest.fixture
def first(make_bundle: Callable[..., Bundle], architectures: Architectures) -> Engine:
    return Engine(make_bundle(), architectures, device="cpu", threads=1)


@pytest.fixture
def other(make_bundle: Callable[..., Bundle]) -> Bundle:
    return make_bundle(folder="other", name="moles", classes=OTHERS, seed=5, architecture="tiny_dense", resize="crop")


@pytest.fixture
def build(architectures: Architectures) -> Callable[[Bundle], Engine]:
    return lambda bundle: Engine(bundle, architectures, device="cpu", threads=1)


def whole(evidence: Evidence) -> dict[str, Any]:
    """Every array but the second model's."""
    values = {item.name: getattr(evidence, item.name) for item in fields(evidence)}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def assert_same(one: Evidence, other: Evidence) -> None:
    ours, theirs = whole(one), whole(other)
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)


def test_that_the_second_model_sees_the_same_frames_and_changes_nothing_of_the_first(
    first: Engine, other: Bundle, build: Any, picture: Draw
) -> None:
    frames = [Place.alone(picture(seed)) for seed in range(3)]
    alone = see(first, frames, NEEDS)
    both = see(BothModels(first, SecondModel(other, build), LOOKING), frames, NEEDS)
    assert_same(alone, both)
    assert alone.second is None
    second = both.second
    assert second is not None
    assert second.classes == OTHERS
    itself = build(other).evidence([place.picture for place in frames], LOOKING)
    np.testing.assert_array_equal(second.logits, itself.logits)


def test_that_it_looks_for_the_class_of_the_same_name_else_for_its_own(
    first: Engine, other: Bundle, build: Any, picture: Draw
) -> None:
    both = BothModels(first, SecondModel(other, build), LOOKING)
    seen = {target: see(both, [Place.alone(picture())], NEEDS, targets=[target]).second for target in range(3)}
    alone = build(other)
    own = int(alone.evidence([picture()], LOOKING).predicted[0])
    # The first one's classes are melanoma, nevus and wart; the second one knows no wart.
    assert [int(seen[target].targets[0]) for target in range(3)] == [2, 0, own]


def test_that_a_batch_mixes_classes_of_both_and_of_one(
    first: Engine, other: Bundle, build: Any, picture: Draw
) -> None:
    frames = [Place.alone(picture(seed)) for seed in range(6)]
    both = BothModels(first, SecondModel(other, build), LOOKING)
    together = see(both, frames, NEEDS, targets=[0, 2, 1, 2, 0, 1]).second
    for index, target in enumerate([0, 2, 1, 2, 0, 1]):
        alone = see(BothModels(first, SecondModel(other, build), LOOKING), [frames[index]], NEEDS, targets=[target])
        np.testing.assert_array_equal(together.attention[index], alone.second.attention[0])
        np.testing.assert_array_equal(together.logits[index], alone.second.logits[0])


def test_that_frames_of_a_clip_get_the_same_in_any_order(
    first: Engine, other: Bundle, build: Any, picture: Draw
) -> None:
    clip = [picture(seed) for seed in range(9)]
    found: list[dict[int, Evidence]] = []
    for order in ([[0, 1, 2, 3], [4, 5, 6, 7, 8]], [[8], [3, 2], [0, 7, 1, 4], [6, 5]]):
        both = BothModels(first, SecondModel(other, build), LOOKING)
        around = Surroundings(9, clip.__getitem__)
        seen: dict[int, Evidence] = {}
        for batch in order:
            places = [Place(around, index) for index in batch]
            for place in places:
                make_ready(both, place, NEEDS)
            evidence = see(both, places, NEEDS)
            seen |= {index: evidence[row] for row, index in enumerate(batch)}
        found.append(seen)
    for index in range(9):
        assert_same(found[0][index], found[1][index])
        assert_same(found[0][index].second, found[1][index].second)


def test_that_it_is_built_once_and_only_when_it_sees_a_frame(
    first: Engine, other: Bundle, build: Any, picture: Draw
) -> None:
    built: list[str] = []

    def noted(bundle: Bundle) -> Engine:
        built.append(bundle.manifest.name)
        return build(bundle)

    both = BothModels(first, SecondModel(other, noted), LOOKING)
    assert built == []
    for _ in range(2):
        see(both, [Place.alone(picture())], NEEDS)
    assert built == ["moles"]


def test_that_a_network_that_cannot_be_built_says_so_once_and_the_first_model_goes_on(
    first: Engine, other: Bundle, picture: Draw
) -> None:
    def refuse(bundle: Bundle) -> Engine:
        raise BundleRefused(bundle.path, reason="its network is unknown")

    told: list[str] = []
    both = BothModels(first, SecondModel(other, refuse, told.append), LOOKING)
    frames = [Place.alone(picture())]
    for _ in range(2):
        evidence = see(both, frames, NEEDS)
        assert evidence.second is None
        assert_same(evidence, see(first, frames, NEEDS))
    (sentence,) = told
    assert "moles" in sentence
    assert "its network is unknown" in sentence


@pytest.mark.parametrize("loading", [True, False])
def test_that_one_that_runs_out_of_memory_falls_silent(
    first: Engine, other: Bundle, build: Any, picture: Draw, monkeypatch: pytest.MonkeyPatch, loading: bool
) -> None:
    engine = build(other)

    def exhausted(*_: object) -> Engine:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(engine, "_network", exhausted)
    told: list[str] = []
    load = exhausted if loading else lambda bundle: engine
    both = BothModels(first, SecondModel(other, load, told.append), LOOKING)
    frames = [Place.alone(picture())]
    evidence = see(both, frames, NEEDS)
    assert evidence.second is None
    assert_same(evidence, see(first, frames, NEEDS))
    assert ["memory" in sentence for sentence in told] == [True]


def test_that_cancelling_stops_it_and_silences_nothing(
    first: Engine, other: Bundle, build: Any, picture: Draw
) -> None:
    told: list[str] = []
    both = BothModels(first, SecondModel(other, build, told.append), LOOKING)
    frame = [Place.alone(picture())]
    see(first, frame, NEEDS)  # what the first one knows is not asked of it again, so that only the second one stops
    with pytest.raises(JobCancelled):
        see(both, frame, NEEDS, cancelled=lambda: True)
    assert told == []
    assert see(both, frame, NEEDS).second is not None


def test_that_faults_of_the_first_model_are_still_its_own(
    first: Engine, other: Bundle, build: Any, picture: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Evidence:
        raise ViewerError("the model's answer to this picture is not a finite number")

    monkeypatch.setattr(first, "evidence", refuse)
    with pytest.raises(ViewerError, match="finite"):
        see(BothModels(first, SecondModel(other, build), LOOKING), [Place.alone(picture())], NEEDS)


WHOLE = FieldOfView(left=0, top=0, right=1, bottom=1)
MIDDLE = FieldOfView(left=0.25, top=0, right=0.75, bottom=1)


def test_that_a_map_over_the_same_part_stays_as_it_is() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert moved(values, WHOLE, WHOLE) is values


def test_that_a_map_of_the_middle_lies_in_the_middle_of_the_whole() -> None:
    values = np.ones((4, 4), np.float32)
    np.testing.assert_array_equal(moved(values, MIDDLE, WHOLE), [[0, 1, 1, 0]] * 4)


def test_that_a_map_of_the_whole_is_cut_to_the_middle() -> None:
    ramp = np.tile(np.arange(4, dtype=np.float32), (4, 1))  # 0, 1, 2, 3 at eighths of the width
    np.testing.assert_allclose(moved(ramp, WHOLE, MIDDLE), [[0.75, 1.25, 1.75, 2.25]] * 4)
