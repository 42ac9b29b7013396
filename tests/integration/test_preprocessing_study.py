"""The study of preparing steps: its page holds what was measured, and its figures are right where they are known."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def scripts(monkeypatch):
    pytest.importorskip("cv2")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import preprocessing_page
    import preprocessing_study

    return preprocessing_study, preprocessing_page


def test_that_the_page_is_up_to_date(scripts, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["preprocessing_page.py", "--check"])
    assert scripts[1].main() == 0


def test_that_a_way_that_rights_every_answer_gains_what_was_wrong(scripts):
    labels = np.arange(40) % 2
    plain = (np.arange(40) % 4 != 0) | (labels == 1)  # half of the first class is wrong: balanced accuracy .75
    groups = [f"g{number // 2}" for number in range(40)]
    found = scripts[0].compared({"none": plain, "all three": np.ones(40, bool)}, labels, groups)
    assert found["pictures"] == 40
    assert found["groups"] == 20
    assert found["ways"]["none"]["value"] == pytest.approx(0.75)
    gain = found["ways"]["all three"]["difference"]
    assert gain["difference"] == pytest.approx(0.25)
    assert 0 < gain["low"] < 0.25 < gain["high"] <= 0.5


def test_that_what_changes_nothing_has_a_difference_of_nothing(scripts):
    labels = np.arange(12) % 3
    right = np.arange(12) % 5 > 0
    groups = [str(number) for number in range(12)]
    gain = scripts[0].compared({"none": right, "corner_crop": right}, labels, groups)["ways"]["corner_crop"]
    assert (gain["difference"]["low"], gain["difference"]["high"], gain["others"]) == (0, 0, 0)


def test_that_hairs_are_painted_where_they_are_said_to_be(scripts):
    clean = np.full((300, 300, 3), 190, np.uint8)
    hairy, where = scripts[0].hairs_on(clean, 1)
    assert where.any()
    assert hairy[where].mean() < 150
    assert np.abs(hairy.astype(int) - clean)[~where].mean() < 5
