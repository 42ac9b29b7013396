"""The scorer that asks the frames around."""

import dataclasses

import numpy as np
import pytest
from viewer_second_opinion.around import STILL, FramesAround

from viewer.api import CLIP_OFFSETS, SAME, ViewerError
from viewer.testing import builders
from viewer.testing.conformance import check_scorer

SCORER = FramesAround()
SURE = np.log(np.array([0.9, 0.1], np.float32))


def evidence(*windows):
    """Frames whose own class is the first, with windows where 1 agrees, 0 disagrees and None is no frame."""
    looks = {1: SURE, 0: SURE[::-1], None: np.full(2, np.nan, np.float32)}
    clip = np.array([[looks[frame] for frame in window] for window in windows])
    made = builders.evidence(len(windows), 2, needs=frozenset())
    return dataclasses.replace(made, logits=clip[:, SAME].copy(), clip=clip, temperature=1.0)


def window(before, after):
    return [*before, 1, *after]


ALONE = window([None] * SAME, [None] * SAME)
AGREED = window([1] * SAME, [1] * SAME)
OPPOSED = window([0] * SAME, [0] * SAME)
AT_THE_START = window([None] * SAME, [1] * SAME)


def test_that_it_conforms():
    check_scorer(SCORER)


def test_that_frames_around_that_agree_raise_trust_and_those_that_disagree_lower_it():
    agreed, opposed, start = SCORER.score(evidence(AGREED, OPPOSED, AT_THE_START), {})
    others = len(CLIP_OFFSETS) - 1
    assert agreed.trust == pytest.approx(0.9)
    assert agreed.raw == pytest.approx(0.9)
    assert opposed.trust == pytest.approx((0.9 + 0.1 * others) / (others + 1))
    assert opposed.raw == pytest.approx(0.1)
    assert start.trust == pytest.approx(0.9)
    assert agreed.note == "the frames around agree"
    assert opposed.note == "the frames around disagree, most speak for class_1"


def test_that_a_frame_without_neighbours_has_no_score_and_says_why():
    (alone,) = SCORER.score(evidence(ALONE), {})
    assert (alone.trust, alone.raw, alone.note) == (None, None, STILL)


def test_that_the_answer_does_not_depend_on_the_other_frames_of_the_batch():
    together = SCORER.score(evidence(AGREED, OPPOSED, ALONE), {})
    assert [SCORER.score(evidence(one), {})[0] for one in (AGREED, OPPOSED, ALONE)] == list(together)


def test_that_evidence_without_windows_is_a_fault():
    with pytest.raises((ValueError, ViewerError), match="not looked at"):
        SCORER.score(builders.evidence(1, needs=frozenset()), {})
