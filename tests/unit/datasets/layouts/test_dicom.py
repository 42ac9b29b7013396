import numpy as np
import pydicom
import pytest

from viewer.datasets.query import DataQuery
from viewer.datasets.reading import read_dataset
from viewer.domain.errors import ViewerError
from viewer.io.dicom_writer import write_clip


@pytest.fixture
def scans(tmp_path):
    """Writes one-frame instances of patients below the folder `scans`; returns their SOPInstanceUIDs."""

    def write(**patients):
        uids = []
        for name, patient in patients.items():
            path = tmp_path / "scans" / f"{name.replace('__', '/')}.dcm"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_clip(path, np.zeros((1, 8, 8), np.uint8))
            dataset = pydicom.dcmread(path)
            dataset.PatientID = patient
            dataset.save_as(path)
            uids.append(str(dataset.SOPInstanceUID))
        return uids

    return write


def read(data, **more):
    return read_dataset(DataQuery(data=data, **more))


def test_that_class_folders_of_dicom_are_grouped_by_the_patient_in_the_file(scans, tmp_path):
    scans(sick__a="p1", sick__b="p1", well__c="p2")
    table = read(tmp_path / "scans")
    assert (table.layout, table.classes) == ("dicom", ("sick", "well"))
    assert table.groups == ["p1", "p1", "p2"]
    assert "p1" not in repr(table.samples) + " ".join(table.notes)


def test_that_files_without_a_patient_are_grouped_by_study_and_that_is_said(scans, tmp_path):
    scans(sick__a="", well__b="p2")
    table = read(tmp_path / "scans")
    assert "1 files name no patient; those of one study are a group" in table.notes
    assert len(set(table.groups)) == 2


@pytest.mark.parametrize("column", ["PatientID", "SOPInstanceUID", "file"])
def test_that_a_table_may_be_keyed_by_patient_instance_or_file(scans, tmp_path, column):
    uids = scans(x__a="p1", x__b="p1", y__c="p2")
    keys = {
        "PatientID": ["p1", "p1", "p2"],
        "SOPInstanceUID": uids,
        "file": ["x/a.dcm", "x/b.dcm", "y/c.dcm"],
    }
    rows = dict(zip(keys[column], ["sick", "sick", "well"], strict=True))
    labels = tmp_path / "labels.csv"
    labels.write_text(f"{column},finding\n" + "\n".join(f"{key},{label}" for key, label in rows.items()))
    layout = "dicom" if column == "file" else "auto"
    table = read(labels, image_root=tmp_path / "scans", label="finding", file_column=column, layout=layout)
    assert [(s.path.name, table.classes[s.label], s.group) for s in table.samples] == [
        ("a.dcm", "sick", "p1"),
        ("b.dcm", "sick", "p1"),
        ("c.dcm", "well", "p2"),
    ]


def test_that_a_key_with_two_classes_and_one_without_files_are_refused(scans, tmp_path):
    scans(a="p1", b="p2")
    labels = tmp_path / "labels.csv"
    labels.write_text("PatientID,finding\np1,sick\np1,well\n")
    asked = {"image_root": tmp_path / "scans", "label": "finding", "file_column": "PatientID"}
    with pytest.raises(ViewerError, match="two rows have the same PatientID and another finding"):
        read(labels, **asked)
    labels.write_text("PatientID,finding\nq1,sick\nq2,well\n")
    with pytest.raises(ViewerError, match="nothing in 'PatientID' is the name, the SOPInstanceUID or the PatientID"):
        read(labels, **asked)
