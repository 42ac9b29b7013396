"""The study of lung-ultrasound clips: what a training keeps, and figures that can be checked by hand."""

import csv
import importlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.metrics import cohen_kappa_score
from torchvision import models

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
COLUMNS = ("file", "kind", "class", "severity_score", "frames", "fps", "width", "height", "bytes", "group_id")

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def study():
    """The modules of the study."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        names = ("answers", "clips", "figures", "learning", "study")
        yield SimpleNamespace(**{name: importlib.import_module(f"lus_{name}") for name in names})
    for name in [name for name in sys.modules if name.startswith("lus_")]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Five groups of every class with a clip of seven frames each, and one still."""
    root = tmp_path_factory.mktemp("data")
    (root / "lus").mkdir()
    rng = np.random.default_rng(5)
    rows = []
    for number, kind in enumerate(["covid", "pneumonia", "regular"] * 5 + ["viral"]):
        frames = 1 if number == 0 else 7
        pictures = [Image.fromarray(rng.integers(0, 256, (24, 24), dtype=np.uint8)) for _ in range(frames)]
        name = f"convex_{number}.png" if frames == 1 else f"convex_{number}.gif"
        pictures[0].save(
            root / "lus" / name, **({} if frames == 1 else {"save_all": True, "append_images": pictures[1:]})
        )
        size = (root / "lus" / name).stat().st_size
        moving = "image" if frames == 1 else "video"
        score = number % 4 if frames > 1 else ""
        rows.append((name, moving, kind, score, frames, 10 if frames > 1 else "", 24, 24, size, f"g{number}"))
    with (root / "lus" / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return root


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.mark.parametrize(("network", "width"), [("whole", 1280), ("textures", 192)])
def test_that_a_training_keeps_every_second_frame_held_out_and_is_not_repeated(
    study, data, work, monkeypatch, network, width
):
    torch.manual_seed(1)
    start = work / "start.pth"
    torch.save(models.get_model("mobilenet_v2", weights=None).state_dict(), start)
    run = study.learning.Run(task="finding", network=network, loss="cross_entropy", seed=0, fold=0)
    taught = study.learning.NETWORKS[network]
    short = replace(taught, hyper=replace(taught.hyper, epochs=1, batch=8))
    monkeypatch.setitem(study.learning.NETWORKS, network, short)
    study.learning.learn(run, data, work / "short", start)
    with np.load(work / "short" / "predictions" / f"{run.name}.npz") as kept:
        files, clip, place, held_out = (kept[name] for name in ("files", "clip", "place", "held_out"))
        assert len(files) == 15  # viral is left out
        assert kept["logits"].shape == (len(clip), 3)
        assert kept["features"].shape == (len(clip), width)
        groups = kept["groups"][np.unique(clip[held_out])]
        assert len(groups) == 3
        assert not set(groups) & set(kept["groups"][np.unique(clip[~held_out])])
        moving = np.flatnonzero(kept["moving"])
        assert set(place[np.isin(clip, moving) & held_out]) == {0, 2, 4, 6}
        assert set(place[~held_out]) == {0}
    (work / "start.pth").unlink()
    study.learning.learn(run, data, work / "short", start)


def made_up(study, data, work) -> None:
    """Predictions of all runs as a training would keep them: surely right, but for one clip that is hardly wrong."""
    rng = np.random.default_rng(0)
    (work / "predictions").mkdir(exist_ok=True)
    for run in study.study.runs():
        clips = study.clips.read_clips(data, work / "frames", run.task)
        held_out = study.clips.folds_of(clips, run.seed) == run.fold
        clip = np.repeat(np.arange(len(clips)), [len(one.frames) for one in clips])
        labels = np.array([one.label for one in clips])
        classes = np.arange(len(study.clips.LABELS[run.task][1]))
        true = labels[clip][:, None] == classes
        logits = np.where((clip == 4)[:, None], np.where(true, 0.0, 1.0), 4.0 * true)
        np.savez(
            work / "predictions" / f"{run.name}.npz",
            clip=clip,
            place=np.concatenate([one.places for one in clips]),
            logits=logits,
            features=rng.normal(size=(len(clip), 8)).astype(np.float16),
            held_out=held_out[clip],
            files=np.array([one.file for one in clips]),
            groups=np.array([one.group for one in clips]),
            labels=labels,
            moving=np.array([one.moving for one in clips]),
        )


def test_that_figures_come_from_what_was_kept_with_the_control_beside_them(study, data, work, tmp_path, monkeypatch):
    made_up(study, data, work)
    out = tmp_path / "figures.json"
    words = ["lus_study.py", "figures", "--data", str(data), "--work", str(work), "--out", str(out)]
    monkeypatch.setattr(sys, "argv", words)
    assert study.study.main() == 0
    record = json.loads(out.read_text())
    finding = record["networks"]["finding"]
    assert finding["clips"]["answer/accuracy"]["value"] == pytest.approx(13 / 14)
    assert finding["frames"]["alike/auroc_f"]["value"] == 1
    assert set(record["networks"]) == {"finding", "finding-whole", "severity", "severity-ordered"}
    assert record["second_opinion"]["finding"]["speaks"] == 0  # with one wrong clip there is nothing to gain
    assert 0 <= record["control"]["finding"]["accuracy"]["value"] <= 1
    assert record["networks"]["severity"]["clips"]["answer/quadratic_kappa"]["value"] > 0.7


def test_that_quadratic_kappa_is_that_of_scikit_learn(study):
    rng = np.random.default_rng(1)
    true, answer = rng.integers(0, 4, 60), rng.integers(0, 4, 60)
    confusion = study.figures.confusion_matrix(true, answer, 4)
    assert study.figures.quadratic_kappa(confusion) == pytest.approx(
        cohen_kappa_score(true, answer, weights="quadratic")
    )
    assert study.figures.mean_error(confusion) == pytest.approx(np.abs(true - answer).mean())


def test_that_every_clip_counts_alike_whatever_its_length(study):
    answers = study.answers.Answers(
        task="finding",
        classes=("a", "b"),
        files=("short", "long"),
        labels=np.array([0, 0]),
        groups=("g", "h"),
        clip=np.array([0, 1, 1, 1, 1]),
        place=np.array([0, 0, 2, 4, 6]),
        logits=np.array([[2.0, 0], [0, 2], [0, 2], [0, 2], [0, 2]]),
        features=np.zeros((5, 2), np.float16),
    )
    found = study.figures.of_frames(answers, np.ones((1, 5)))
    assert found["alike", "answer", "accuracy"][0] == pytest.approx(0.2)
    assert found["by_clip", "answer", "accuracy"][0] == pytest.approx(0.5)
    long = answers.of(np.array([False, True]))
    assert (long.files, long.clip.tolist(), long.place.tolist()) == (("long",), [0, 0, 0, 0], [0, 2, 4, 6])
