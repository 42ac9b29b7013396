"""Scorers that learnt how right and wrong answers look: when they help, when they fall back, when they abstain."""

from dataclasses import replace

import numpy as np
import pytest
from viewer_second_opinion import inputs
from viewer_second_opinion.cases import Cases, gathered
from viewer_second_opinion.choosing import INPUTS, fit_reliability, reliability_trust, weighted_auroc
from viewer_second_opinion.reliability import Reliability, reliability_scorers

from viewer.api import CLIP_OFFSETS, SAME, Evidence, Labelled, softmax
from viewer.testing import builders
from viewer.testing.builders import Batches
from viewer.testing.conformance import check_scorer

CLASSES = 4


@pytest.mark.parametrize("scorer", reliability_scorers(), ids=lambda scorer: scorer.name)
def test_that_the_scorer_conforms(scorer):
    check_scorer(scorer)


@pytest.mark.parametrize("scorer", reliability_scorers(), ids=lambda scorer: scorer.name)
def test_that_it_abstains_in_words_where_every_answer_was_right(scorer):
    stream = builders.calibration()
    always_right = Batches(tuple(replace(batch, labels=batch.evidence.predicted) for batch in stream))
    (score,) = scorer.score(builders.evidence(1), scorer.fit(always_right))
    assert score.trust is None
    assert "too few wrong answers" in score.note


def clips(patients=40, seed=0, flicker=1.0, stills=False, noise=1.0):
    """Two clips of ten frames for each patient: logits of the truth, plus what a whole clip and single frames add."""
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(patients), 20)
    labels = groups % CLASSES
    clip_numbers = np.repeat(np.arange(2 * patients), 10)
    steady = np.eye(CLASSES)[labels] * 1.5 + random.normal(0, noise, (2 * patients, CLASSES))[clip_numbers]
    around = np.full((len(labels), len(CLIP_OFFSETS), CLASSES), np.nan)
    shown = [SAME] if stills else range(len(CLIP_OFFSETS))
    for place in shown:
        around[:, place] = steady + random.normal(0, flicker, steady.shape)
    evidence = Evidence(
        classes=tuple("abcd"),
        temperature=1.0,
        logits=around[:, SAME].astype(np.float32),
        targets=around[:, SAME].argmax(axis=1),
        features=random.gamma(1, 1, (len(labels), 12)).astype(np.float32),
        clip=around.astype(np.float32),
    )
    names = np.array([f"patient {index}" for index in groups])
    return Cases(Labelled(evidence, labels, names, clips=clip_numbers, frames=np.tile(np.arange(10), 2 * patients)))


def areas(fitted, fresh):
    """AUROC_f of the classifier and of the softmax probability on patients it was not fitted on."""
    trust = reliability_trust(fresh.evidence, fitted)
    return [
        weighted_auroc(values, fresh.correct, fresh.weights())
        for values in (trust, fresh.evidence.probabilities.max(axis=1))
    ]


def test_that_the_frames_around_are_used_where_they_tell_right_from_wrong():
    fitted = fit_reliability(clips(flicker=2.0))
    ours, softmax = areas(fitted, clips(flicker=2.0, seed=1))
    assert ours > softmax + 0.1
    assert "over the frames around" in Reliability().score(clips().evidence, fitted)[0].note


@pytest.mark.parametrize("seed", range(5))
def test_that_it_is_the_softmax_probability_where_nothing_else_helps(seed):
    random = np.random.default_rng(seed)
    cases = clips(seed=seed, stills=True)
    sure = cases.evidence.probabilities.max(axis=1)
    # Whether an answer is right depends on its highest probability alone.
    predicted, right = cases.evidence.predicted, random.random(len(sure)) < sure
    labels = np.where(right, predicted, (predicted + 1) % CLASSES)
    fitted = fit_reliability(Cases(replace(cases.batch, labels=labels)))
    fresh = clips(seed=seed + 100, stills=True)
    ours, softmax = areas(fitted, fresh)
    assert ours > softmax - 0.02


def test_that_few_patients_leave_the_order_of_the_softmax_probability_as_it_is():
    fitted = fit_reliability(clips(patients=8, stills=True))
    assert fitted["uses"].tolist() == [name == "alone" for name in INPUTS]
    ours, softmax = areas(fitted, clips(seed=1, stills=True))
    assert ours == pytest.approx(softmax, abs=1e-3)


def test_that_sure_answers_that_happened_to_be_wrong_do_not_turn_the_order_round():
    few = clips(patients=8, stills=True)
    sure = few.evidence.probabilities.max(axis=1)
    predicted = few.evidence.predicted
    labels = np.where(sure > np.median(sure), (predicted + 1) % CLASSES, predicted)
    ours, softmax = areas(fit_reliability(Cases(replace(few.batch, labels=labels))), clips(seed=1, stills=True))
    assert ours == pytest.approx(softmax, abs=1e-3)


def test_that_the_trust_says_how_often_the_answer_is_right():
    fitted, fresh = fit_reliability(clips()), clips(seed=1)
    trust = reliability_trust(fresh.evidence, fitted)
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 1)):
        within = (trust >= low) & (trust < high)
        assert fresh.correct[within].mean() == pytest.approx(trust[within].mean(), abs=0.15)


def test_that_a_patient_is_never_in_two_folds():
    cases = clips(patients=13)
    folds = cases.folds(5, 0)
    assert all(len(set(folds[cases.groups == group])) == 1 for group in set(cases.groups))
    assert np.bincount(folds).min() >= 2 * 20


def test_that_patients_weigh_alike_however_long_their_clips():
    cases = clips(patients=3)
    kept = np.ones(60, bool)
    kept[1:9] = kept[20:29] = kept[40:50] = False  # clips of 2 and 10 frames, of 1 and 10, and one of 10
    some = cases.at(kept)
    weights = some.weights()
    by_group = [weights[some.groups == group].sum() for group in sorted(set(some.groups))]
    assert by_group == pytest.approx([len(some) / 3] * 3)
    by_clip = [weights[some.batch.clips == clip].sum() for clip in range(4)]
    assert by_clip == pytest.approx([len(some) / 6] * 4)


def test_that_a_stream_is_gathered_as_it_came_and_nothing_is_nothing():
    stream = builders.calibration(6)
    cases = gathered(stream)
    assert len(cases) == 24
    assert np.array_equal(cases.groups, np.concatenate([batch.groups for batch in stream]))
    assert np.array_equal(cases.evidence.clip, np.concatenate([b.evidence.clip for b in stream]), equal_nan=True)
    assert gathered(Batches(())) is None


def test_that_the_ordinal_variance_is_that_of_the_places_of_the_classes():
    p = np.array([[0.5, 0, 0, 0.5], [0, 1, 0, 0], [0.25, 0.25, 0.25, 0.25]])
    assert inputs.ordinal_variance(p) == pytest.approx([2.25, 0, 1.25])


def test_that_a_still_agrees_with_itself():
    alone = np.full((1, len(CLIP_OFFSETS), 3), np.nan)
    alone[:, SAME] = [0.7, 0.2, 0.1]
    own = np.log(0.7 / 0.3)
    assert inputs.together(alone) == pytest.approx(inputs.alone(alone[:, SAME]))
    assert inputs.course(alone)[0] == pytest.approx([0, 1, own])


def test_that_frames_around_of_another_class_speak_against_a_frame():
    window = np.full((1, len(CLIP_OFFSETS), 2), np.nan)
    window[:, SAME] = [0.8, 0.2]
    window[:, SAME - 1] = window[:, SAME + 1] = [0.2, 0.8]
    assert inputs.together(window)[0] == pytest.approx(np.log(0.4 / 0.6))
    assert inputs.course(window)[0] == pytest.approx([np.std([0.8, 0.2, 0.2]), 1 / 3, np.log(0.6 / 0.4)])


@pytest.mark.parametrize("scale", [0, 1, 1000])
def test_that_every_input_is_finite_however_sure_the_answer(scale):
    logits = np.random.default_rng(0).normal(0, 1, (20, 3)) * scale
    windows = softmax(logits)[:, None].repeat(len(CLIP_OFFSETS), axis=1)
    found = [inputs.spread(logits), inputs.alone(softmax(logits)), inputs.together(windows), inputs.course(windows)]
    assert all(np.isfinite(values).all() for values in found)


def test_that_features_are_seen_along_their_widest_axes_at_variance_one():
    random = np.random.default_rng(0)
    features = random.normal(0, [10, 3, 1e-7], (400, 3))
    mean, axes = inputs.principal_axes(features, 8)
    assert axes.shape == (3, 2)
    assert ((features - mean) @ axes).std(axis=0) == pytest.approx([1, 1])


def test_that_the_auroc_is_the_usual_one_and_counts_by_weight():
    trust = np.array([0.9, 0.5, 0.5, 0.1])
    correct = np.array([True, True, False, False])
    assert weighted_auroc(trust, correct, np.ones(4)) == pytest.approx(0.875)
    assert weighted_auroc(trust, correct, np.array([1, 0, 1, 1.0])) == pytest.approx(1)
    assert np.isnan(weighted_auroc(trust, np.ones(4, bool), np.ones(4)))
