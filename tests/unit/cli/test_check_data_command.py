import json
import os
import subprocess
import sys

import pytest
from PIL import Image, ImageDraw

from viewer.cli import main


@pytest.fixture
def folder(tmp_path):
    """Two classes of eight pictures; `twice` copies one of them into the other class."""
    for number in range(16):
        path = tmp_path / "set" / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = Image.new("RGB", (64, 64), (40, 40, 40))
        ImageDraw.Draw(picture).ellipse(
            (number, 3 * number, 20 + 2 * number, 40 + number), fill=(200, 9 * number, 90)
        )
        picture.save(path)
    return tmp_path / "set"


@pytest.fixture
def twice(folder):
    """The same with a contradiction."""
    (folder / "b" / "again.png").write_bytes((folder / "a" / "0.png").read_bytes())
    return folder


def check(*words, tmp_path):
    return main(["check-data", *map(str, words), "--cache", str(tmp_path / "facts.sqlite")])


def test_that_clean_data_end_with_status_0_and_say_so(folder, tmp_path, capsys):
    assert check(folder, tmp_path=tmp_path) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"{folder}: 16 files of 16 groups"
    assert printed[1] == f"  {folder} is read as class folders"
    assert printed[-1].startswith("Nothing has to be refused")


def test_that_a_contradiction_ends_with_status_1(twice, tmp_path, capsys):
    assert check(twice, tmp_path=tmp_path) == 1
    printed = capsys.readouterr().out
    assert "REFUSED: 1 picture is labelled twice" in printed
    assert printed.splitlines()[-1].startswith("Not to be learned from as they are:")


def test_that_json_is_one_object_and_nothing_else(twice, tmp_path, capsys):
    assert check(twice, "--json", tmp_path=tmp_path) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["refused"] is True
    found = {finding["kind"]: finding for finding in record["findings"]}
    assert found["label-conflict"]["pairs"] == [[str(twice / "a" / "0.png"), str(twice / "b" / "again.png"), "a | b"]]


def test_that_the_page_holds_pictures_and_nothing_from_outside(twice, tmp_path, capsys):
    check(twice, "--html", tmp_path / "page.html", tmp_path=tmp_path)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") >= 2
    assert "http://" not in page
    assert "https://" not in page
    assert "again.png" in page


def test_that_names_of_files_are_escaped_in_the_page(twice, tmp_path):
    (twice / "b" / "again.png").rename(twice / "b" / "<b>&.png")
    check(twice, "--html", tmp_path / "page.html", tmp_path=tmp_path)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;.png" in page
    assert "<b>&.png" not in page


def test_that_data_that_are_not_there_end_with_status_2_and_a_sentence(tmp_path, capsys):
    assert check(tmp_path / "nowhere", tmp_path=tmp_path) == 2
    assert capsys.readouterr().err.endswith("nowhere: there is no such table or folder\n")


def test_that_a_table_of_training_groups_is_compared_with_outputs(tmp_path, capsys):
    (tmp_path / "outputs.csv").write_text("file,patient,p_a,p_b\nx.png,p1,.5,.5\ny.png,p2,.1,.9\n")
    (tmp_path / "labels.csv").write_text("file,class,patient\nx.png,a,p1\nz.png,b,p7\n")
    words = ["--label", "class", "--group", "patient", "--trained-on", tmp_path / "labels.csv"]
    assert check(tmp_path / "outputs.csv", *words, tmp_path=tmp_path) == 1
    assert "1 of 2 groups of the outputs are among those of labels.csv" in capsys.readouterr().out


def test_that_help_answers_without_heavy_libraries():
    code = (
        "import sys; from viewer.cli import build_parser; build_parser(chosen='check-data').format_help();"
        "print([name for name in ('sklearn', 'scipy', 'imagehash', 'torch') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert run.stdout.strip() == "[]"
