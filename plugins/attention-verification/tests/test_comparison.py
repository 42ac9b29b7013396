from dataclasses import replace

import numpy as np
import pytest
from viewer_attention_verification import comparison
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
    return [scorer.fit(builders.calibration(60)) for scorer in attention_scorers()]


def test_that_a_frame_is_measured_once_for_all_scorers(measurings, states):
    evidence = builders.evidence(3)
    for scorer, state in zip(attention_scorers(), states, strict=True):
        scorer.score(evidence, state)
    assert len(measurings) == 1


def test_that_other_frames_other_classes_and_other_references_are_measured_anew(measurings, states):
    measuring = Measuring()
    first, other = (Comparison(METRICS[:1], measuring) for _ in range(2))
    elsewhere = attention_scorers()[1].fit(builders.calibration(60, seed=9))
    evidence, further = builders.evidence(3), builders.evidence(3, seed=4)
    turned = replace(evidence, targets=(evidence.targets + 1) % 4)
    asked = [(first, evidence, states[1]), (other, further, states[1]), (first, turned, states[1])]
    asked += [(other, evidence, elsewhere), (first, evidence, states[1])]
    together = [compare(shown, state).values for compare, shown, state in asked]
    assert len(measurings) == 5
    for (_, shown, state), values in zip(asked, together, strict=True):
        assert (Comparison(METRICS[:1], Measuring())(shown, state).values == values).all()
    assert not np.array_equal(together[0], together[2])
