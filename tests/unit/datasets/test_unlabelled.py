"""Pictures without labels, from folders and tables."""

import re
from pathlib import Path

import pytest

from viewer.datasets.query import DataQuery
from viewer.datasets.unlabelled import Unlabelled, unlabelled
from viewer.domain.errors import ViewerError


def table(folder: Path, text: str) -> Path:
    path = folder / "files.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_a_folder_gives_its_files_without_groups(tmp_path):
    for name in ("b.png", "a.png"):
        (tmp_path / name).write_bytes(b"x")
    assert unlabelled(DataQuery(data=tmp_path)) == (Unlabelled(tmp_path / "a.png"), Unlabelled(tmp_path / "b.png"))


def test_that_a_table_gives_files_with_the_groups_and_frames_it_names(tmp_path):
    path = table(tmp_path, "file,who,at,site\na.mp4,1,0,x\na.mp4,1,7,x\nb.png,2,,x\nc.png,3,,y\n,4,,x\n")
    query = DataQuery(data=path, group="who", frame_column="at", where={"site": ("x",)})
    assert unlabelled(query) == (
        Unlabelled(tmp_path / "a.mp4", "1", 0),
        Unlabelled(tmp_path / "a.mp4", "1", 7),
        Unlabelled(tmp_path / "b.png", "2"),
    )


@pytest.mark.parametrize("column", ["group", "patient", "patient_id", "group_id"])
def test_that_a_column_of_patients_is_found_where_none_is_named(column, tmp_path):
    path = table(tmp_path, f"file,{column}\na.png,7\n")
    assert unlabelled(DataQuery(data=path, image_root=tmp_path / "r")) == (Unlabelled(tmp_path / "r" / "a.png", "7"),)


def test_that_a_row_that_is_repeated_counts_once(tmp_path):
    assert len(unlabelled(DataQuery(data=table(tmp_path, "file\na.png\na.png\n")))) == 1


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("path\na.png\n", {}, "there is no column 'file'; columns are path"),
        ("file\na.png\n", {"group": "who"}, "there is no column 'who'"),
        ("file\n", {}, "no row names a file"),
        ("file,x\na.png,1\n", {"where": {"x": ("2",)}}, "no row names a file and matches --where"),
        ("file,at\na.png,first\n", {"frame_column": "at"}, "row 2 has 'first' in 'at', which is no frame"),
    ],
)
def test_that_a_bad_table_is_refused_in_one_sentence_that_names_it(text, query, words, tmp_path):
    path = table(tmp_path, text)
    with pytest.raises(ViewerError, match=re.escape(words)) as caught:
        unlabelled(DataQuery(data=path, **query))
    assert str(path) in str(caught.value)


def test_that_a_place_where_nothing_is_is_told(tmp_path):
    with pytest.raises(ViewerError, match="there is no such table or folder"):
        unlabelled(DataQuery(data=tmp_path / "none"))
