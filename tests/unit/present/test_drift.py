from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from viewer.assessment.drift import drift_of
from viewer.domain.drift import Case, Part, SiteView
from viewer.domain.result import Light
from viewer.evaluation.proportion import wilson
from viewer.present.drift import alarm_sentence, as_json, class_shares, light_shares, moved_words, standing, told

CLASSES = ("melanoma", "basal_cell_carcinoma", "nevus")


def cases(count: int, seed: int, **changes: object) -> list[Case]:
    random = np.random.default_rng(seed)
    made = []
    for kind, (trust, suitability, fingerprint) in zip(
        random.integers(0, 3, count), random.random((count, 3)).tolist(), strict=True
    ):
        values = {
            "predicted": CLASSES[kind],
            "light": Light.GREEN if trust > 0.5 else Light.AMBER,
            "trust": trust,
            "suitability": suitability,
            "fingerprint": fingerprint,
        }
        made.append(Case(**{**values, **changes}))
    return made


CALIBRATION = tuple(cases(240, 1))


def view(site: Sequence[Case], calibration: tuple[Case, ...] = CALIBRATION) -> SiteView:
    drift = drift_of(site, calibration, CLASSES)
    return SiteView(classes=CLASSES, calibration=calibration, cases=tuple(site), drift=drift)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"predicted": "basal_cell_carcinoma"}, "more basal cell carcinoma than usual (100 % since about case"),
        ({"light": Light.AMBER}, "fewer cases with “AI reliable” (0 % since about case"),
        ({"trust": 0.01}, "less trust in the answers (half above 1 % since about case"),
        ({"suitability": 0.004}, "pictures are unlike those of the calibration (100 % of the cases since about case"),
        ({"fingerprint": 0.004}, "brightness, contrast or colours differ from those of the calibration (100 %"),
        (
            {"fingerprint": 0.999},
            "brightness, contrast or colours differ from the calibration, each within what is usual",
        ),
    ],
)
def test_that_an_alarm_says_what_moved_and_since_when(changes, words):
    site = view([*cases(100, 2), *cases(50, 3, **changes)])
    assert site.drift.alarm is not None
    assert abs(site.drift.alarm.since - 101) <= 10
    assert moved_words(site)[0].startswith(words)
    assert words in alarm_sentence(site)
    assert alarm_sentence(site).startswith("the cases here have drifted from those the model was calibrated on: ")
    assert standing(site) == f"Alarm after case {site.drift.alarm.case}: " + (
        "the cases here have drifted from those of the calibration"
    )


def test_that_the_sentence_of_an_alarm_stays_as_it_is_when_more_cases_come():
    strange = cases(50, 3, predicted="melanoma")
    assert alarm_sentence(view(strange)) == alarm_sentence(view([*strange, *cases(200, 4)])) != ""


@pytest.mark.parametrize(
    ("count", "evidence", "words"),
    [
        (0, 0.2, "0 of the 10 cases that a comparison takes at least"),
        (9, 0.2, "9 of the 10 cases that a comparison takes at least"),
        (60, 0.2, "No sign that the 60 cases here differ from those of the calibration"),
        (60, 7.4, "Signs that the cases here differ, not enough for an alarm (7 to 1; the alarm asks for 20)"),
    ],
)
def test_that_without_an_alarm_it_says_how_far_it_is(count, evidence, words):
    site = view(cases(count, 2))
    site = replace(site, drift=replace(site.drift, evidence={Part.CLASSES: evidence, Part.TRUST: 0.1}))
    assert standing(site) == words
    assert alarm_sentence(site) == ""
    assert moved_words(site) == ()


def test_that_a_small_calibration_is_said_to_compare_nothing():
    site = view(cases(20, 2), CALIBRATION[:20])
    assert standing(site) == "Nothing can be compared: too few calibration groups (20; 50 needed)"


def test_that_shares_are_those_of_the_cases_with_wilsons_interval():
    site = view([*cases(10, 3, predicted="melanoma"), *cases(10, 3, predicted="nevus")])
    melanoma = class_shares(site)[0]
    assert (melanoma.name, melanoma.count, melanoma.here[0]) == ("melanoma", 10, 0.5)
    assert melanoma.here[1:] == wilson(10, 20) == pytest.approx((0.2993, 0.7007), abs=1e-4)
    assert sum(share.here[0] for share in light_shares(site)) == pytest.approx(1)
    assert sum(share.calibration[0] for share in class_shares(site)) == pytest.approx(1)
    assert class_shares(view([]))[0].here == (0.0, 0.0, 1.0)


def test_that_words_and_json_say_the_same():
    site = view(cases(50, 3, predicted="melanoma"))
    lines, record = told(site), as_json(site)
    assert record["alarm"]["case"] == site.drift.alarm.case
    assert record["alarm"]["moved"] == [line.strip() for line in lines[1 : 1 + len(site.drift.alarm.parts)]]
    assert "50 cases here, 240 groups in the calibration" in lines
    assert [row["name"] for row in record["classes"]] == list(CLASSES)
    assert len(record["path"]) == record["cases"] == 50


def test_that_wilsons_interval_is_the_published_one():
    # Newcombe, Statistics in Medicine 17, 1998, table I: 81 of 263, 0 of 20, 1 of 29.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
