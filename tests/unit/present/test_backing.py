import pytest

from viewer.assessment.verdict import ClipVerdict
from viewer.domain.certificate import Claim
from viewer.domain.result import Light
from viewer.present.backing import (
    clip_backing,
    frame_backing,
    frame_lights_certified,
    kind_words,
    preparation_words,
)
from viewer.testing.lights import CLASSES, basis, certificate, judged


def words(found):
    return {item.title: item.words for item in found}


def verdict(**changes):
    values = {
        "classes": CLASSES,
        "frames": 5,
        "failed": 0,
        "probabilities": (0.7, 0.2, 0.1),
        "predicted": "nevus",
        "final": "nevus",
        "least_trusted": 2,
        "trust": 0.7,
        "light": Light.GREEN,
        "reason": "trust 70 % is certified for clips",
        "error": "",
    }
    return ClipVerdict(**{**values, **changes})


def test_that_a_green_light_states_its_claim():
    assert words(frame_backing(judged(Light.GREEN), basis())) == {
        "Green claims": "At most 10 % of green answers are wrong, 95 % confidence, n = 240 groups, calibrated on "
        "2026-03-01, for a case mix like that one.",
        "Red claims": "At least half of red answers are wrong, 95 % confidence (15 of 20 were on the groups it was "
        "tested on).",
        "Missed critical cases": "2 of 100 green answers for other classes were melanoma; no limit to this share is "
        "certified.",
        "Class by class": "The claim also holds on its own for nevus (3 of 90 green answers wrong); not for "
        "melanoma, keratosis.",
        "Combined trust": "Here 85.0 %; green from 59.0 %, red up to 10.0 %.",
        "Kind of picture": "Like those the model knows: 62 of 100 pictures of that kind look at least as unusual.",
        "Preparation": "Prepared as the pictures the model knows: 41 of 100 of those deviate at least as much in "
        "brightness, contrast and colour.",
    }


def test_that_a_certified_limit_to_missed_cases_is_stated():
    limited = Claim(threshold=0.59, decisions=100, groups=95, errors=2, coverage=0.4)
    found = words(frame_backing(judged(Light.GREEN), basis(certificate=certificate(missed=limited))))
    assert found["Missed critical cases"].endswith("were melanoma; at most 5 %, 95 % confidence.")


def test_that_nothing_is_said_of_critical_classes_where_none_is_named():
    assert "Missed critical cases" not in words(
        frame_backing(judged(Light.GREEN), basis(certificate=certificate(critical_classes=())))
    )


@pytest.mark.parametrize(
    ("by_class", "said"),
    [
        ({}, "The claim holds for green answers together, for no class on its own."),
        (
            {name: certificate().by_class["nevus"] for name in CLASSES},
            "The claim also holds on its own for nevus (3 of 90 green answers wrong), melanoma (3 of 90 green "
            "answers wrong), keratosis (3 of 90 green answers wrong).",
        ),
    ],
)
def test_that_classes_are_named_where_the_claim_holds_for_them_alone(by_class, said):
    found = words(frame_backing(judged(Light.GREEN), basis(certificate=certificate(by_class=by_class))))
    assert found["Class by class"] == said


def test_that_a_certificate_without_green_says_how_many_more_it_takes():
    few = certificate(green=None, red=None, by_class={}, more_groups=40)
    found = words(frame_backing(judged(Light.GREY), basis(certificate=few)))
    assert found["Claim"] == (
        "Nothing is certified at 10 % errors (n = 240 groups, calibrated on 2026-03-01); about 40 more cases are "
        "needed."
    )
    assert found["Combined trust"] == "Here 45.0 %; no threshold is certified."
    assert "Class by class" not in found


def test_that_without_a_certificate_nothing_is_claimed():
    found = words(
        frame_backing(judged(Light.GREY, trust=None, suitability=None), basis(certificate=None, note="weights"))
    )
    assert found["Claim"] == "Nothing is claimed: the model carries no certificate."
    assert found["Combined trust"] == "It cannot be told."
    assert found["Kind of picture"] == "It cannot be told whether the picture is of the kind the model knows."
    assert found["Weights"] == "Weights."


def test_that_it_never_name_the_answer():
    found = words(frame_backing(judged(Light.RED), basis(certificate=certificate(by_class={}, critical_classes=()))))
    assert not any(name in " ".join(found.values()) for name in CLASSES)


def test_that_a_trust_beside_its_threshold_is_told_apart_from_it():
    found = words(frame_backing(judged(Light.AMBER, trust=0.5899), basis()))
    assert found["Combined trust"] == "Here 58.9 %; green from 59.0 %, red up to 10.0 %."


@pytest.mark.parametrize(
    ("p", "kind", "preparation"),
    [
        (1.0, "like those the model knows: 100 of 100", "prepared as the pictures the model knows: 100 of 100"),
        (0.05, "like those the model knows: 5 of 100", "prepared as the pictures the model knows: 5 of 100"),
        (0.0499, "unusual for this model: only 4 of 100", "hardly prepared as the pictures the model knows: only 4"),
        (0.01, "unusual for this model: only 1 of 100", "hardly prepared as the pictures the model knows: only 1"),
        (0.0099, "unlike those the model knows: fewer than 1 of 100", "not prepared as the pictures the model knows"),
        (None, "it cannot be told", "it cannot be told"),
    ],
)
def test_that_p_values_are_said_in_words(p, kind, preparation):
    assert kind_words(p).startswith(kind)
    assert preparation_words(p).startswith(preparation)


def test_that_a_clips_light_rests_on_the_certificate_for_clips():
    clips = certificate(unit="clip", groups=120, decisions=120, critical_classes=(), by_class={})
    found = words(clip_backing(verdict(), basis(clip_certificate=clips)))
    assert found["Why"] == "Trust 70 % is certified for clips."
    assert "n = 120 groups" in found["Green claims"]
    assert found["Combined trust"].startswith("Here 70.0 %")
    without = words(clip_backing(verdict(reason=""), basis()))
    assert without["Claim"] == "Nothing is claimed of whole clips: the model carries no certificate for them."
    assert "Why" not in without


@pytest.mark.parametrize(
    ("made", "certified"),
    [
        (certificate(), True),
        (certificate(unit="clip"), False),
        (certificate(unit="group"), False),
        (certificate(green=None, by_class={}), False),
        (None, False),
    ],
)
def test_that_frames_carry_lights_only_under_a_certificate_made_for_frames(made, certified):
    assert frame_lights_certified(basis(certificate=made)) is certified
