from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError
from viewer.engine.bundle import Bundle
from viewer.session.labelled import familiar, held_out, labelled_files

CLASSES = ("melanoma", "nevus", "wart")
TABLE = LabelTable(
    classes=("common_nevus", "melanoma"),
    samples=(
        Sample(Path("/data/a/1.png"), 0, "anna"),
        Sample(Path("/data/b/2.png"), 1, "bert"),
        Sample(Path("/data/b/2.png"), 1, "bert", frame=3),
        Sample(Path("/data/a/1.png"), 1, "anna"),
    ),
    notes=("a note",),
)
NAMES = {"common_nevus": "nevus"}


def bundle(**groups: list[str]) -> Bundle:
    def predictions(part: str) -> tuple[dict[str, str], ...]:
        return tuple({"group": pseudonym(name)} for name in groups.get(part, ()))

    return cast("Bundle", SimpleNamespace(predictions=predictions))


def test_that_labels_become_classes_of_the_model_and_files_are_taken_once() -> None:
    found = labelled_files(TABLE, CLASSES, NAMES)
    assert [(file.path.name, file.true, file.frame) for file in found.files] == [
        ("1.png", "nevus", None),
        ("2.png", "melanoma", None),
        ("2.png", "melanoma", 3),
    ]
    assert found.root == Path("/data")
    assert found.notes == (
        "a note",
        "the label common_nevus is taken for nevus",
        "1 files or frames are named more than once, and taken as first labelled",
        "no file is truly wart: nothing is known of how they are recognised",
    )


def test_that_a_label_can_be_left_out() -> None:
    found = labelled_files(TABLE, CLASSES, {"common_nevus": ""})
    assert {file.true for file in found.files} == {"melanoma"}
    assert "1 files with the label common_nevus are left out, as asked" in found.notes
    with pytest.raises(ViewerError, match="no labelled file is left"):
        labelled_files(TABLE, CLASSES, {"common_nevus": "", "melanoma": ""})


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({}, "no classes of the model: 'common_nevus'.*--map-class common_nevus=CLASS"),
        ({**NAMES, "melanoma": "naevus"}, "--map-class melanoma=naevus: the model knows no naevus"),
        ({**NAMES, "blue": "nevus"}, "no file has the label blue"),
    ],
)
def test_that_labels_that_do_not_fit_are_refused_in_one_sentence(names: dict[str, str], said: str) -> None:
    with pytest.raises(ViewerError, match=said):
        labelled_files(TABLE, CLASSES, names)


def test_that_other_labels_are_another_run() -> None:
    one, other = (labelled_files(TABLE, CLASSES, {"common_nevus": name}) for name in ("nevus", "wart"))
    assert one.digest != other.digest
    assert one.digest == labelled_files(TABLE, CLASSES, NAMES).digest


def test_that_patients_the_model_knows_are_told() -> None:
    files = labelled_files(TABLE, CLASSES, NAMES)
    assert familiar(files, bundle()) is files
    known = familiar(files, bundle(fit=["anna", "cleo"], certify=["bert"]))
    assert "of the 2 groups 1 are among those the model was fitted on and 1 among those" in known.caveats[-1]


def test_that_only_the_certify_groups_can_be_taken() -> None:
    files = labelled_files(TABLE, CLASSES, NAMES)
    kept = held_out(files, bundle(certify=["bert"]))
    assert {file.group for file in kept.files} == {"bert"}
    assert "only the 2 of 3 files" in kept.caveats[-1]
    with pytest.raises(ViewerError, match="none of these groups"):
        held_out(files, bundle(fit=["bert"]))
