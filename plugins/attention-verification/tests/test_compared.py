"""The panel of attention: in pictures, numbers and words."""

from dataclasses import replace

import numpy as np
import pytest
from viewer_attention_verification import viewer_explainers
from viewer_attention_verification.compared import AttentionCompared
from viewer_attention_verification.comparison import Measuring
from viewer_attention_verification.maps import gam
from viewer_attention_verification.metrics import METRICS
from viewer_attention_verification.scorers import AttentionScorer, MetricScorer
from viewer_attention_verification.telling import Telling, place

from viewer.api import Maps, Placed, Table, Text
from viewer.testing import builders
from viewer.testing.conformance import check_explainer

PANEL, ATTENTION = AttentionCompared(Measuring()), AttentionScorer(Measuring())


@pytest.fixture(scope="module")
def state():
    """Of 240 patients: 60 of each class, enough for each to be compared with its own."""
    return dict(ATTENTION.fit(builders.calibration(240, 1)))


def explained(evidence, state):
    return PANEL.explain(evidence, {f"attention.{name}": array for name, array in state.items()})


def titles(contents):
    return [content.title for content in contents]


def without_others(evidence):
    return replace(evidence, references=None, second=None)


def test_that_the_explainer_conforms_and_is_offered():
    offered, *_ = viewer_explainers({})
    check_explainer(offered, [ATTENTION])


def test_that_the_map_stands_beside_the_usual_one_and_their_difference(state):
    evidence = without_others(builders.evidence(1, seed=4))
    _, maps, *_ = explained(evidence, state)
    here, usual, apart = maps.items
    assert (here.title, usual.title[:10], apart.title) == ("This picture", "Usual for ", "Difference")
    assert np.array_equal(here.values, gam(evidence.attention)[0])
    assert np.array_equal(apart.values, here.values - usual.values)
    assert apart.limits == (-1, 1)


def test_that_every_metric_has_the_value_and_the_share_of_its_score(state):
    evidence = builders.evidence(1, seed=4)
    placed = next(content for content in explained(evidence, state) if isinstance(content, Placed))
    assert len(placed.items) == len(METRICS)
    for item, metric in zip(placed.items, METRICS, strict=True):
        scorer = MetricScorer(metric, Measuring())
        (score,) = scorer.score(evidence, scorer.fit(builders.calibration(240, 1)))
        assert item.value == pytest.approx(score.raw)
        assert item.share == pytest.approx(score.trust)
        assert item.high_is_usual == metric.higher_is_alike


def test_that_the_leading_sentence_has_the_share_of_the_score_of_all_metrics(state):
    evidence = builders.evidence(1, seed=4)
    (score,) = ATTENTION.score(evidence, state)
    lead = explained(evidence, state)[0]
    assert f"{score.trust:.0%}".replace("%", " %") in lead.body


def test_that_another_class_than_the_answer_is_told_apart(state):
    evidence = builders.evidence(1, seed=4)
    other = (int(evidence.predicted[0]) + 1) % len(evidence.classes)
    lead = explained(replace(evidence, targets=np.array([other])), state)[0]
    assert lead.title == f"Attention for class {other}"
    assert f"The classifier's own answer is class {evidence.predicted[0]}." in lead.body


def test_that_no_attention_is_a_message_of_its_own(state):
    evidence = without_others(builders.evidence(1, seed=4))
    contents = explained(builders.changed(evidence, attention=-np.ones((1, 5, 5), np.float32)), state)
    assert contents[0].title == "No attention"
    assert "looks nowhere in particular" in contents[0].body
    assert len(contents[1].items) == 2  # no difference from nothing, and no place for it
    assert titles(contents[2:]) == ["Early maps: what the AI takes in", "How alike the early maps are"]


def test_that_a_model_without_references_says_so_and_shows_its_map():
    text, maps = explained(without_others(builders.evidence(1)), {})
    assert isinstance(text, Text)
    assert "Not fitted for this model" in text.body
    assert [item.title for item in maps.items] == ["This picture"]


def test_that_a_class_with_too_few_pictures_says_that_it_is_compared_with_all():
    few = dict(ATTENTION.fit(builders.calibration(24, 2)))
    lead, maps, placed, *_ = explained(builders.evidence(1, seed=4), few)
    assert "too few correct pictures" in lead.body
    assert maps.items[1].title == "Usual, all classes"
    assert "calibration pictures, of" in placed.note
    assert "Too few of them were called class" in placed.note


def test_that_nothing_is_placed_among_pictures_without_attention(state):
    blind = {name: array.copy() for name, array in state.items()}
    blind["known_seen"][:] = 0
    contents = explained(without_others(builders.evidence(1, seed=4)), blind)
    assert "How alike the two maps are" not in titles(contents)


def test_that_the_user_s_own_pictures_of_the_class_have_a_mean_map(state):
    evidence = replace(builders.evidence(1, seed=4), second=None)
    added = evidence.references
    mine = added.labels == evidence.targets[0]
    row = next(c for c in explained(evidence, state) if c.title.startswith("Beside your own"))
    assert row.title == f"Beside your own {mine.sum()} pictures of class {evidence.targets[0]}"
    assert row.items[1].values == pytest.approx(gam(added.attention[mine]).mean(axis=0))
    table = next(c for c in explained(evidence, state) if isinstance(c, Table))
    assert table.header == ("", "Your own pictures")


def test_that_the_user_s_own_pictures_of_other_classes_are_left_out(state):
    evidence = replace(builders.evidence(1, seed=4), second=None)
    others = replace(evidence.references, labels=(evidence.references.labels * 0) + (evidence.targets[0] + 1) % 4)
    assert not any("own" in title for title in titles(explained(replace(evidence, references=others), state)))


def test_that_a_second_model_s_map_is_shown_with_what_it_answers(state):
    evidence = replace(builders.evidence(1, seed=4), references=None)
    contents = explained(evidence, state)
    row = next(content for content in contents if content.title == "Beside the second model")
    assert row.note.startswith("The second model answers ")
    assert np.array_equal(row.items[1].values, gam(evidence.second.attention)[0])
    assert next(content for content in contents if isinstance(content, Table)).header == ("", "Second model")


@pytest.mark.parametrize(
    ("knows", "said"), [("class_0", ""), ("other", "It knows no class 0: its map is of its own")]
)
def test_that_a_second_model_which_does_not_know_the_class_says_so(state, knows, said):
    evidence = replace(builders.evidence(1, seed=4), references=None, targets=np.array([0]))
    second = replace(evidence.second, classes=(knows, *evidence.second.classes[1:]), targets=np.array([0]))
    row = next(c for c in explained(replace(evidence, second=second), state) if "second model" in c.title)
    assert said in row.note
    assert ("knows no" in row.note) == bool(said)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.03, "The AI looks elsewhere than usual for melanoma: 3 % of calibration pictures are"),
        (0.004, "elsewhere than usual for melanoma: <1 % of"),
        (0.08, "looks where it seldom does for melanoma: 8 %"),
        (
            0.6,
            "60 % of calibration pictures are at least as unlike. Usual is not right: see whether both maps lie on",
        ),
    ],
)
def test_that_the_sentence_says_how_usual_it_is(share, said):
    telling = Telling(name="melanoma", answer="melanoma", of_class=True, among_class=True)
    assert said in telling.lead(share, seen=True).body


def test_that_a_place_has_its_word():
    assert [place(share, early=False) for share in (0.1, 0.08, 0.01)] == [
        "usual",
        "seldom",
        "looks elsewhere than usual",
    ]


def test_that_early_maps_stand_alone_and_beside_the_usual_one(state):
    *_, row, placed = explained(without_others(builders.evidence(1, seed=4)), state)
    assert isinstance(row, Maps)
    assert not row.over_picture
    assert [item.title for item in row.items] == ["This picture", "Usual"]
    assert len(placed.items) == len(METRICS)
