import pytest
from PIL import Image

from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.domain.errors import ViewerError


@pytest.fixture
def draw(tmp_path):
    """Writes small pictures below the folder `set`."""

    def write(*names):
        for name in names:
            path = tmp_path / "set" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (4, 4)).save(path)
        return tmp_path / "set"

    return write


def read(root, **more):
    return read_dataset(DataQuery(data=root, **more))


def test_that_folders_are_classes_and_files_are_groups_and_that_is_said(draw):
    root = draw("nevus/a.png", "melanoma/b.png", "nevus/c.png")
    table = read(root)
    assert table.classes == ("melanoma", "nevus")
    assert [(s.path.relative_to(root).as_posix(), s.label, s.group) for s in table.samples] == [
        ("melanoma/b.png", 0, "melanoma/b.png"),
        ("nevus/a.png", 1, "nevus/a.png"),
        ("nevus/c.png", 1, "nevus/c.png"),
    ]
    assert table.notes[0] == f"{root} is read as class folders"
    assert table.notes[1].startswith("nothing names a patient: each of these files is taken for a patient")


def test_that_the_folders_of_a_split_are_no_classes_and_are_kept(draw):
    root = draw("train/nevus/a.png", "train/melanoma/b.png", "Test/nevus/c.png")
    table = read(root)
    assert table.notes[0] == f"{root} is read as class folders in test, train"
    assert [(s.split, table.classes[s.label]) for s in table.samples] == [
        ("test", "nevus"),
        ("train", "melanoma"),
        ("train", "nevus"),
    ]


def test_that_a_patient_is_found_in_the_path(draw):
    root = draw("bacterial/person7_1.png", "bacterial/person7_2.png", "normal/IM-3-1.png", "normal/scan.png")
    table = read(root, group_from=r"(person\d+|IM-\d+)")
    assert table.groups == ["person7", "person7", "IM-3"]
    assert table.notes[1:] == (
        r"2 groups are named by '(person\\d+|IM-\\d+)' in the paths",
        "1 files have no match for it and are left out",
    )


def test_that_masks_beside_the_classes_are_no_class(draw):
    root = draw("nevus/a.png", "melanoma/b.png", "masks/a.png")
    table = read(root)
    assert [s.mask for s in table.samples] == [None, root / "masks" / "a.png"]


def test_that_texts_are_left_aside_and_damaged_pictures_are_not(draw):
    root = draw("nevus/a.png", "melanoma/b.png")
    (root / "nevus" / "readme.txt").write_text("about these")
    (root / "nevus" / "cut.jpg").write_bytes(b"\xff\xd8\xff")
    (root / "nevus" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    assert [s.path.name for s in read(root).samples] == ["b.png", "a.png", "cut.jpg"]


def test_that_a_folder_without_classes_is_told_what_would_be_understood(draw):
    root = draw("a.png")
    (root / "labels.csv").write_text("file,class")
    with pytest.raises(ViewerError, match=r"in no way that is known \(.*CLASS.*there is labels.csv in it"):
        read(root)


def test_that_rows_of_a_folder_cannot_be_chosen(draw):
    root = draw("nevus/a.png", "melanoma/b.png")
    with pytest.raises(ViewerError, match="only the rows of a table can be chosen"):
        read(root, where={"set": "one"})


def test_that_a_pattern_that_is_none_costs_one_sentence(draw):
    root = draw("nevus/a.png", "melanoma/b.png")
    with pytest.raises(ViewerError, match="no regular expression"):
        read(root, group_from="(")
    with pytest.raises(ViewerError, match="no file's path has a match"):
        read(root, group_from="zebra")
