"""`benchmarks/class_scores.py` on a small network and generated lesions."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.evaluation.table import read_predictions
from viewer.testing.bundles import tiny_bundle

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "class_scores.py"
WHOLE = ("fitted", "softmax")
"""The same, where all the weight is on softmax."""
CLASSES = ("keratosis", "melanoma", "nevus", "vascular")

pytestmark = pytest.mark.integration


def run(bundle: Path, data: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = ["--data", data / "labels.csv", "--label", "class", "--group", "group_id", "--out", out]
    command = [sys.executable, SCRIPT, bundle, *words, *more]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(8, 5)
    return folder


def test_that_every_way_of_answering_has_a_table_and_is_compared_with_softmax(cohort, tmp_path):
    bundle = tiny_bundle(tmp_path, classes=CLASSES)
    finished = run(bundle, cohort, tmp_path / "out", "--weights", "1", "0", "0", "0")
    assert finished.returncode == 0, finished.stderr
    record = json.loads(finished.stdout)
    assert list(record) == ["margin", "cam", "certainty", "sum", "fitted"]
    for name in ("softmax", *record):
        assert len(read_predictions(tmp_path / "out" / f"{name}.csv")) == 8
    with (
        (tmp_path / "out" / "fitted.csv").open(newline="") as fitted,
        (tmp_path / "out" / "softmax.csv").open() as own,
    ):
        assert list(csv.reader(fitted)) == list(csv.reader(own))  # all the weight on softmax
    assert record["margin"]["accuracy"]["difference"] == 0  # the largest margin is that of the largest probability


def test_that_a_model_of_other_classes_is_refused_in_a_sentence(cohort, tmp_path):
    finished = run(tiny_bundle(tmp_path), cohort, tmp_path / "out")
    assert finished.returncode == 2
    assert "it knows round, jagged, striped and not all of these" in finished.stderr
