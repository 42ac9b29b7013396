from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from viewer.assessment.light import MISFIT, NO_CLIP_CERTIFICATE, NOT_CERTIFIED, UNLIKE, Grounds
from viewer.assessment.verdict import UNUSUAL, ClipSums, ClipTally, ClipVerdict
from viewer.domain.certificate import Certificate
from viewer.domain.image import Modality
from viewer.domain.result import Light

from .test_light import CERTIFICATE

CLASSES = ("melanoma", "nevus")
ECHO = Modality.ULTRASOUND
FOR_CLIPS = replace(CERTIFICATE, unit="clip")
GROUNDS = Grounds(model=ECHO, certificate=CERTIFICATE, clip_certificate=FOR_CLIPS, named=("softmax", "knn"))


def row(frame: int, p_first: float, trust: float | None = 0.7, **changes: Any) -> dict[str, Any]:
    name = CLASSES[0] if p_first >= 0.5 else CLASSES[1]
    values = {
        "frame": frame,
        "p_melanoma": p_first,
        "p_nevus": round(1 - p_first, 6),
        "predicted": name,
        "final": name,
        "trust": trust,
        "suitability": 0.5,
        "fingerprint": 0.5,
        "light": "amber",
        "reason": "not sure",
        "error": "",
    }
    return {**values, **changes}


def verdict(*rows: dict[str, Any], grounds: Grounds = GROUNDS, picture: Modality = ECHO) -> ClipVerdict:
    tally = ClipTally(CLASSES)
    for item in rows:
        tally.add(item)
    return tally.verdict(grounds, picture)


def frames(count: int, odd: int, **changes: Any) -> list[dict[str, Any]]:
    """Rows of which the first `odd` are changed."""
    return [row(i, 0.9, **(changes if i < odd else {})) for i in range(count)]


def test_that_the_class_of_the_highest_mean_probability_wins() -> None:
    found = verdict(row(0, 0.6, 0.2), row(1, 0.6, 0.4), row(2, 0.1, 0.9))
    assert found.probabilities == (0.433333, 0.566667)
    assert (found.predicted, found.final, found.trust, found.least_trusted) == ("nevus", "nevus", 0.5, 0)


def test_that_the_order_of_the_frames_does_not_matter() -> None:
    rows = [row(0, 0.123457, 0.1), row(1, 0.654321, 0.1), row(2, 0.333333, 0.7), row(3, 0.9, error="broken")]
    assert len({repr(verdict(*order)) for order in permutations(rows)}) == 1


def test_that_the_course_says_when_and_the_decision_rests_on_the_mean_of_all_frames() -> None:
    rows = [row(frame, 0.8) for frame in range(30)] + [row(frame, 0.2) for frame in range(30, 90)]
    found = verdict(*reversed(rows), row(90, 0.0, error="broken"))
    assert found.predicted == "nevus"
    assert [(part.first, part.last, part.name) for part in found.course] == [(0, 29, "melanoma"), (30, 89, "nevus")]
    assert not found.is_steady
    assert verdict(*rows[30:]).is_steady
    assert not verdict(*rows[:30], *rows[30:60]).is_steady
    assert verdict(row(0, 0.9, error="broken")).course == ()


def test_that_where_opinions_changed_frames_the_most_frequent_final_class_wins_and_nothing_is_certified() -> None:
    found = verdict(row(0, 0.9, final="nevus"), row(1, 0.9, final="nevus"), row(2, 0.9))
    assert (found.predicted, found.final, found.light) == ("melanoma", "nevus", Light.GREY)
    assert found.reason.startswith("2 of 3 frames had the model's answer changed")
    assert verdict(row(0, 0.9, final="nevus"), row(1, 0.9)).final == "melanoma"


@pytest.mark.parametrize(
    ("trusts", "light"),
    [
        ((0.6, 0.6), "green"),
        ((0.3, 0.9), "green"),
        ((0.5999, 0.6), "amber"),
        ((0.2, 0.0), "red"),
        ((0.9, None), "grey"),
    ],
)
def test_that_the_mean_trust_is_judged_by_the_certificate_for_clips(trusts: tuple[Any, ...], light: str) -> None:
    found = verdict(*(row(i, 0.9, trust) for i, trust in enumerate(trusts)))
    assert found.light is Light(light)
    assert (found.trust is None) == (None in trusts)


def test_that_a_green_clip_states_the_claim_for_clips() -> None:
    assert verdict(*frames(2, 0)).reason == FOR_CLIPS.claim
    assert "at most 10 % of green clips are wrong" in FOR_CLIPS.claim


@pytest.mark.parametrize(
    ("change", "few", "half", "reason"),
    [
        ({"suitability": 0.04}, "green", "amber", UNUSUAL),
        ({"fingerprint": 0.04}, "green", "amber", UNUSUAL),
        ({"suitability": 0.009}, "green", "red", UNLIKE),
        ({"fingerprint": 0.009}, "green", "grey", MISFIT),
        ({"suitability": None}, "grey", "grey", ""),
        ({"trust": None}, "grey", "grey", ""),
        ({"error": "damaged"}, "grey", "grey", ""),
    ],
)
def test_that_half_of_the_frames_or_more_have_to_speak_against_a_clip(
    change: dict[str, Any], few: str, half: str, reason: str
) -> None:
    assert verdict(*frames(5, 2, **change)).light is Light(few)
    found = verdict(*frames(4, 2, **change))
    assert found.light is Light(half)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("grounds", "picture", "reason"),
    [
        (replace(GROUNDS, changed=("knn is of version 3",)), ECHO, "knn is of version 3"),
        (replace(GROUNDS, folder="the folder is odd"), ECHO, "the folder is odd"),
        (GROUNDS, Modality.XRAY, "wrong kind of picture"),
        (GROUNDS, Modality.UNKNOWN, "nobody has said what kind of picture this is"),
        (replace(GROUNDS, clip_certificate=None), ECHO, NO_CLIP_CERTIFICATE),
        (Grounds(model=ECHO), ECHO, NOT_CERTIFIED),
    ],
)
def test_that_what_makes_every_frame_grey_makes_the_clip_grey(
    grounds: Grounds, picture: Modality, reason: str
) -> None:
    found = verdict(*frames(3, 0), grounds=grounds, picture=picture)
    assert found.light is Light.GREY
    assert found.reason.startswith(reason)


def test_that_a_certificate_for_clips_that_certifies_nothing_says_how_many_cases_are_missing() -> None:
    nothing: Certificate = replace(FOR_CLIPS, green=None, red=None, more_groups=70)
    found = verdict(*frames(3, 0), grounds=replace(GROUNDS, clip_certificate=nothing))
    assert found.light is Light.GREY
    assert "about 70 more cases are needed" in found.reason


@pytest.mark.parametrize("light", ["green", "amber", "red", "grey"])
def test_that_a_single_frame_keeps_its_own_light(light: str) -> None:
    found = verdict(row(0, 0.9, light=light, reason="because"), grounds=replace(GROUNDS, clip_certificate=None))
    assert (found.light, found.reason) == (Light(light), "because")


def test_that_failed_frames_are_counted_and_the_others_decide() -> None:
    found = verdict(row(0, 0.9), row(1, 0.5, error="frame 2 is damaged"), row(2, 0.9))
    assert found.probabilities == (0.9, 0.1)
    assert found.error == "1 of 3 frames failed, most often: frame 2 is damaged"
    assert found.reason == "1 of 3 frames could not be assessed"


def test_that_a_clip_without_an_assessed_frame_has_no_class() -> None:
    found = verdict(row(0, 0.5, error="the picture is damaged"))
    assert (found.probabilities, found.predicted, found.final, found.trust) == ((), "", "", None)
    assert (found.light, found.reason, found.error) == (
        Light.GREY,
        "no frame could be assessed",
        "the picture is damaged",
    )


def test_that_numbers_from_a_table_and_from_an_assessment_decide_alike() -> None:
    exact, read_back = ClipSums(2), ClipSums(2)
    for p, trust, suitability in ((1 / 3, 2 / 3, 0.0499999996), (0.123456789, 0.99999951, 0.05)):
        exact.add((p, 1 - p), trust, suitability, 0.5)
        read_back.add((round(p, 6), round(1 - p, 6)), round(trust, 6), round(suitability, 6), 0.5)
    for name in ("probabilities", "trust", "typical", "unlike", "misfit", "best", "untold"):
        assert getattr(exact, name) == getattr(read_back, name)
