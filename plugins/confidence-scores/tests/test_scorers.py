import dataclasses
import time

import numpy as np
import pytest
import viewer_confidence_scores as plugin
from viewer_confidence_scores.correctness import learn_direction, margin_k

from viewer.api import About, Labelled, ViewerError
from viewer.testing import builders
from viewer.testing.conformance import check_explainer, check_scorer

SCORERS = {scorer.name: scorer for scorer in plugin.viewer_scorers({})}
(EXPLAINER,) = plugin.viewer_explainers({})


@pytest.mark.parametrize("name", SCORERS)
def test_that_the_scorer_conforms(name):
    check_scorer(SCORERS[name])


def test_that_the_explainer_conforms():
    check_explainer(EXPLAINER)


def test_that_suitability_is_kept_apart_from_correctness():
    suitability = {name for name, scorer in SCORERS.items() if scorer.about is About.SUITABILITY}
    assert suitability == {"knn", "mahalanobis", "middle_mahalanobis"}


def test_that_the_margins_k_is_a_setting_and_changes_its_version():
    by_three = {scorer.name: scorer for scorer in plugin.viewer_scorers({"margin_k": 3})}["margin"]
    evidence = builders.evidence(1)
    ordered = np.sort(evidence.probabilities[0])
    assert by_three.score(evidence, {})[0].trust == pytest.approx(ordered[-1] - ordered[-3])
    assert by_three.version != SCORERS["margin"].version


@pytest.mark.parametrize("k", [1, 2.5, "2", True])
def test_that_a_senseless_k_is_refused_in_a_sentence(k):
    with pytest.raises(ViewerError, match="margin_k should be a whole number from 2 on"):
        margin_k({"margin_k": k})


@pytest.mark.parametrize(("sign", "direction"), [(1, 1), (-1, -1)])
def test_that_the_direction_of_the_cam_score_is_learned(sign, direction):
    correct = np.arange(100) % 2 == 0
    raw = sign * correct + np.random.default_rng(0).normal(0, 0.5, 100)
    state = learn_direction(raw, correct)
    assert state["direction"][0] == direction
    assert state["direction"][1] > 2


def test_that_without_errors_there_is_no_direction_to_learn():
    assert learn_direction(np.arange(5.0), np.ones(5, bool)) == {}


def test_that_the_cam_score_follows_the_learned_direction():
    cam, evidence = SCORERS["cam"], builders.evidence(1)
    knots = np.linspace(0, 1, 11, dtype=np.float32)
    up = cam.score(evidence, {"knots": knots, "direction": np.array([1, 9], np.float32)})[0]
    down = cam.score(evidence, {"knots": knots, "direction": np.array([-1, 9], np.float32)})[0]
    assert up.raw == down.raw
    assert up.trust + down.trust == pytest.approx(1)


def test_that_a_weak_direction_is_said():
    state = {"knots": np.zeros(3, np.float32), "direction": np.array([1, 0.5], np.float32)}
    assert "hardly tells right from wrong" in SCORERS["cam"].score(builders.evidence(1), state)[0].note


def test_that_a_network_without_dropout_makes_the_uncertainty_scores_abstain():
    evidence = builders.evidence(2)
    still = builders.changed(evidence, head_samples=np.repeat(evidence.logits[None], 5, axis=0))
    for name in ("predictive_entropy", "expected_entropy", "mutual_information"):
        score = SCORERS[name].score(still, {})[0]
        assert (score.trust, score.note) == (None, "the network has no dropout in its head")
    assert "no dropout" in EXPLAINER.explain(still[0])[0].body


def test_that_networks_of_one_mind_are_trusted_and_others_less():
    evidence = builders.evidence(2, 4)
    own = np.zeros((2, 2, 4), np.float32)
    own[:, 0, 1] = 9.0  # frame 0: both name class 1; frame 1: each names another
    own[0, 1, 2] = own[1, 1, 3] = 9.0
    together = dataclasses.replace(evidence, logits=own.mean(axis=0), members=own, temperature=0.25)
    agreed, split = SCORERS["members"].score(together, {})
    assert agreed.trust == pytest.approx(1)
    assert split.raw == pytest.approx(np.log(2))
    assert split.trust == pytest.approx(0.5)


def test_that_one_network_cannot_disagree_with_itself():
    (score,) = SCORERS["members"].score(dataclasses.replace(builders.evidence(1), members=None), {})
    assert (score.trust, score.note) == (None, "one network answers")


@pytest.mark.parametrize(
    "name", ["cam", "cam_mask", "max_logit", "energy", "knn", "mahalanobis", "middle_mahalanobis"]
)
def test_that_a_scorer_abstains_in_a_bundle_made_without_it(name):
    (score,) = SCORERS[name].score(builders.evidence(1), {})
    assert (score.trust, score.note) == (None, "not calibrated for this bundle")


@pytest.mark.parametrize("name", ["knn", "mahalanobis", "middle_mahalanobis"])
def test_that_suitability_is_even_over_new_patients_and_low_for_strangers(name):
    scorer = SCORERS[name]
    state = scorer.fit(builders.calibration(80, seed=1, channels=24))
    trusts = [
        s.trust
        for batch in builders.calibration(80, seed=2, channels=24)
        for s in scorer.score(batch.evidence, state)
    ]
    assert np.mean(trusts) == pytest.approx(0.5, abs=0.1)
    assert np.mean(np.array(trusts) < 0.05) < 0.15
    usual = builders.evidence(20, channels=24)
    strange = dataclasses.replace(usual, features=-10 * usual.features, middle=-10 * usual.middle)
    assert max(s.trust for s in scorer.score(strange, state)) < 0.05


@pytest.mark.parametrize("name", ["softmax", "margin", "entropy", "doctor", "gen", "max_logit"])
def test_that_correctness_scores_find_errors_in_data_where_the_unsure_are_wrong(name):
    scorer = SCORERS[name]
    state = scorer.fit(builders.calibration(40, seed=3))
    right, wrong = [], []
    for batch in builders.calibration(60, seed=4):
        for score, correct in zip(
            scorer.score(batch.evidence, state), batch.evidence.predicted == batch.labels, strict=True
        ):
            (right if correct else wrong).append(score.trust)
    assert np.mean(right) > np.mean(wrong) + 0.02


@pytest.mark.parametrize("name", ["knn", "mahalanobis", "middle_mahalanobis"])
def test_that_known_distances_are_of_groups_that_the_statistics_had_not_seen(name):
    calibration = builders.calibration(40, seed=3)
    state = SCORERS[name].fit(calibration)
    own = [score.raw for batch in calibration for score in SCORERS[name].score(batch.evidence, state)]
    assert len(state["knots"]) == len(own)
    assert np.mean(state["knots"]) > np.mean(own)


def test_that_too_few_calibration_images_leave_suitability_unfitted():
    few = builders.Batches((Labelled(builders.evidence(2), np.array([0, 1]), np.array(["a", "b"])),))
    assert SCORERS["mahalanobis"].fit(few) == {}


def test_that_all_scores_of_a_frame_take_a_few_milliseconds():
    data = builders.calibration(24, classes=8, channels=24)
    states = {name: scorer.fit(data) for name, scorer in SCORERS.items()}
    seconds = []
    for seed in range(20):
        evidence = builders.evidence(1, 8, seed=seed, channels=24, grid=7, side=224)
        started = time.perf_counter()
        for name, scorer in SCORERS.items():
            scorer.score(evidence, states[name])
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.01
