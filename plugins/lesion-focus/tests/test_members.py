"""What each model of an ensemble says is told by name, and the least convinced decides the trust."""

from dataclasses import replace

import numpy as np
import pytest
from viewer_lesion_focus.members import ALONE, MembersDisagreeScorer, MembersExplainer

from viewer.api import Evidence, Text
from viewer.testing import builders
from viewer.testing.conformance import check_explainer, check_scorer

CLASSES = ("melanoma", "seborrheic_keratosis", "nevus")
SURE, TORN, OTHER = (0.8, 0.1, 0.1), (0.5, 0.3, 0.2), (0.1, 0.6, 0.3)


def ensemble(*members: tuple[float, ...], weights: tuple[float, ...] = (), names: tuple[str, ...] = ()) -> Evidence:
    """One frame, as several models with these probabilities see it."""
    p = np.array(members)
    mean = np.average(p, axis=0, weights=weights or None)
    return Evidence(
        classes=CLASSES,
        temperature=1.0,
        logits=np.log(mean)[None].astype(np.float32),
        targets=np.array([mean.argmax()], np.intp),
        members=np.log(p)[:, None].astype(np.float32),
        member_weights=weights,
        member_names=names,
    )


def explained(evidence: Evidence) -> list[tuple[str, str]]:
    return [(text.title, text.body) for text in MembersExplainer().explain(evidence) if isinstance(text, Text)]


def test_that_scorer_and_explainer_conform() -> None:
    check_scorer(MembersDisagreeScorer())
    check_explainer(MembersExplainer())


def test_that_the_least_convinced_model_decides() -> None:
    (score,) = MembersDisagreeScorer().score(ensemble(SURE, SURE, TORN), {})
    assert score.trust == pytest.approx(0.5)
    assert score.note == ""


def test_that_who_dissents_is_named() -> None:
    (score,) = MembersDisagreeScorer().score(ensemble(SURE, SURE, OTHER, names=("a", "b", "c")), {})
    assert score.trust == pytest.approx(0.1)
    assert score.note == "c says seborrheic keratosis"


def test_that_a_model_without_a_share_is_not_asked() -> None:
    (score,) = MembersDisagreeScorer().score(ensemble(SURE, OTHER, weights=(1.0, 0.0)), {})
    assert score.trust == pytest.approx(0.8)


def test_that_one_network_alone_gives_no_trust_and_no_panel() -> None:
    alone = replace(builders.evidence(2), members=None)
    assert MembersDisagreeScorer().score(alone, {}) == [ALONE] * 2
    assert MembersExplainer().explain(alone[0]) == []


def test_that_the_temperature_of_the_ensemble_softens_every_model() -> None:
    (score,) = MembersDisagreeScorer().score(replace(ensemble(SURE, SURE), temperature=1e3), {})
    assert score.trust == pytest.approx(1 / 3, abs=1e-3)


def test_that_a_frame_scores_the_same_in_a_batch() -> None:
    whole = builders.evidence(5)
    together = MembersDisagreeScorer().score(whole, {})
    assert [MembersDisagreeScorer().score(whole[n], {})[0] for n in range(5)] == together


def test_that_all_models_agree() -> None:
    (_, said), *_ = explained(ensemble(SURE, TORN, names=("a", "b")))
    assert said == "Both models say melanoma; the least convinced, b, gives it 50 %."


def test_that_a_dissenter_is_told_with_what_it_says() -> None:
    (_, said), *_ = explained(ensemble(SURE, SURE, OTHER))
    assert said.startswith("2 of 3 models say melanoma, but network 3 says seborrheic keratosis; the least")


def test_that_an_answer_nobody_gives_alone_is_told() -> None:
    (_, said), *_ = explained(ensemble((0.5, 0.05, 0.45), (0.05, 0.5, 0.45)))
    assert said.startswith("No model alone says nevus, which is likeliest on average: network 1 says melanoma,")


def test_that_every_model_is_told_with_its_weight_and_then_all_together() -> None:
    assert explained(ensemble(SURE, OTHER, weights=(0.8, 0.2), names=("a", "b")))[1:] == [
        ("a, weight 80 %", "melanoma 80 %, seborrheic keratosis 10 %, nevus 10 %"),
        ("b, weight 20 %", "seborrheic keratosis 60 %, nevus 30 %, melanoma 10 %"),
        ("Together", "melanoma 66 %, seborrheic keratosis 20 %, nevus 14 %"),
    ]
