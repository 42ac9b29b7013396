from viewer.assessment.light import NOT_CERTIFIED, UNCHECKED, judge
from viewer.domain.image import Modality
from viewer.domain.result import About, Failure, Light, Score, ScoreRow

SKIN, ECHO, UNSAID = Modality.DERMOSCOPY, Modality.ULTRASOUND, Modality.UNKNOWN


def row(name: str, result: Score | Failure) -> ScoreRow:
    return ScoreRow(name=name, title=name, plugin="p", about=About.CORRECTNESS, weight=0.0, result=result)


GOOD = row("softmax", Score(trust=0.9))
FAILED = row("energy", Failure(plugin="p", stage="score", summary="energy raised ValueError"))


def test_that_without_a_certificate_the_light_is_grey() -> None:
    assert judge([GOOD], {"softmax": 1.0}, picture=SKIN, model=SKIN, certified=False) == (Light.GREY, NOT_CERTIFIED)


def test_that_another_modality_is_the_first_reason() -> None:
    light, reason = judge([GOOD], {}, picture=ECHO, model=SKIN, certified=False)
    assert light is Light.GREY
    assert reason.startswith("wrong modality: the picture is ultrasound, the model is for dermoscopy; ")


def test_that_a_picture_of_unsaid_kind_is_not_taken_for_the_right_one() -> None:
    assert judge([GOOD], {}, picture=UNSAID, model=SKIN, certified=False)[1].startswith(
        "nobody has said what kind of picture"
    )


def test_that_a_failed_scorer_is_named_even_where_it_carries_no_weight() -> None:
    reason = judge([GOOD, FAILED], {"softmax": 1.0}, picture=SKIN, model=SKIN, certified=False)[1]
    assert reason.startswith("no answer from energy (energy raised ValueError); ")


def test_that_scorers_with_weight_that_abstain_or_are_missing_are_named() -> None:
    rows = [row("softmax", Score(trust=None)), row("knn", Score(trust=None))]
    reason = judge(rows, {"softmax": 1.0, "gone": 0.5, "idle": 0.0}, picture=SKIN, model=SKIN, certified=False)[1]
    assert reason == f"not installed or switched off: gone; abstained: softmax; {NOT_CERTIFIED}"


def test_that_a_certificate_alone_turns_no_light_on_before_the_picture_is_checked():
    assert judge([GOOD], {"softmax": 1.0}, picture=SKIN, model=SKIN, certified=True) == (Light.GREY, UNCHECKED)
