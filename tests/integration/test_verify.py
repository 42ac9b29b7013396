"""`viewer verify` on phantoms: proper ones suit, others and wrongly prepared ones do not, and what cannot be told."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from viewer.cli import verify
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import read_bundle
from viewer.phantoms import faults
from viewer.phantoms.cohort import lesion_cohort
from viewer.resources import shipped_bundles

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]

COUNT = 24
NAME = "phantom-lesion"
Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def lesions() -> list[Pixels]:
    return [lesion.pixels for lesion in lesion_cohort(COUNT, seed=99_017, lesions_per_patient=1)]


@pytest.fixture
def folder_of(tmp_path: Path) -> Callable[[list[Pixels]], Path]:
    def write(pictures: list[Pixels]) -> Path:
        folder = tmp_path / "site"
        folder.mkdir()
        for number, pixels in enumerate(pictures):
            Image.fromarray(pixels).save(folder / f"{number:02}.png")
        return folder

    return write


@pytest.fixture
def verified(in_place, capsys) -> Callable[..., dict]:
    def run(*words: str | Path) -> dict:
        assert in_place(verify, "verify", NAME, "--json", *words) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_that_new_proper_phantoms_suit_and_every_number_is_told(lesions, folder_of, verified):
    found = verified("--data", folder_of(lesions))
    assert found["verdict"] == "suitable"
    assert found["reason"].startswith("the pictures are like those the model knows")
    assert (found["n"], found["groups"]) == (COUNT, COUNT)
    assert found["share_flagged"] == found["flagged_here"]["value"] <= found["flagged_here"]["high"]
    assert 0.01 <= found["p_value"] <= 1
    assert found["model"]["name"] == NAME
    assert len(found["model"]["weights_sha256"]) == 64
    assert {"softmax", "knn", "suitability", "fingerprint"} <= set(found["metrics"])
    softmax = found["metrics"]["softmax"]
    assert set(softmax) == {"title", "about", "here", "calibration", "p", "effect"}
    assert list(softmax["here"]) == ["q05", "q25", "q50", "q75", "q95"]
    assert found["unreadable"] == []


@pytest.mark.parametrize(
    "wrong", ["inverted", "channels_swapped", "scaled_twice", "other_modality", "blank"], ids=lambda name: name
)
def test_that_another_kind_and_wrong_preparations_do_not_suit(wrong, lesions, folder_of, verified):
    found = verified("--data", folder_of([faults.FAULTS[wrong](pixels) for pixels in lesions]))
    assert found["verdict"] == "unsuitable"
    assert found["p_value"] < 0.01
    assert len(found["flagged"]) > COUNT / 2


def test_that_few_pictures_are_said_to_be_too_few(lesions, folder_of, verified):
    found = verified("--data", folder_of(lesions[:6]))
    assert found["verdict"] == "doubtful"
    assert found["reason"] == "too few pictures to tell: 6 patients or files, 20 are needed"


def test_that_frames_of_one_patient_are_one_group(lesions, folder_of, verified, tmp_path):
    folder_of(lesions)
    rows = "".join(f"site/{number:02}.png,{number // 2}\n" for number in range(COUNT))
    (tmp_path / "files.csv").write_text(f"file,patient\n{rows}", encoding="utf-8")
    found = verified("--data", tmp_path / "files.csv")
    assert (found["n"], found["groups"]) == (COUNT, COUNT // 2)
    assert found["verdict"] == "doubtful"


def test_that_what_cannot_be_read_is_named_and_the_rest_goes_on(lesions, folder_of, verified):
    folder = folder_of(lesions[:3])
    (folder / "broken.png").write_bytes((folder / "00.png").read_bytes()[:200])
    (folder / "notes.txt").write_text("nothing to see", encoding="utf-8")
    found = verified("--data", folder)
    assert found["n"] == 3
    (unreadable,) = found["unreadable"]
    assert unreadable["file"].endswith("broken.png")
    assert unreadable["reason"]
    assert found["files"] == {"looked_at": 5, "of": 5, "without_image": 1}


def test_that_only_as_many_files_as_asked_are_looked_at_spread_evenly(lesions, folder_of, verified):
    found = verified("--data", folder_of(lesions), "--files", "4")
    assert (found["n"], found["files"]["of"]) == (4, COUNT)


def test_that_the_status_follows_the_verdict_where_that_is_asked(lesions, folder_of, in_place, capsys):
    folder = folder_of(lesions[:2])
    assert in_place(verify, "verify", NAME, "--data", folder, "--fail-on", "unsuitable") == 0
    assert in_place(verify, "verify", NAME, "--data", folder, "--fail-on", "doubtful") == 1
    assert capsys.readouterr().out.startswith("Doubtful: too few pictures to tell")


def test_that_a_folder_without_a_picture_is_refused_in_one_sentence(tmp_path, in_place):
    (tmp_path / "notes.txt").write_text("nothing to see", encoding="utf-8")
    with pytest.raises(ViewerError, match="none of the 1 files holds a picture that can be assessed"):
        in_place(verify, "verify", NAME, "--data", tmp_path)


def test_that_an_empty_folder_is_refused_in_one_sentence(tmp_path, in_place):
    with pytest.raises(ViewerError, match="holds no file"):
        in_place(verify, "verify", NAME, "--data", tmp_path)


def test_that_the_report_tells_the_verdict_shows_pictures_and_names_files_below_their_folder(
    lesions, folder_of, verified, tmp_path
):
    folder = folder_of([faults.inverted(pixels) for pixels in lesions])
    (folder / "broken.png").write_bytes((folder / "00.png").read_bytes()[:200])
    found = verified("--data", folder, "--html", tmp_path / "report")
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8")) == found
    assert "Research software, not a medical device." in page
    assert "Unsuitable: " in page
    assert page.index(">Kind of picture<") < page.index(">Usual early features<")  # what decides comes first
    assert page.count("<article") == 12
    assert page.count(", drawn over the picture") == 12
    assert "<li>broken.png: " in page
    assert str(tmp_path) not in page
    assert page.count('<figure class="chart"') == len(found["metrics"])
    assert found["model"]["weights_sha256"] in page


def test_that_a_second_model_is_verified_on_the_same_pictures_and_compared(lesions, folder_of, verified, tmp_path):
    found = verified("--data", folder_of(lesions[:3]), "--against", "dermoscopy-8", "--html", tmp_path / "report")
    against = found["against"]
    assert against["model"]["name"] == "dermoscopy-8"
    assert against["n"] == 3
    assert against["shared_classes"] == ["melanoma", "nevus"]
    assert against["better"] == "undecided"
    assert against["sentence"] == "No difference could be shown in how well the two suit these pictures"
    assert against["sentence"] in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")


def test_that_a_model_is_not_compared_with_itself(lesions, folder_of, in_place):
    folder = folder_of(lesions[:1])
    with pytest.raises(ViewerError, match="is the model that answers; name another one"):
        in_place(verify, "verify", NAME, "--data", folder, "--against", NAME)


# Real pictures, judged by dermoscopy-8 ------------------------------------------------------------------------------


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / table).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def unseen_lesions(data: Path) -> list[tuple[str, str]]:
    """Files and groups of lesions of the certify groups."""
    certify = {row["group"] for row in read_bundle(shipped_bundles() / "dermoscopy-8").rows("certify")}
    rows = [row for row in rows_of(data / "derm", "labels.csv") if row["set"] == "isic9_180" and row["class_clean"]]
    return [(f"derm/{r['file']}", r["group_id"]) for r in rows if pseudonym(r["group_id"]) in certify]


def of_another_hospital(data: Path) -> list[tuple[str, str]]:
    rows = [row for row in rows_of(data / "derm", "labels.csv") if row["set"] == "ph2"]
    return [(f"derm/{row['file']}", row["file"]) for row in rows]


def films(data: Path) -> list[tuple[str, str]]:
    return [(f"cxr/{row['file']}", row["group_id"]) for row in rows_of(data / "cxr", "labels.csv")]


def clips(data: Path) -> list[tuple[str, str]]:
    rows = [row for row in rows_of(data / "lus", "labels.csv") if row["kind"] == "image"]
    return [(f"lus/{row['file']}", row["file"]) for row in rows]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("pictures", "verdict"),
    [
        (unseen_lesions, "suitable"),
        (of_another_hospital, "doubtful"),
        (films, "unsuitable"),
        (clips, "unsuitable"),
    ],
    ids=["unseen lesions", "another hospital", "X-rays", "ultrasound"],
)
def test_that_folders_of_real_pictures_get_their_verdict(pictures, verdict, viewer_data, tmp_path, in_place, capsys):
    found = pictures(viewer_data)
    some = [found[i] for i in np.unique(np.linspace(0, len(found) - 1, 50).round().astype(int))]
    lines = "".join(f"{file},{group}\n" for file, group in some)
    (tmp_path / "files.csv").write_text(f"file,group\n{lines}", encoding="utf-8")
    words = ["--data", tmp_path / "files.csv", "--image-root", viewer_data, "--json"]
    assert in_place(verify, "verify", "dermoscopy-8", *words) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == verdict
