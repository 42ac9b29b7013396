"""The study of networks that draw: figures worked out by hand, and a page that holds what was measured."""

import csv
import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
BOTH = "Left Lung;Right Lung"


@pytest.fixture(scope="module")
def modules():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        names = ("segmentation_runs", "segmentation_figures", "segmentation_page", "segmentation_study")
        yield {name.removeprefix("segmentation_"): importlib.import_module(name) for name in names}


@pytest.fixture
def data(tmp_path) -> Path:
    """Two X-rays that a radiologist drew the lungs of, one of them one lung alone."""
    folder = tmp_path / "data" / "cxr"
    folder.mkdir(parents=True)
    rows = [
        {"file": "images/a.jpg", "mask_manual": "m/a.png", "mask_auto": "", "annotated_structures": BOTH},
        {"file": "images/b.jpg", "mask_manual": "m/b.png", "mask_auto": "", "annotated_structures": "Left Lung"},
        {"file": "images/c.jpg", "mask_manual": "", "mask_auto": "m/c.png", "annotated_structures": ""},
    ]
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return tmp_path / "data"


def answers(dice: list[float], labels: list[int], predicted: list[int]) -> dict[str, np.ndarray]:
    names = [f"{number}.png" for number in range(len(dice))]
    scores = np.array(dice)
    logits = np.eye(2)[predicted]
    return {
        "names": np.array(names),
        "groups": np.array(names),
        "labels": np.array(labels),
        "logits": logits,
        "dice": scores,
        "iou": scores / (2 - scores),
        "accuracy": scores,
    }


def test_that_a_lung_that_was_not_drawn_teaches_no_mask(modules, data, tmp_path):
    assert modules["runs"].half_drawn(data) == {"b.jpg"}
    modules["study"].write_table(data, tmp_path / "lungs.csv")
    with (tmp_path / "lungs.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["mask"] for row in csv.DictReader(stream)] == ["m/a.png", "", ""]


def test_that_masks_are_summed_up_with_the_worst_first(modules):
    seen = answers([0.9, 0.5, 1.0, 0.8], [0, 0, 1, 1], [0, 1, 1, 1])
    found = modules["figures"]._masks(seen, "lungs")
    assert (found["pictures"], found["groups"], found["below"]) == (4, 4, 2)
    assert found["dice"]["value"] == pytest.approx(0.8)
    assert found["dice"]["low"] < 0.8 < found["dice"]["high"]
    assert found["worst"][0] == ["1.png", 0.5]
    classes = modules["figures"]._classes(seen)
    assert classes["accuracy"]["value"] == pytest.approx(0.75)
    assert classes["balanced"]["value"] == pytest.approx(0.75)
    assert classes["kappa"]["value"] == pytest.approx(0.5)


def test_that_folds_judged_so_far_are_joined(modules, tmp_path):
    runs = modules["runs"]
    for fold in (0, 2):
        kept = runs.heldout_file(tmp_path, "lungs", fold)
        kept.parent.mkdir(exist_ok=True)
        np.savez_compressed(kept, seconds=np.array(10.0 + fold), **answers([0.9, 0.8], [0, 1], [0, 1]))
    found = runs.recall("lungs", tmp_path)
    assert found["fold"].tolist() == [0, 0, 2, 2]
    assert found["seconds"].tolist() == [10.0, 12.0]


def test_that_the_page_holds_what_was_measured(modules, monkeypatch, capsys):
    page = modules["page"]
    monkeypatch.setattr(sys, "argv", ["segmentation_page.py", "--check"])
    assert page.main() == 0
    record = json.loads(page.FILE.read_text(encoding="utf-8"))
    changed = {**record, "lungs": {**record["lungs"], "all": {**record["lungs"]["all"], "least": 0.123}}}
    assert "| 0.123 |" in "\n".join(page.masks(changed))
