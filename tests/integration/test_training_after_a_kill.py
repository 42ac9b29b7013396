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
MOST_CHECKPOINTS = 5
"""Before a kill: four times as many are fewer than one training writes, so that each kill comes while it learns."""

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


def wait_for_checkpoints(process: subprocess.Popen, work: Path, wanted: int) -> None:
    """Return when `wanted` checkpoints were written in a row, or the training ended."""
    last = work / "checkpoints" / "last.ckpt"
    seen = stamp(last)
    while wanted and process.poll() is None:
        if (now := stamp(last)) != seen:
            seen, wanted = now, wanted - 1
        time.sleep(0.002)


def stamp(file: Path) -> int | None:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return None


@pytest.mark.timeout(600)
def test_that_weights_history_and_log_are_those_of_an_unbroken_training(start, tmp_path):
    moments = random.Random()  # noqa: S311 - any moment will do, and each run tries others
    straight = start(tmp_path / "straight")
    straight.communicate()
    assert straight.returncode == 0

    said = []
    for _ in range(KILLS):
        process = start(tmp_path / "killed")
        wait_for_checkpoints(process, tmp_path / "killed.work", moments.randint(1, MOST_CHECKPOINTS))
        time.sleep(moments.uniform(0, 0.05))
        process.kill()
        said.append(process.communicate()[1])
    last = start(tmp_path / "killed")
    said.append(last.communicate()[1])
    assert last.returncode == 0, said
    assert any("going on where" in words for words in said), "no kill came while it was learning"

    works = [tmp_path / f"{name}.work" for name in ("straight", "killed")]
    for file in ("network.safetensors", "history.json"):
        assert works[0].joinpath(file).read_bytes() == works[1].joinpath(file).read_bytes(), file
    assert rows_without_seconds(works[0]) == rows_without_seconds(works[1])
    assert [row["epoch"] for row in rows_without_seconds(works[1])] == ["1", "2", "3", "4"]
    assert read_bundle(tmp_path / "straight").digest == read_bundle(tmp_path / "killed").digest
    assert not list(works[1].rglob("*.part"))
