"""The study's recipe on generated lesions: what is frozen stays, what is not learns, and the bundle opens."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision import models

from viewer.cli import train as command
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import read_bundle

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(28, 6)
    return folder


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Path:
    """A file in torchvision's layout, with random weights."""
    torch.manual_seed(1)
    file = tmp_path_factory.mktemp("weights") / "mobilenet.pth"
    torch.save(models.get_model("mobilenet_v2", weights=None).state_dict(), file)
    return file


@pytest.fixture(scope="module")
def run(cohort, in_place, table_words):
    def call(out: Path, *more: str) -> int:
        words = ["train", "isic9", *table_words(cohort), "--backbone", "mobilenet_v2", "--input-size", "64"]
        short = ["--epochs", "2", "--batch", "8", "--device", "cpu", "--modality", "dermoscopy"]
        status: int = in_place(command, *words, *short, "--out", out, *more)
        return status

    return call


def test_that_a_frozen_backbone_without_weights_is_refused_before_anything_is_read(run, tmp_path, capsys):
    with pytest.raises(
        ViewerError, match=r"isic9 needs starting weights \(--weights FILE or download\): trunk would"
    ):
        run(tmp_path / "b")
    assert "reading" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "name"), [((), "mobilenet_v2_dense"), (("--head", "gap"), "mobilenet_v2")], ids=["dense", "gap"]
)
def test_that_the_backbone_stays_as_it_was_and_the_bundle_opens(run, start, tmp_path, more, name):
    assert run(tmp_path / "b", "--weights", str(start), *more) == 0
    bundle = read_bundle(tmp_path / "b")
    assert bundle.manifest.architecture == name
    state = torch.load(start, weights_only=True)
    weights = bundle.weights()
    for key, tensor in state.items():
        if key.startswith("features.") and "num_batches" not in key:
            assert np.array_equal(weights[f"trunk.{key.removeprefix('features.')}"], tensor.half().numpy()), key
    assert "backbone mobilenet_v2, fine_tune no" in bundle.card
    assert all(row["trust_mutual_information"] for row in bundle.predictions("certify"))


def test_that_augmented_pictures_go_through_the_frozen_backbone_in_evaluation(run, start, tmp_path):
    """Its batch norm sees other pictures in every epoch, and must not follow them."""
    assert run(tmp_path / "b", "--weights", str(start), "--augment", "--head", "gap", "--epochs", "1") == 0
    state, weights = torch.load(start, weights_only=True), read_bundle(tmp_path / "b").weights()
    mean = "0.1.running_mean"
    assert np.array_equal(weights[f"trunk.{mean}"], state[f"features.{mean}"].half().numpy())
