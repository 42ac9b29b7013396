from pathlib import Path

import pytest

from viewer.cli import data_arguments
from viewer.datasets.query import DataQuery
from viewer.datasets.reading import LAYOUTS, read_dataset
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
    return DataQuery(**given)


def test_that_rows_become_samples_with_classes_in_alphabetical_order(tmp_path):
    table = read_dataset(query(tmp_path, where={"set": ("one",)}))
    assert table.classes == ("melanoma", "nevus")
    assert [(s.path, s.label, s.group) for s in table.samples] == [
        (Path("root/a.png"), 1, "p1"),
        (Path("root/b.png"), 0, "p2"),
    ]


def test_that_what_is_left_out_is_counted(tmp_path):
    assert read_dataset(query(tmp_path, where={"set": ("one",)})).notes == (
        "1 rows do not match the filter and are left out",
        "1 rows have no class and are left out",
        "1 rows have no patient or no file and are left out",
    )


def test_that_of_one_column_any_of_the_values_will_do(tmp_path):
    assert len(read_dataset(query(tmp_path, where={"set": ("one", "two")})).samples) == 3


def test_that_an_unknown_column_is_named_with_those_there_are(tmp_path):
    with pytest.raises(ViewerError, match="no column 'lesion'; columns are file, class, patient, set"):
        read_dataset(query(tmp_path, group="lesion"))


def test_that_one_class_is_too_few(tmp_path):
    with pytest.raises(ViewerError, match="needs two classes or more in 'class', found only 'wart'"):
        read_dataset(query(tmp_path, where={"set": ("two",)}))


def test_that_a_table_that_is_no_text_costs_one_sentence(tmp_path):
    asked = query(tmp_path)
    asked.data.write_bytes(b"\xff\xfe\x00file")
    with pytest.raises(ViewerError, match="is no CSV in UTF-8"):
        read_dataset(asked)


def test_that_a_missing_table_costs_one_sentence(tmp_path):
    with pytest.raises(ViewerError, match="there is no such table or folder"):
        read_dataset(DataQuery(data=tmp_path / "no.csv", image_root=tmp_path, label="class", group="patient"))


def test_that_a_group_is_not_shown_when_a_sample_is_printed(tmp_path):
    assert "p1" not in repr(read_dataset(query(tmp_path)).samples[0])


def test_that_a_table_may_name_frames_masks_sources_and_splits(tmp_path):
    text = "file,class,patient,frame,mask,site,part\na.mp4,x,p,3,m/a.png,north,train\na.mp4,y,p,,,,test\n"
    asked = query(tmp_path, text, frame_column="frame", mask="mask", source_column="site", split_column="part")
    first, second = read_dataset(asked).samples
    assert (first.frame, first.mask, first.source, first.split) == (3, Path("root/m/a.png"), "north", "train")
    assert (second.frame, second.mask, second.source, second.split) == (None, None, "", "test")


def test_that_a_frame_that_is_no_number_names_its_row(tmp_path):
    asked = query(tmp_path, "file,class,patient,frame\na,x,p,1\nb,y,q,last\n", frame_column="frame")
    with pytest.raises(ViewerError, match="row 3 has 'last' in 'frame', which is no frame"):
        read_dataset(asked)


def test_that_files_are_looked_for_beside_the_table_unless_told_otherwise(tmp_path):
    assert read_dataset(query(tmp_path, image_root=None)).samples[0].path == tmp_path / "a.png"


def test_that_a_table_must_say_what_belongs_together_or_that_nothing_does(tmp_path):
    with pytest.raises(ViewerError, match="which column says what belongs together"):
        read_dataset(query(tmp_path, group=""))
    with pytest.raises(ViewerError, match="name the column of the class"):
        read_dataset(query(tmp_path, label=""))
    assert read_dataset(query(tmp_path, group="file")).groups == ["a.png", "b.png", "d.png", "e.png"]


def test_that_groups_may_be_found_in_the_paths_of_a_table(tmp_path):
    assert read_dataset(query(tmp_path, group="", group_from="^.", image_root=None)).groups == list("abde")


def test_that_classes_may_be_taken_together(tmp_path):
    table = read_dataset(query(tmp_path, merge={"benign": ("nevus", "wart")}))
    assert table.classes == ("benign", "melanoma")
    assert table.labels == [0, 1, 0]
    assert table.notes[-1] == "taken together as benign: nevus, wart (2 files)"


@pytest.mark.parametrize(
    ("merge", "told"),
    [
        ({"rest": ("nevus", "mole")}, "no class 'mole' to put into 'rest'; there are melanoma, nevus, wart"),
        ({"a": ("nevus", "wart"), "b": ("wart", "melanoma")}, "'wart' cannot be put into 'a' and 'b'"),
        ({"all": ("nevus", "wart", "melanoma")}, "needs two classes or more in 'class', found only 'all'"),
    ],
)
def test_that_classes_that_cannot_be_taken_together_cost_one_sentence(tmp_path, merge, told):
    with pytest.raises(ViewerError, match=told):
        read_dataset(query(tmp_path, merge=merge))


def test_that_the_command_line_offers_every_layout():
    assert set(data_arguments.LAYOUTS) == {"auto", *LAYOUTS}
