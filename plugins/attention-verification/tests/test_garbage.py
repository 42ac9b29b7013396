"""The output for pictures of no kind the network knows."""

from dataclasses import replace

import numpy as np
import pytest
from viewer_attention_verification.garbage import GarbageScorer, threshold_of

from viewer.api import Labelled
from viewer.testing import builders
from viewer.testing.builders import Batches
from viewer.testing.conformance import check_scorer

SCORER = GarbageScorer()


def evidence(odds):
    """Two classes with logits of 0: the log-odds of garbage g are g − ln 2."""
    built = builders.evidence(len(odds), 2)
    garbage = (np.asarray(odds) + np.log(2)).astype(np.float32)
    return replace(built, logits=np.zeros((len(odds), 2), np.float32), garbage=garbage)


def fitted(odds, groups):
    batch = Labelled(evidence(odds), np.zeros(len(odds), np.intp), np.array(groups))
    return SCORER.fit(Batches((batch,)))


def test_that_it_conforms():
    check_scorer(SCORER)


def test_that_raw_is_the_log_odds_and_trust_how_often_a_proper_picture_is_as_strange():
    state = fitted(np.arange(9.0), [f"g{i}" for i in range(9)])
    scores = SCORER.score(evidence([-5.0, 4.0, 100.0]), state)
    assert [score.raw for score in scores] == pytest.approx([-5.0, 4.0, 100.0], abs=1e-5)
    assert [score.trust for score in scores] == pytest.approx([1.0, 0.6, 0.1])


def test_that_the_note_says_on_which_side_of_the_threshold_a_picture_lies():
    state = fitted(np.arange(100.0) - 99, [f"g{i}" for i in range(100)])
    assert threshold_of(state) == pytest.approx(-5, abs=1e-5)
    below, above = SCORER.score(evidence([-6.0, 1.0]), state)
    assert below.note == "below τ = 0.0067, which rejects 5% of proper pictures"
    assert above.note.startswith("above τ")


def test_that_a_group_of_many_pictures_weighs_no_more_than_another():
    odds = np.concatenate([np.full(50, 10.0), np.arange(40.0) / 100])
    state = fitted(odds, ["clip"] * 50 + [f"g{i}" for i in range(40)])
    (score,) = SCORER.score(evidence([9.0]), state)
    assert score.trust == pytest.approx(2 / 42)


def test_that_it_abstains_where_the_network_has_no_such_output_or_nothing_was_fitted():
    without = replace(evidence([0.0]), garbage=None)
    batch = Labelled(without, np.zeros(1, np.intp), np.array(["g"]))
    assert SCORER.fit(Batches((batch,))) == {}
    for shown, state, note in (
        (without, {}, "the model knows no garbage"),
        (evidence([0.0]), {}, "not fitted for this model"),
    ):
        (score,) = SCORER.score(shown, state)
        assert (score.trust, score.raw, score.note) == (None, None, note)
