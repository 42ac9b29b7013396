import numpy as np
import pytest
from scipy.stats import beta

from viewer.evaluation.table import read_predictions
from viewer.report.cohort import Claimed
from viewer.report.evaluation_claim import check, check_claims, interval

ALL = np.ones(100, bool)
STEP = 1 / 400


def clopper_pearson(errors, count):
    low = 0.0 if not errors else beta.ppf(0.025, errors, count - errors + 1)
    high = 1.0 if errors == count else beta.ppf(0.975, errors + 1, count - errors)
    return low, high


@pytest.mark.parametrize("errors", [0, 1, 7, 50, 100])
def test_that_one_answer_per_group_has_the_interval_of_clopper_and_pearson(errors):
    low, high, test = interval(ALL, np.arange(100) < errors, np.arange(100))
    expected = clopper_pearson(errors, 100)
    assert test == "exact binomial"
    assert expected[0] - 2 * STEP <= low <= expected[0] + 1e-9
    assert expected[1] - 1e-9 <= high <= expected[1] + 2 * STEP


def test_that_frames_of_one_patient_do_not_count_as_many():
    # 20 patients with 50 frames each, two of them wrong throughout: 100 of 1000 frames, but 2 of 20 patients.
    units = np.repeat(np.arange(20), 50)
    low, high, test = interval(np.ones(1000, bool), units < 2, units)
    assert test == "betting"
    assert low < 0.03
    assert high > 0.25


def test_that_the_interval_by_bets_holds_what_it_promises():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(60):
        often = rng.beta(1, 9, 80)  # patients differ; the mean is .1
        wrong = rng.random((80, 10)) < often[:, None]
        low, high, _ = interval(np.ones(800, bool), wrong.ravel(), np.repeat(np.arange(80), 10))
        held += low <= 0.1 <= high
    assert held >= 55


def test_that_no_error_among_few_cases_confirms_nothing():
    few = check("errors", np.ones(20, bool), np.zeros(20, bool), np.arange(20), 0.1)
    assert (few.share, few.low, few.outcome) == (0, 0, "open")
    many = check("errors", np.ones(60, bool), np.zeros(60, bool), np.arange(60), 0.1)
    assert many.outcome == "confirmed"


def test_that_a_claim_that_does_not_hold_is_called_broken():
    found = check("errors", ALL, np.arange(100) < 30, np.arange(100), 0.1)
    assert (found.errors, found.decisions, found.outcome) == (30, 100, "broken")
    assert check("errors", ALL, np.arange(100) < 30, np.arange(100), 0.5, at_most=False).outcome == "broken"
    assert check("errors", ALL, np.arange(100) < 80, np.arange(100), 0.5, at_most=False).outcome == "confirmed"


def test_that_a_claim_about_nothing_stays_empty():
    found = check("errors", ~ALL, ALL, np.arange(100), 0.1)
    assert found.outcome == "empty"
    assert np.isnan(found.share)


def test_that_only_what_is_certified_is_checked(tmp_path):
    rows = ["melanoma,mole,green"] * 3 + ["mole,mole,green"] * 30 + ["melanoma,melanoma,red"] * 2
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(["true,predicted,light", *rows]), encoding="utf-8")
    table = read_predictions(path)
    more = {"sentence": "", "risk": 0.1, "delta": 0.05, "critical_risk": 0.05}
    every = check_claims(table, Claimed(**more, green=True, red=True, missed=True), ("melanoma",))
    assert [(c.errors, c.decisions) for c in every] == [(3, 33), (0, 2), (3, 33)]
    assert check_claims(table, Claimed(**more, green=False, red=False, missed=False), ("melanoma",)) == ()
    assert len(check_claims(table, Claimed(**more, green=False, red=False, missed=True), ())) == 0
