from dataclasses import replace

import numpy as np
import pytest
from viewer_attention_verification import viewer_scorers
from viewer_attention_verification.comparison import Measuring
from viewer_attention_verification.early import EarlyScorer
from viewer_attention_verification.known import FEWEST_GROUPS as FEWEST_OF_CLASS
from viewer_attention_verification.known import Known
from viewer_attention_verification.metrics import METRICS
from viewer_attention_verification.pictures import MOST_PICTURES
from viewer_attention_verification.scorers import (
    ELSEWHERE,
    NO_ATTENTION,
    OF_ALL_CLASSES,
    attention_scorers,
)

from viewer.api import About
from viewer.testing import builders
from viewer.testing.conformance import check_scorer

SCORERS = [*attention_scorers(Measuring()), EarlyScorer()]
OF_ATTENTION = SCORERS[:-1]
each = pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: scorer.name)
of_attention = pytest.mark.parametrize("scorer", OF_ATTENTION, ids=lambda scorer: scorer.name)


def spots(classes, away, side=7):
    """One spot of attention for each picture, at its class's usual place or `away` cells further: (n, side, side)."""
    maps = np.zeros((len(classes), side, side), np.float32)
    for row, (index, steps) in enumerate(zip(classes, away, strict=True)):
        maps[row, 1 + index, (1 + index + steps) % side] = 5
    return maps


def with_spots(labelled, moved):
    """Batches whose attention lies elsewhere where `moved` says so (a function of whether the answer is right)."""
    changed = []
    for batch in labelled:
        evidence = batch.evidence
        away = moved(evidence.predicted == batch.labels)
        attention = spots(evidence.targets % 4, away)
        changed.append(replace(batch, evidence=builders.changed(evidence, attention=attention)))
    return tuple(changed)


def told_by_attention(groups=60, seed=0):
    """Calibration with training, in which attention lies elsewhere where the answer is wrong, and seldom else."""
    random = np.random.default_rng(seed)

    def moved(right):
        return np.where(random.random(len(right)) < np.where(right, 0.1, 0.8), random.integers(1, 4, len(right)), 0)

    fit, training = builders.calibration(groups), builders.calibration(40, seed=1)
    return builders.Batches(with_spots(fit, moved), with_spots(training, lambda right: np.zeros(len(right), int)))


@each
def test_that_every_scorer_conforms(scorer):
    check_scorer(scorer)


def test_that_the_plugin_offers_the_combination_each_metric_and_the_early_features():
    offered = {scorer.name: scorer.about for scorer in viewer_scorers({})}
    wanted = ["attention", *(f"attention_{metric.name}" for metric in METRICS), "early_mahalanobis"]
    assert [name for name in offered if name in wanted] == wanted
    assert {offered[name] for name in wanted[:-1]} == {About.CORRECTNESS}
    assert offered["early_mahalanobis"] is About.SUITABILITY


@each
def test_that_unfitted_scorers_abstain(scorer):
    assert {score.note for score in scorer.score(builders.evidence(3), {})} == {"not fitted for this model"}
    assert scorer.fit(builders.Batches(())) == {}


@each
def test_that_no_digit_depends_on_the_batch(scorer):
    state = scorer.fit(builders.calibration())
    whole = builders.evidence(33)
    together = scorer.score(whole, state)
    assert together == [scorer.score(whole[index], state)[0] for index in range(33)]


@of_attention
def test_that_attention_at_its_usual_place_is_trusted_more_than_attention_elsewhere(scorer):
    state = scorer.fit(told_by_attention())
    evidence = builders.evidence(2)
    targets = np.array([2, 2])
    usual, elsewhere = scorer.score(replace(evidence, targets=targets, attention=spots(targets, [0, 3])), state)
    assert usual.trust > 0.5 > elsewhere.trust


@of_attention
def test_that_no_attention_is_a_finding_and_the_most_unusual_one(scorer):
    data = told_by_attention()
    state = scorer.fit(data)
    groups = len({group for batch in data for group in batch.groups.tolist()})
    evidence = builders.evidence(3)
    (blank, *_), (known, *_) = (
        scorer.score(replace(evidence, attention=attention), state)
        for attention in (np.full((3, 7, 7), -1.0, np.float32), spots([0, 0, 0], [3, 3, 3]))
    )
    assert NO_ATTENTION in blank.note
    assert 1 / (groups + 1) <= blank.trust <= known.trust
    assert blank.trust < 0.1
    assert scorer.name == "attention" or blank.raw is None


@of_attention
def test_that_evidence_without_attention_is_a_fault(scorer):
    state = scorer.fit(builders.calibration())
    with pytest.raises(ValueError, match="no attention was captured"):
        scorer.score(builders.changed(builders.evidence(2), attention=None), state)


@of_attention
def test_that_new_pictures_of_the_same_kind_are_found_unusual_as_often_as_promised(scorer):
    state = scorer.fit(builders.calibration(200))
    fresh = builders.calibration(200, seed=5)
    trust = [score.trust for batch in fresh for score in scorer.score(batch.evidence, state)]
    assert np.mean(np.array(trust) <= 0.2) == pytest.approx(0.2, abs=0.06)


def test_that_a_metric_keeps_its_own_value_and_unit_beside_the_trust():
    scorer = SCORERS[len(METRICS)]
    state = scorer.fit(told_by_attention())
    evidence = replace(builders.evidence(1), targets=np.array([0]), attention=spots([0], [0]))
    (score,) = scorer.score(evidence, state)
    assert score.raw == pytest.approx(0, abs=1e-3)
    assert score.unit == "of the side"


def test_that_unusual_attention_is_said_in_words():
    scorer = SCORERS[4]
    state = scorer.fit(with_few_away())
    evidence = replace(builders.evidence(2), targets=np.array([0, 0]), attention=spots([0, 0], [0, 3]))
    usual, elsewhere = scorer.score(evidence, state)
    assert usual.note == ""
    assert elsewhere.note == ELSEWHERE


def with_few_away():
    data = told_by_attention(groups=120)
    still = lambda right: np.zeros(len(right), int)  # noqa: E731
    return builders.Batches(with_spots(data, still), with_spots(data.training, still))


def test_that_a_class_with_few_pictures_is_compared_with_all_and_says_so():
    data = told_by_attention()
    few = tuple(batch for batch in data.training if not (batch.evidence.targets == 3).any())
    scorer = SCORERS[4]
    state = scorer.fit(builders.Batches(data.batches, few))
    evidence = replace(builders.evidence(1), targets=np.array([3]), attention=spots([3], [0]))
    assert OF_ALL_CLASSES in scorer.score(evidence, state)[0].note


def test_that_the_combination_weighs_the_metrics_and_never_one_below_zero():
    state = SCORERS[0].fit(told_by_attention(groups=120))
    assert state["weights"].sum() == pytest.approx(1)
    assert (state["weights"] >= 0).all()
    assert state["learnt"].tolist() == [1]


def test_that_without_wrong_answers_all_metrics_weigh_alike_and_the_note_says_so():
    data = told_by_attention()
    right = tuple(replace(batch, labels=batch.evidence.predicted) for batch in data)
    scorer = SCORERS[0]
    state = scorer.fit(builders.Batches(right, data.training))
    assert state["weights"].tolist() == [1 / 8] * 8
    assert "count alike" in scorer.score(builders.evidence(1), state)[0].note


def test_that_where_attention_says_nothing_one_metric_speaks_and_the_note_says_so():
    random = np.random.default_rng(3)
    data = builders.calibration(80)
    maps = [random.normal(0, 1, (8, 5, 5)).astype(np.float32) for _ in data]
    noise = tuple(
        replace(batch, evidence=builders.changed(batch.evidence, attention=attention))
        for batch, attention in zip(data, maps, strict=True)
    )
    scorer = SCORERS[0]
    state = scorer.fit(builders.Batches(noise))
    assert sorted(state["weights"].tolist()) == [0] * 7 + [1]
    assert "all eight tell no more" in scorer.score(builders.evidence(1), state)[0].note


def test_that_a_class_is_compared_with_its_own_pictures_from_enough_groups_on():
    groups = np.arange(FEWEST_OF_CLASS + 3)
    classes = np.where(groups < FEWEST_OF_CLASS, 0, 1)
    known = Known(METRICS[:1], np.linspace(0, 1, len(groups), dtype="f4")[:, None], groups >= 0, classes, groups)
    assert known.rows_for(0).tolist() == (classes == 0).tolist()
    assert known.rows_for(1).all()


def test_that_p_counts_groups_at_least_as_unlike_and_the_new_one_by_hand():
    values = np.array([[0.2], [0.4], [0.6], [0.8]], np.float32)  # larger is more alike
    known = Known(METRICS[:1], values, np.array([True] * 3 + [False]), np.zeros(4), np.array([0, 1, 1, 2]))
    p = known.p_values(np.array([[0.5], [0.1], [0]], "f4"), np.array([True, True, False]), np.zeros(3, int))
    # Beside .5: group 0, half of group 1, and group 2, which has no attention; then group 2 alone.
    assert p[:, 0] == pytest.approx([3.5 / 4, 2 / 4, 2 / 4])


def test_that_a_bundle_keeps_at_most_so_many_pictures():
    state = SCORERS[1].fit(builders.calibration(300, 8))
    assert len(state["known_values"]) <= MOST_PICTURES
    assert sum(array.nbytes for array in state.values()) < 40_000
