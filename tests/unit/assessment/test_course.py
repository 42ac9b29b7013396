"""The course of a clip."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.assessment.course import HOLD, LEAD, Segment, course_of, states

CLASSES = ("regular", "b_lines", "consolidation")


def clip(*parts: tuple[int, int], sure: float = 0.8) -> np.ndarray:
    """Frames that show one class after another, each `(class, frames)`."""
    shown = np.concatenate([np.full(frames, index) for index, frames in parts])
    rest = (1 - sure) / (len(CLASSES) - 1)
    return np.where(np.eye(len(CLASSES))[shown] > 0, sure, rest)


def course(probabilities: np.ndarray, places: np.ndarray | None = None) -> list[tuple[int, int, str]]:
    found = course_of(CLASSES, probabilities, np.arange(len(probabilities)) if places is None else places)
    return [(segment.first, segment.last, segment.name) for segment in found]


def test_that_a_clip_that_shows_one_thing_is_one_segment() -> None:
    (found,) = course_of(CLASSES, clip((1, 120)), np.arange(120))
    assert found == Segment(first=0, last=119, name="b_lines", probability=pytest.approx(0.8))


def test_that_a_change_is_found_where_it_is() -> None:
    assert course(clip((1, 40), (2, 80))) == [(0, 39, "b_lines"), (40, 119, "consolidation")]


def test_that_a_flicker_does_not_change_the_course() -> None:
    assert course(clip((1, 40), (2, 10), (1, 40))) == [(0, 89, "b_lines")]
    assert course(clip(*[(index % 2, 5) for index in range(20)]))[1:] == []


def test_that_a_slight_lead_changes_nothing_and_a_clear_one_does() -> None:
    assert len(course(clip((1, 60), (2, 60), sure=0.45))) == 1
    assert len(course(clip((1, 60), (2, 60), sure=0.5))) == 2


def test_that_a_change_needs_time_at_the_end_of_a_clip_too() -> None:
    assert len(course(clip((1, 60), (2, 12)))) == 1
    assert course(clip((1, 60), (2, 25))) == [(0, 59, "b_lines"), (60, 84, "consolidation")]


def test_that_frames_that_could_not_be_assessed_belong_to_what_was_shown_before() -> None:
    places = np.array([*range(5, 40), *range(60, 100)])
    found = course(np.concatenate([clip((1, 35)), clip((2, 40))]), places)
    assert found == [(5, 59, "b_lines"), (60, 99, "consolidation")]


def test_that_there_is_no_course_without_frames_and_one_of_a_still() -> None:
    assert course(clip((1, 1))[:0]) == []
    assert course(clip((1, 1))) == [(0, 0, "b_lines")]


def test_that_a_class_that_takes_over_was_shown_since_it_began_to_lead() -> None:
    around = np.array([[0.9, 0.1]] * 5 + [[0.45, 0.55]] * 3 + [[0.3, 0.7]] * HOLD)
    assert states(around, np.arange(len(around))).tolist() == [0] * 5 + [1] * (3 + HOLD)
    shorter = around[:-1]
    assert states(shorter, np.arange(len(shorter))).tolist() == [0] * len(shorter)


def test_that_it_takes_a_clear_lead_on_end() -> None:
    clear, slight = [0.5 - LEAD, 0.5 + LEAD], [0.48, 0.52]
    around = np.array([[0.9, 0.1]] + ([clear] * (HOLD - 1) + [slight]) * 4)
    assert set(states(around, np.arange(len(around)))) == {0}


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_that_segments_cover_the_clip_in_order_and_neighbours_differ(frames: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    walk = np.cumsum(random.normal(0, 0.6, (frames, 3)), axis=0)
    shares = np.exp(walk - walk.max(axis=1, keepdims=True))
    found = course_of(CLASSES, shares / shares.sum(axis=1, keepdims=True), np.arange(frames))
    assert (found[0].first, found[-1].last) == (0, frames - 1)
    for before, after in itertools.pairwise(found):
        assert after.first == before.last + 1
        assert after.name != before.name
