from dataclasses import replace

import numpy as np
import pytest
from viewer_second_opinion.maps import MOST_FRAMES, SIDE, SimilarFramesMap, small_pictures, spread_over_clips

from viewer.api import SAME, EmbeddingMap, Need, Scatter, Text
from viewer.testing import builders
from viewer.testing.conformance import check_explainer

TITLES = ["Alike to the AI", "Alike in answer", "Alike as pictures"]


@pytest.fixture(scope="module")
def state():
    return SimilarFramesMap().fit(builders.calibration())


def explained(state, evidence=None):
    scatters = SimilarFramesMap().explain(builders.evidence(1) if evidence is None else evidence, state)
    assert all(isinstance(scatter, Scatter) for scatter in scatters)
    return dict(zip([scatter.title for scatter in scatters], scatters, strict=True))


def test_that_it_conforms():
    check_explainer(SimilarFramesMap())


def test_that_there_are_three_maps_of_all_frames_with_their_classes(state):
    shown = explained(state)
    assert list(shown) == TITLES
    labels = np.concatenate([batch.labels for batch in builders.calibration()])
    for scatter in shown.values():
        np.testing.assert_array_equal(scatter.kinds, labels)
        assert scatter.names == ("class_0", "class_1", "class_2", "class_3")
        assert "distances between far groups mean nothing" in scatter.note
        assert "no answer or light rests on this" in scatter.note


def test_that_frames_the_weights_were_trained_on_are_on_the_maps_of_answers_and_features_alone():
    own = builders.calibration(6)
    features = frozenset({Need.FEATURES})
    trained = tuple(replace(batch, evidence=builders.only(batch.evidence, features)) for batch in own.batches)
    shown = explained(SimilarFramesMap().fit(builders.Batches(own.batches, trained)))
    assert [len(shown[title].points) for title in TITLES] == [48, 48, 24]


def test_that_the_path_goes_through_the_frames_around_there_are(state):
    evidence = builders.evidence(2)  # the first frame begins its clip
    first, second = explained(state, evidence[0]), explained(state, evidence[1])
    around = evidence.clip.shape[1]
    for title in TITLES[:2]:
        assert (len(first[title].path), first[title].here) == (around - SAME, 0)
        assert (len(second[title].path), second[title].here) == (around, SAME)
    for shown in (first, second):
        assert (len(shown[TITLES[2]].path), shown[TITLES[2]].here) == (1, 0)
        assert "The frames around are not drawn here." in shown[TITLES[2]].note


def test_that_a_still_has_one_place(state):
    still = builders.changed(builders.evidence(1), clip=None, clip_features=None)
    assert [(len(scatter.path), scatter.here) for scatter in explained(state, still).values()] == [(1, 0)] * 3


def test_that_a_frame_lies_at_one_place_whichever_frames_are_around(state):
    evidence = builders.evidence(2)[1]
    still = builders.changed(evidence, clip=None, clip_features=None)
    for title in TITLES[:2]:
        whole, alone = explained(state, evidence)[title], explained(state, still)[title]
        np.testing.assert_allclose(whole.path[whole.here], alone.path[0], atol=1e-3)


def test_that_a_frame_of_the_map_lies_where_it_was_laid(state):
    batch = builders.calibration().batches[0]
    for frame in range(4):
        for scatter in explained(state, batch.evidence[frame]).values():
            apart = np.linalg.norm(scatter.path[scatter.here] - scatter.points[frame])
            assert apart < 0.1 * np.ptp(scatter.points)


def test_that_a_model_without_a_map_says_so():
    (text,) = SimilarFramesMap().explain(builders.evidence(1), {})
    assert text == Text(title="Map of frames", body="This model keeps no map: it was calibrated without one.")


def test_that_nothing_is_learnt_from_nothing():
    assert SimilarFramesMap().fit(builders.Batches(())) == {}


def test_that_a_map_is_prepared_once_for_each_state(state, monkeypatch):
    made = []
    prepare = EmbeddingMap.from_arrays
    monkeypatch.setattr(EmbeddingMap, "from_arrays", lambda arrays: made.append(1) or prepare(arrays))
    explainer, other = SimilarFramesMap(), dict(state)
    for asked in (state, state, other, other):
        explainer.explain(builders.evidence(1), asked)
    assert len(made) == 2 * len(TITLES)


def test_that_states_of_large_networks_stay_small():
    random = np.random.default_rng(0)
    arrays = EmbeddingMap.of(random.normal(size=(MOST_FRAMES, 2048)), np.zeros((MOST_FRAMES, 2))).arrays()
    assert sum(array.nbytes for array in arrays.values()) < 400_000


def test_that_small_pictures_are_means_over_a_grid():
    inputs = np.random.default_rng(0).normal(size=(2, 3, 2 * SIDE, SIDE)).astype(np.float32)
    means = inputs.mean(axis=1).reshape(2, SIDE, 2, SIDE).mean(axis=2)
    np.testing.assert_allclose(small_pictures(inputs), means.reshape(2, -1), atol=1e-6)


@pytest.mark.parametrize("side", [1, 20, SIDE + 1, 299])
def test_that_pictures_of_any_size_become_small_ones(side):
    small = small_pictures(np.ones((2, 3, side, side), np.float32))
    assert small.shape == (2, min(side, SIDE) ** 2)
    np.testing.assert_allclose(small, 1)


def test_that_long_clips_do_not_fill_the_map():
    clips = np.repeat([0, 1, 2], [500, 3, 100])
    kept = spread_over_clips(clips, 50)
    assert np.bincount(clips[kept]).tolist() == [23, 3, 23]
    assert np.diff(kept[clips[kept] == 0]).max() <= 23
    assert spread_over_clips(clips, 603).tolist() == list(range(603))


def test_that_one_frame_of_some_clips_is_kept_where_there_are_too_many():
    clips = np.repeat(np.arange(30), 2)
    kept = spread_over_clips(clips, 10)
    assert clips[kept].tolist() == [1, 4, 7, 10, 13, 16, 19, 22, 25, 28]
    assert spread_over_clips(clips[:0], 10).tolist() == []
