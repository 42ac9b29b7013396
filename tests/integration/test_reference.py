"""`viewer reference`, from a folder of labelled lesions to what the panel of similar frames shows."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from viewer.cli import main, reference
from viewer.cli import train as training
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.domain.result import Gallery, Text
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.resources import user_references
from viewer.session.session import Session
from viewer.settings import Settings

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("plain_settings")]


@pytest.fixture(scope="module")
def cohort(small_lesions) -> Path:
    folder: Path = small_lesions(80, 5)
    return folder


@pytest.fixture(scope="module")
def model(cohort, in_place, table_words, tmp_path_factory) -> Path:
    out: Path = tmp_path_factory.mktemp("models") / "tiny-lesion"
    network = ["--architecture", "squeezenet1_0", "--input-size", "64", "--epochs", "1", "--batch", "8"]
    words = ["train", "classifier", *table_words(cohort), *network, "--device", "cpu", "--modality", "dermoscopy"]
    assert in_place(training, *words, "--out", out) == 0
    return out


@pytest.fixture
def call(model, cohort, in_place, table_words):
    def run(word: str, *more: str | Path) -> int:
        data = [] if word == "list" else [cohort / "labels.csv"]
        columns = table_words(cohort)[2:] if word == "add" else []
        return in_place(reference, "reference", word, model, *data, *columns, *more)

    return run


def place_of(file: Path) -> Place:
    return Place.alone(Picture(np.asarray(Image.open(file).convert("RGB"))))


@pytest.fixture
def explained(model, cohort):
    """What the panel of similar frames says of a picture, as the window and the report ask."""
    told = []
    session = Session(Settings(), PluginHost(Settings()), notify=told.append)
    session.use_bundle(str(model), Modality.DERMOSCOPY)

    def explain(file: Path):
        explanations = session.assessor().explain(place_of(file), 0)
        (panel,) = (one for one in explanations if one.name == "similar_frames")
        return panel.result, told

    yield explain
    session.close()


def test_that_own_pictures_are_shown_and_lend_the_model_s_references_their_pictures(call, cohort, explained, capsys):
    assert call("add") == 0
    assert "80 pictures added for tiny-lesion" in capsys.readouterr().out
    (text, of_model, own), told = explained(next(cohort.rglob("*.png")))
    assert told == []
    assert isinstance(text, Text)
    assert isinstance(of_model, Gallery)
    assert len(of_model.items) == len(own.items) == 11
    assert all(
        Path(item.file).is_file() and item.picture.shape == (64, 64, 3) for item in (*of_model.items, *own.items)
    )
    assert "change no vote" in own.note


def test_that_references_change_no_trust_and_no_light(call, cohort, model):
    place = place_of(next(cohort.rglob("*.png")))

    def rows():
        session = Session(Settings(), PluginHost(Settings()))
        session.use_bundle(str(model), Modality.DERMOSCOPY)
        (found,) = session.assessor().assess([place], Modality.DERMOSCOPY)
        session.close()
        return found.rows, found.light, found.trust, found.final

    before = rows()
    call("add")
    assert rows() == before


def test_that_without_own_pictures_there_are_placeholders(explained, cohort):
    (_, of_model), _ = explained(next(cohort.rglob("*.png")))
    assert all(item.picture is None and item.file == "" for item in of_model.items)


def test_that_a_damaged_store_costs_one_sentence_and_the_panel_goes_on(call, explained, cohort):
    call("add")
    (file,) = user_references().rglob("*.safetensors")
    file.write_bytes(file.read_bytes()[:1000])
    contents, told = explained(next(cohort.rglob("*.png")))
    assert len(contents) == 2
    assert len(told) == 1
    assert str(file) in told[0]
    assert call("list") == 1


def test_that_what_was_added_is_listed_and_removed(call, cohort, capsys):
    call("add")
    capsys.readouterr()
    assert call("list") == 0
    listed = capsys.readouterr().out
    assert str(cohort / "labels.csv") in listed
    assert "80 pictures of 80 patients" in listed
    assert call("list", "--json") == 0
    assert '"pictures": 80' in capsys.readouterr().out
    assert call("remove") == 0
    capsys.readouterr()
    assert call("list") == 0
    assert "Nothing has been added" in capsys.readouterr().out
    with pytest.raises(ViewerError, match="nothing was added from there"):
        call("remove")


def test_that_no_patient_s_name_is_kept(call, cohort):
    call("add")
    (file,) = user_references().rglob("*.safetensors")
    names = {line.split(",")[1] for line in (cohort / "labels.csv").read_text().splitlines()[1:]}
    assert names
    head = file.read_bytes()[:200_000]
    groups = head.split(b'"groups":"')[1].split(b']"')[0]
    assert len(groups.split(b",")) == 80
    assert not any(name.encode() in groups for name in names)


def test_that_a_folder_without_labels_costs_one_sentence(model, cohort, tmp_path, in_place):
    for file in list(cohort.rglob("*.png"))[:3]:
        shutil.copy(file, tmp_path)
    with pytest.raises(ViewerError, match="labelled files lie in it in no way that is known"):
        in_place(reference, "reference", "add", model, tmp_path)


def test_that_a_class_the_model_does_not_know_costs_one_sentence(model, cohort, tmp_path, in_place):
    (tmp_path / "freckle").mkdir()
    shutil.copy(next(cohort.rglob("*.png")), tmp_path / "freckle" / "a.png")
    with pytest.raises(ViewerError, match="the model knows no class 'freckle'"):
        in_place(reference, "reference", "add", model, tmp_path)


def test_that_a_folder_of_one_class_will_do(model, cohort, tmp_path, in_place, capsys):
    (tmp_path / "nevus").mkdir()
    shutil.copy(next(cohort.rglob("*.png")), tmp_path / "nevus" / "a.png")
    assert in_place(reference, "reference", "add", model, tmp_path) == 0
    assert "1 pictures" not in capsys.readouterr().out


def test_that_an_unknown_model_costs_one_sentence(capsys):
    assert main(["reference", "list", "no-such-model"]) == 2
    assert "there is no model 'no-such-model'" in capsys.readouterr().err
