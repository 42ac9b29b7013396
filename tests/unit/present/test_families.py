"""Rows of scores that are folded under another."""

from dataclasses import replace

import numpy as np

from viewer.domain.result import About, Failure, Light, ScoreRow
from viewer.present.families import Fold, families, unfolded
from viewer.present.why import why_lines
from viewer.testing.lights import basis, judged, row

LEAD = row("attention", "Attention", 0.6)


def member(name, trust, **changes):
    return row(name, name.title(), trust, family="attention", **changes)


def shown(*rows, **changes):
    """Names of the rows, and of those folded under them."""
    rests_on = basis(**changes)
    assessment = judged(Light.GREEN, rows=rows)
    return families(why_lines(assessment, rests_on), rests_on)


def names(parts):
    return [[line.score.name for line in part.lines] if isinstance(part, Fold) else part.score.name for part in parts]


def test_that_a_family_is_gathered_below_its_leading_row():
    found = shown(member("iou", 0.5), LEAD, row("other", "Other", 0.5), member("dice", 0.4))
    assert names(found) == ["attention", ["iou", "dice"], "other"]
    assert found[1].title == "2 more like it"


def test_that_a_single_row_is_not_folded():
    assert names(shown(LEAD, member("iou", 0.5))) == ["attention", "iou"]


def test_that_a_row_the_light_rests_on_is_never_folded():
    rows = (LEAD, member("iou", 0.5), member("dice", 0.4), member("ssim", 0.4, weight=1.0), member("knn", 0.2))
    assert names(shown(*rows)) == ["ssim", "knn", "attention", ["iou", "dice"]]  # the gate listens to knn


def test_that_rows_without_their_leading_row_stand_by_themselves():
    assert names(shown(member("iou", 0.5), member("dice", 0.4))) == ["iou", "dice"]


def test_that_rows_of_another_question_or_plugin_are_not_folded():
    other = [replace(member(name, 0.5), plugin="theirs") for name in ("theirs", "theirs_too")]
    suited = [member(name, 0.5, about=About.SUITABILITY) for name in ("suited", "suited_too")]
    assert names(shown(LEAD, *other, *suited)) == ["attention", "theirs", "theirs_too", "suited", "suited_too"]


def test_that_a_row_folded_under_a_folded_one_stands_by_itself():
    deep = [row(name, name, 0.5, family="iou") for name in ("deep", "deeper")]
    found = shown(LEAD, member("iou", 0.5), member("dice", 0.4), *deep)
    assert names(found) == ["attention", ["iou", "dice"], "deep", "deeper"]


def test_that_the_row_that_speaks_most_against_the_picture_is_told():
    """By its standing: 0.9 may be low for a score that is 0.99 as a rule."""
    usual = {"iou": np.linspace(0, 1, 100), "dice": np.linspace(0.89, 1, 100)}
    _, fold = shown(LEAD, member("iou", 0.5), member("dice", 0.9), distributions=usual)
    assert fold.lowest.name == "dice"
    assert fold.notes == ("lowest: Dice, as low in 9 of 100 calibration pictures",)


def test_that_the_lowest_trust_counts_where_nobody_knows_what_is_usual():
    _, fold = shown(LEAD, member("iou", 0.5), member("dice", 0.9))
    assert (fold.lowest.name, fold.notes, fold.failed) == ("iou", ("lowest: Iou",), False)


def test_that_rows_without_an_answer_are_told():
    broken = ScoreRow(
        name="broken",
        title="Broken",
        plugin="made-up",
        about=About.CORRECTNESS,
        weight=0,
        result=Failure(plugin="made-up", stage="score", summary="it fell over"),
        family="attention",
    )
    silent = [member(name, None, note="not fitted for this model") for name in ("iou", "dice")]
    _, fold = shown(LEAD, *silent, broken)
    assert fold.lowest is None
    assert fold.failed
    assert fold.notes == (
        "2 of them: no answer: not fitted for this model",
        "1 of them: unavailable: it fell over",
    )


def test_that_what_is_left_by_itself_is_what_stands_above_and_beside_folded_rows():
    rows = (LEAD, member("iou", 0.5), member("dice", 0.4), member("ssim", 0.4, weight=1.0), member("knn", 0.2))
    by_name = sorted(name for name in names(shown(*rows)) if isinstance(name, str))
    assert sorted(one.name for one in unfolded(rows, basis())) == by_name == ["attention", "knn", "ssim"]
    assert unfolded(rows[1:3], basis()) == rows[1:3]


def test_that_a_scorer_that_can_say_nothing_here_has_no_row():
    rows = (replace(LEAD, mute=True), member("iou", 0.5), replace(member("dice", 0.4), mute=True))
    assert names(shown(*rows)) == ["iou"]
    assert [one.name for one in unfolded(rows, basis())] == ["iou"]
