"""The study of masks: what harms do, figures whose outcome is known, and a page that holds them."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
GROUPS, EACH = 60, 2


@pytest.fixture(scope="module")
def scripts():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        import mask_figures
        import mask_harms
        import mask_page
        import mask_passes

        patch.setattr(mask_figures, "DRAWS", 20)
        yield mask_harms, mask_passes, mask_figures, mask_page


def made_up(kinds, rng, start):
    """Masks that are the surer the better they are, all of a size; answers are right where attention is inside."""
    n = GROUPS * EACH
    rows = {
        name: [] for name in ("kind", "picture", "group", "label", "facts", "dice", "times", "area", "answer", "sure")
    }
    for kind, worst in kinds.items():
        dice = rng.uniform(worst, 0.98, n)
        right = rng.random(n) < 0.7
        facts = rng.normal(0.5, 0.02, (n, 6))
        facts[:, 0] = dice + rng.normal(0, 0.02, n)
        values = {
            "kind": np.full(n, kind),
            "picture": np.array([f"{i}.png" for i in range(n)]),
            "group": np.array([f"g{start + i // EACH:03d}" for i in range(n)]),
            "label": np.zeros(n, int),
            "facts": facts,
            "dice": dice,
            "times": np.where(right, 2.0, 0.5) + rng.normal(0, 0.1, n),
            "area": rng.uniform(0.3, 0.4, n),
            "answer": np.where(right, 0, 1),
            "sure": rng.random(n),
        }
        for name, value in values.items():
            rows[name].append(value)
    return {name: np.concatenate(values) for name, values in rows.items()}


@pytest.fixture(scope="module")
def record(scripts, tmp_path_factory):
    _, passes, figures, _ = scripts
    work = tmp_path_factory.mktemp("work")
    rng = np.random.default_rng(0)
    for number in range(2):
        kinds = {passes.AS_IT_IS: 0.85, "dark": 0.3, passes.OTHER: 0.0}
        np.savez(work / f"lungs-{number}.npz", **made_up(kinds, rng, number * GROUPS))
    return {"lungs": figures.figures_of(sorted(work.glob("lungs-*.npz"))), "lesions": figures.figures_of([])}


def test_that_masks_which_are_surer_where_they_are_better_are_told(record):
    world = record["lungs"]
    assert (world["networks"], world["pictures"], world["groups"]) == (2, 2 * GROUPS * EACH, 2 * GROUPS)
    sure, border = world["spearman"]["steadiness"]["harmed too"], world["spearman"]["border"]["harmed too"]
    assert sure["value"] > 0.9
    assert sure["low"] < sure["value"] < sure["high"]
    assert abs(border["value"]) < 0.2
    assert world["spearman"]["plausibility"]["harmed too"]["value"] > 0.6
    assert world["usual"]["flagged"] < 0.1
    assert world["kinds"]["dark"]["flagged"] > 0.5


def test_that_attention_that_tells_errors_is_better_than_its_control(record):
    found = record["lungs"]["errors"]
    assert found["attention"]["value"] > 0.95
    assert 0.4 < found["control"]["value"] < 0.6
    assert found["apart"]["low"] > 0.3
    assert record["lesions"] is None


def test_that_the_page_holds_the_tables_and_is_checked(scripts, record, tmp_path, monkeypatch, capsys):
    page = scripts[-1]
    file, text = tmp_path / "record.json", tmp_path / "page.md"
    file.write_text(json.dumps(record), encoding="utf-8")
    blocks = "".join(f"<!-- {name} -->\n<!-- end -->\n" for name in ("correlations", "kinds", "errors"))
    text.write_text(f"before\n{blocks}after\n", encoding="utf-8")
    monkeypatch.setattr(page, "FILE", file)
    monkeypatch.setattr(page, "PAGE", text)
    monkeypatch.setattr(sys, "argv", ["mask_page.py", "--check"])
    assert page.main() == 1
    assert "run benchmarks/mask_page.py" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["mask_page.py"])
    assert page.main() == 0
    assert "| **Plausibility** |" in text.read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["mask_page.py", "--check"])
    assert page.main() == 0


def test_that_every_harm_keeps_picture_and_mask_of_one_size_and_leaves_both(scripts):
    harms = scripts[0]
    rgb = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    mask = np.zeros((60, 80), bool)
    mask[20:40, 30:50] = True
    before = rgb.copy()
    for name, harm in harms.HARMS.items():
        harmed, truth = harm(rgb, mask, np.random.default_rng(1))
        assert harmed.shape[:2] == truth.shape, name
        assert harmed.dtype == np.uint8
        assert not np.array_equal(harmed, rgb), name
    assert np.array_equal(rgb, before)


def test_that_dice_is_that_of_the_nearest_cells(scripts):
    passes = scripts[1]
    truth = np.zeros((40, 80), bool)
    truth[:, :40] = True
    found = np.zeros((4, 4), bool)
    found[:, :2] = True
    assert passes.dice(found, truth) == 1
    assert passes.dice(~found, truth) == 0
    assert passes.dice(np.zeros((4, 4), bool), truth) == 0


def test_that_the_page_is_up_to_date(scripts, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["mask_page.py", "--check"])
    assert scripts[-1].main() == 0
