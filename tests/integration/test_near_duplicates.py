"""`viewer near-duplicates` on generated pictures, a clip, copies of them, and what cannot be read."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.cli import main
from viewer.phantoms.cohort import lesion_cohort
from viewer.phantoms.folder import write_lesions
from viewer.testing.bundles import tiny_bundle

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return tiny_bundle(tmp_path_factory.mktemp("models"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """Four lesions; the first once more byte for byte, once half as large, and a file that is no picture."""
    made = tmp_path / "made"
    write_lesions(made, lesion_cohort(4, seed=2, lesions_per_patient=1, size=64))
    out = tmp_path / "pictures"
    out.mkdir()
    for number, file in enumerate(sorted((made / "lesions").glob("*.png"))):
        shutil.copy(file, out / f"lesion {number}.png")
    shutil.copy(out / "lesion 0.png", out / "lesion 0 again.png")
    with Image.open(out / "lesion 1.png") as picture:
        picture.convert("RGB").resize((48, 48), Image.Resampling.LANCZOS).save(out / "lesion 1 small.jpg", quality=90)
    return out


def run(capsys, model, *words) -> tuple[int, dict, str]:
    status = main(["near-duplicates", *map(str, words), "--bundle", str(model), "--device", "cpu", "--json"])
    told = capsys.readouterr()
    return status, json.loads(told.out) if told.out else {}, told.err


def named(pair) -> tuple[str, str]:
    return Path(pair["first"]["file"]).name, Path(pair["second"]["file"]).name


def test_that_copies_are_found_also_in_another_size_and_format(capsys, model, folder):
    status, found, _ = run(capsys, model, folder, "--limit", "0.999")
    assert status == 0
    assert (found["pictures"], found["files"], found["limit"]) == (6, 6, 0.999)
    assert named(found["pairs"][0]) == ("lesion 0 again.png", "lesion 0.png")
    assert found["pairs"][0]["cosine"] == pytest.approx(1, abs=1e-5)
    assert ("lesion 1 small.jpg", "lesion 1.png") in map(named, found["pairs"])
    assert all(len(one) >= 2 for one in found["sets"])


def test_that_words_name_the_files(capsys, model, folder):
    assert main(["near-duplicates", str(folder), "--bundle", str(model), "--limit", "0.9999999"]) == 0
    told = capsys.readouterr().out
    assert "6 pictures of 6 files" in told
    assert "lesion 0 again.png  =  " in told


def test_that_frames_of_a_clip_are_compared_only_where_that_is_asked_for(capsys, model, tmp_path):
    frames = [Image.fromarray(np.full((40, 40, 3), level, np.uint8)) for level in (90, 91, 92, 200)]
    frames[0].save(tmp_path / "clip.tif", save_all=True, append_images=frames[1:])
    assert run(capsys, model, tmp_path)[1]["pairs"] == []
    status, found, _ = run(capsys, model, tmp_path, "--within")
    assert status == 0
    assert {(pair["first"]["frame"], pair["second"]["frame"]) for pair in found["pairs"]} >= {(0, 1), (1, 2)}


def test_that_what_cannot_be_read_costs_one_sentence_and_the_rest_goes_on(capsys, model, folder):
    (folder / "broken.png").write_bytes((folder / "lesion 0.png").read_bytes()[:100])
    status, found, told = run(capsys, model, folder)
    assert status == 1
    assert (found["files"], found["failed"]) == (6, 1)
    assert told.count("left out") == 1
    assert "broken.png" in told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere"], "no such file or folder"),
        ([".", "--limit", "1.5"], "outside 0 to 1"),
        ([".", "--limit", "nan"], "outside 0 to 1"),
    ],
)
def test_that_bad_words_cost_one_sentence(capsys, model, tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    status, _, told = run(capsys, model, *words)
    assert status == 2
    assert sentence in told


def test_that_a_folder_without_pictures_costs_one_sentence(capsys, model, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    status, _, told = run(capsys, model, tmp_path)
    assert status == 2
    assert "there is no picture in these files" in told


def test_that_the_json_is_written_to_a_file_too(capsys, model, folder, tmp_path):
    _, found, _ = run(capsys, model, folder, "--out", tmp_path / "found.json")
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8")) == found
