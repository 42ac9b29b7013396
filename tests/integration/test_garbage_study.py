"""The study of garbage, on made-up features: what is kept, and figures whose outcome is known."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
GROUPS, EACH, WIDTH = 160, 2, 6


@pytest.fixture
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import garbage_passes
    import garbage_study
    import study_pages

    return garbage_passes, garbage_study, study_pages


def seen(passes, rng, place, labels, kinds=None):
    """Pictures whose features lie around `place`, and whose textures and looks are all alike."""
    n = len(labels)
    features = rng.normal(0, 0.3, (n, WIDTH)) + place
    return passes.Seen(
        features=features.astype(np.float32),
        middle=rng.normal(1, 0.1, (n, 4)).astype(np.float32),
        looks=np.abs(rng.normal(1, 0.1, (n, 8))).astype(np.float32),
        labels=labels,
        groups=np.array([f"g{i // EACH:03d}" for i in range(n)]),
        kinds=np.full(n, "") if kinds is None else kinds,
    )


@pytest.fixture
def work(scripts, tmp_path):
    """Two classes apart along one axis; garbage far along another, and garbage that looks proper."""
    passes, _, _ = scripts
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(GROUPS) % 2, EACH).astype(np.intp)
    proper = np.eye(WIDTH)[0] * (4 * labels[:, None] - 2)
    far = np.eye(WIDTH)[1] * 8
    two = np.array(["one", "other"])[np.arange(len(labels)) % 2]
    sorts = {
        "proper": seen(passes, rng, proper, labels),
        "noise": seen(passes, rng, far, labels, two),
        "texture": seen(passes, rng, far + 1, labels, two),
        "hidden": seen(passes, rng, proper, labels, two),
        "real X-rays": seen(passes, rng, far, labels),
    }
    for subject in passes.SUBJECTS:
        folder = tmp_path / subject
        folder.mkdir()
        for name, pictures in sorts.items():
            arrays = {field: getattr(pictures, field) for field in pictures.__dataclass_fields__}
            np.savez(folder / f"{name}.npz", **arrays)
    return tmp_path


def test_that_garbage_like_what_was_taught_is_rejected_and_garbage_that_looks_proper_is_not(
    scripts, work, monkeypatch
):
    _, study, pages = scripts
    out = work / "study.json"
    monkeypatch.setattr(sys, "argv", ["garbage_study.py", "figures", "--work", str(work), "--out", str(out)])
    assert study.main() == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    found = record["dermoscopy"]
    assert found["accuracy"]["without"]["value"] > 0.95
    assert found["left_out"]["noise"]["alone"]["value"] > 0.95
    assert found["left_out"]["noise"]["together"]["value"] > 0.95
    assert found["left_out"]["hidden"]["alone"]["value"] < 0.3
    assert found["real"]["X-rays"]["distances"]["value"] > 0.9
    assert found["proper"]["together"]["value"] < 0.25
    assert found["kinds"]["noise: one"]["pictures"] == GROUPS * EACH // 2
    mean = np.mean([found["left_out"][name]["alone"]["value"] for name in ("noise", "texture", "hidden")])
    assert found["mean"]["alone"]["value"] == pytest.approx(mean)
    for make in pages.BLOCKS["garbage_study"].values():
        assert all(row.startswith("|") for row in make(record))
