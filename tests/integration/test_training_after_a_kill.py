"""A training that is killed again and again ends as one that was left alone."""

import csv
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from viewer.engine.bundle import read_bundle

pytestmark = [pytest.mark.integration, pytest.mark.slow]

KILLS = 4

EVERY_STEP = (
    "import sys; from viewer.training import chronicle; chronicle.KEEP_EVERY_S, chronicle.ASK_EVERY = 0, 1; "
    "from viewer.__main__ import main; sys.exit(main())"
)
"""`viewer`, with a checkpoint after every step, as if each took minutes."""


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(40, 8)
    return folder


@pytest.fixture
def start(cohort, tmp_path):
    own = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "OMP_NUM_THREADS": "1"}

    def start(out: Path) -> subprocess.Popen:
        words = ["train", "classifier", "--data", cohort / "labels.csv", "--image-root", cohort, "--label", "class"]
        words += ["--group", "group_id", "--architecture", "squeezenet1_0", "--input-size", "64", "--epochs", "4"]
        words += ["--batch", "4", "--average", "0.9", "--device", "cpu", "--modality", "dermoscopy", "--name", "tiny"]
        command = [sys.executable, "-c", EVERY_STEP, *words, "--out", out]
        return subprocess.Popen(list(map(str, command)), env=os.environ | own, stderr=subprocess.PIPE, text=True)

    return start


def rows_without_seconds(work: Path) -> list[dict[str, str]]:
    with (work / "log.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def wait_for_training(process: subprocess.Popen) -> None:
    for line in process.stderr:
        if line.startswith("The network started"):
            return


@pytest.mark.timeout(600)
def test_that_weights_history_and_log_are_those_of_an_unbroken_training(start, tmp_path):
    moments = random.Random()  # noqa: S311 - any moment will do, and each run tries others
    straight = start(tmp_path / "straight")
    wait_for_training(straight)
    into_training = time.monotonic()
    straight.communicate()
    assert straight.returncode == 0
    took = time.monotonic() - into_training

    said = []
    for _ in range(KILLS):
        process = start(tmp_path / "killed")
        wait_for_training(process)
        time.sleep(moments.uniform(0, 0.6 * took))
        process.kill()
        said.append(process.communicate()[1])
    last = start(tmp_path / "killed")
    said.append(last.communicate()[1])
    assert last.returncode == 0, said
    assert sum("going on where" in words for words in said) >= 1, "no kill came while it was learning"

    works = [tmp_path / f"{name}.work" for name in ("straight", "killed")]
    for file in ("network.safetensors", "history.json"):
        assert works[0].joinpath(file).read_bytes() == works[1].joinpath(file).read_bytes(), file
    assert rows_without_seconds(works[0]) == rows_without_seconds(works[1])
    assert [row["epoch"] for row in rows_without_seconds(works[1])] == ["1", "2", "3", "4"]
    assert read_bundle(tmp_path / "straight").digest == read_bundle(tmp_path / "killed").digest
    assert not list(works[1].rglob("*.part"))
