"""`viewer check-data` finds every trap of the real data by itself, and none in generated pictures."""

import csv

import pytest

from viewer.datasets.checks.finding import Severity
from viewer.datasets.checks.known import groups_of_bundle
from viewer.datasets.checks.run import Checking, check
from viewer.datasets.checks.shelf import FactShelf
from viewer.datasets.query import DataQuery
from viewer.phantoms.cohort import lesion_cohort
from viewer.phantoms.folder import write_lesions
from viewer.resources import shipped_bundles


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Facts that the tests of this module share."""
    with FactShelf(tmp_path_factory.mktemp("shelf") / "facts.sqlite") as facts:
        yield facts


def checked(shelf, *queries, **asked):
    found = check(queries, Checking(**asked), shelf, lambda done, total: None)
    return {finding.kind: finding for finding in found.findings}


@pytest.mark.real_data
def test_that_isic9_folder_names_lie_and_copies_are_found_in_the_folders_alone(viewer_data, shelf):
    found = checked(shelf, DataQuery(data=viewer_data / "derm" / "isic9_180"))
    rows = [row for row in table_rows(viewer_data / "derm" / "labels.csv") if row["set"] == "isic9_180"]
    exact = sum(row["exact_dup"] == "1" for row in rows)
    told = found["duplicates"].sentence
    assert told == f"{exact} files repeat another byte for byte: {2 * exact} files show {exact} things"
    conflict = found["label-conflict"]
    assert conflict.severity is Severity.REFUSE
    assert conflict.sentence.startswith("127 pictures are labelled twice: 254 files")
    assert conflict.details[0] == "71 of the 72 files of 'seborrheic_keratosis' show the same as files of 'melanoma'"
    assert "56 of the 279 files of 'nevus' show the same as files of 'actinic_keratosis'" in conflict.details
    assert {str(path.relative_to(viewer_data / "derm")) for path in conflict.files} == {
        row["file"] for row in rows if row["label_conflict"] == "1"
    }
    assert found["split-content-leak"].sentence.endswith("test, train, 17 times")
    assert found["training-content-leak"].severity is Severity.REFUSE
    assert len(found["near-duplicates"].pairs) == 5


@pytest.mark.real_data
def test_that_lesions_on_both_sides_of_the_split_of_isic9_are_found(viewer_data, shelf):
    query = DataQuery(
        data=viewer_data / "derm" / "labels.csv", label="class", group="group_id", where={"set": ("isic9_180",)}
    )
    leak = checked(shelf, query)["split-group-leak"]
    rows = [row for row in table_rows(query.data) if row["set"] == "isic9_180"]
    assert leak.severity is Severity.REFUSE
    assert leak.sentence.startswith("the split of the data: 35 groups lie in more than one of the parts")
    assert {str(path.relative_to(viewer_data / "derm")) for path in leak.files} == {
        row["file"] for row in rows if row["crosses_orig_split"] == "1"
    }


@pytest.mark.real_data
def test_that_cleaned_dermoscopy_is_not_refused(viewer_data, shelf):
    where = {"set": "isic9_180", "exact_dup": "0"}
    query = DataQuery(data=viewer_data / "derm" / "labels.csv", label="class_clean", group="group_id", where=where)
    found = checked(shelf, query, makers_split=False)
    assert not [kind for kind, finding in found.items() if finding.severity is Severity.REFUSE]


@pytest.mark.real_data
def test_that_lung_ultrasound_is_told_to_be_confounded_cut_out_and_repeated(viewer_data, shelf):
    found = checked(shelf, DataQuery(data=viewer_data / "lus" / "labels.csv", label="class", group="group_id"))
    source = found["confounded-with-source"]
    assert source.severity is Severity.WARN
    assert source.sentence.startswith("the class goes together with 'source_id' (12 values)")
    assert found["cut-outs"].sentence.startswith("104 of 112 files are square, in 62 sizes")
    assert found["frames-alike"].sentence.startswith("in 81 of 83 clips neighbouring frames are almost copies")


@pytest.mark.real_data
def test_that_a_patient_per_file_is_found_in_lung_ultrasound(viewer_data, shelf):
    found = checked(shelf, DataQuery(data=viewer_data / "lus" / "labels.csv", label="class", group="patient_id"))
    assert found["group-per-file"].sentence.startswith(
        "66 of 76 groups in 'patient_id' have one file, as if it were numbered by file; 'group_id' joins all to 35"
    )
    assert "northumbria" in found["names-suggest-groups"].sentence
    assert found["confounded-with-files"].sentence.startswith("the class can be told from size, format and length")


@pytest.mark.real_data
def test_that_the_two_sets_of_chest_x_rays_must_not_be_mixed(viewer_data, shelf):
    found = checked(
        shelf,
        *(
            DataQuery(data=viewer_data / "cxr" / name, label="class", group="patient_id")
            for name in ("labels.csv", "labels_kermany.csv")
        ),
    )
    assert found["sets-apart"].severity is Severity.REFUSE
    assert found["sets-apart"].sentence.startswith("these sets must not be mixed")
    assert len(found["groups-to-merge"].pairs) == 3


@pytest.mark.real_data
def test_that_outputs_on_a_classifiers_own_training_frames_are_refused(viewer_data, shelf):
    found = checked(shelf, DataQuery(data=viewer_data / "lus_seed" / "values_train.csv"))
    assert found["training-outputs"].severity is Severity.REFUSE
    assert "30209 outputs of a classifier (sm0, sm1, sm2, sm3), 81.1 % of them right" in found["predictions"].sentence
    assert "begin with 8 different words" in found["predictions"].sentence
    assert "nothing in the table says on which patients" in found["trained-on-unknown"].sentence


@pytest.mark.real_data
def test_that_every_dicom_file_that_does_not_open_is_told_with_its_reason(viewer_data, shelf):
    found = checked(shelf, DataQuery(data=viewer_data / "dicom"))
    told = found["unreadable"]
    assert told.severity is Severity.REFUSE
    assert len(told.details) == len(told.files) == len(set(told.details))
    assert all(line.startswith(str(viewer_data)) and len(line.split(": ", 1)[1]) > 8 for line in told.details)
    unreadable = {path.relative_to(viewer_data / "dicom").as_posix() for path in told.files}
    rows = table_rows(viewer_data / "dicom" / "manifest.csv")
    images = {row["file"]: row["decode"].startswith("ok") for row in rows if row["kind"] == "image"}
    assert {file for file in unreadable if file in images} == {
        "pydicom/JPEG2000-embedded-sequence-delimiter.dcm",
        "pydicom/MR_truncated.dcm",
        "pydicom/meta_missing_tsyntax.dcm",
        "pydicom/nested_priv_SQ.dcm",
    }
    assert not [file for file in unreadable if images.get(file)]


def test_that_generated_lesions_raise_no_refusal(tmp_path, shelf):
    table = write_lesions(tmp_path, lesion_cohort(30, 5, lesions_per_patient=2, size=128))
    found = checked(shelf, DataQuery(data=table, label="class", group="group_id", mask="mask"))
    assert not [finding.sentence for finding in found.values() if finding.severity is Severity.REFUSE]
    assert not {"duplicates", "near-duplicates", "label-conflict", "groups-to-merge"} & set(found)


def test_that_a_shipped_model_tells_which_groups_it_was_not_trained_on():
    known = groups_of_bundle(shipped_bundles() / "phantom-lesion")
    assert known.name == "phantom-lesion"
    assert len(known.held_out) > 100
    assert not known.trained


def table_rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
