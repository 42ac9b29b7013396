import csv
import json

import pytest
from viewer_second_opinion.commands import SECOND_OPINION, add_arguments, run

from viewer.api import ViewerError
from viewer.testing.conformance import check_command

SHARED = ("accuracy", "balanced_accuracy", "auroc_f", "per_patient", "per_score")


@pytest.fixture
def study(capsys):
    """Run `viewer second-opinion study` and hand back what it printed."""
    import argparse

    def study(train, test, *words):
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        assert run(parser.parse_args(["study", "--train", str(train), "--test", str(test), *map(str, words)])) == 0
        return capsys.readouterr()

    return study


def test_that_the_command_conforms(tables):
    train, test = tables
    check_command(SECOND_OPINION, "study", "--train", str(train), "--test", str(test))


def test_that_the_record_holds_every_way_with_its_figures(tables, study):
    found = json.loads(study(*tables, "--json").out)
    assert list(found["reliability"]) == ["network", "svc", "svc_per_class", "ours"]
    assert list(found["rescoring"]) == ["behaviour", "tsne"]
    assert list(found["cascade"]) == ["source", "ours", "combinations"]
    assert len(found["cascade"]["combinations"]) == 12
    head = found["cascade"]["source"]
    assert head["combination"] == "svc/behaviour/mode"
    assert head["accuracy"] == found["cascade"]["combinations"]["svc/behaviour/mode"]["accuracy"]
    ways = [
        found["base"],
        *found["reliability"].values(),
        *found["rescoring"].values(),
        head,
        found["cascade"]["ours"],
    ]
    for way in ways:
        assert set(SHARED) <= way.keys()
        assert set(way["per_patient"]) == {"21", "22"}
    assert all("seconds_per_frame" in way for way in ways[1:])
    assert found["cascade"]["ours"]["accuracy"] > found["base"]["accuracy"]
    assert found["notes"] == []


def test_that_without_json_it_is_a_table_for_a_person(tables, study):
    said = study(*tables)
    lines = said.out.splitlines()
    assert lines[0] == "fitted on 192 frames of 4 patients in 12 clips"
    assert sum(line.startswith("  ") and line[2] != " " for line in lines) == 4 + 4 + 12
    assert [line for line in lines if line.startswith("classifier alone")]
    assert "fitting the reliability classifier svc" in said.err


def test_that_ours_is_written_frame_by_frame_in_the_order_of_the_table(tables, study, tmp_path):
    out = tmp_path / "out.csv"
    said = study(*tables, "--out", out, "--json")
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with tables[1].open(newline="", encoding="utf-8") as file:
        given = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "true", "predicted", "final", "trust", "trail"]
    assert [[row[name] for name in ("path", "true", "predicted")] for row in rows] == [
        [row[name] for name in ("path", "true", "predicted")] for row in given
    ]
    accuracy = sum(row["true"] == row["final"] for row in rows) / len(rows)
    assert json.loads(said.out)["cascade"]["ours"]["accuracy"] == pytest.approx(accuracy, abs=1e-6)
    assert all(0 <= float(row["trust"]) <= 1 for row in rows)


def test_that_the_table_of_frames_can_be_evaluated_by_the_viewer(tables, study, tmp_path):
    from viewer.api import read_cells

    study(*tables, "--out", tmp_path / "out.csv")
    assert "trust" in read_cells(tmp_path / "out.csv").header


def test_that_patients_in_both_tables_are_told(tables, study):
    found = json.loads(study(tables[0], tables[0], "--json").out)
    assert found["notes"] == ["4 patients are in both tables: these figures do not tell how new patients fare"]


def test_that_one_patient_with_one_score_will_do(write, study, tables):
    rows = [[f"5_1_1_{place}_2.png", 2, 2, 0.1, 0.1, 0.7, 0.1] for place in range(3)]
    found = json.loads(study(tables[0], write(rows), "--json").out)
    assert found["base"]["auroc_f"] is None
    assert found["cascade"]["ours"]["accuracy"] == 1
    assert "–" in study(tables[0], write(rows)).out


def test_that_tables_of_other_scores_are_refused(write, study, tables):
    other = write([["5_1_1_0_1.png", 1, 1, 0.4, 0.6]])
    with pytest.raises(ViewerError, match=r"train.csv has outputs for 4 scores, .*table.csv for 2"):
        study(tables[0], other)


def test_that_a_table_that_is_read_is_not_overwritten(tables, study):
    with pytest.raises(ViewerError, match="would be overwritten"):
        study(*tables, "--out", tables[1])


def test_that_a_folder_that_is_not_there_is_said_in_one_sentence(tables, study, tmp_path):
    with pytest.raises(ViewerError, match=r"out.csv: cannot be written \(there is no such folder\)"):
        study(*tables, "--out", tmp_path / "none" / "out.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ViewerError, match=r"folder.csv: cannot be written \(Is a directory\)"):
        study(*tables, "--out", tmp_path / "folder.csv")
