import pytest
from PIL import Image

from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.domain.errors import ViewerError


@pytest.fixture
def root(tmp_path):
    """Two pictures of two classes; one of them lacks its lungs, one has an infection."""
    for name in (
        "Train/COVID-19/images/covid_1.png",
        "Train/COVID-19/lung masks/covid_1.png",
        "Train/COVID-19/infection masks/covid_1.png",
        "Test/Normal/images/Normal (3).png",
        "Test/Normal/lung masks/other.png",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4)).save(path)
    return tmp_path


def test_that_pictures_come_with_their_lungs_and_their_split(root):
    table = read_dataset(DataQuery(data=root))
    assert table.layout == "covid-qu-ex"
    assert table.classes == ("COVID-19", "Normal")
    covid = root / "Train" / "COVID-19"
    assert [(s.path.name, s.split, s.mask) for s in table.samples] == [
        ("Normal (3).png", "test", None),
        ("covid_1.png", "train", covid / "lung masks" / "covid_1.png"),
    ]
    assert "1 of 2 pictures have no mask in 'lung masks'" in table.notes


def test_that_other_masks_can_be_named(root):
    table = read_dataset(DataQuery(data=root, mask="infection masks"))
    assert table.samples[1].mask == root / "Train" / "COVID-19" / "infection masks" / "covid_1.png"
    with pytest.raises(ViewerError, match="no folder of masks called 'hearts'"):
        read_dataset(DataQuery(data=root, mask="hearts"))
