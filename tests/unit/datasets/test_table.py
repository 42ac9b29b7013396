from pathlib import Path

import pytest

from viewer.datasets.table import TableQuery, read_table
from viewer.domain.errors import ViewerError

TABLE = """file,class,patient,set
a.png,nevus,p1,one
b.png,melanoma,p2,one
c.png,,p3,one
d.png,nevus,,one
e.png,wart,p4,two
"""


def query(folder, text=TABLE, **changes):
    data = folder / "labels.csv"
    data.write_text(text, encoding="utf-8")
    given = {"data": data, "image_root": Path("root"), "label": "class", "group": "patient", **changes}
    return TableQuery(**given)


def test_that_rows_become_samples_with_classes_in_alphabetical_order(tmp_path):
    table = read_table(query(tmp_path, where={"set": "one"}))
    assert table.classes == ("melanoma", "nevus")
    assert [(s.path, s.label, s.group) for s in table.samples] == [
        (Path("root/a.png"), 1, "p1"),
        (Path("root/b.png"), 0, "p2"),
    ]


def test_that_what_is_left_out_is_counted(tmp_path):
    assert read_table(query(tmp_path, where={"set": "one"})).notes == (
        "1 rows do not match the filter and are left out",
        "1 rows have no class and are left out",
        "1 rows have no patient or no file and are left out",
    )


def test_that_an_unknown_column_is_named_with_those_there_are(tmp_path):
    with pytest.raises(ViewerError, match="no column 'lesion'; columns are file, class, patient, set"):
        read_table(query(tmp_path, group="lesion"))


def test_that_one_class_is_too_few(tmp_path):
    with pytest.raises(ViewerError, match="needs two classes or more in 'class', found only 'wart'"):
        read_table(query(tmp_path, where={"set": "two"}))


def test_that_a_table_that_is_no_text_costs_one_sentence(tmp_path):
    asked = query(tmp_path)
    asked.data.write_bytes(b"\xff\xfe\x00file")
    with pytest.raises(ViewerError, match="is no CSV in UTF-8"):
        read_table(asked)


def test_that_a_missing_table_costs_one_sentence(tmp_path):
    with pytest.raises(ViewerError, match="cannot be read"):
        read_table(TableQuery(data=tmp_path / "no.csv", image_root=tmp_path, label="class", group="patient"))


def test_that_a_group_is_not_shown_when_a_sample_is_printed(tmp_path):
    assert "p1" not in repr(read_table(query(tmp_path)).samples[0])
