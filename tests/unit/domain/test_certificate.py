from dataclasses import replace
from datetime import date

import pytest

from viewer.domain.certificate import Certificate, Claim, NamedScorer
from viewer.domain.result import Light

GREEN = Claim(threshold=0.6, decisions=120, groups=110, errors=4, coverage=0.5)
RED = Claim(threshold=0.1, decisions=20, groups=20, errors=15, coverage=0.08)
CERTIFICATE = Certificate(
    weights="a" * 64,
    temperature=1.2,
    distributions="b" * 64,
    scorers=(NamedScorer(plugin="scores", name="softmax", version="1", state="", weight=1.0),),
    classes=("melanoma", "nevus"),
    critical_classes=("melanoma",),
    unit="frame",
    test="betting",
    risk=0.1,
    delta=0.05,
    critical_risk=0.05,
    groups=220,
    decisions=240,
    made=date(2026, 3, 1),
    green=GREEN,
    red=RED,
    by_class={"nevus": GREEN},
    missed=None,
    missed_cases=3,
    benign_green=90,
    more_groups=None,
)


@pytest.mark.parametrize(
    ("trust", "light"),
    [(1.0, "green"), (0.6, "green"), (0.599, "amber"), (0.101, "amber"), (0.1, "red"), (0.0, "red")],
)
def test_that_a_trust_is_judged_by_the_thresholds(trust, light):
    assert CERTIFICATE.judge(trust, "nevus") is Light(light)


@pytest.mark.parametrize("trust", [None, float("nan"), 1.01, -0.01, float("inf")])
def test_that_a_trust_that_is_none_is_grey(trust):
    assert CERTIFICATE.judge(trust, "nevus") is Light.GREY


def test_that_an_unknown_class_is_grey():
    assert CERTIFICATE.judge(0.9, "wart") is Light.GREY


def test_that_without_a_claim_on_green_nothing_is_green_or_amber():
    nothing = replace(CERTIFICATE, green=None, by_class={}, more_groups=41)
    assert not nothing.certified
    assert [nothing.judge(trust, "nevus") for trust in (0.05, 0.5, 1.0)] == [Light.RED, Light.GREY, Light.GREY]
    assert nothing.claim == (
        "nothing is certified at 10 % errors (n = 220 groups, calibrated on 2026-03-01); about 41 more cases "
        "are needed"
    )
    assert replace(nothing, more_groups=None).claim.endswith(
        "; no number of cases would do, as even its most trusted answers are wrong too often"
    )


def test_that_green_says_what_it_claims():
    assert CERTIFICATE.claim == (
        "at most 10 % of green answers are wrong, 95 % confidence, n = 220 groups, calibrated on 2026-03-01, "
        "for a case mix like that one"
    )
    assert replace(CERTIFICATE, unit="clip").claim.startswith("at most 10 % of green clips are wrong")


@pytest.mark.parametrize(
    "change",
    [
        {"weights": "none"},
        {"risk": 0.6},
        {"delta": 0.0},
        {"unit": "pixel"},
        {"test": "eye"},
        {"scorers": ()},
        {"scorers": CERTIFICATE.scorers * 2},
        {"critical_classes": ("wart",)},
        {"red": replace(RED, threshold=0.6)},
        {"benign_green": 241},
        {"groups": 0},
        {"gate": "c" * 64},
        {"gate_scorers": CERTIFICATE.scorers},
        {"gate": "none", "gate_scorers": CERTIFICATE.scorers},
    ],
    ids=str,
)
def test_that_nonsense_is_refused_at_birth(change):
    with pytest.raises(ValueError, match=r".+"):
        replace(CERTIFICATE, **change)


@pytest.mark.parametrize("change", [{"threshold": float("nan")}, {"errors": 121}, {"groups": 0}, {"coverage": 0.0}])
def test_that_a_claim_adds_up(change):
    with pytest.raises(ValueError, match=r".+"):
        replace(GREEN, **change)


@pytest.mark.parametrize("change", [{"name": "No"}, {"version": ""}, {"state": "12"}, {"weight": 0.0}])
def test_that_a_scorer_is_named_with_version_and_state(change):
    with pytest.raises(ValueError, match=r".+"):
        replace(CERTIFICATE.scorers[0], **change)
