"""What disagrees about a frame, in numbers and words."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from viewer.domain.result import About, Assessment, Failure, Light, Score, ScoreRow
from viewer.present.disagreement import (
    Standing,
    mean_difference,
    members_words,
    neighbours_words,
    scores_words,
    standing_words,
    standings,
)
from viewer.testing.lights import basis

CLASSES = ("nevus", "basal_cell_carcinoma")


def row(name: str, trust: float | None, about: About = About.CORRECTNESS, family: str = "") -> ScoreRow:
    return ScoreRow(
        name=name, title=name.title(), plugin="p", about=about, weight=0, result=Score(trust=trust), family=family
    )


def frame(*rows: ScoreRow, final: int = 0, **changes: Any) -> Assessment:
    values: dict[str, Any] = {
        "classes": CLASSES,
        "probabilities": np.array([0.7, 0.3]),
        "predicted": 0,
        "final": final,
        "trail": "",
        "rows": rows,
        "trust": 0.5,
        "light": Light.GREY,
        "reason": "because",
    }
    return Assessment(**values | changes)


def said(*shares: float | None) -> tuple[Standing, ...]:
    made = [
        Standing(name=f"s{place}", title=f"S{place}", about=About.CORRECTNESS, trust=share, share=share, failed=False)
        for place, share in enumerate(shares)
    ]
    other = Standing(name="o", title="Other", about=About.SUITABILITY, trust=0.0, share=0.0, failed=False)
    return (*made, other)


def test_that_a_standing_is_the_share_of_lower_trusts_where_the_model_was_fitted():
    fitted = basis(distributions={"a": np.array([0.991, 0.993, 0.995, 0.997])}, weights={})
    broken = ScoreRow(
        name="c",
        title="C",
        plugin="p",
        about=About.CORRECTNESS,
        weight=0,
        result=Failure(plugin="p", stage="score", summary="it raised"),
    )
    found = standings(frame(row("a", 0.996), row("b", 0.4), broken, row("d", None)), fitted)
    assert [one.share for one in found] == [0.75, 0.4, None, None]
    assert [one.failed for one in found] == [False, False, True, False]
    assert standing_words(found[0]) == "A: trust >99 %, higher than 75 % of the pictures the model was fitted on"
    assert [standing_words(one) for one in found[2:]] == ["C: unavailable", "D: no answer"]


def test_that_many_scores_that_answer_one_question_count_as_one():
    alike = [row(name, 0.5, family="attention") for name in ("iou", "dice", "ssim")]
    rows = (row("softmax", 0.9), row("attention", 0.5), *alike)
    found = standings(frame(*rows), basis(distributions={}, weights={}))
    assert [one.name for one in found] == ["softmax", "attention"]
    assert "differ by 40 points" in scores_words(found, single=True)


def test_that_the_mean_difference_is_that_of_all_pairs():
    shares = np.random.default_rng(0).random(9)
    pairs = [abs(a - b) for a, b in combinations(shares, 2)]
    assert mean_difference(shares) == pytest.approx(np.mean(pairs))
    assert mean_difference(np.array([0.2, 0.2])) == 0
    assert mean_difference(np.array([0.0, 1.0])) == 1
    assert mean_difference(np.linspace(0, 1, 2001)) == pytest.approx(1 / 3, abs=1e-3)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((0.9, 0.8, 0.85), "The scores agree: they trust this frame more than usual. Two scores differ by 7 points"),
        ((0.5, 0.5, 0.6), "The scores agree: they trust this frame about as usual."),
        ((0.1, 0.05), "The scores agree: they trust this frame less than usual."),
        ((0.5, 0.8), "The scores differ: S1 trusts this frame most, S0 least. Two scores differ by 30 points"),
        ((0.05, 0.9, 0.9), "The scores disagree: S2 trusts this frame, S0 does not. Two scores differ by 57 points"),
        ((None, 0.3), "There are not two scores of the answer to compare."),
    ],
)
def test_that_agreement_is_said_in_words_with_its_number(shares, words):
    assert scores_words(said(*shares), single=False).startswith(words)
    assert "Other" not in scores_words(said(*shares), single=False)


def test_that_a_picture_is_no_frame():
    assert "this picture" in scores_words(said(0.1, 0.9), single=True)


def test_that_the_networks_of_an_ensemble_are_counted():
    assert members_words(frame()) == "No ensemble: one network answers."
    assert members_words(frame(members=np.array([[0.7, 0.3], [0.6, 0.4]]))) == "Both networks say nevus."
    assert members_words(frame(members=np.full((3, 2), [0.7, 0.3]))) == "All 3 networks say nevus."
    split = frame(predicted=1, members=np.array([[0.7, 0.3], [0.1, 0.9], [0.3, 0.7]]))
    assert members_words(split) == "2 of 3 networks say basal cell carcinoma."
    named = replace(split, member_names=("unet", "b0", "v2"))
    assert members_words(named) == "2 of 3 networks say basal cell carcinoma; unet says nevus."


def test_that_only_neighbours_that_are_assessed_are_counted():
    frames = {place: frame(final=int(place == 8)) for place in (3, 6, 8, 20)}
    assert neighbours_words(frames, 6) == "1 of 2 neighbouring frames say the same."
    assert neighbours_words(frames, 20) == ""
