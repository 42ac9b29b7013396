from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from viewer.datasets.sample import Sample
from viewer.domain.result import About
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.testing.fakes import FakeScorer, entry_point, plugin_module
from viewer.training.fitting import Scored
from viewer.training.gate import FRAMES_OF_A_CLIP, judge_pictures, make_gate
from viewer.training.pictures import Item


def host_of(*scorers: FakeScorer) -> PluginHost:
    host = PluginHost(Settings(), [entry_point("fakes", plugin_module(scorers=scorers))])
    host.load()
    return host


@pytest.fixture
def host() -> Iterator[PluginHost]:
    suited = [FakeScorer(name, about=About.SUITABILITY) for name in ("mahalanobis", "middle_mahalanobis", "knn")]
    host = host_of(*suited, FakeScorer("softmax"))
    yield host
    host.close()


def stills(groups: int) -> list[Item]:
    return [Item(Sample(Path(f"{number}.png"), 0, f"patient {number}"), 0) for number in range(groups)]


def scored(items: list[Item], seed: int = 0, **raws: np.ndarray) -> Scored:
    random = np.random.default_rng(seed)
    n = len(items)
    names = ("mahalanobis", "middle_mahalanobis", "knn", "softmax")
    return Scored(
        logits=np.zeros((n, 2), np.float32),
        labels=np.array([item.sample.label for item in items]),
        groups=np.array([item.sample.group for item in items]),
        looks=random.gamma(3, 1, (n, 10)).astype(np.float32),
        garbage=np.full(n, np.nan),
        trusts={name: random.random(n) for name in names},
        raws={name: random.random(n) for name in names} | raws,
    )


def test_that_a_gate_keeps_distances_of_its_scorers_and_looks_row_by_row(host):
    items = [*stills(3), Item(Sample(Path("again.png"), 1, "patient 1"), 0)]
    fit = scored(items)
    gate, numbers = make_gate(host, items, fit)
    assert gate is not None
    assert gate.scorers == ("mahalanobis", "middle_mahalanobis")
    assert numbers == {"patient 0": 0, "patient 1": 1, "patient 2": 2}
    assert gate.groups.tolist() == [0, 1, 2, 1]
    assert gate.labels.tolist() == [0, 0, 0, 1]
    assert np.array_equal(gate.distances["mahalanobis"], fit.raws["mahalanobis"])
    assert np.array_equal(gate.looks, fit.looks)


def test_that_few_frames_of_a_clip_are_kept(host):
    clips = [Sample(Path(f"{n}.mp4"), 0, f"patient {n}") for n in range(3)]
    items = [Item(clip, frame, of_clip=True) for clip in clips for frame in range(20)]
    gate, _ = make_gate(host, items, fit := scored(items))
    assert gate is not None
    assert np.bincount(gate.groups).tolist() == [FRAMES_OF_A_CLIP] * 3
    assert np.array_equal(gate.looks[:FRAMES_OF_A_CLIP], fit.looks[[2, 7, 12, 17]])


def test_that_many_pictures_are_thinned(host, monkeypatch):
    monkeypatch.setattr("viewer.training.gate.MOST_PICTURES", 10)
    items = stills(25)
    gate, numbers = make_gate(host, items, scored(items))
    assert gate is not None
    assert len(gate.groups) == gate.group_count == len(numbers) == 9


def test_that_pictures_without_a_distance_are_left_out_and_a_silent_scorer_is_not_listened_to(host):
    items = stills(6)
    some = np.array([0.1, np.nan, 0.3, 0.4, np.nan, 0.6])
    gate, numbers = make_gate(host, items, scored(items, mahalanobis=some, middle_mahalanobis=np.full(6, np.nan)))
    assert gate is not None
    assert gate.scorers == ("mahalanobis",)
    assert gate.distances["mahalanobis"].tolist() == [0.1, 0.3, 0.4, 0.6]
    assert list(numbers) == ["patient 0", "patient 2", "patient 3", "patient 5"]


def test_that_without_its_scorers_there_is_no_gate(host):
    items = stills(6)
    silent = np.full(6, np.nan)
    assert make_gate(host, items, scored(items, mahalanobis=silent, middle_mahalanobis=silent)) == (None, {})
    turns = np.where(np.arange(6) % 2, np.nan, 1.0)
    assert make_gate(host, items, scored(items, mahalanobis=turns, middle_mahalanobis=turns[::-1])) == (None, {})


def test_that_a_scorer_of_that_name_about_something_else_is_not_listened_to():
    host = host_of(FakeScorer("mahalanobis", about=About.CORRECTNESS))
    items = stills(6)
    assert make_gate(host, items, scored(items)) == (None, {})
    host.close()


def test_that_fit_pictures_are_judged_without_their_own_group_and_others_by_all(host):
    items = stills(120)
    fit = scored(items)
    fit.raws["mahalanobis"][0] = 50.0  # type: ignore[index]
    gate, numbers = make_gate(host, items, fit)
    # The strangest of 120 is one of 120 among the others, and no stranger than one of 121 among all.
    assert judge_pictures(gate, fit, numbers)[0].suitability == pytest.approx(1 / 120)
    assert judge_pictures(gate, fit)[0].suitability == pytest.approx(2 / 121)


def test_that_without_a_gate_nothing_is_judged():
    judged = judge_pictures(None, scored(stills(2)))
    assert [(one.suitability, one.fingerprint) for one in judged] == [(None, None)] * 2
