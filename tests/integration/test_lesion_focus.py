"""`dermoscopy-lesion-focus` from the command line: two classes out of four, masks, and a card that says the terms."""

import csv
from pathlib import Path

import pytest

from viewer.cli import train
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import read_bundle

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.usefixtures("plain_settings")]

MERGE = ["--merge-classes", "rest=nevus,keratosis", "--merge-classes", "rest=vascular"]


@pytest.fixture(scope="module")
def words(small_lesions, table_words) -> list[str]:
    folder: Path = small_lesions(40, 11)
    how = ["--architecture", "small_cnn", "--input-size", "64", "--batch", "8", "--epochs", "1", "--device", "cpu"]
    return ["train", "dermoscopy-lesion-focus", *table_words(folder), *how, "--modality", "dermoscopy"]


def terms(out: Path) -> dict[str, float]:
    with (out.with_name(f"{out.name}.work") / "log.csv").open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    known = ("cross_entropy", "focal", "centre", "divergence", "mask")
    return {name: float(row[name]) for name in known if name in row}


def test_that_melanoma_against_the_rest_is_learned_with_masks(in_place, words, tmp_path):
    out = tmp_path / "focused"
    masks = ["--mask", "mask", "--critical", "melanoma"]
    assert in_place(train, *words, *MERGE, *masks, "--divergence-penalty", "2", "--out", out) == 0
    found = terms(out)
    assert list(found) == ["cross_entropy", "centre", "divergence", "mask"]
    assert 0 < found["mask"] <= 1  # 0.5 · (1 − r)
    bundle = read_bundle(out)
    assert bundle.manifest.classes == ("melanoma", "rest")
    assert "Taken together as rest: nevus, keratosis, vascular (30 files)." in bundle.card
    for said in ("centre_term yes", "divergence_penalty 2.0", "mask_weight 0.5", "while looking at the lesion"):
        assert said in bundle.card


def test_that_all_classes_are_learned_without_masks_by_several_networks(in_place, words, tmp_path):
    out = tmp_path / "plain"
    assert in_place(train, *words, "--members", "2", "--out", out) == 0
    for member in ("member-1", "member-2"):
        with (tmp_path / "plain.work" / member / "log.csv").open(encoding="utf-8", newline="") as lines:
            (row,) = csv.DictReader(lines)
        assert float(row["focal"]) > 0
        assert float(row["mask"]) == 0
    assert len(read_bundle(out).manifest.classes) == 4


def test_that_a_network_without_attention_maps_costs_one_sentence(in_place, words, tmp_path):
    dense = [*words, "--architecture", "mobilenet_v2_textures"]
    with pytest.raises(ViewerError, match="the network has no class activation maps"):
        in_place(train, *dense, "--out", tmp_path / "none")


def test_that_a_merge_that_is_none_is_refused_by_the_command_line(in_place, words, tmp_path, capsys):
    with pytest.raises(SystemExit):
        in_place(train, *words, "--merge-classes", "rest=", "--out", tmp_path / "none")
    assert "'rest=' is not like NAME=A,B" in capsys.readouterr().err
