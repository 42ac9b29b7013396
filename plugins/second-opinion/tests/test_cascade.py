"""The cascade: when it speaks, what it says, and that it is switched off, and says so, where it does not help."""

from dataclasses import replace

import numpy as np
import pytest
from viewer_second_opinion.cascade import FEWEST_GROUPS, Gain, SecondOpinion, gain_of, held_out_finals, rescored
from viewer_second_opinion.cases import Cases
from viewer_second_opinion.reliability import Reliability
from viewer_second_opinion.similar import SimilarFrames

from viewer.api import CLIP_OFFSETS, SAME, Evidence, Labelled
from viewer.session.concluding import decide
from viewer.testing import builders
from viewer.testing.builders import Batches
from viewer.testing.conformance import check_opinion

CLASSES = ("a_lines", "b_lines", "consolidation")


def cases(patients=60, seed=0, known=1.0):
    """Ten frames of each patient, a third of them with unsure and mostly wrong answers.

    Args:
        patients: Number of them.
        seed: Of everything.
        known: How much the features know of the truth, from 0 to 1.
    """
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(patients), 10)
    labels = groups % len(CLASSES)
    unsure = np.tile(np.arange(10) % 3 == 0, patients)
    logits = 4.0 * np.eye(len(CLASSES))[labels] + random.normal(0, 0.5, (len(labels), len(CLASSES)))
    logits[unsure] = random.normal(0, 0.5, (unsure.sum(), len(CLASSES)))
    features = np.abs(random.normal(0, 0.3, (len(labels), 16)))
    features[:, : len(CLASSES)] += 3 * known * np.eye(len(CLASSES))[labels]
    around = np.full((len(labels), len(CLIP_OFFSETS), len(CLASSES)), np.nan, np.float32)
    around[:, SAME] = logits
    evidence = Evidence(
        classes=CLASSES,
        temperature=1.0,
        logits=logits.astype(np.float32),
        targets=logits.argmax(axis=1),
        features=features.astype(np.float32),
        clip=around,
    )
    return Cases(Labelled(evidence, labels, np.array([f"patient {index}" for index in groups])))


def handed(fitted):
    """The opinion's state as the viewer hands it over."""
    state = dict(SecondOpinion().fit(fitted))
    for part in (Reliability(), SimilarFrames()):
        state |= {f"{part.name}.{key}": array for key, array in part.fit(fitted).items()}
    return state


def test_that_the_opinion_conforms():
    check_opinion(SecondOpinion(), beside=[Reliability(), SimilarFrames()])


def test_that_unreliable_answers_alone_are_scored_anew_and_only_by_enough_neighbours():
    predicted, votes = np.array([0, 0, 0, 0]), np.array([1, 1, -1, 1])
    reliability = np.array([0.9, 0.49, 0.1, np.nan])
    assert rescored(predicted, reliability, votes).tolist() == [0, 1, 0, 0]
    assert rescored(predicted, reliability, votes, threshold=0.95).tolist() == [1, 1, 0, 0]


def test_that_it_corrects_answers_where_similar_frames_know_better():
    state, fresh = handed(cases()), cases(seed=1)
    proposals = SecondOpinion().propose(fresh.evidence, state)
    final = np.array([proposal.final for proposal in proposals])
    assert (final == fresh.batch.labels).mean() > fresh.correct.mean() + 0.15
    changed = int(np.flatnonzero(final != fresh.evidence.predicted)[0])
    reason = proposals[changed].reason
    assert reason.startswith("reliability ")
    assert " similar frames of " in reason
    assert reason.endswith(f"other patients say {CLASSES[final[changed]].replace('_', ' ')}")
    sure = next(p.reason for p, own in zip(proposals, fresh.evidence.predicted, strict=True) if p.final == own)
    assert sure.endswith("the answer stands")


def test_that_it_is_switched_off_and_says_so_where_similar_frames_mislead():
    """Their features know nothing of the classes: every answer that they change is changed at random."""
    learnt = cases(known=0)
    # Unsure answers are right more often than chance, so that chance is worse.
    unsure = learnt.evidence.probabilities.max(axis=1) < 0.8
    labels = learnt.batch.labels.copy()
    half = unsure & (np.random.default_rng(0).random(len(labels)) < 0.45)
    labels[half] = learnt.evidence.predicted[half]
    misled = Cases(replace(learnt.batch, labels=labels))
    gain = gain_of(misled, held_out_finals(misled))
    assert not gain.helps
    proposals = SecondOpinion().propose(misled.evidence, handed(misled))
    assert [proposal.final for proposal in proposals] == misled.evidence.predicted.tolist()
    _, trail = decide(CLASSES, 1, [("Second opinion", replace(proposals[0], final=1))])
    assert trail.startswith("classifier: b_lines › second opinion: switched off, it was ")
    assert trail.endswith("than the model on the calibration patients")


def test_that_too_few_neighbours_keep_the_answer():
    state, fresh = handed(cases()), cases(seed=1)
    strange = replace(fresh.evidence, features=np.roll(fresh.evidence.features, 8, axis=1).copy())
    proposals = SecondOpinion().propose(strange, state)
    assert [proposal.final for proposal in proposals] == strange.predicted.tolist()
    assert any("too few close neighbours, so the answer stands" in proposal.reason for proposal in proposals)


def test_that_it_says_nothing_where_it_was_never_tried():
    assert SecondOpinion().propose(builders.evidence(3), {}) == [None] * 3
    assert SecondOpinion().fit(Batches(())) == {}


def test_that_it_says_what_is_missing_where_a_part_of_it_was_not_fitted():
    state = {name: array for name, array in handed(cases()).items() if not name.startswith("similar.")}
    (proposal,) = SecondOpinion().propose(cases().evidence[0], state)
    assert proposal.reason == "switched off, what it rests on is missing from this model"


def gain(**changed):
    return replace(Gain(groups=40, before=0.8, after=0.85, least=0.01, by_class=0.02), **changed)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (gain(groups=FEWEST_GROUPS - 1), "9 calibration patients are too few to tell whether it helps"),
        (gain(after=0.79, least=-0.03), "it was worse than the model on the calibration patients"),
        (gain(least=-0.01), "it was not clearly better than the model on the calibration patients"),
        (gain(by_class=-0.01), "it was worse than the model on the calibration patients"),
    ],
)
def test_that_it_is_switched_off_unless_it_is_surely_better_for_patients_and_no_worse_for_classes(found, words):
    assert gain().helps
    assert not found.helps
    assert found.words == f"switched off, {words}"
    assert Gain.of(found.state) == found


def test_that_the_gain_is_that_of_patients_alike_and_of_classes_alike():
    learnt = cases(patients=4)
    kept = np.ones(40, bool)
    kept[1:10] = False  # one frame of the first patient
    some = learnt.at(kept)
    final = some.evidence.predicted.copy()
    final[0] = (some.batch.labels[0] + 1) % 3
    right = some.correct.copy()
    expected = [right[some.groups == group].mean() for group in sorted(set(some.groups))]
    found = gain_of(some, final)
    assert found.before == pytest.approx(np.mean(expected))
    assert found.after == pytest.approx(np.mean([0, *expected[1:]]))
    # Patients 0 and 3 are of class 0 and weigh alike: its recall falls by half of what patient 0 lost.
    assert found.by_class == pytest.approx(-int(right[0]) / 2 / 3)
