from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from viewer_attention_verification.second_model import (
    NONE,
    NOWHERE,
    UNKNOWN,
    SecondAnswerScorer,
    SecondLookScorer,
    SecondModelExplainer,
)

from viewer.api import Evidence, Overlay, Table, Text
from viewer.testing.conformance import check_explainer, check_scorer

SCORERS = [SecondAnswerScorer(), SecondLookScorer()]
CLASSES = ("melanoma", "nevus", "wart")
OTHERS = ("nevus", "melanoma", "freckle")


def spot(row: int, column: int) -> np.ndarray:
    """Attention to one place of a grid of 6×6."""
    rows, columns = np.mgrid[:6, :6]
    return np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 2).astype(np.float32)


def seen(
    classes: tuple[str, ...], answers: list[str], looks: list[np.ndarray], targets: list[str] | None = None
) -> Evidence:
    logits = np.array([[2.0 if name == answer else 0.0 for name in classes] for answer in answers], np.float32)
    aims = np.array([classes.index(name) for name in targets or answers], np.intp)
    return Evidence(classes=classes, temperature=1.0, logits=logits, targets=aims, attention=np.stack(looks))


def both(first: Evidence, second: Evidence) -> Evidence:
    return replace(first, second=second)


def explained(evidence: Evidence) -> dict[type, Any]:
    return {type(content): content for content in SecondModelExplainer().explain(evidence)}


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: scorer.name)
def test_that_the_scorers_conform(scorer: Any) -> None:
    check_scorer(scorer)


def test_that_the_explainer_conforms() -> None:
    check_explainer(SecondModelExplainer())


def test_that_trust_is_the_second_models_probability_of_the_first_ones_answer() -> None:
    first = seen(CLASSES, ["melanoma", "nevus", "wart"], [spot(1, 1)] * 3)
    second = seen(OTHERS, ["melanoma", "melanoma", "freckle"], [spot(1, 1)] * 3, ["melanoma", "nevus", "freckle"])
    agreeing, differing, unknown = SecondAnswerScorer().score(both(first, second), {})
    assert agreeing.trust == pytest.approx(np.exp(2) / (np.exp(2) + 2))
    assert agreeing.note == ""
    assert differing.trust == pytest.approx(1 / (np.exp(2) + 2))
    assert differing.note == "the second model says melanoma"
    assert unknown == UNKNOWN


def test_that_the_note_of_an_unknown_answer_does_not_name_it() -> None:
    """Notes of scorers that abstain are shown while the answer is withheld."""
    for note in (NONE.note, UNKNOWN.note, NOWHERE.note):
        assert not any(name in note for name in (*CLASSES, *OTHERS))


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda scorer: scorer.name)
def test_that_without_a_second_model_the_scorers_abstain_and_say_why(scorer: Any) -> None:
    assert list(scorer.score(seen(CLASSES, ["nevus"] * 2, [spot(1, 1)] * 2), {})) == [NONE] * 2


def test_that_looks_are_compared_by_their_correlation() -> None:
    first = seen(CLASSES, ["nevus"] * 3, [spot(1, 1)] * 3)
    second = seen(OTHERS, ["nevus"] * 3, [spot(1, 1), spot(4, 4), np.zeros((6, 6), np.float32)])
    same, elsewhere, nowhere = SecondLookScorer().score(both(first, second), {})
    assert (same.trust, same.note) == (pytest.approx(1), "")
    assert elsewhere.trust == 0
    assert elsewhere.raw is not None
    assert elsewhere.raw < 0
    assert elsewhere.note == "the second model looks elsewhere"
    assert nowhere == NOWHERE


def test_that_maps_for_classes_of_other_names_are_not_compared() -> None:
    first = seen(CLASSES, ["wart"], [spot(1, 1)])
    assert SecondLookScorer().score(both(first, seen(OTHERS, ["nevus"], [spot(1, 1)])), {}) == [UNKNOWN]


@pytest.mark.parametrize(
    ("answer", "look", "words"),
    [
        ("melanoma", spot(1, 1), "Both models say melanoma, and look at the same place."),
        ("melanoma", spot(4, 4), "Both models say melanoma, but look at different places."),
        ("melanoma", np.zeros((6, 6), np.float32), "Both models say melanoma."),
        ("nevus", spot(4, 4), "The second model says nevus (and melanoma by 11 %), and looks elsewhere."),
        ("nevus", spot(1, 1), "The second model says nevus (and melanoma by 11 %), and looks at the same place."),
    ],
)
def test_that_a_sentence_says_whether_both_agree(answer: str, look: np.ndarray, words: str) -> None:
    first = seen(CLASSES, ["melanoma"], [spot(1, 1)])
    assert explained(both(first, seen(OTHERS, [answer], [look], ["melanoma"])))[Text].body == words


def test_that_another_class_that_is_explained_is_named() -> None:
    first = seen(CLASSES, ["melanoma"], [spot(1, 1)], ["nevus"])
    second = seen(OTHERS, ["melanoma"], [spot(4, 4)], ["nevus"])
    words = "Both models say melanoma, but look at different places for nevus."
    assert explained(both(first, second))[Text].body == words


def test_that_an_answer_the_second_model_does_not_know_is_said() -> None:
    first = seen(CLASSES, ["wart"], [spot(1, 1)])
    body = explained(both(first, seen(OTHERS, ["nevus"], [spot(1, 1)])))[Text].body
    assert body.startswith("The second model says nevus. It knows no answer called wart")


def test_that_probabilities_stand_side_by_side_by_name() -> None:
    first, second = seen(CLASSES, ["melanoma"], [spot(1, 1)]), seen(OTHERS, ["nevus"], [spot(1, 1)], ["melanoma"])
    table = explained(both(first, second))[Table]
    assert table.rows == (
        ("melanoma", "79 %", "11 %"),
        ("nevus", "11 %", "79 %"),
        ("wart", "11 %", "–"),
        ("freckle", "–", "11 %"),
    )


def test_that_the_second_map_is_laid_over_the_picture_where_it_points_somewhere() -> None:
    first = seen(CLASSES, ["melanoma"], [spot(1, 1)])
    shown = explained(both(first, seen(OTHERS, ["nevus"], [spot(4, 4)], ["melanoma"])))[Overlay]
    assert shown.title == "Second model's attention: melanoma"
    assert np.unravel_index(shown.values.argmax(), shown.values.shape) > (14, 14)
    blank = np.zeros((6, 6), np.float32)
    assert Overlay not in explained(both(first, seen(OTHERS, ["nevus"], [blank], ["melanoma"])))


def test_that_nothing_is_shown_without_a_second_model() -> None:
    assert SecondModelExplainer().explain(seen(CLASSES, ["nevus"], [spot(1, 1)])) == []
