from dataclasses import replace

import numpy as np
import pytest
from viewer_segmentation_cam import telling, viewer_explainers
from viewer_segmentation_cam.explainers import AttentionAndMask, MaskExplainer
from viewer_segmentation_cam.scorers import AttentionOutsideMask, MaskPlausibility
from viewer_segmentation_cam.telling import Thing, attention_words

from viewer.api import Maps, Outline, Overlay, Table, Text
from viewer.testing import builders
from viewer.testing.conformance import check_explainer

MASK, ATTENTION = MaskExplainer(), AttentionAndMask()
each = pytest.mark.parametrize("explainer", viewer_explainers({}), ids=lambda explainer: explainer.name)


@pytest.fixture(scope="module")
def state():
    fitted = MaskPlausibility().fit(builders.calibration(60))
    return {f"mask_plausibility.{name}": array for name, array in fitted.items()}


def frame(**changes):
    return replace(builders.evidence(1, seed=5), **changes)


def with_mask(values):
    return frame(mask=np.asarray(values, np.float32)[None])


def kinds(contents):
    return [type(content) for content in contents]


def words(contents):
    return " ".join(content.body for content in contents if isinstance(content, Text))


@each
def test_that_every_explainer_conforms(explainer):
    check_explainer(explainer, [MaskPlausibility()])


def test_that_the_mask_is_outlined_laid_over_told_and_compared(state):
    evidence = frame()
    contents = MASK.explain(evidence, state)
    assert kinds(contents) == [Outline, Overlay, Text, Table]
    outline, overlay, text, table = contents
    assert (outline.title, outline.legend) == ("Outline of the lesion", "as this model sees it")
    assert (outline.values == evidence.mask[0]).all()
    assert (overlay.values == evidence.mask[0]).all()
    assert text.body.startswith("The lesion takes up ")
    assert "As outlines usually are: " in text.body
    assert table.rows[0][0] == "Sure part of it"
    assert " to " in table.rows[0][2]
    assert {row[0]: row[1:] for row in table.rows}["Parts"] == ("1", "1")


def test_that_an_outline_of_a_model_nothing_was_fitted_for_is_said_to_be_unknown():
    contents = MASK.explain(frame(), {})
    assert kinds(contents) == [Outline, Overlay, Text]
    assert telling.NOT_KNOWN in words(contents)


def test_that_an_unusual_outline_is_said_not_to_be_relied_on_by_both_panels(state):
    noise = with_mask(np.random.default_rng(0).random((20, 20)))
    assert "Do not rely on it" in words(MASK.explain(noise, state))
    assert "cannot be relied on" in words(ATTENTION.explain(noise, state))
    assert "cannot be relied on" not in words(ATTENTION.explain(frame(), state))


def test_that_it_is_said_who_drew_an_outline(state):
    given = MASK.explain(frame(mask_from="given"), state)
    assert kinds(given) == [Outline, Text]  # the user's own has no probabilities, and nothing is usual for it
    assert (given[0].legend, "Your own outline." in given[1].body) == ("your own", True)
    other = MASK.explain(frame(mask_from="chest-xray"), state)
    assert kinds(other) == [Outline, Overlay, Text]
    assert "another model, chest-xray" in other[2].body
    assert "another model, chest-xray" in words(ATTENTION.explain(frame(mask_from="chest-xray"), state))


def test_that_nothing_is_shown_where_nothing_draws_masks(state):
    assert MASK.explain(frame(mask=None), state) == []
    assert ATTENTION.explain(frame(mask=None), state) == []


@pytest.mark.parametrize("by", ["", "given"])
def test_that_a_picture_without_the_mask_others_have_is_said(state, by):
    evidence = replace(with_mask(np.full((20, 20), np.nan)), mask_from=by)
    for explainer in (MASK, ATTENTION):
        (text,) = explainer.explain(evidence, state)
        assert text.body.startswith("No outline: ")


def test_that_nothing_and_everything_outlined_are_said(state):
    empty, full = with_mask(np.zeros((20, 20))), with_mask(np.ones((20, 20)))
    assert "Nothing is outlined: no lesion found." in words(MASK.explain(empty, state))
    assert "Nothing is outlined" in words(ATTENTION.explain(empty, state))
    assert "The whole picture is taken for lesion" in words(MASK.explain(full, state))
    assert "that says little" in words(ATTENTION.explain(full, state))


def test_that_no_attention_is_said(state):
    (text,) = ATTENTION.explain(frame(attention=-np.ones((1, 5, 5), np.float32)), state)
    assert text.body.startswith("The AI looks nowhere in particular")


def test_that_attention_inside_is_never_shown_without_what_lies_outside(state):
    evidence = frame()
    contents = ATTENTION.explain(evidence, state)
    assert kinds(contents) == [Text, Maps, Table, Overlay, Overlay]
    maps, inside, outside = contents[1], contents[3], contents[4]
    assert [item.title.partition(":")[0] for item in maps.items] == ["All attention", "In the lesion", "Outside"]
    assert maps.outline is not None
    whole, within, beyond = (item.values for item in maps.items)
    found = evidence.mask[0] > 0.5
    assert (np.isnan(within) == ~found).all()
    assert (np.isnan(beyond) == found).all()
    assert np.array_equal(np.where(found, within, beyond), whole)
    assert "; outside: " in inside.title
    assert outside.title.startswith("Attention outside: ")


def test_that_panel_and_score_agree(state):
    evidence = frame()
    (score,) = AttentionOutsideMask().score(evidence, {})
    table = next(content for content in ATTENTION.explain(evidence, state) if isinstance(content, Table))
    assert table.rows[-1][1] == f"{score.raw:.2f} × even share"


@pytest.mark.parametrize(
    ("inside", "area", "told"),
    [
        (0.61, 0.38, "61 % of the attention lies in the lungs, which take up 38 % of the picture: 1.6 times an even"),
        (0.38, 0.38, "which take up 38 % of the picture: an even share. 62 % lies outside."),
        (0.1, 0.4, "The AI looks at the lungs less than at the rest of the picture."),
        (0.999, 0.5, ">99 % of the attention"),
        (0.001, 0.5, "<1 % of the attention"),
    ],
)
def test_that_the_sentence_is_a_clinicians(inside, area, told):
    assert told in attention_words(Thing("lungs"), inside, area, inside / area)
    assert "the lesion, which takes up" in attention_words(Thing("lesion"), inside, area, inside / area)
