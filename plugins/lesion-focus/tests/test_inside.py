"""Is it looking at the lesion?"""

from dataclasses import replace

import numpy as np
import pytest
from viewer_lesion_focus.inside import LookingAtLesion

from viewer.api import LinearHead, attention_of_classes
from viewer.testing import builders
from viewer.testing.conformance import check_explainer

EXPLAINER = LookingAtLesion()


def frame(attention, mask, **changes):
    """One frame of two classes that looks at `attention` (2, 4, 4) beside a mask (4, 4)."""
    maps = np.array(attention, np.float32)[None]
    evidence = builders.evidence(1, classes=2, channels=2, grid=4)
    head = LinearHead(weight=np.eye(2, dtype=np.float32) * 16, bias=np.zeros(2, np.float32))
    evidence = replace(evidence, activations=maps, linear_head=head, targets=np.array([0]), attention=maps[:, 0])
    return replace(evidence, mask=np.array(mask, np.float32)[None], mask_shows="lesion", **changes)


QUARTER = np.pad(np.ones((2, 2)), ((0, 2), (0, 2)))
"""A mask of the upper left quarter."""


def explained(evidence):
    return EXPLAINER.explain(evidence)


def test_that_it_conforms():
    check_explainer(EXPLAINER)


@pytest.mark.parametrize(
    ("attention", "words"),
    [
        (
            QUARTER,
            "Yes: 100 % of the attention for class 0 lies in the lesion, which is 25 % of the picture (4.0 times",
        ),
        (QUARTER + 0.3, "Only in part: 59 % of"),
        (
            np.ones((4, 4)),
            "No: 25 % of the attention for class 0 lies in the lesion, which is 25 % of the picture (1.0",
        ),
        (1 - QUARTER, "No: 0 % of"),
        (-QUARTER, "Cannot be said: no part of this picture speaks for class 0"),
    ],
    ids=["inside", "mostly inside", "even", "outside", "nowhere"],
)
def test_that_one_sentence_answers_the_question(attention, words):
    lead, _ = explained(frame([attention, QUARTER], QUARTER))
    assert lead.title == "Is it looking at the lesion?"
    assert lead.body.startswith(words)


def test_that_the_table_tells_of_every_class_corrected_for_the_area():
    _, table = explained(frame([1 - QUARTER, QUARTER + 0.2], QUARTER))
    assert table.header == ("Class", "Inside", "Outside", "There?")
    assert table.rows == (
        ("class 0", "0 %, 0.00×", "100 %, 1.33×", "no"),
        ("class 1", "67 %, 2.67×", "33 %, 0.44×", "yes"),
    )


def test_that_a_network_without_a_linear_head_tells_of_the_explained_class_alone():
    _, table = explained(frame([QUARTER, QUARTER], QUARTER, linear_head=None))
    assert [row[0] for row in table.rows] == ["class 0"]


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.full((4, 4), np.nan), "nothing outlines the lesion in this picture"),
        (np.zeros((4, 4)), "no lesion was found in this picture"),
        (QUARTER * 0.6, "the outline of the lesion is too unsure"),
        (np.ones((4, 4)), "nearly the whole picture is outlined"),
        (np.pad(np.ones((1, 1)), ((0, 7), (0, 7))), "smaller than a cell of the attention map"),
    ],
    ids=["none", "empty", "unsure", "everything", "tiny"],
)
def test_that_it_cannot_be_said_with_an_outline_that_is_of_no_use(mask, words):
    (lead,) = explained(frame([QUARTER, QUARTER], mask))
    assert lead.body.startswith("Cannot be said: ")
    assert words in lead.body


def test_that_there_is_no_panel_where_nothing_draws_outlines():
    assert not explained(replace(frame([QUARTER, QUARTER], QUARTER), mask=None, mask_shows=""))


def test_that_it_asks_of_what_is_outlined():
    lead, table = explained(replace(frame([QUARTER, QUARTER], QUARTER), mask_shows="lungs"))
    assert lead.title == "Is it looking at the lungs?"
    assert table.title.startswith("Attention inside and outside the lungs")


def test_that_the_attention_of_the_target_among_all_classes_is_the_one_that_was_captured():
    evidence = builders.evidence(3)
    every = attention_of_classes(evidence)
    rows = np.arange(3)
    assert every[rows, evidence.targets] == pytest.approx(evidence.attention, rel=1e-5)
