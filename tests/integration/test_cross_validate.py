"""`viewer cross-validate` from generated lesions to tables that `viewer evaluate` reads."""

import csv
import json
from pathlib import Path

import pytest

from viewer.cli import cross_validate as command
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import read_bundle
from viewer.evaluation.table import read_predictions
from viewer.testing.bundles import tiny_bundle
from viewer.training import crossval
from viewer.training.card import read_section
from viewer.training.crossval_card import HEADING

CLASSES = ("keratosis", "melanoma", "nevus", "vascular")

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(36, 5)
    return folder


@pytest.fixture(scope="module")
def run(cohort, in_place, table_words):
    def call(out: Path, *more: str) -> int:
        words = ["cross-validate", "classifier", *table_words(cohort), "--architecture", "squeezenet1_0"]
        short = ["--input-size", "64", "--epochs", "1", "--batch", "8", "--device", "cpu", "--folds", "2"]
        status: int = in_place(command, *words, *short, "--modality", "dermoscopy", "--out", out, *more)
        return status

    return call


@pytest.fixture(scope="module")
def out(run, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "derm"
    assert run(folder, "--members", "2", "--ways", "single", "ensemble") == 0
    return folder


def test_that_every_picture_stands_in_every_table_once(out, cohort):
    for name in ("single", "ensemble"):
        table = read_predictions(out / f"{name}.csv")
        assert len(set(table.keys["id"])) == len(table) == 36
        assert all(Path(file).is_relative_to(cohort) for file in table.keys["file"])
        assert {"trust", "trust_softmax", "trust_members"} <= set(table.trusts)
        assert table.groups is not None


def test_that_groups_are_pseudonyms(out, cohort):
    with (cohort / "labels.csv").open(newline="") as file:
        names = {row["group_id"] for row in csv.DictReader(file)}
    with (out / "single.csv").open(newline="") as file:
        assert {row["group"] for row in csv.DictReader(file)} == {pseudonym(name) for name in names}


def test_that_the_ensemble_is_made_of_the_networks_that_answered_alone(out):
    single, ensemble = (json.loads((out / f"{name}.json").read_text()) for name in ("single", "ensemble"))
    assert [fold["architecture"] for fold in ensemble["folds"]] == ["squeezenet1_0_x2"] * 2
    for alone, together in zip(single["folds"], ensemble["folds"], strict=True):
        assert together["trainings"][0] == alone["trainings"][0]
        assert len(together["trainings"]) == 2
        assert together["parts"] == alone["parts"]


def test_that_the_facts_of_the_folds_add_up_to_the_figures(out):
    record = json.loads((out / "single.json").read_text())
    right, judged = (sum(fold[name] for fold in record["folds"]) for name in ("right", "judged"))
    assert record["figures"]["accuracy"]["value"] == pytest.approx(right / judged)
    assert judged == record["figures"]["n"] == 36


def test_that_finished_folds_are_not_repeated_and_give_the_same_table(run, out, monkeypatch):
    before = (out / "ensemble.csv").read_bytes()
    monkeypatch.setattr(crossval, "learn_members", lambda *_: pytest.fail("a training was repeated"))
    (out / "ensemble.csv").unlink()
    assert run(out, "--members", "2", "--ways", "single", "ensemble") == 0
    assert (out / "ensemble.csv").read_bytes() == before


def test_that_an_interrupted_cross_validation_comes_to_the_same_as_an_unbroken_one(run, out, tmp_path, monkeypatch):
    whole = crossval.make_bundle

    def once(*args):
        monkeypatch.setattr(crossval, "make_bundle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        return whole(*args)

    monkeypatch.setattr(crossval, "make_bundle", once)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "derm", "--members", "2", "--ways", "single", "ensemble")
    monkeypatch.setattr(crossval, "make_bundle", whole)
    assert run(tmp_path / "derm", "--members", "2", "--ways", "single", "ensemble") == 0
    for name in ("single", "ensemble"):
        assert (tmp_path / "derm" / f"{name}.csv").read_bytes() == (out / f"{name}.csv").read_bytes()


def test_that_the_figures_come_onto_the_card_of_a_bundle_and_change_nothing_else(run, tmp_path):
    before = read_bundle(tiny_bundle(tmp_path, classes=CLASSES))
    weights = before.hashes["weights.safetensors"]
    assert run(tmp_path / "derm", "--card", str(before.path)) == 0
    after = read_bundle(before.path)
    assert read_section(after.card, HEADING).startswith("These figures belong to 2 other trainings")
    assert after.hashes["weights.safetensors"] == weights
    record = json.loads((tmp_path / "derm" / "predictions.json").read_text())
    accuracy = record["figures"]["accuracy"]["value"]
    assert f"| accuracy | {accuracy:.3f}".replace("0.", ".") in after.card


def test_that_other_folds_are_refused_in_the_same_work_folder(run, out):
    with pytest.raises(ViewerError, match="another --work-dir"):
        run(out, "--members", "2", "--folds", "3")


def test_that_an_ensemble_of_one_is_refused(run, tmp_path):
    with pytest.raises(ViewerError, match="--members of 2 or more"):
        run(tmp_path / "x", "--ways", "ensemble")


def test_that_one_fold_is_refused(run, tmp_path):
    with pytest.raises(ViewerError, match="two folds"):
        run(tmp_path / "x", "--folds", "1")


def test_that_networks_that_know_garbage_are_cross_validated_among_their_classes(run, tmp_path):
    assert run(tmp_path / "results", "--garbage", "--garbage-leave-out", "texture") == 0
    table = read_predictions(tmp_path / "results" / "predictions.csv")
    assert table.classes == CLASSES
    assert len(table) == 36
    assert "trust_garbage" in table.trusts
