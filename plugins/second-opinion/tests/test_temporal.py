"""What the frames around say."""

import numpy as np
import pytest
from viewer_second_opinion.temporal import (
    change,
    change_points,
    disagreement,
    smoothed,
    window_disagreement,
    window_mean,
)

from viewer.api import CLIP_OFFSETS, SAME, softmax

PLACES = np.array([0, 1, 2, 10, 11, 40])
SHARES = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.6, 0.4], [0.5, 0.5], [0.3, 0.7]])


def _clip(frames: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(frames, 3)).astype(np.float32)


def test_that_a_frame_is_smoothed_with_those_at_most_the_reach_away() -> None:
    around = smoothed(SHARES, PLACES, reach=9)
    assert around[0] == pytest.approx(SHARES[:3].mean(axis=0))
    assert around[1] == pytest.approx(SHARES[:4].mean(axis=0))
    assert around[2] == pytest.approx(SHARES[:5].mean(axis=0))
    assert around[5] == pytest.approx(SHARES[5])


def test_that_smoothed_probabilities_sum_to_one_and_a_constant_clip_stays_as_it_is() -> None:
    shares = softmax(_clip(50))
    assert smoothed(shares, np.arange(50)).sum(axis=1) == pytest.approx(np.ones(50))
    constant = np.tile([0.25, 0.75], (40, 1))
    assert smoothed(constant, np.arange(40)) == pytest.approx(constant)


def test_that_disagreement_is_what_the_neighbours_say_against_the_own_class() -> None:
    against = disagreement(SHARES, PLACES, reach=9)
    assert against[0] == pytest.approx(1 - (0.7 + 0.2) / 2)
    assert against[2] == pytest.approx(1 - (0.1 + 0.3 + 0.4 + 0.5) / 4)
    assert np.isnan(against[5])  # nobody near


def test_that_a_lone_frame_has_no_disagreement_and_an_empty_clip_none_at_all() -> None:
    assert np.isnan(disagreement(SHARES[:1], PLACES[:1])).all()
    assert disagreement(SHARES[:0], PLACES[:0]).shape == (0,)
    assert smoothed(SHARES[:0], PLACES[:0]).shape == (0, 2)
    assert change_points(SHARES[:0], PLACES[:0]).size == 0


@pytest.mark.parametrize("function", [smoothed, disagreement, change, change_points])
def test_that_places_must_ascend(function) -> None:
    with pytest.raises(ValueError, match="ascend"):
        function(SHARES, PLACES[::-1])


def test_that_a_change_is_found_at_its_first_frame_and_once() -> None:
    shares = np.tile([0.9, 0.1], (100, 1))
    shares[40:] = [0.1, 0.9]
    assert change_points(shares, np.arange(100)).tolist() == [40]
    assert change(shares, np.arange(100))[40] == pytest.approx(0.8)
    assert change_points(shares, np.arange(100) * 2).tolist() == [80]


def test_that_a_short_flicker_and_the_ends_of_a_clip_are_no_changes() -> None:
    shares = np.tile([0.9, 0.1], (100, 1))
    shares[40:44] = [0.1, 0.9]
    shares[:3] = [0.1, 0.9]
    assert change_points(shares, np.arange(100)).size == 0


def test_that_several_changes_come_in_order() -> None:
    shares = np.repeat(np.eye(3), [60, 30, 50], axis=0)
    assert change_points(shares, np.arange(140)).tolist() == [60, 90]


def test_that_windows_say_what_the_clip_says_where_the_same_frames_speak() -> None:
    logits = _clip(31)
    window = logits[[15 + offset for offset in CLIP_OFFSETS]][None]
    shares = softmax(logits[::3] / 1.5)
    places = np.arange(31)[::3]
    assert window_mean(window, 1.5)[0] == pytest.approx(smoothed(shares, places)[SAME])
    assert window_disagreement(window, 1.5)[0] == pytest.approx(disagreement(shares, places)[SAME])


def test_that_frames_that_are_missing_from_a_window_do_not_speak() -> None:
    window = np.full((2, len(CLIP_OFFSETS), 2), np.nan, dtype=np.float32)
    window[:, SAME] = [2.0, 0.0]
    window[1, SAME + 1] = [0.0, 2.0]
    own = softmax(np.array([2.0, 0.0]))
    assert window_mean(window, 1.0) == pytest.approx(np.array([own, [0.5, 0.5]]))
    alone, contradicted = window_disagreement(window, 1.0)
    assert np.isnan(alone)
    assert contradicted == pytest.approx(own[0])
