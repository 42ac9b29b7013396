import csv

import numpy as np
import pytest
from PIL import Image

from viewer.cli import main
from viewer.domain.image import Modality
from viewer.io.reader import open_source
from viewer.phantoms.cohort import ultrasound_cohort
from viewer.phantoms.faults import FAULTS


def rows(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phantoms")
    assert main(["phantoms", str(folder), "--lesions", "4", "--clips", "1", "--seed", "3"]) == 0
    return folder


def test_that_as_many_pictures_are_written_as_asked_for(written):
    assert len(rows(written / "labels.csv")) == len(list((written / "lesions").iterdir())) == 4
    assert len(rows(written / "clips.csv")) == len(list((written / "clips").iterdir())) == 1


def test_that_a_clip_reads_back_as_it_was_drawn(written):
    drawn = next(iter(ultrasound_cohort(1, 3)))
    source = open_source(written / rows(written / "clips.csv")[0]["file"])
    try:
        clip = source.clip
        assert (clip.frames, clip.rows, clip.columns) == (drawn.frames, drawn.rows, drawn.columns)
        assert clip.frame_time_ms == pytest.approx(drawn.frame_time_ms)
        assert clip.modality is Modality.ULTRASOUND
        assert clip.patient_id == drawn.group
        assert clip.patient_id.startswith("PHANTOM-")
        (region,) = clip.regions
        assert region.delta == pytest.approx(drawn.region.delta)
        assert (region.left, region.bottom) == (drawn.region.left, drawn.region.bottom)
        assert np.array_equal(source.decode(7).rgb()[..., 0], drawn.frame(7).pixels)
    finally:
        source.close()


def test_that_none_of_a_kind_writes_none(tmp_path, capsys):
    assert main(["phantoms", str(tmp_path), "--lesions", "1", "--clips", "0"]) == 0
    assert not (tmp_path / "clips.csv").exists()
    assert capsys.readouterr().out == f"{tmp_path / 'labels.csv'}\n"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faulty")
    options = ["--lesions", "2", "--clips", "1", "--frames", "2", "--seed", "3", "--faults"]
    assert main(["phantoms", str(folder), *options]) == 0
    return folder


def test_that_every_fault_of_the_first_lesion_is_a_file_named_after_it(faulty):
    table = rows(faulty / "faulty-lesions.csv")
    assert [row["fault"] for row in table] == list(FAULTS)
    sound = np.asarray(Image.open(faulty / rows(faulty / "labels.csv")[0]["file"]))
    for row in table:
        assert row["file"] == f"faulty-lesions/{row['fault'].replace('_', '-')}.png"
        assert np.array_equal(np.asarray(Image.open(faulty / row["file"])), FAULTS[row["fault"]](sound))


def test_that_a_faulty_clip_is_the_first_one_with_the_fault_in_every_frame(faulty):
    drawn = next(iter(ultrasound_cohort(1, 3, frames=2)))
    table = rows(faulty / "faulty-clips.csv")
    assert {row["fault"] for row in table} == set(FAULTS) - {"channels_swapped"}
    assert {(row["class"], row["group_id"]) for row in table} == {(drawn.label, drawn.group)}
    source = open_source(faulty / "faulty-clips" / "upside-down.dcm")
    try:
        for number in range(2):
            assert np.array_equal(source.decode(number).rgb()[..., 0], drawn.frame(number).pixels[::-1])
    finally:
        source.close()


def test_that_sound_pictures_are_the_same_with_and_without_faulty_ones(faulty, tmp_path):
    assert main(["phantoms", str(tmp_path), "--lesions", "2", "--clips", "0", "--seed", "3"]) == 0
    assert (tmp_path / "labels.csv").read_bytes() == (faulty / "labels.csv").read_bytes()
    assert not (tmp_path / "faulty-lesions").exists()


def test_that_a_class_can_be_given_away_and_the_lesions_under_it_stay(tmp_path):
    worlds = {}
    for share in ("1", "0"):
        words = ["--lesions", "9", "--clips", "0", "--seed", "3", "--leak", "ink", "--leak-class", "nevus"]
        assert main(["phantoms", str(tmp_path / share), *words, "--leak-share", share]) == 0
        worlds[share] = rows(tmp_path / share / "labels.csv")
    for leaking, misleading in zip(worlds["1"], worlds["0"], strict=True):
        assert bool(leaking["leak"]) == (leaking["class"] == "nevus") != bool(misleading["leak"])
        masks = [(tmp_path / share / leaking["mask"]).read_bytes() for share in worlds]
        assert masks[0] == masks[1]


def test_that_a_share_that_is_none_is_refused_in_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["phantoms", str(tmp_path), "--leak", "ink", "--leak-share", "2"])
    assert "2 is not between 0 and 1" in capsys.readouterr().err


def test_that_a_negative_number_is_refused_in_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["phantoms", str(tmp_path), "--seed", "-1"])
    assert stopped.value.code == 2
    assert "-1 is negative" in capsys.readouterr().err


def test_that_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, capsys):
    (tmp_path / "taken").write_text("a file")
    assert main(["phantoms", str(tmp_path / "taken"), "--lesions", "1"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
