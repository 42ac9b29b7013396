import numpy as np
import pytest
from viewer_attention_verification.early import EarlyScorer, early_statistics

from viewer.testing import builders


def test_that_early_statistics_are_the_stems_means_and_the_logarithms_of_its_spreads():
    look = np.arange(1, 11, dtype=np.float32)[None]
    assert early_statistics(look)[0] == pytest.approx([7, 8, np.log(9), np.log(10)])
    assert early_statistics(np.zeros((1, 10), np.float32))[0, 2] == pytest.approx(np.log(1e-3))


def test_that_unseen_pictures_of_the_same_kind_are_flagged_as_often_as_promised_and_strange_ones_always():
    scorer = EarlyScorer()
    state = scorer.fit(builders.calibration(120))
    fresh = [s.trust for batch in builders.calibration(120, seed=7) for s in scorer.score(batch.evidence, state)]
    assert np.mean(np.array(fresh) <= 0.05) <= 0.1
    evidence = builders.evidence(20)
    strange = scorer.score(builders.changed(evidence, look=evidence.look * np.float32(4)), state)
    assert max(score.trust for score in strange) == pytest.approx(1 / 121)


def test_that_a_few_groups_are_too_few():
    assert EarlyScorer().fit(builders.calibration(4)) == {}


def test_that_a_look_that_was_not_taken_is_a_fault():
    scorer = EarlyScorer()
    state = scorer.fit(builders.calibration())
    with pytest.raises(ValueError, match="no look was taken"):
        scorer.score(builders.changed(builders.evidence(2), look=None), state)
