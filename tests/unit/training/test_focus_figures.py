"""Maps, features and classifiers of a network, in made-up numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from viewer.datasets.sample import Sample
from viewer.domain.evidence import LinearHead
from viewer.training.focus import Observed
from viewer.training.focus_figures import (
    NETWORK,
    centres_of,
    clusters,
    consistency,
    dominance,
    flattened,
    judged_features,
    map_ranges,
)


def observed(per_class=20, classes=("a", "b"), apart=6.0, **changes):
    """Pictures of classes whose features lie `apart`, each a group of its own."""
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(classes)), per_class)
    centres = apart * np.eye(len(classes), 8)
    given = {
        "samples": tuple(Sample(Path(f"{n}.png"), int(label), f"g{n}") for n, label in enumerate(labels)),
        "frames": np.zeros(len(labels), np.intp),
        "classes": classes,
        "answers": labels.astype(np.intp),
        "features": centres[labels] + random.normal(size=(len(labels), 8)),
        "maps": random.normal(size=(len(labels), len(classes), 3, 3)).astype(np.float32),
        "agreement": np.full(len(labels), 0.75),
        "head": LinearHead(np.eye(len(classes), 8, dtype=np.float32), np.zeros(len(classes), np.float32)),
    }
    return Observed(**(given | changes))


def test_that_maps_are_measured_by_class_of_map_and_of_picture():
    maps = np.zeros((4, 2, 1, 2), np.float32)
    maps[:2, 0] = [[-1, 3]]
    first, *_ = ranges = map_ranges(observed(2, maps=maps))
    assert (first.map_of, first.label, first.pictures) == ("a", "a", 2)
    assert (first.least, first.most, first.spread) == (-1, 3, 2)
    assert [(one.map_of, one.label) for one in ranges] == [("a", "a"), ("b", "a"), ("a", "b"), ("b", "b")]
    assert {(one.least, one.most, one.spread) for one in ranges[1:]} == {(0, 0, 0)}


def test_that_a_class_whose_map_is_always_the_strongest_is_told_with_its_weights_and_channels():
    seen = observed(2)
    loud = np.stack([seen.maps[:, 0] + 100, seen.maps[:, 1]], axis=1)
    weight = np.zeros((2, 8), np.float32)
    weight[0, :4], weight[1, 0] = 3, 2
    head = LinearHead(weight, np.zeros(2, np.float32))
    a, b = dominance(replace(seen, maps=loud, head=head, features=np.ones((4, 8))))
    assert (a.strongest, a.labelled, b.strongest) == (1, 0.5, 0)
    assert (a.weight, b.weight) == (pytest.approx(1.5), pytest.approx(0.5))
    assert (a.channels, a.top, b.channels) == (pytest.approx(4), pytest.approx(1), pytest.approx(1))


def test_that_without_a_linear_head_channels_are_not_told():
    a, _ = dominance(observed(2, head=None))
    assert np.isnan([a.weight, a.channels, a.top]).all()


def test_that_distances_within_leave_the_picture_itself_out():
    features = np.array([[0.0, 0], [2, 0], [10, 0], [10, 4]])
    a, b = clusters(observed(2, features=features))
    assert (a.within, a.nearest, b.within) == (2, "b", 4)
    assert a.between == b.between == pytest.approx(np.hypot(9, 2))
    assert a.apart == pytest.approx(np.hypot(9, 2) / 2)


def test_that_one_class_alone_has_no_other():
    (alone,) = clusters(observed(3, classes=("a",)))
    assert alone.nearest == ""
    assert np.isnan(alone.between)


@pytest.mark.parametrize("classes", [("a",), ("a", "b"), ("a", "b", "c", "d")])
def test_that_the_plane_keeps_what_tells_the_centres_apart(classes):
    seen = observed(classes=classes)
    points, centres = flattened(seen)
    assert points.shape == (len(seen.samples), 2)
    means = np.stack([points[seen.labels == index].mean(axis=0) for index in range(len(classes))])
    assert centres == pytest.approx(means)
    if len(classes) == 2:
        real = centres_of(seen)[1]
        assert np.linalg.norm(centres[0] - centres[1]) == pytest.approx(np.linalg.norm(real[0] - real[1]))


def test_that_consistency_is_a_mean_by_answer_and_leaves_out_what_has_no_attention():
    seen = observed(3, agreement=np.array([0.5, 0.7, np.nan, np.nan, np.nan, np.nan]))
    found = consistency(seen)
    assert list(found) == ["a"]
    assert found["a"].value == pytest.approx(0.6)
    assert found["a"].low <= 0.6 <= found["a"].high


def test_that_classical_classifiers_find_classes_that_lie_apart_and_guess_where_nothing_does():
    apart, mixed = judged_features(observed(apart=8.0)), judged_features(observed(apart=0.0))
    assert len(apart) == 5
    assert all(figure.value > 0.95 for figure in apart.values())
    assert all(0.2 < figure.value < 0.8 for name, figure in mixed.items() if name != NETWORK)


def test_that_pictures_of_one_group_are_never_on_both_sides():
    seen = observed(20, apart=0.0)
    twins = tuple(replace(sample, group=f"g{number // 2}") for number, sample in enumerate(seen.samples))
    features = np.repeat(np.random.default_rng(1).normal(size=(20, 8)), 2, axis=0)
    found = judged_features(replace(seen, samples=twins, features=features))
    assert found["5 nearest pictures"].value < 0.8


def test_that_too_few_groups_are_not_judged():
    assert judged_features(observed(1)) == {}
    assert judged_features(observed(5, classes=("a",))) == {}
