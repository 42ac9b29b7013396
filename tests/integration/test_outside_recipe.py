"""A third party's recipe, one file beside the viewer: found, explained, trained, and its bundle opened."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.engine.bundle import read_bundle

GUIDE = (Path(__file__).parents[2] / "docs" / "plugin-guide.md").read_text(encoding="utf-8")
BROKEN_IN_THE_SECOND = """
import os

from viewer.api import Recipe, hookimpl, logits_of

VIEWER_API = 1


def broken(context):
    from torch import nn
    from torch.nn import functional

    class Broken(nn.Module):
        def forward(self, network, batch):
            if os.environ.get("LOCAL_RANK", "0") != "0":
                raise RuntimeError("this process has had enough")
            return {"loss": functional.cross_entropy(logits_of(network, batch.inputs), batch.labels)}

    return Broken()


@hookimpl
def viewer_recipes(options):
    words = {"title": "Broken", "summary": "break", "explanation": "It breaks.", "loss": "none", "needs": "nothing"}
    return [Recipe(name="broken", objective=broken, **words)]
"""

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(40, 9)
    return folder


@pytest.fixture(scope="module")
def plugins(tmp_path_factory) -> Path:
    """A folder on the path with two plugins: a module each, and the entry point that names it."""
    folder = tmp_path_factory.mktemp("plugins")
    (file, text) = re.search(r"<!-- recipe: (\S+) -->\n```python\n(.*?)```", GUIDE, re.DOTALL).groups()
    for name, source in ((file.removesuffix(".py"), text), ("viewer_broken", BROKEN_IN_THE_SECOND)):
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
        metadata = folder / f"{name}-1.0.dist-info"
        metadata.mkdir()
        plain = name.removeprefix("viewer_")
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (metadata / "entry_points.txt").write_text(f"[viewer.plugins]\n{plain} = {name}\n", encoding="utf-8")
    return folder


@pytest.fixture
def run(plugins, tmp_path):
    path = os.pathsep.join([str(plugins), *filter(None, [os.environ.get("PYTHONPATH")])])
    own = {"PYTHONPATH": path, "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    env = {k: v for k, v in os.environ.items() if not k.endswith("_RANK")} | own | {"OMP_NUM_THREADS": "1"}

    def run(*words: object, rc: int | None = 0) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "viewer", *map(str, words)]
        # All processes hold the pipes: this returns when the last of them has ended.
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=280, check=False
        )
        assert rc is None or done.returncode == rc, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def train(run, cohort):
    def train(recipe: str, out: Path, *more: object, **expected):
        words = ["--data", cohort / "labels.csv", "--image-root", cohort, "--label", "class", "--group", "group_id"]
        words += ["--architecture", "squeezenet1_0", "--input-size", 64, "--batch", 8, "--device", "cpu"]
        return run("train", recipe, *words, "--modality", "dermoscopy", "--out", out, *more, **expected)

    return train


def log(out: Path) -> list[dict[str, str]]:
    with (out.with_name(f"{out.name}.work") / "log.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_that_the_guides_recipe_trains_to_a_bundle_that_assess_opens(run, train, cohort, tmp_path):
    explained = run("recipes", "restrained").stdout
    assert "--restraint: weight of the mean square of the logits; default 0.01" in explained
    out, table = tmp_path / "modest", tmp_path / "table.csv"
    train("restrained", out, "--restraint", "0.5", "--epochs", 1)
    (row,) = log(out)
    assert float(row["train_loss"]) == pytest.approx(float(row["cross_entropy"]) + float(row["restraint"]))
    assert "recipe restrained 1: restraint 0.5" in read_bundle(out).card
    picture = next(iter((cohort).rglob("*.png")))
    run("assess", picture, "--bundle", out, "--modality", "dermoscopy", "--out", table)
    with table.open(encoding="utf-8", newline="") as lines:
        (assessed,) = csv.DictReader(lines)
    assert 0 <= float(assessed["trust_softmax"]) <= 1


@pytest.mark.timeout(600)
def test_that_two_processes_train_one_bundle_with_one_voice(train, tmp_path):
    """With a learning rate of nearly nothing, both trainings must find the same loss on all stopping pictures."""
    still = ("--epochs", 2, "--lr", "1e-12", "--weight-decay", 0)
    one, two = tmp_path / "one", tmp_path / "two"
    train("classifier", one, *still)
    said = train("classifier", two, *still, "--devices", 2)
    assert said.stdout == f"{two}\n"
    lines = said.stderr.splitlines()
    assert len(lines) == len(set(lines))
    assert [line for line in lines if line.startswith("epoch 2/2: training")]
    for alone, shared in zip(log(one), log(two), strict=True):
        assert float(shared["stop_loss"]) == pytest.approx(float(alone["stop_loss"]), rel=1e-5)
        assert shared["stop_accuracy"] == alone["stop_accuracy"]
    assert read_bundle(two).manifest.architecture == "squeezenet1_0"


@pytest.mark.timeout(300)
def test_that_all_processes_end_when_one_of_them_fails(train, tmp_path):
    failed = train("broken", tmp_path / "b", "--epochs", 1, "--devices", 2, rc=None)
    assert failed.returncode != 0
    assert "the objective of the recipe broken raised RuntimeError: this process has had enough" in failed.stderr
    assert not (tmp_path / "b").exists()
