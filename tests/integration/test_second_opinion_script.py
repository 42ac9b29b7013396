"""`benchmarks/second_opinion_study.py` on a generated table, and clips that networks had not learnt from."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "second_opinion_study.py"

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.fixture
def table(tmp_path):
    """Four patients with four clips each, whose classifier wavers from frame to frame."""
    random = np.random.default_rng(0)
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "true", "predicted", "sm0", "sm1", "sm2", "sm3"])
        for patient, clip, place in np.ndindex(4, 4, 30):
            logits = random.normal(0, 1, 4)
            logits[(patient + clip) % 4] += 2.5
            outputs = np.exp(logits) / np.exp(logits).sum()
            name = f"{patient + 1}_1_{clip}_{place}_0.png"
            writer.writerow([name, (patient + clip) % 4, outputs.argmax(), *outputs.round(6)])
    return path


@pytest.fixture
def work(tmp_path):
    """What benchmarks/lus_study.py keeps of two folds."""
    random, folder = np.random.default_rng(1), tmp_path / "work" / "predictions"
    folder.mkdir(parents=True)
    labels, groups = np.array([0, 1, 2, 0, 1, 2]), np.array(list("aabbcc"))
    clip = np.repeat(np.arange(6), 20)
    for fold in range(2):
        kept = {"clip": clip, "place": np.tile(np.arange(20), 6), "labels": labels, "groups": groups}
        logits = random.normal(0, 1, (120, 3)) + 1.5 * np.eye(3)[labels[clip]]
        path = folder / f"severity-textures-cross_entropy-seed0-fold{fold}.npz"
        np.savez(path, logits=logits, held_out=clip % 2 == fold, **kept)
    return tmp_path / "work"


def test_that_the_study_measures_patients_worlds_and_clips_and_one_of_them_again(table, work, tmp_path):
    out = tmp_path / "study.json"
    command = [sys.executable, SCRIPT, "--table", table, "--clips", work, "--out", out, "--worlds", "1"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert finished.returncode == 0, finished.stderr
    record = json.loads(out.read_text(encoding="utf-8"))
    assert set(record["patients"]["base"]["patients"]) == {"1", "2", "3", "4"}
    assert len(record["patients"]) == 1 + 4 + 4 + 12 + 1
    ours = record["plain"]["answers"]["the same, with our lead: ours"]
    assert record["plain"]["worlds"] == record["scrambled"]["worlds"] == 1
    assert 0 <= ours["both"] <= ours["none_below"] <= 1
    assert record["scrambled"]["softmax"] == pytest.approx(0.607, abs=0.03)
    assert (record["clips"]["severity"]["frames"], record["clips"]["severity"]["groups"]) == (120, 3)
    again = subprocess.run([*command, "--only", "clips"], capture_output=True, text=True, check=False, timeout=280)
    assert again.returncode == 0, again.stderr
    assert json.loads(out.read_text(encoding="utf-8")) == record
