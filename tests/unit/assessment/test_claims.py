import tracemalloc
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from scipy.stats import binom

from viewer.assessment.claims import Answers, Terms, establish_claims, more_groups
from viewer.assessment.planning import TrustModel, forecast, largest_coverage
from viewer.assessment.pvalues import groups_needed

CLASSES = ("melanoma", "nevus", "wart")


def answers(groups, frames=1, seed=0, accuracy=0.9, distance=3.0):
    """Three classes; right answers lie `distance` standard deviations above wrong ones, mapped to [0, 1]."""
    random = np.random.default_rng(seed)
    n = groups * frames
    label = random.integers(0, 3, n)
    correct = random.random(n) < accuracy
    final = np.where(correct, label, (label + random.integers(1, 3, n)) % 3)
    trust = 1 / (1 + np.exp(-(random.normal(size=n) + distance * (correct - 0.5))))
    names = np.array(CLASSES)
    return Answers(
        trust=trust,
        typical=np.full(n, True),
        labels=names[label],
        final=names[final],
        groups=np.repeat([f"{seed}-{g}" for g in range(groups)], frames),
    )


def perfect(groups, seed):
    found = answers(groups, seed=seed)
    return replace(found, final=found.labels)


def claims(certify, fit, terms=None, critical=("melanoma",)):
    return establish_claims(certify, fit, terms or Terms(), classes=CLASSES, critical=critical)


def test_that_plenty_of_good_answers_earn_every_claim():
    certify = answers(2000, accuracy=0.6, seed=1)
    found = claims(certify, answers(1200, accuracy=0.6, seed=2))
    assert found.test == "exact binomial"
    assert (found.groups, found.decisions, found.more_groups) == (2000, 2000, None)
    under = certify.trust >= found.green.threshold
    wrong = certify.labels != certify.final
    assert (found.green.decisions, found.green.errors) == (under.sum(), (under & wrong).sum())
    assert found.green.errors <= 0.1 * found.green.decisions
    assert found.red.threshold < found.green.threshold
    assert found.red.errors >= 0.5 * found.red.decisions
    assert found.red.decisions == (certify.trust <= found.red.threshold).sum()
    assert {claim.threshold for claim in found.by_class.values()} <= {found.green.threshold}
    assert found.by_class


def test_that_missed_critical_cases_are_those_among_green_answers_for_other_classes():
    certify = answers(1500, seed=3)
    found = claims(certify, answers(900, seed=4))
    benign = (certify.trust >= found.green.threshold) & (certify.final != "melanoma")
    assert found.benign_green == benign.sum()
    assert found.missed_cases == (benign & (certify.labels == "melanoma")).sum()
    assert found.missed.errors == found.missed_cases
    assert found.missed.decisions == found.benign_green
    without = claims(certify, answers(900, seed=4), critical=())
    assert (without.missed, without.missed_cases, without.benign_green) == (None, 0, 0)


def test_that_too_few_groups_certify_nothing_and_say_how_many_are_missing():
    found = claims(answers(20, seed=5), answers(12, seed=6))
    assert (found.green, found.red, found.by_class, found.missed) == (None, None, {}, None)
    # The gate needs 100 fit groups, and 88 more of 3 in 8 labelled ones: 88 · 8/3 = 234.7.
    assert found.more_groups == 235
    # Enough to fit, and all 110 right: an error of (0 + ½)/(110 + 1) asks for so many at δ/2, 5 in 8 labelled ones.
    certify, fit = perfect(10, seed=5), perfect(100, seed=6)
    needed = groups_needed(1.0, 0.5 / 111, 0.1, 0.025)
    assert claims(certify, fit).more_groups == np.ceil(1.6 * (needed - 10))
    # Where as many as there are should have sufficed and did not, a tenth more at least.
    assert more_groups(perfect(300, seed=5), perfect(200, seed=6), Terms()) == 50


def test_that_where_the_gate_cannot_tell_the_trust_alone_says_how_many_cases_are_missing():
    blind = [replace(each, typical=np.full(len(each.trust), False)) for each in (perfect(500, 5), perfect(60, 6))]
    found = claims(*blind)
    assert found.green is None
    assert found.more_groups == np.ceil(40 * 8 / 3)


def test_that_a_hopeless_model_is_red_and_asks_for_no_more_groups():
    found = claims(answers(300, accuracy=0.2, distance=0.0, seed=7), answers(200, accuracy=0.2, distance=0.0, seed=8))
    assert found.green is None
    assert found.more_groups is None
    assert found.red.coverage > 0.9


def test_that_several_frames_per_group_are_bet_on():
    found = claims(answers(150, frames=3, seed=9), answers(90, frames=3, seed=10))
    assert found.test == "betting"
    assert (found.groups, found.decisions) == (150, 450)
    assert found.green is not None


def test_that_of_groups_with_mostly_one_answer_one_is_drawn_and_tested_exactly():
    every = answers(300, frames=2, seed=15)
    first = np.arange(600) % 2 == 0
    mixed = of(every, first | (np.arange(600) < 200))  # 100 groups have two answers, 200 have one
    found = claims(mixed, answers(180, seed=16))
    assert found.test == "exact binomial"
    assert (found.groups, found.decisions) == (300, 300)
    drawn = mixed.drawn()
    assert sorted(drawn.groups) == sorted(set(every.groups))
    assert 30 < np.isin(drawn.trust, every.trust[first])[np.isin(drawn.groups, every.groups[:200])].sum() < 70
    wrong = replace(mixed, final=np.roll(mixed.final, 1))
    assert (wrong.drawn().trust == drawn.trust).all()  # the lot knows nothing of what is right
    two = of(every, first | (np.arange(600) < 400))
    assert claims(two, answers(180, seed=16)).test == "betting"


def of(found, kept):
    columns = {name: getattr(found, name)[kept] for name in ("trust", "typical", "labels", "final", "groups")}
    return Answers(**columns)


def test_that_an_answer_without_trust_is_never_counted_as_green():
    certify, fit = answers(400, seed=11), answers(240, seed=12)
    silent = replace(certify, trust=np.where(np.arange(400) % 2, np.nan, certify.trust))
    found = claims(silent, fit)
    assert found.green.coverage <= 0.5


def test_that_an_unusual_picture_is_never_counted_as_green_and_stays_under_the_claim_of_red():
    certify, fit = answers(2000, accuracy=0.6, seed=1), answers(1200, accuracy=0.6, seed=2)
    odd = np.arange(2000) % 4 == 0
    found, before = claims(replace(certify, typical=~odd), fit), claims(certify, fit)
    under = (certify.trust >= found.green.threshold) & ~odd
    assert found.green.decisions == under.sum()
    assert found.green.coverage == under.mean() <= 0.75
    assert found.benign_green == (under & (certify.final != "melanoma")).sum()
    assert found.red == before.red


@pytest.mark.parametrize("terms", [{"risk": 0.0}, {"delta": 0.5}, {"critical_risk": float("nan")}])
def test_that_terms_without_meaning_are_refused(terms):
    with pytest.raises(ValueError, match="between"):
        Terms(**terms)


def test_that_a_hundred_thousand_rows_take_seconds_and_little_memory():
    certify, fit = answers(20_000, frames=5, seed=13), answers(12_000, frames=5, seed=14)
    tracemalloc.start()
    began = perf_counter()
    found = claims(certify, fit)
    seconds, (_, peak) = perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.green is not None
    assert seconds < 5
    assert peak < 50e6


def test_that_the_groups_needed_are_those_of_the_zero_error_bound_and_more_with_errors():
    assert groups_needed(1.0, 0.001, 0.1, 0.05) == 29
    assert groups_needed(0.5, 0.001, 0.1, 0.05) == 58
    # Four errors of 89 is the first count at which P(X ≤ k) ≤ .05 and about k are expected: .05 · 89 = 4.45.
    assert groups_needed(1.0, 0.05, 0.1, 0.05) == 89
    assert binom.cdf(4, 89, 0.1) <= 0.05 < binom.cdf(4, 88, 0.1)
    assert groups_needed(1.0, 0.1, 0.1, 0.05) is None


def test_that_a_plan_promises_more_for_more_groups_and_never_more_than_there_is():
    model, terms = TrustModel(accuracy=0.8, auroc=0.85), Terms()
    few, many = forecast(model, terms, sizes=(25, 800), studies=60)
    assert (few.certified, few.fit_groups, few.coverage) == (0.0, 15, 0.0)
    assert many.certified > 0.9
    largest = largest_coverage(model, terms)
    assert 0.4 < many.coverage < largest < 1
    assert forecast(model, terms, sizes=(25, 800), studies=60) == (few, many)
    assert largest_coverage(TrustModel(accuracy=0.95, auroc=0.8), terms) == 1.0


def test_that_a_binormal_model_has_the_accuracy_and_auroc_it_was_asked_for():
    drawn = TrustModel(accuracy=0.7, auroc=0.8).draw(20_000, np.random.default_rng(0))
    right, wrong = drawn.trust[~drawn.wrong], np.sort(drawn.trust[drawn.wrong])
    assert drawn.wrong.mean() == pytest.approx(0.3, abs=0.01)
    assert np.searchsorted(wrong, right).mean() / len(wrong) == pytest.approx(0.8, abs=0.01)
    with pytest.raises(ValueError, match="between 0 and 1"):
        TrustModel(accuracy=1.0, auroc=0.8)
