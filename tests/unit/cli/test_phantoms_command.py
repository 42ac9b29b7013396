import csv

import numpy as np
import pytest

from viewer.cli import main
from viewer.domain.image import Modality
from viewer.io.reader import open_source
from viewer.phantoms.cohort import ultrasound_cohort


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


def test_that_a_negative_number_is_refused_in_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["phantoms", str(tmp_path), "--seed", "-1"])
    assert stopped.value.code == 2
    assert "-1 is negative" in capsys.readouterr().err


def test_that_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, capsys):
    (tmp_path / "taken").write_text("a file")
    assert main(["phantoms", str(tmp_path / "taken"), "--lesions", "1"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
