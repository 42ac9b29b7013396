from dataclasses import replace

import numpy as np
import pytest

from viewer.domain.result import About, Assessment, Failure, Light, Score, ScoreRow
from viewer.present.score_table import score_lines
from viewer.present.wording import (
    duration_words,
    frame_word,
    health,
    light_word,
    of_hundred,
    percent,
    percents,
    points,
    quantity,
    sentence,
)


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (0.0, "0 %"), (0.004, "<1 %"), (0.5, "50 %"), (0.995, ">99 %"), (1.0, "100 %")],
)
def test_that_a_share_is_never_rounded_to_certainty(value: float | None, words: str) -> None:
    assert percent(value) == words


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (0.78, 0.62, ("78.0 %", "62.0 %")),
        (0.59, 0.5899, ("59.0 %", "58.9 %")),
        (0.59, 0.59, ("59.0 %", "59.0 %")),
        (0.5851, 0.5852, ("58.51 %", "58.52 %")),
        (0.58511, 0.58519, ("58.511 %", "58.519 %")),
        (0.58511, 0.58509, ("58.6 %", "58.5 %")),
    ],
)
def test_that_a_value_reads_as_it_lies_to_its_threshold(one: float, other: float, words: tuple[str, str]) -> None:
    assert percents(one, other) == words


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (0.16, "16 points"),
        (-0.16, "16 points"),
        (0.01, "1 point"),
        (0.004, "0.4 points"),
        (1e-5, "0.1 points"),
        (0.0, "0 points"),
    ],
)
def test_that_differences_are_said_in_points(difference: float, words: str) -> None:
    assert points(difference) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "100 of 100"), (0.62, "62 of 100"), (0.0499, "4 of 100"), (0.0099, "fewer than 1 of 100")],
)
def test_that_shares_are_said_as_people_imagine_them(share: float, words: str) -> None:
    assert of_hundred(share) == words


def test_that_words_become_a_sentence() -> None:
    assert [sentence(words) for words in ("trust is low", "Assessing …", "Done.", "")] == [
        "Trust is low.",
        "Assessing …",
        "Done.",
        "",
    ]


def test_that_words_come_from_the_clinic() -> None:
    assert [light_word(light) for light in Light] == [
        "AI reliable",
        "AI unsure",
        "AI unreliable",
        "AI not judged",
    ]


def test_that_values_carry_their_unit() -> None:
    assert quantity(Score(trust=0.5, raw=1.23456, unit="nats")) == "1.235 nats"
    assert quantity(Score(trust=0.5, raw=2.0)) == "2"
    assert quantity(Score(trust=None)) == "–"


def test_that_health_says_why_there_is_no_answer() -> None:
    assert health(Failure(plugin="p", stage="score", summary="energy raised")) == "unavailable: energy raised"
    assert health(Score(trust=None, note="never fitted")) == "no answer: never fitted"
    assert health(Score(trust=None)) == "no answer"
    assert health(Score(trust=0.5)) == ""


@pytest.mark.parametrize(("ms", "words"), [(530, "0.53 s"), (12_400, "12.4 s"), (65_000, "1:05 min")])
def test_that_durations_are_written_for_people(ms: float, words: str) -> None:
    assert duration_words(ms) == words


def test_that_frames_are_counted_from_one_for_people() -> None:
    assert frame_word(0, 120) == "frame 1 of 120"


def test_that_the_score_table_has_a_line_per_scorer_with_its_share() -> None:
    def row(name: str, weight: float, result: Score | Failure) -> ScoreRow:
        return ScoreRow(name=name, title=name, plugin="p", about=About.CORRECTNESS, weight=weight, result=result)

    assessment = Assessment(
        classes=("a", "b"),
        probabilities=np.array([0.5, 0.5]),
        predicted=0,
        final=0,
        trail="",
        rows=(
            row("softmax", 3.0, Score(trust=0.1234567, raw=0.1234567, unit="probability")),
            row("margin", 1.0, Failure(plugin="p", stage="score", summary="raised")),
            row("knn", 0.0, Score(trust=None, note="never fitted")),
            replace(row("flips", 0.0, Score(trust=0.5)), slow=True),
        ),
        trust=None,
        light=Light.GREY,
        reason="",
    )
    softmax, margin, knn, flips = score_lines(assessment)
    assert (softmax.trust, softmax.weight) == (0.123457, 0.75)
    assert (softmax.trust_text, softmax.raw_text, softmax.weight_text) == ("12 %", "0.1235 probability", "75 %")
    assert (margin.trust_text, margin.weight_text, margin.health) == ("–", "25 %", "unavailable: raised")
    assert (margin.failed, knn.failed) == (True, False)
    assert (knn.weight_text, knn.health) == ("shown only", "no answer: never fitted")
    assert flips.weight_text == "slow, shown only"
