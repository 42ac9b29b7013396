from dataclasses import replace

import numpy as np
import pytest
from viewer_segmentation_cam import telling, viewer_scorers
from viewer_segmentation_cam.facts import facts_of
from viewer_segmentation_cam.scorers import AttentionOutsideMask, MaskArea, MaskPlausibility
from viewer_segmentation_cam.usual import UNUSUAL, Usual

from viewer.testing import builders
from viewer.testing.conformance import check_scorer

SCORERS = viewer_scorers({})
each = pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: scorer.name)
beside = pytest.mark.parametrize("scorer", [AttentionOutsideMask(), MaskArea()], ids=lambda scorer: scorer.name)


@pytest.fixture(scope="module")
def calibration():
    return builders.calibration(60)


def speckled(evidence):
    """The same with masks of noise."""
    noise = np.random.default_rng(0).random(evidence.mask.shape, np.float32)
    return replace(evidence, mask=noise)


def masked(evidence, mask):
    return replace(evidence, mask=np.asarray(mask, np.float32))


@each
def test_that_every_scorer_conforms(scorer):
    check_scorer(scorer)


@each
def test_that_a_frame_is_scored_alike_in_any_batch_to_the_last_digit(scorer, calibration):
    state, whole = scorer.fit(calibration), builders.evidence(9, seed=5)
    assert [scorer.score(whole[row], state)[0] for row in range(9)] == list(scorer.score(whole, state))


@each
def test_that_frames_without_a_mask_get_no_trust_and_leave_the_others_alone(scorer, calibration):
    state, whole = scorer.fit(calibration), builders.evidence(4, seed=5)
    holes = whole.mask.copy()
    holes[1] = np.nan
    scores = scorer.score(masked(whole, holes), state)
    assert (scores[1].trust, scores[1].raw, scores[1].note) == (None, None, telling.NO_MASK)
    assert [scores[row] for row in (0, 2, 3)] == [scorer.score(whole, state)[row] for row in (0, 2, 3)]
    assert scorer.score(masked(whole, holes)[1], state) == [scores[1]]
    assert {score.note for score in scorer.score(replace(whole, mask=None), state)} == {telling.NO_MASK}


@each
def test_that_nothing_is_learnt_from_masks_of_others_or_from_none(scorer, calibration):
    for changes in ({"mask": None}, {"mask_from": "given"}):
        batches = tuple(replace(one, evidence=replace(one.evidence, **changes)) for one in calibration)
        assert scorer.fit(builders.Batches(batches)) == {}


@beside
@pytest.mark.parametrize("by", ["given", "chest-xray"])
def test_that_the_value_beside_anothers_outline_is_told_without_trust(scorer, calibration, by):
    state, whole = scorer.fit(calibration), builders.evidence(3, seed=5)
    scores = scorer.score(replace(whole, mask_from=by), state)
    assert [score.raw for score in scores] == [score.raw for score in scorer.score(whole, state)]
    assert {score.trust for score in scores} == {None}
    assert {score.note for score in scores} == {telling.not_own(by)}


@beside
def test_that_the_value_is_told_without_trust_where_nothing_was_fitted(scorer):
    (score,) = scorer.score(builders.evidence(1), {})
    assert score.trust is None
    assert score.raw is not None
    assert score.note == telling.NOT_FITTED


@beside
def test_that_a_wrong_outline_reassures_nobody(scorer, calibration):
    scores = scorer.score(speckled(builders.evidence(6, seed=5)), scorer.fit(calibration))
    assert {(score.trust, score.note) for score in scores} == {(None, telling.WRONG_OUTLINE)}
    assert all(score.raw is not None for score in scores)


@each
def test_that_twenty_groups_say_what_is_usual_and_fewer_do_not(scorer):
    assert scorer.fit(builders.calibration(20))
    assert scorer.fit(builders.calibration(19)) == {}


@beside
def test_that_an_empty_outline_and_no_attention_are_said(scorer, calibration):
    state, whole = scorer.fit(calibration), builders.evidence(2, seed=5)
    assert {s.note for s in scorer.score(masked(whole, 0 * whole.mask), state)} == {telling.EMPTY}
    nowhere = replace(whole, attention=-np.abs(whole.attention))
    assert {s.note for s in scorer.score(nowhere, state)} == {telling.NO_ATTENTION}


def test_that_attention_in_the_outlined_part_is_safer_than_beside_it(calibration):
    scorer, whole = AttentionOutsideMask(), builders.evidence(1, seed=5)
    state = scorer.fit(calibration)
    grid = whole.attention.shape[1]
    side = whole.mask.shape[1]
    cells = whole.mask[0].reshape(grid, side // grid, grid, side // grid).mean(axis=(1, 3))
    trusts, raw = [], []
    for attention in (cells, np.ones_like(cells), 1 - cells):
        (score,) = scorer.score(replace(whole, attention=attention[None].astype(np.float32)), state)
        trusts.append(score.trust)
        raw.append(score.raw)
    assert raw[0] > 2
    assert raw[1] == pytest.approx(1)
    assert raw[2] < 1
    assert trusts[0] > trusts[1] >= trusts[2]


def test_that_the_control_is_the_area_and_its_trust_falls_with_it(calibration):
    scorer, whole = MaskArea(), builders.evidence(12, seed=5)
    scores = scorer.score(whole, scorer.fit(calibration))
    told = sorted((score.raw, score.trust) for score in scores if score.trust is not None)
    assert [trust for _, trust in told] == sorted((trust for _, trust in told), reverse=True)
    assert scores[0].raw == pytest.approx((whole.mask[0] > 0.5).mean())


def test_that_a_mask_of_noise_is_implausible_and_the_note_says_in_what(calibration):
    scorer = MaskPlausibility()
    state = scorer.fit(calibration)
    for score in scorer.score(speckled(builders.evidence(4, seed=5)), state):
        assert score.trust < UNUSUAL
        assert score.note.startswith("unlike usual outlines: ")
        assert "raggedness of edge" in score.note


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_that_nothing_and_everything_are_implausible(calibration, value):
    scorer, whole = MaskPlausibility(), builders.evidence(2, seed=5)
    scores = scorer.score(masked(whole, np.full_like(whole.mask, value)), scorer.fit(calibration))
    assert all(score.trust < UNUSUAL for score in scores)


@pytest.mark.parametrize("by", ["given", "chest-xray"])
def test_that_an_outline_of_others_is_not_judged(calibration, by):
    scorer = MaskPlausibility()
    scores = scorer.score(replace(builders.evidence(2), mask_from=by), scorer.fit(calibration))
    assert {(score.trust, score.raw, score.note) for score in scores} == {(None, None, telling.not_own(by))}


def test_that_plausibility_keeps_its_word_on_pictures_of_new_groups(calibration):
    """No more than one of twenty masks of the same kind has a p below a twentieth, but for chance."""
    usual = Usual.of(MaskPlausibility().fit(calibration))
    others = builders.calibration(200, 1, seed=7)
    p = np.concatenate([usual(facts_of(batch.evidence.mask)) for batch in others])
    assert (p < UNUSUAL).mean() < 0.09
