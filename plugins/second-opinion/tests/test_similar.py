import numpy as np
import pytest
from viewer_second_opinion.references import NEIGHBOURS, references_of
from viewer_second_opinion.similar import TOO_FEW, SimilarFrames

from viewer.testing import builders
from viewer.testing.conformance import check_scorer

SCORER = SimilarFrames()


def test_that_the_scorer_conforms():
    check_scorer(SCORER)


def test_that_trust_is_the_weighted_share_of_similar_frames_with_the_predicted_class():
    state = SCORER.fit(builders.calibration(40))
    evidence = builders.evidence(30, seed=77)
    found = references_of(state).neighbours(evidence.features)
    answers = SCORER.score(evidence, state)
    assert any(answer.trust is not None for answer in answers)
    for row, answer in enumerate(answers):
        there = found.labels[row] >= 0
        if there.sum() < 6:
            assert (answer.trust, answer.note) == (None, TOO_FEW)
            continue
        agree = found.labels[row][there] == evidence.predicted[row]
        assert answer.trust == pytest.approx(
            found.similarity[row][there][agree].sum() / found.similarity[row][there].sum()
        )
        assert answer.note == f"{agree.sum()} of {there.sum()} similar frames agree"
        assert there.sum() <= NEIGHBOURS


def test_that_it_says_that_it_was_not_fitted():
    (score,) = SCORER.score(builders.evidence(1), {})
    assert score.note == "not fitted for this model"


def test_that_it_finds_wrong_answers_better_than_chance():
    state = SCORER.fit(builders.calibration(60))
    right, trusts = [], []
    for batch in builders.calibration(60, seed=9):
        for ok, score in zip(
            batch.evidence.predicted == batch.labels, SCORER.score(batch.evidence, state), strict=True
        ):
            if score.trust is not None:
                right.append(ok)
                trusts.append(score.trust)
    right, trusts = np.array(right), np.array(trusts)
    assert trusts[right].mean() > trusts[~right].mean()
