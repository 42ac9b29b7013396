"""Training and calibrating refuse data whose copies would lie on both sides of a split, unless told otherwise."""

import csv
import shutil

import pytest

from viewer.cli import main
from viewer.engine.bundle import read_bundle
from viewer.testing.bundles import tiny_bundle

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]

CLASSES = ("keratosis", "melanoma", "nevus", "vascular")


@pytest.fixture(scope="module")
def doubled(small_lesions):
    """Lesions of 28 patients, and every one again as that of another patient."""
    folder = small_lesions(28, 5)
    table = folder / "labels.csv"
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in list(rows):
        again = row["file"].replace(".png", "-again.png")
        shutil.copyfile(folder / row["file"], folder / again)
        rows.append({**row, "file": again, "group_id": row["group_id"] + "-again"})
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return table


def train(table, out, *more):
    network = ["--architecture", "squeezenet1_0", "--input-size", "64", "--epochs", "1", "--batch", "8"]
    words = ["train", "classifier", "--data", str(table), "--label", "class", "--group", "group_id", *network]
    return main([*words, "--device", "cpu", "--out", str(out), *more])


def test_that_training_on_a_leaking_split_is_refused_in_one_sentence(doubled, tmp_path, capsys):
    assert train(doubled, tmp_path / "b") == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith(
        "viewer train: the same picture lies in more than one of the parts train, stop, fit, certify"
    )
    assert told.endswith("--allow-leaks goes on as it is (viewer check-data shows them)")
    assert not (tmp_path / "b").exists()


def test_that_an_allowed_leak_stands_on_the_card(doubled, tmp_path):
    assert train(doubled, tmp_path / "b", "--allow-leaks") == 0
    assert (
        "A leak was allowed: the same picture lies in more than one of the parts" in read_bundle(tmp_path / "b").card
    )


def test_that_merged_copies_stay_in_one_part(doubled, tmp_path):
    assert train(doubled, tmp_path / "b", "--merge-copies") == 0
    card = read_bundle(tmp_path / "b").card
    assert "28 of 56 groups were joined to others that share a picture with them" in card
    assert "leak" not in card


def test_that_calibrating_on_leaking_cases_is_refused(doubled, tmp_path, capsys):
    bundle = tiny_bundle(tmp_path, classes=CLASSES)
    words = ["calibrate", str(bundle), "--data", str(doubled), "--label", "class", "--group", "group_id"]
    assert main([*words, "--device", "cpu", "--out", str(tmp_path / "site")]) == 2
    assert "lies in more than one of the parts fit, certify" in capsys.readouterr().err


def test_that_cross_validation_on_leaking_folds_is_refused(doubled, tmp_path, capsys):
    words = ["cross-validate", "classifier", "--data", str(doubled), "--label", "class", "--group", "group_id"]
    network = ["--architecture", "squeezenet1_0", "--input-size", "64", "--epochs", "1", "--batch", "8"]
    assert main([*words, *network, "--device", "cpu", "--folds", "2", "--out", str(tmp_path / "cv")]) == 2
    assert "lies in more than one of the parts" in capsys.readouterr().err
