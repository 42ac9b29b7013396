from dataclasses import replace

import numpy as np
import pytest
from viewer_second_opinion.study.frames import read_frames
from viewer_second_opinion.study.ours import decide, evidence, trails, trust


def clip_of(write, outputs, places=None):
    places = range(len(outputs)) if places is None else places
    rows = [
        [f"1_2_3_{place}_0.png", 0, int(np.argmax(row)), *row] for place, row in zip(places, outputs, strict=True)
    ]
    return read_frames(write(rows))


def test_that_a_frame_alone_speaks_for_itself(write):
    around = evidence(clip_of(write, [[0.6, 0.3, 0.1]]))
    np.testing.assert_allclose(around, [[0.4 + 1 / 3, 0.2, 0.2 / 3]])


def test_that_one_odd_frame_among_many_is_corrected_and_not_trusted(write):
    outputs = [[0.7, 0.2, 0.1]] * 40
    outputs[20] = [0.3, 0.6, 0.1]
    frames = clip_of(write, outputs)
    around = evidence(frames)
    final = decide(frames.predicted, around)
    assert frames.predicted[20] == 1
    assert final.tolist() == [0] * 40
    assert trust(frames.predicted, around).argmin() == 20
    said = trails(frames, around, final)
    assert said[20].startswith("the classifier says 1 (0.60); the frames around say 0 (")
    assert said[20].endswith(": changed to 0")
    assert said[0].endswith(": they agree")


def test_that_frames_count_the_less_the_farther_away_they_are(write):
    outputs = [[1.0, 0.0]] * 3
    outputs[2] = [0.0, 1.0]
    around = evidence(clip_of(write, outputs, places=[0, 5, 15]))
    np.testing.assert_allclose(around[0, 1], 1 / (16 + 11 + 1))
    np.testing.assert_allclose(around[1, 1], 6 / (16 + 11 + 6))


def test_that_a_small_lead_changes_nothing():
    around = np.array([[0.5, 0.4, 0.1], [0.7, 0.2, 0.1]])
    assert decide(np.array([1, 1]), around, lead=0.11).tolist() == [1, 0]


def test_that_frames_beyond_the_window_do_not_count_nor_those_of_other_clips(write):
    here, there = [0.8, 0.2], [0.1, 0.9]
    near = clip_of(write, [here, there], places=[0, 15])
    far = clip_of(write, [here, there], places=[0, 16])
    assert evidence(near)[0, 1] > evidence(far)[0, 1]
    alone = evidence(clip_of(write, [here]))
    np.testing.assert_allclose(evidence(far)[:1], alone)
    other = replace(near, clips=np.array([0, 1]))
    np.testing.assert_allclose(evidence(other)[:1], alone)


def test_that_neither_the_order_of_rows_nor_the_true_score_nor_the_label_in_the_path_matters(frames, write):
    given = frames()
    expected = evidence(given)
    order = np.random.default_rng(0).permutation(len(given))
    mixed = replace(
        given,
        paths=np.array([f"images/nothing_{row}" for row in order]),
        patients=given.patients[order],
        clips=given.clips[order],
        places=given.places[order],
        true=np.zeros(len(given), dtype=np.intp),
        predicted=given.predicted[order],
        probabilities=given.probabilities[order],
    )
    np.testing.assert_allclose(evidence(mixed), expected[order])


@pytest.mark.parametrize("scores", [2, 3, 7])
def test_that_any_number_of_scores_will_do(frames, scores):
    given = frames(scores=scores)
    around = evidence(given)
    assert around.shape == (len(given), scores)
    np.testing.assert_allclose(around.sum(axis=1), 1)


def test_that_errors_from_frame_to_frame_are_found_and_corrected(frames):
    given = frames(noise=1.5, frames=80, clips=6)
    final = decide(given.predicted, evidence(given))
    assert given.correct.mean() < 0.85
    assert (final == given.true).mean() > given.correct.mean() + 0.1
