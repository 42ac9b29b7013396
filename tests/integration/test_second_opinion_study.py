"""The study of second opinions on real outputs: those of a frame classifier on the frames it was trained on."""

import csv
import json
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.real_data, pytest.mark.integration, pytest.mark.slow]

LEFT_OUT = {"1017", "1047", "1051"}
"""The three patients on whom the classifier fares worst."""


@pytest.fixture(scope="module")
def found(viewer_data, tmp_path_factory):
    """What the command says of three patients, the source's methods having learnt from the five others."""
    folder = tmp_path_factory.mktemp("study")
    with (viewer_data / "lus_seed" / "values_train.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    for name, wanted in (("train", False), ("test", True)):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            kept = [row for row in rows if (row[0].split("/")[-1].split("_")[0] in LEFT_OUT) == wanted]
            csv.writer(file).writerows([header, *kept])
    words = ["--train", folder / "train.csv", "--test", folder / "test.csv", "--json", "--out", folder / "ours.csv"]
    command = [sys.executable, "-m", "viewer", "second-opinion", "study", *words]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout), folder / "ours.csv"


def test_that_ours_harms_no_patient_and_ranks_answers_better_than_softmax_in_each(found):
    figures, _ = found
    base, ours, trust = figures["base"], figures["cascade"]["ours"], figures["reliability"]["ours"]
    assert (base["frames"], set(base["per_patient"])) == (7137, LEFT_OUT)
    assert ours["accuracy"] > base["accuracy"] + 0.017
    for patient in LEFT_OUT:
        assert ours["per_patient"][patient]["accuracy"] >= base["per_patient"][patient]["accuracy"]
        assert trust["per_patient"][patient]["auroc_f"] > base["per_patient"][patient]["auroc_f"]


def test_that_every_frame_of_the_table_is_in_the_one_that_is_written(found):
    figures, table = found
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == figures["test"]["frames"]
    changed = [row for row in rows if row["final"] != row["predicted"]]
    assert changed
    assert all(row["trail"].endswith(f"changed to {row['final']}") for row in changed)
