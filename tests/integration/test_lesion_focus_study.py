"""The study of lesion focus: its page holds what was measured, and its figures are right where they are known."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PICTURES, SIDE = 20, 16


@pytest.fixture
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import lesion_focus_arms
    import lesion_focus_figures
    import lesion_focus_page

    return lesion_focus_arms, lesion_focus_figures, lesion_focus_page


@pytest.fixture
def masks():
    """The upper left quarter."""
    found = np.zeros((PICTURES, SIDE, SIDE), bool)
    found[:, : SIDE // 2, : SIDE // 2] = True
    return found


@pytest.fixture
def study(scripts, masks, tmp_path, monkeypatch):
    """Two arms of two folds, three seeds each: one looks everywhere and errs twice, one at the lesion and never."""
    arms, figures, _ = scripts
    monkeypatch.setattr(figures, "FOLDS", 2)
    monkeypatch.setattr(figures, "DRAWS", 50)
    made = arms.Study(data=tmp_path, weights=None, work=tmp_path)
    labels = np.arange(PICTURES) % 2
    everywhere = np.ones((PICTURES, 2, 4, 4))
    inside = np.zeros((PICTURES, 2, 4, 4))
    inside[:, :, :2, :2] = 1
    for name, maps, errors in (("ce", everywhere, 2), ("mask", inside, 0)):
        for seed in range(3):
            logits = np.eye(2)[labels] * 3.0 + seed * 0.1
            logits[:errors] = logits[:errors, ::-1] / 3
            for fold in range(2):
                rows = np.arange(PICTURES) % 4 // 2 == fold
                out = made.outputs(name, fold, seed)
                out.parent.mkdir(exist_ok=True)
                files = np.array([f"{i:02d}.jpg" for i in range(PICTURES)])
                kept = {"files": files, "labels": labels, "logits": logits, "maps": maps, "masks": masks}
                np.savez(out, **{key: values[rows] for key, values in kept.items()})
    return made


def test_that_the_page_is_up_to_date(scripts, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["lesion_focus_page.py", "--check"])
    assert scripts[2].main() == 0


def test_that_a_map_of_the_lesion_overlaps_all_of_it_and_one_of_the_rest_nothing(scripts, masks):
    exact = masks[:1].astype(np.float32)
    assert scripts[1].overlaps(exact, masks[:1]).tolist() == [1.0]
    assert scripts[1].overlaps(-exact, masks[:1]).tolist() == [0.0]


def test_that_members_that_agree_do_not_differ_and_opposite_ones_do_all_the_way(scripts):
    sure, other = np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[0.0, 1.0], [0.5, 0.5]])
    assert scripts[1].disagreement([sure, sure, sure]).tolist() == [0, 0]
    assert scripts[1].disagreement([sure, other]).tolist() == [1, 0]


def test_that_figures_are_those_that_were_built_in(scripts, study):
    found = scripts[1].figures(study)
    assert (found["pictures"], found["positives"]) == (PICTURES, PICTURES // 2)
    assert list(found["arms"]) == ["ce", "mask"]
    base, mask = found["arms"]["ce"], found["arms"]["mask"]
    assert base["balanced"]["value"] == pytest.approx(0.9)
    assert base["inside"]["value"] == pytest.approx(1.0)
    assert mask["balanced_gain"]["value"] == pytest.approx(0.1)
    assert mask["inside"]["value"] == pytest.approx(4.0)
    assert mask["inside_ratio"]["value"] == pytest.approx(3.0)
    assert mask["overlap"]["value"] > 0.7
    assert mask["balanced_gain"]["low"] <= 0.1 <= mask["balanced_gain"]["high"]
    ensemble = found["ensembles"]["mask"]
    assert (ensemble["wrong"], ensemble["wrong_single"]) == (0, [0, 0, 0])
    assert ensemble["gain"] is None  # nothing to tell apart


def test_that_an_arm_without_all_its_folds_is_left_out(scripts, study):
    for seed in range(3):
        study.outputs("mask", 1, seed).unlink()
    assert list(scripts[1].figures(study)["arms"]) == ["ce"]


def test_that_every_table_can_be_drawn(scripts, study):
    _, figures, page = scripts
    record = figures.figures(study)
    lines = {name: list(block(record)) for name, block in page.BLOCKS.items()}
    assert lines["arms"][2].startswith("| cross-entropy alone (3 seeds) | .900 (")
    assert "**+300 %" in lines["attention"][3]
