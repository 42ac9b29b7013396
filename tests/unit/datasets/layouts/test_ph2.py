import pytest
from PIL import Image

from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.domain.errors import ViewerError

TEXT = """|| Name   || Histological Diagnosis || Clinical Diagnosis || Asymmetry | Streaks || Colors ||
|| IMD003 ||                        ||                  0 ||         0 |       A ||      4 ||
|| IMD009 ||            Melanoma    ||                  2 ||         2 |       P ||   3  4 ||
Legends:
|| 0 || common nevus ||
"""


@pytest.fixture
def root(tmp_path):
    """Three lesions, two of which the table knows."""
    for name in ("IMD003", "IMD009", "IMD010"):
        folder = tmp_path / "PH2 Dataset images" / name
        for kind, file in (("Dermoscopic_Image", f"{name}.bmp"), ("lesion", f"{name}_lesion.bmp")):
            (folder / f"{name}_{kind}").mkdir(parents=True)
            Image.new("RGB", (4, 4)).save(folder / f"{name}_{kind}" / file)
    return tmp_path


def test_that_its_own_table_tells_the_class_of_every_lesion(root):
    (root / "PH2_dataset.txt").write_text(TEXT, encoding="utf-8")
    table = read_dataset(DataQuery(data=root))
    assert table.layout == "ph2"
    assert table.classes == ("common_nevus", "melanoma")
    assert [(s.path.name, s.label, s.group, s.mask.name) for s in table.samples] == [
        ("IMD003.bmp", 0, "IMD003", "IMD003_lesion.bmp"),
        ("IMD009.bmp", 1, "IMD009", "IMD009_lesion.bmp"),
    ]
    assert table.notes == (f"{root} is read as PH2", "1 lesions have no diagnosis in the table and are left out")


def test_that_the_table_may_have_been_saved_as_csv_and_another_column_be_asked_for(root):
    (root / "ph2.csv").write_text("Name,Group\nIMD003,benign\nIMD009,malignant\nIMD010,malignant\n", encoding="utf-8")
    table = read_dataset(DataQuery(data=root, label="Group"))
    assert [table.classes[s.label] for s in table.samples] == ["benign", "malignant", "malignant"]


def test_that_a_missing_table_costs_one_sentence(root):
    with pytest.raises(ViewerError, match=r"there is no table .* with the columns 'Name' and 'Clinical Diagnosis'"):
        read_dataset(DataQuery(data=root))
