"""`viewer focus-report` from pictures to a page and its tables."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.cli import main
from viewer.testing.bundles import CLASSES, tiny_bundle
from viewer.training.focus import observe

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    return tiny_bundle(tmp_path_factory.mktemp("bundle"))


def draw(folder: Path, *broken: int) -> Path:
    """Two pictures of each of two classes, and a table of them."""
    folder.mkdir()
    random = np.random.default_rng(0)
    rows = ["file,class,group"]
    for number in range(4):
        pixels = random.integers(0, 256, (40, 50, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
        if number in broken:
            (folder / f"{number}.png").write_bytes(b"no picture")
        rows.append(f"{number}.png,{CLASSES[number % 2]},p{number}")
    (folder / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder / "labels.csv"


def order(bundle: Path, data: Path, out: Path) -> list[str]:
    """The words of the command."""
    columns = ("--label", "class", "--group", "group")
    return ["focus-report", str(bundle), str(data), *columns, "--out", str(out), "--device", "cpu"]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_that_a_page_and_its_tables_are_written(bundle, tmp_path, capsys):
    data, out = draw(tmp_path / "data"), tmp_path / "out"
    assert main(order(bundle, data, out)) == 0
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "What tiny 1 looks at" in page
    assert "Features around the centres" in page
    assert "its map strongest" in page
    assert "labelled" not in page  # a name of a column of the tables
    said = capsys.readouterr().out
    assert "Attention agrees at" in said or "attention" in said.lower()
    pictures = table(out / "pictures.csv")
    assert [row["label"] for row in pictures] == [CLASSES[0], CLASSES[1]] * 2
    assert all(-1 <= float(row["agreement_under_flips"] or 0) <= 1 for row in pictures)
    assert len(table(out / "maps.csv")) == 2 * len(CLASSES)
    assert [row["name"] for row in table(out / "classes.csv")] == list(CLASSES)
    assert len(table(out / "classifiers.csv")) == 5
    assert str(tmp_path) not in page


def test_that_a_network_that_looks_at_mirrored_pictures_itself_has_no_table_of_them(bundle, tmp_path, monkeypatch):
    def same_in_mirrors(*seen_by):
        seen = observe(*seen_by)
        return replace(seen, agreement=np.ones(len(seen.samples)))

    monkeypatch.setattr("viewer.training.focus.observe", same_in_mirrors)
    assert main(order(bundle, draw(tmp_path / "data"), tmp_path / "out")) == 0
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "This model always looks at mirrored pictures too" in page
    assert "There is nothing to compare." in page


def test_that_a_picture_that_cannot_be_read_is_left_out_and_named(bundle, tmp_path, capsys):
    data = draw(tmp_path / "data", 3)
    assert main(order(bundle, data, tmp_path / "out")) == 2
    told = capsys.readouterr().err
    assert "3.png" in told
    assert "Traceback" not in told


def test_that_data_and_model_have_to_know_the_same_classes(bundle, tmp_path, capsys):
    data = draw(tmp_path / "data")
    data.write_text(data.read_text(encoding="utf-8").replace("round", "oval"), encoding="utf-8")
    assert main(order(bundle, data, tmp_path / "out")) == 2
    assert "oval" in capsys.readouterr().err
