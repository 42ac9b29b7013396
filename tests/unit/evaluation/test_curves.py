from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_curve, roc_auc_score, roc_curve

from viewer.evaluation import curves
from viewer.evaluation.metrics import auroc


def curve_of(trust, wrong, weights=None):
    return curves.rank(np.array(trust, float), np.array(wrong, bool)).curve(weights)


@st.composite
def rows(draw, largest=12):
    """Trusts with many ties, and which answers are wrong."""
    size = draw(st.integers(1, largest))
    trust = draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))
    return np.array(trust) / 5, np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))


@st.composite
def mixed_rows(draw):
    trust, wrong = draw(rows())
    trust, wrong = np.append(trust, [0.2, 0.8]), np.append(wrong, [True, False])
    return trust, wrong


# Trust .9 right, .8 wrong, .7 right, .6 right, .5 wrong: no ties.
FIVE = [0.9, 0.8, 0.7, 0.6, 0.5], [False, True, False, False, True]
# Steps .9 (right), .5 (right, right, wrong), .1 (wrong).
TIED = [0.9, 0.5, 0.5, 0.5, 0.1], [False, False, True, False, True]


def test_that_risks_and_coverages_are_those_of_the_accepted():
    curve = curve_of(*FIVE)
    assert curve.coverage == pytest.approx([1 / 5, 2 / 5, 3 / 5, 4 / 5, 1])
    assert curve.risk == pytest.approx([0, 1 / 2, 1 / 3, 1 / 4, 2 / 5])
    assert curve.generalised_risk == pytest.approx([0, 1 / 5, 1 / 5, 1 / 5, 2 / 5])


def test_that_ties_are_one_step():
    curve = curve_of(*TIED)
    assert curve.thresholds.tolist() == [0.9, 0.5, 0.1]
    assert curve.coverage == pytest.approx([1 / 5, 4 / 5, 1])
    assert curve.risk == pytest.approx([0, 1 / 4, 2 / 5])


def test_that_aurc_is_the_mean_risk_where_nothing_is_tied():
    assert curves.aurc(curve_of(*FIVE)) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4 + 2 / 5) / 5)


def test_that_in_aurc_tied_rows_all_have_the_risk_of_their_step():
    # One row at risk 0, three at 1/4, one at 2/5.
    assert curves.aurc(curve_of(*TIED)) == pytest.approx((1 * 0 + 3 * 1 / 4 + 1 * 2 / 5) / 5)


def test_that_e_aurc_is_above_the_best_order():
    # Best order: three right, then two wrong: risks 0, 0, 0, 1/4, 2/5.
    best = (1 / 4 + 2 / 5) / 5
    assert curves.best_aurc(curve_of(*FIVE)) == pytest.approx(best)
    assert curves.e_aurc(curve_of(*FIVE)) == pytest.approx((1 / 2 + 1 / 3) / 5)


def test_that_augrc_is_the_area_under_straight_lines_from_the_origin():
    # Heights 0, 0, .2, .2, .2, .4 at every fifth: (0/2 + 0 + .2 + .2 + .2 + .4/2) / 5.
    assert curves.augrc(curve_of(*FIVE)) == pytest.approx(0.16)
    # Corners (0, 0) (.2, 0) (.8, .2) (1, .4): 0 + .6·.1 + .2·.3.
    assert curves.augrc(curve_of(*TIED)) == pytest.approx(0.12)


def test_that_fpr_at_95_tpr_is_the_share_of_errors_that_passes_with_the_right_ones():
    # All three right ones (95 % of 3 is 2.85) are accepted at .6, and with them one error of two.
    assert curves.fpr_at_tpr(curve_of(*FIVE)) == pytest.approx(1 / 2)
    # 2 of 3 right ones are enough for 60 %: threshold .7.
    assert curves.fpr_at_tpr(curve_of([0.9, 0.8, 0.7, 0.6], [0, 0, 1, 0]), 0.6) == 0


def test_that_fpr_at_95_tpr_needs_19_of_20_right_answers():
    # Trust 20 … 1 right, errors at 1.5 and .5: the 19th right one has trust 2, above both errors.
    trust = [*range(20, 0, -1), 1.5, 0.5]
    assert curves.fpr_at_tpr(curve_of(trust, [False] * 20 + [True] * 2)) == 0


def test_that_coverage_at_risk_is_the_largest_coverage_that_keeps_the_risk():
    assert curves.coverage_at_risk(curve_of(*FIVE), 0.25) == pytest.approx(
        4 / 5
    )  # although .5 of two are wrong before
    assert curves.coverage_at_risk(curve_of(*FIVE), 0.1) == pytest.approx(1 / 5)
    assert curves.coverage_at_risk(curve_of([0.9, 0.1], [True, False]), 0.1) == 0


def test_that_risk_at_coverage_accepts_whole_ties():
    assert curves.risk_at_coverage(curve_of(*FIVE), 0.4) == pytest.approx(1 / 2)
    assert curves.risk_at_coverage(curve_of(*TIED), 0.3) == pytest.approx(
        1 / 4
    )  # 80 % are the first with 30 % or more
    assert curves.risk_at_coverage(curve_of(*TIED), 1.0) == pytest.approx(2 / 5)


def test_that_thirds_of_three_rows_are_reached_despite_rounding():
    curve = curve_of([3, 2, 1], [False, True, False])
    assert curves.risk_at_coverage(curve, 2 / 3) == pytest.approx(1 / 2)
    assert curves.coverage_at_risk(curve, 1 / 3) == 1


def test_that_one_trust_for_all_knows_nothing():
    # One step: R = G = 2/5; AURC 2/5, AUGRC the triangle ½·2/5, AUROC_f ½.
    curve = curve_of([0.5] * 5, FIVE[1])
    assert curves.aurc(curve) == pytest.approx(2 / 5)
    assert curves.augrc(curve) == pytest.approx(1 / 5)
    assert curves.failure_auroc(curve) == pytest.approx(1 / 2)


def test_that_without_errors_areas_are_zero_and_separation_is_undefined():
    curve = curve_of([0.9, 0.4], [False, False])
    assert curves.aurc(curve) == curves.e_aurc(curve) == curves.augrc(curve) == 0
    assert np.isnan(curves.failure_auroc(curve))
    assert np.isnan(curves.fpr_at_tpr(curve))
    assert curves.coverage_at_risk(curve, 0.1) == 1


def test_that_with_errors_alone_separation_is_undefined_and_nothing_is_covered():
    curve = curve_of([0.9, 0.4], [True, True])
    assert np.isnan(curves.failure_auroc(curve))
    assert np.isnan(curves.fpr_at_tpr(curve))
    assert curves.coverage_at_risk(curve, 0.1) == 0
    assert curves.e_aurc(curve) == 0


def test_that_a_draw_without_rows_is_undefined():
    curve = curve_of([0.9, 0.4], [True, False], np.zeros((1, 2)))
    every = [curves.aurc, curves.e_aurc, curves.augrc, curves.failure_auroc, curves.fpr_at_tpr]
    assert [np.isnan(metric(curve)).tolist() for metric in every] == [[True]] * 5
    assert np.isnan(curves.coverage_at_risk(curve, 0.1)).all()
    assert np.isnan(curves.risk_at_coverage(curve, 0.5)).all()


@pytest.mark.parametrize("trust", [[], [0.5, np.nan], [np.inf, 0.5]])
def test_that_a_ranking_needs_finite_trusts(trust):
    with pytest.raises(ValueError, match="finite trust"):
        curves.rank(np.array(trust), np.zeros(len(trust), bool))


@settings(deadline=None)
@given(rows())
def test_that_the_areas_are_what_going_through_every_threshold_gives(case):
    trust, wrong = case
    area = generalised = last_coverage = last_risk = 0.0
    for threshold in sorted(set(trust), reverse=True):
        accepted = trust >= threshold
        coverage, risk = accepted.mean(), wrong[accepted].mean()
        area += (coverage - last_coverage) * risk
        generalised += (coverage - last_coverage) * (risk * coverage + last_risk) / 2
        last_coverage, last_risk = coverage, risk * coverage
    assert curves.aurc(curve_of(*case)) == pytest.approx(area, abs=1e-12)
    assert curves.augrc(curve_of(*case)) == pytest.approx(generalised, abs=1e-12)


@settings(deadline=None)
@given(mixed_rows())
def test_that_augrc_follows_from_auroc_and_accuracy_with_ties_too(case):
    trust, wrong = case
    right, errors = trust[~wrong], trust[wrong]
    pairs = [(r > e) + 0.5 * (r == e) for r in right for e in errors]
    accuracy = 1 - wrong.mean()
    expected = (1 - np.mean(pairs)) * accuracy * (1 - accuracy) + 0.5 * (1 - accuracy) ** 2
    assert abs(curves.augrc(curve_of(*case)) - expected) < 1e-9


@pytest.mark.parametrize("distinct", [3, 50, 10**9])
def test_that_the_identity_holds_for_many_rows(distinct):
    rng = np.random.default_rng(1)
    trust, wrong = rng.integers(0, distinct, 20_000) / distinct, rng.random(20_000) < 0.2
    accuracy = 1 - wrong.mean()
    expected = (1 - roc_auc_score(~wrong, trust)) * accuracy * (1 - accuracy) + 0.5 * (1 - accuracy) ** 2
    assert abs(curves.augrc(curve_of(trust, wrong)) - expected) < 1e-9


@settings(deadline=None)
@given(mixed_rows())
def test_that_auroc_is_scikit_learns(case):
    trust, wrong = case
    assert curves.failure_auroc(curve_of(*case)) == pytest.approx(roc_auc_score(~wrong, trust), abs=1e-12)
    assert auroc(trust, ~wrong) == pytest.approx(roc_auc_score(~wrong, trust), abs=1e-12)


@settings(deadline=None)
@given(mixed_rows())
def test_that_fpr_at_95_tpr_is_read_off_scikit_learns_curve(case):
    trust, wrong = case
    accepted_errors, accepted_right, _ = roc_curve(~wrong, trust, drop_intermediate=False)
    assert curves.fpr_at_tpr(curve_of(*case)) == pytest.approx(accepted_errors[accepted_right >= 0.95 - 1e-12][0])


@settings(deadline=None, max_examples=40)
@given(rows(largest=6))
def test_that_no_order_is_better_than_the_best(case):
    _, wrong = case
    every = [curves.aurc(curve_of(order, wrong)) for order in permutations(range(len(wrong)))]
    assert curves.best_aurc(curve_of(*case)) == pytest.approx(min(every), abs=1e-12)
    assert curves.aurc(curve_of(*case)) >= min(every) - 1e-12
    assert curves.e_aurc(curve_of(*case)) >= 0


@settings(deadline=None)
@given(mixed_rows(), st.data())
def test_that_a_weight_is_a_repetition(case, data):
    trust, wrong = case
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(trust), max_size=len(trust))))
    times[-2:] += 1
    weighted = curve_of(*case, times.astype(float)[None])
    repeated = curve_of(np.repeat(trust, times), np.repeat(wrong, times))
    metrics = [
        curves.aurc,
        curves.e_aurc,
        curves.augrc,
        curves.failure_auroc,
        curves.fpr_at_tpr,
        lambda curve: curves.coverage_at_risk(curve, 0.3),
        lambda curve: curves.risk_at_coverage(curve, 0.6),
    ]
    for metric in metrics:
        assert metric(weighted)[0] == pytest.approx(float(metric(repeated)), abs=1e-12)


def test_that_the_roc_of_failures_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    trust, wrong = rng.integers(0, 30, 200) / 30, rng.random(200) < 0.3
    flagged_right, flagged_wrong = curves.failure_roc(curves.rank(trust, wrong).curve())
    false, true, _ = roc_curve(wrong, -trust, drop_intermediate=False)
    assert flagged_right == pytest.approx(false)
    assert flagged_wrong == pytest.approx(true)


def test_that_precision_and_recall_of_failures_are_those_of_scikit_learn():
    rng = np.random.default_rng(1)
    trust, wrong = rng.integers(0, 30, 200) / 30, rng.random(200) < 0.3
    recalled, precise = curves.failure_precision_recall(curves.rank(trust, wrong).curve())
    precision, recall, _ = precision_recall_curve(wrong, -trust)
    assert recalled == pytest.approx(recall[:-1][::-1])
    assert precise == pytest.approx(precision[:-1][::-1])


def test_that_the_ideal_curve_has_every_error_last():
    curve = curves.ideal(np.array([True, False, True, False])).curve()
    assert curve.errors.tolist() == [0, 0, 1, 2]
    assert curves.aurc(curve) == pytest.approx(curves.best_aurc(curve))
