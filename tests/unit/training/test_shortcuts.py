from pathlib import Path

import numpy as np
import pytest

from viewer.datasets.sample import Sample
from viewer.training.shortcuts import Looks, by_answer, by_class


def looks(lost, *, groups=None, outside=0.5):
    """Answers of one class, of which some are lost."""
    lost = np.asarray(lost, bool)
    names = range(len(lost)) if groups is None else groups
    return Looks(
        samples=tuple(Sample(Path(f"{n}.png"), 0, str(name)) for n, name in enumerate(names)),
        classes=("a", "b"),
        answers=np.zeros(len(lost), np.intp),
        probability=np.full(len(lost), 0.9),
        area=np.full(len(lost), 0.8),
        class_outside=np.stack(
            [np.broadcast_to(np.asarray(outside, float), len(lost)), np.full(len(lost), 0.2)], axis=1
        ),
        covered_answers=lost.astype(np.intp),
        covered_probability=np.where(lost, 0.2, 0.9),
    )


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [
        ([1] * 20 + [0] * 20, "suspicious"),
        ([0] * 40, "no sign"),
        ([0] * 28, "unclear"),
        ([1] * 5 + [0] * 40, "unclear"),
    ],
    ids=["half are lost", "none of forty", "none of too few", "about a tenth"],
)
def test_that_the_verdict_follows_from_what_is_surely_lost(lost, verdict):
    (one,) = by_answer(looks(lost))
    assert one.name == "a"
    assert one.verdict == verdict
    assert one.figures["lost"].value == pytest.approx(np.mean(lost))


def test_that_pictures_of_one_patient_do_not_count_as_many():
    (one,) = by_answer(looks([0] * 60, groups=[n // 20 for n in range(60)]))
    assert (one.pictures, one.groups, one.verdict) == (60, 3, "unclear")


def test_that_attention_is_corrected_for_its_area_and_none_is_left_out():
    found = looks([0] * 4, outside=[0.8, 0.4, np.nan, np.nan])
    assert found.ratio[:2] == pytest.approx([1, 0.5])
    (one,) = by_answer(found)
    assert one.figures["ratio"].value == pytest.approx(0.75)
    (blind,) = by_answer(looks([0] * 4, outside=np.nan))
    assert np.isnan(blind.figures["ratio"].value)


def test_that_the_drop_is_what_the_answer_loses():
    assert looks([1, 0]).drop == pytest.approx([0.7, 0])


def test_that_attention_for_every_class_is_told_whatever_the_answer():
    first, second = by_class(looks([0] * 4, outside=[0.8, 0.4, np.nan, np.nan]))
    assert (first.name, first.pictures, second.pictures) == ("a", 2, 4)
    assert first.figures["ratio"].value == pytest.approx(0.75)
    assert second.figures["outside"].value == pytest.approx(0.2)
    assert second.figures["ratio"].value == pytest.approx(0.25)
