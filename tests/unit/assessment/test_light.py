from dataclasses import replace
from typing import Any

import pytest

from viewer.assessment.light import (
    MISFIT,
    NOT_CERTIFIED,
    UNLIKE,
    Findings,
    Grounds,
    Installed,
    changes,
    is_typical,
    judge,
)
from viewer.assessment.suitability import Suitability
from viewer.domain.certificate import Certificate, Claim, NamedScorer
from viewer.domain.image import Modality
from viewer.domain.result import About, Failure, Light, Score, ScoreRow
from viewer.testing.lights import certificate

SKIN, ECHO, UNSAID = Modality.DERMOSCOPY, Modality.ULTRASOUND, Modality.UNKNOWN
SOFTMAX = NamedScorer(plugin="scores", name="softmax", version="1", state="", weight=1.0)
KNN = NamedScorer(plugin="scores", name="knn", version="2", state="c" * 64, weight=1.0)
CERTIFICATE = certificate(
    scorers=(SOFTMAX,),
    classes=("melanoma", "nevus"),
    test="exact binomial",
    decisions=240,
    green=Claim(threshold=0.6, decisions=120, groups=120, errors=4, coverage=0.5),
    by_class={},
    gate_scorers=(KNN,),
)
NOTHING = replace(CERTIFICATE, green=None, red=None, more_groups=40)
GROUNDS = Grounds(model=SKIN, certificate=CERTIFICATE, named=("softmax", "knn"))
TYPICAL = Suitability(suitability=0.5, fingerprint=0.5)


def row(name: str, result: Score | Failure) -> ScoreRow:
    return ScoreRow(name=name, title=name, plugin="scores", about=About.CORRECTNESS, weight=0.0, result=result)


GOOD = (row("softmax", Score(trust=0.9)), row("knn", Score(trust=0.5, raw=1.0)))
FAILED = row("softmax", Failure(plugin="scores", stage="score", summary="softmax raised ValueError"))


def found(**changes: Any) -> Findings:
    values = {"picture": SKIN, "rows": GOOD, "trust": 0.7, "predicted": "nevus", "final": "nevus", "suited": TYPICAL}
    return Findings(**{**values, **changes})


def light(grounds: Grounds = GROUNDS, **changes: Any) -> str:
    return judge(found(**changes), grounds)[0].value


def reason(grounds: Grounds = GROUNDS, **changes: Any) -> str:
    return judge(found(**changes), grounds)[1]


@pytest.mark.parametrize(
    ("trust", "colour"), [(1.0, "green"), (0.6, "green"), (0.5999999, "amber"), (0.11, "amber"), (0.1, "red")]
)
def test_that_the_trust_decides_where_nothing_is_wrong(trust: float, colour: str) -> None:
    assert light(trust=trust) == colour


def test_that_green_states_the_claim_it_rests_on() -> None:
    assert reason() == CERTIFICATE.claim
    assert "at most 10 % of green answers are wrong, 95 % confidence, n = 240 groups" in reason()


def test_that_amber_and_red_say_what_green_would_take() -> None:
    assert reason(trust=0.59996) == "its trust of 59.9 % is below the 60.0 % that green needs"
    assert reason(trust=0.05).startswith(
        "its trust of 5.0 % is at or below 10.0 %, where at least half of the answers"
    )


@pytest.mark.parametrize(
    ("suitability", "fingerprint", "colour"),
    [
        (0.05, 0.05, "green"),
        (0.0499, 0.5, "amber"),
        (0.5, 0.0499, "amber"),
        (0.01, 0.5, "amber"),
        (0.0099, 0.5, "red"),
        (0.5, 0.0099, "grey"),
        (0.0001, 0.0001, "grey"),
        (None, 0.5, "grey"),
        (0.5, None, "grey"),
    ],
)
def test_that_a_picture_has_to_look_typical_for_a_green_light(
    suitability: float | None, fingerprint: float | None, colour: str
) -> None:
    assert light(suited=Suitability(suitability=suitability, fingerprint=fingerprint)) == colour
    assert is_typical(suitability, fingerprint) == (colour == "green")


def test_that_unusual_pictures_say_in_what_way() -> None:
    assert reason(suited=Suitability(suitability=0.03, fingerprint=0.5)) == (
        "the picture is unusual for the model: 3.0 % of those it was tested on are as unusual, green needs 5.0 %"
    )
    assert reason(suited=Suitability(suitability=0.001, fingerprint=0.5)) == UNLIKE
    assert reason(suited=Suitability(suitability=0.5, fingerprint=0.001)) == MISFIT
    why = "too few calibration groups (40; 100 needed)"
    assert reason(suited=Suitability(suitability=None, fingerprint=None, reason=why)) == (
        f"nobody can tell whether the model knows such pictures: {why}"
    )


@pytest.mark.parametrize("trust", [None, float("nan"), float("inf")])
def test_that_without_a_trust_the_light_is_grey(trust: float | None) -> None:
    assert light(trust=trust) == "grey"
    assert reason(trust=trust) == "the trust in this answer cannot be told"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (GOOD[:1], "not installed or switched off: knn"),
        ((FAILED, GOOD[1]), "no answer from softmax (softmax raised ValueError)"),
        ((row("softmax", Score(trust=None)), GOOD[1]), "abstained: softmax"),
        ((), "not installed or switched off: softmax, knn"),
    ],
)
def test_that_a_named_scorer_that_does_not_answer_makes_it_grey(rows: tuple[ScoreRow, ...], words: str) -> None:
    assert light(rows=rows) == "grey"
    assert reason(rows=rows) == words


def test_that_a_scorer_nobody_named_never_touches_the_light() -> None:
    other = row("energy", Failure(plugin="other", stage="score", summary="raised"))
    assert light(rows=(*GOOD, other)) == "green"


def test_that_a_class_that_an_opinion_changed_is_grey() -> None:
    assert light(final="melanoma") == "grey"
    assert reason(final="melanoma").startswith("the model's answer nevus was changed to melanoma")


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (ECHO, "wrong kind of picture: it is ultrasound, the model is for dermoscopy"),
        (Modality.OTHER, "wrong kind of picture: it is of another kind, the model is for dermoscopy"),
        (UNSAID, "nobody has said what kind of picture this is, and the model is for dermoscopy"),
    ],
)
def test_that_another_kind_of_picture_is_grey(picture: Modality, words: str) -> None:
    assert light(picture=picture) == "grey"
    assert reason(picture=picture) == words


def test_that_a_model_for_anything_is_never_sure_of_what_nobody_named() -> None:
    assert light(replace(GROUNDS, model=UNSAID), picture=UNSAID) == "grey"


def test_that_a_folder_that_does_not_fit_makes_every_picture_grey() -> None:
    assert judge(found(), replace(GROUNDS, folder="the folder is odd")) == (Light.GREY, "the folder is odd")


def test_that_the_gravest_of_several_reasons_comes_first() -> None:
    words = reason(replace(GROUNDS, folder="the folder is odd"), picture=ECHO, rows=GOOD[:1], final="melanoma")
    assert [part.split(" ")[0] for part in words.split("; ")] == ["wrong", "not", "the", "the"]


@pytest.mark.parametrize("certificate", [None, NOTHING])
def test_that_nothing_certified_is_grey_and_another_kind_of_picture_still_red(
    certificate: Certificate | None,
) -> None:
    grounds = replace(GROUNDS, certificate=certificate)
    assert light(grounds) == "grey"
    assert light(grounds, trust=0.01) == "grey"
    assert light(grounds, suited=Suitability(suitability=0.001, fingerprint=0.5)) == "red"
    assert light(grounds, suited=Suitability(suitability=0.001, fingerprint=0.5), picture=ECHO) == "grey"


def test_that_grey_says_how_many_cases_are_missing() -> None:
    assert reason(replace(GROUNDS, certificate=None)) == NOT_CERTIFIED
    assert "about 40 more cases are needed" in reason(replace(GROUNDS, certificate=NOTHING))
    assert "about 40 more cases are needed" in reason(replace(GROUNDS, certificate=NOTHING), picture=ECHO)
    assert "no number of cases would do" in reason(replace(GROUNDS, certificate=replace(NOTHING, more_groups=None)))


def test_that_red_may_be_certified_where_green_is_not() -> None:
    grounds = replace(GROUNDS, certificate=replace(NOTHING, red=CERTIFICATE.red))
    assert [light(grounds, trust=trust) for trust in (0.05, 0.5, 0.99)] == ["red", "grey", "grey"]


SAME = {
    "softmax": Installed(plugin="scores", version="1", state=""),
    "knn": Installed(plugin="scores", version="2", state="c" * 64),
    "other": Installed(plugin="elsewhere", version="9", state=""),
}


def test_that_scorers_as_they_were_tested_are_no_change() -> None:
    assert changes([SOFTMAX, KNN], SAME) == ()
    assert changes([SOFTMAX, KNN], {}) == ()  # what is absent is told by its missing row


@pytest.mark.parametrize(
    ("here", "words"),
    [
        ({"plugin": "fork"}, "knn comes from the plugin fork, it was tested with that of scores"),
        ({"version": "3", "state": ""}, "knn is of version 3, it was tested with version 2"),
        ({"state": ""}, "knn has not learned what it was tested with"),
        ({"state": "e" * 64}, "knn has not learned what it was tested with"),
    ],
)
def test_that_a_changed_scorer_makes_it_grey_and_is_named(here: dict[str, str], words: str) -> None:
    changed = changes([SOFTMAX, KNN], {**SAME, "knn": replace(SAME["knn"], **here)})
    assert changed == (words,)
    assert judge(found(), replace(GROUNDS, changed=changed)) == (Light.GREY, words)
