from dataclasses import astuple
from pathlib import Path

import pytest

from viewer.domain.image import Clip
from viewer.present.identity import Identity, date_words


def clip(name="Doe_Jane.dcm", **changes) -> Clip:
    fields = {
        "kind": "dicom",
        "frames": 1,
        "rows": 2,
        "columns": 2,
        "photometric": "RGB",
        "patient_name": "Doe^Jane",
        "patient_id": "4711",
        "study_uid": "1.2",
        "study_description": "Thorax of Jane",
        "study_date": "20240305",
        "series_uid": "1.2.3",
        "series_description": "Soft tissue",
        "series_number": 7,
        "instance_number": 12,
    }
    return Clip(path=Path("ward/Doe") / name, **{**fields, **changes})


def test_that_the_file_says_whose_it_is():
    names = Identity([clip()]).names(clip())

    assert names.patient == ("Doe Jane", "ID 4711")
    assert (names.study, names.date, names.series) == ("Thorax of Jane", "2024-03-05", "Series 7: Soft tissue")
    assert (names.image, names.title, names.file) == ("Image 12", "Soft tissue", "Doe_Jane.dcm")
    assert names.path == str(Path("ward/Doe/Doe_Jane.dcm"))


def test_that_a_file_without_a_header_is_called_by_its_name_and_folder():
    bare = Clip(path=Path("x/a.png"), kind="raster", frames=1, rows=2, columns=2, photometric="RGB")

    names = Identity([bare]).names(bare)

    assert names.patient == ("De-identified",)
    assert (names.study, names.series, names.image, names.title) == ("x", "a.png", "", "a.png")


def test_that_neutral_names_count_in_the_order_of_the_list():
    clips = [
        clip("b.dcm", instance_number=2),
        clip("a.dcm", instance_number=1),
        clip("c.dcm", series_uid="1.2.4", series_number=8),
        clip("d.dcm", study_uid="1.3", series_uid="1.3.1"),
    ]
    identity = Identity(clips, de_identified=True)

    assert [identity.names(each).file for each in clips] == [
        "Study 1 / Series 1 / Image 2",
        "Study 1 / Series 1 / Image 1",
        "Study 1 / Series 2 / Image 1",
        "Study 2 / Series 1 / Image 1",
    ]
    assert identity.names(clips[2]).title == "Series 2 / 1"


@pytest.mark.parametrize("known", [True, False])
def test_that_nothing_of_a_person_is_left_in_neutral_names(known):
    identity = Identity([clip()] if known else [], de_identified=True)

    words = str(astuple(identity.names(clip())))

    assert "De-identified" in words
    assert not any(secret in words for secret in ("Doe", "Jane", "4711", "Thorax", "2024", "Soft", "7", "12", "ward"))


def test_that_sentences_lose_the_path_and_keep_the_reason():
    inner = clip("Doe_Jane.zip/1.dcm")
    identity = Identity([clip("Doe_Jane.zip"), inner], de_identified=True)

    damaged = f"{inner.path}: frame 3 is damaged"
    assert (
        identity.sentence(damaged) == identity.problem(damaged) == "Study 1 / Series 1 / Image 2: frame 3 is damaged"
    )
    assert identity.problem("C:\\Doe: Jane.dcm: it ends early") == "A file: it ends early"
    assert identity.problem("the settings cannot be saved") == "the settings cannot be saved"
    assert identity.sentence("not certified: nothing is known") == "not certified: nothing is known"
    assert Identity([inner]).sentence(f"{inner.path}: frame 3 is damaged").startswith("ward")


def test_that_dates_are_read_by_people():
    assert date_words("20240305") == "2024-03-05"
    assert date_words("unknown") == "unknown"
