from dataclasses import replace

import numpy as np
import pytest
from viewer_attention_verification import comparison, viewer_explainers, viewer_scorers
from viewer_attention_verification.compared import AttentionCompared
from viewer_attention_verification.comparison import Comparison, Measuring
from viewer_attention_verification.metrics import METRICS
from viewer_attention_verification.scorers import attention_scorers

from viewer.testing import builders


@pytest.fixture
def measurings(monkeypatch):
    counted = []

    def counting(*arguments):
        counted.append(arguments)
        return measured(*arguments)

    measured = comparison.measured
    monkeypatch.setattr(comparison, "measured", counting)
    return counted


@pytest.fixture(scope="module")
def states():
    return [scorer.fit(builders.calibration(60)) for scorer in attention_scorers(Measuring())]


def test_that_a_frame_is_measured_once_for_all_scorers(measurings, states):
    evidence = builders.evidence(3)
    for scorer, state in zip(attention_scorers(Measuring()), states, strict=True):
        scorer.score(evidence, state)
    assert len(measurings) == 1


def test_that_other_frames_other_classes_and_other_references_are_measured_anew(measurings, states):
    measuring = Measuring()
    first, other = (Comparison(METRICS[:1], measuring) for _ in range(2))
    elsewhere = attention_scorers(Measuring())[1].fit(builders.calibration(60, seed=9))
    evidence, further = builders.evidence(3), builders.evidence(3, seed=4)
    turned = replace(evidence, targets=(evidence.targets + 1) % 4)
    asked = [(first, evidence, states[1]), (other, further, states[1]), (first, turned, states[1])]
    asked += [(other, evidence, elsewhere), (first, evidence, states[1])]
    together = [compare(shown, state).values for compare, shown, state in asked]
    assert len(measurings) == 5
    for (_, shown, state), values in zip(asked, together, strict=True):
        assert (Comparison(METRICS[:1], Measuring())(shown, state).values == values).all()
    assert not np.array_equal(together[0], together[2])


def test_that_a_frame_which_is_explained_after_it_was_scored_is_not_measured_again(measurings, states):
    evidence = builders.evidence(1, seed=4)
    (attention, *_), (panel, *_) = viewer_scorers({}), viewer_explainers({})
    handed = {f"attention.{name}": array for name, array in states[0].items()}
    attention.score(evidence, states[0])
    again = replace(evidence, attention=evidence.attention.copy(), targets=evidence.targets.copy())
    contents = panel.explain(again, handed)
    assert len(measurings) == 1
    assert [str(one) for one in contents] == [
        str(one) for one in AttentionCompared(Measuring()).explain(again, handed)
    ]
    panel.explain(replace(again, targets=(again.targets + 1) % 4), handed)
    assert len(measurings) == 3
