from dataclasses import replace

import numpy as np
import pytest

from viewer.assessment.drift import DriftTest, drift_of
from viewer.assessment.drift_cases import Counting, calibration_cases
from viewer.assessment.verdict import ClipSums
from viewer.domain.certificate import Claim
from viewer.domain.drift import FEWEST_CASES, LIMIT, Case, Part
from viewer.domain.result import Light
from viewer.testing.lights import certificate

CLASSES = ("benign", "melanoma", "nevus")
CERTIFICATE = certificate(
    classes=CLASSES, green=Claim(threshold=0.6, decisions=100, groups=100, errors=2, coverage=0.4), by_class={}
)
COUNTING = Counting(classes=CLASSES, certificate=CERTIFICATE)


def light_of(trust: float | None, suitability: float | None, fingerprint: float | None) -> Light:
    sums = ClipSums(3)
    sums.add((0.1, 0.1, 0.8), trust, suitability, fingerprint)
    return sums.light("nevus", CERTIFICATE)


def cases(count: int, seed: int, shares: tuple[float, float, float] = (0.4, 0.2, 0.4), look: float = 1) -> list[Case]:
    """Cases without a change, but for the mix of classes and a factor on the fingerprint."""
    random = np.random.default_rng(seed)
    made = []
    for name, (trust, suitability, fingerprint) in zip(
        random.choice(CLASSES, count, p=shares), random.random((count, 3)).tolist(), strict=True
    ):
        light = light_of(trust, suitability, look * fingerprint)
        made.append(
            Case(
                predicted=str(name), light=light, trust=trust, suitability=suitability, fingerprint=look * fingerprint
            )
        )
    return made


CALIBRATION = cases(250, seed=1)


def test_that_a_site_like_the_calibration_raises_no_alarm():
    drift = drift_of(cases(300, seed=2), CALIBRATION, CLASSES)
    assert drift.alarm is None
    assert drift.cases == len(drift.path) == 300
    assert max(drift.path) < LIMIT
    assert set(drift.evidence) == set(Part)


@pytest.mark.parametrize("before", [0, 300])
def test_that_another_mix_of_classes_is_found(before):
    drift = drift_of([*cases(before, 3), *cases(50, 4, shares=(0, 1, 0))], CALIBRATION, CLASSES)
    assert drift.alarm is not None
    assert drift.alarm.parts[0] is Part.CLASSES
    assert before < drift.alarm.case <= before + 25


@pytest.mark.parametrize("before", [0, 300])
def test_that_another_look_is_found(before):
    drift = drift_of([*cases(before, 3), *cases(50, 4, look=0.1)], CALIBRATION, CLASSES)
    assert drift.alarm is not None
    assert Part.FINGERPRINT in drift.alarm.parts
    assert before < drift.alarm.case <= before + 30


def test_that_an_alarm_stays_when_what_comes_later_is_as_usual():
    strange = cases(30, 4, look=0.01)
    drift = drift_of([*strange, *cases(600, 5)], CALIBRATION, CLASSES)
    assert drift.alarm == drift_of(strange, CALIBRATION, CLASSES).alarm is not None


def test_that_few_cases_raise_no_alarm_whatever_they_look_like():
    drift = drift_of(cases(FEWEST_CASES - 1, 4, shares=(0, 1, 0), look=1e-4), CALIBRATION, CLASSES)
    assert max(drift.path) > LIMIT
    assert drift.alarm is None
    assert drift.missing == 1


def test_that_the_same_cases_in_the_same_order_give_the_same_evidence():
    site = [replace(case, trust=0.5) for case in cases(40, 6)]  # ties, which are broken by lot
    assert drift_of(site, CALIBRATION, CLASSES) == drift_of(site, CALIBRATION, CLASSES)


def test_that_what_nobody_can_tell_moves_nothing():
    site = [replace(case, trust=None, suitability=None, fingerprint=None) for case in cases(40, 6)]
    drift = drift_of(site, CALIBRATION, CLASSES)
    assert drift.evidence[Part.TRUST] == drift.evidence[Part.FINGERPRINT] == pytest.approx(1 / len(Part))
    blind = drift_of(cases(40, 6), [replace(case, suitability=None) for case in CALIBRATION], CLASSES)
    assert Part.SUITABILITY not in blind.evidence


def test_that_lights_are_not_compared_where_nothing_is_certified():
    grey = [replace(case, light=Light.GREY) for case in CALIBRATION]
    assert Part.LIGHTS not in drift_of(cases(20, 6), grey, CLASSES).evidence


@pytest.mark.parametrize(("groups", "reason"), [(0, "keeps no cases"), (49, "too few calibration groups (49")])
def test_that_a_small_calibration_compares_nothing_and_says_so(groups, reason):
    test = DriftTest(CALIBRATION[:groups], CLASSES)
    test.take(CALIBRATION[0])
    assert test.drift.alarm is None
    assert not test.drift.evidence
    assert reason in test.drift.reason


def test_that_the_frames_of_a_clip_are_one_case():
    rows = [
        {"p_benign": 1 - p, "p_melanoma": p, "p_nevus": 0, "trust": trust, "suitability": suitability}
        | {"fingerprint": 0.5, "error": ""}
        for p, trust, suitability in ((0.9, 0.8, 0.2), (0.1, 0.6, 0.3), (0.6, 0.7, 0.4))
    ]
    counting = replace(COUNTING, clip_certificate=CERTIFICATE)
    assert counting.case_of([*rows, {"error": "the frame is torn"}]) == Case(
        predicted="melanoma", light=Light.GREEN, trust=0.7, suitability=0.3, fingerprint=0.5
    )
    assert COUNTING.case_of(rows).light is Light.GREY  # certified for single frames only
    assert counting.case_of([{"error": "torn"}]) is None


def row(group: str, clip: str, p: float, suitability: str = "0.5") -> dict[str, str]:
    return {
        "group": group,
        "clip": clip,
        "p_benign": f"{1 - p}",
        "p_melanoma": f"{p}",
        "p_nevus": "0",
        "trust_softmax": f"{max(p, 1 - p)}",
        "suitability": suitability,
        "fingerprint": "0.4",
    }


def test_that_a_group_of_the_calibration_is_one_case_whatever_it_holds():
    rows = [row("a", "", 0.9), row("a", "", 0.2), row("b", "1", 0.9), row("b", "1", 0.8), row("c", "", 0.3, "")]
    known = {"softmax": np.linspace(0, 1, 11)}
    found = calibration_cases(rows, COUNTING, weights={}, distributions=known)
    assert len(found) == 3
    by_suitability = {case.suitability: case for case in found}
    assert by_suitability[None].light is Light.GREY
    assert sum(case.predicted == "melanoma" for case in found) in (1, 2)
    assert found == calibration_cases(rows, COUNTING, weights={}, distributions=known)


def test_that_a_table_without_what_a_trust_is_made_of_gives_no_cases():
    assert calibration_cases([row("a", "", 0.9)], COUNTING, weights={}, distributions={}) == ()


@pytest.mark.parametrize(
    ("trust", "suitability", "fingerprint", "light"),
    [
        (0.9, 0.5, 0.5, Light.GREEN),
        (0.9, 0.03, 0.5, Light.AMBER),
        (0.3, 0.5, 0.5, Light.AMBER),
        (0.9, 0.009, 0.5, Light.RED),
        (0.9, 0.009, 0.009, Light.GREY),
        (0.9, None, 0.5, Light.GREY),
        (None, 0.5, 0.5, Light.GREY),
    ],
)
def test_that_the_light_of_a_case_follows_the_rule_of_the_light(trust, suitability, fingerprint, light):
    assert light_of(trust, suitability, fingerprint) is light
