import pytest

from viewer.datasets.checks.finding import Severity


@pytest.fixture
def clean(paint):
    """Twenty different pictures of twenty patients in two classes."""
    paths = [paint(f"{number}.png", number) for number in range(20)]
    return [
        {"file": path.name, "class": "ab"[number % 2], "patient": f"p{number}"} for number, path in enumerate(paths)
    ]


def row(path, label, patient):
    return {"file": path.name, "class": label, "patient": patient}


def test_that_clean_data_raise_neither_refusal_nor_warning(clean, table, findings):
    found = findings(table(clean))
    assert {finding.severity for finding in found.values()} == {Severity.INFORM}


def test_that_missing_and_unreadable_files_have_a_sentence_each(clean, table, findings, tmp_path):
    (tmp_path / "cut.jpg").write_bytes(b"\xff\xd8\xff")
    more = [row(tmp_path / "cut.jpg", "a", "x"), row(tmp_path / "gone.png", "b", "y")]
    found = findings(table(clean + more))
    assert found["missing"].severity is found["unreadable"].severity is Severity.WARN
    assert found["missing"].details == (f"{tmp_path / 'gone.png'}: there is no such file",)
    assert found["unreadable"].details[0].startswith(f"{tmp_path / 'cut.jpg'}: the picture is damaged")


def test_that_more_than_a_tenth_of_missing_files_is_refused(clean, table, findings, tmp_path):
    more = [row(tmp_path / f"gone{number}.png", "a", "x") for number in range(3)]
    assert findings(table(clean + more))["missing"].severity is Severity.REFUSE


def test_that_the_same_content_with_two_classes_is_refused_and_counted_by_class(clean, table, findings, paint):
    copies = [paint("copy0.png", 0), paint("copy2.png", 2)]
    found = findings(table(clean + [row(path, "b", path.stem) for path in copies]))
    conflict = found["label-conflict"]
    assert conflict.severity is Severity.REFUSE
    assert conflict.sentence == "2 pictures are labelled twice: 4 files of the same content have different classes"
    assert conflict.details == (
        "2 of the 10 files of 'a' show the same as files of 'b'",
        "2 of the 12 files of 'b' show the same as files of 'a'",
    )
    assert [(pair.second.name, pair.words) for pair in conflict.pairs] == [
        ("copy0.png", "a | b"),
        ("copy2.png", "a | b"),
    ]
    assert found["duplicates"].sentence == "2 files repeat another byte for byte: 4 files show 2 things"


def test_that_nearly_the_same_picture_with_two_classes_is_a_warning(clean, table, findings, paint):
    near = paint("near.jpg", 0, quality=70)
    found = findings(table([*clean, row(near, "b", "p0")]))
    assert found["near-label-conflict"].severity is Severity.WARN
    assert "label-conflict" not in found
    assert found["near-duplicates"].pairs[0].second == near


def test_that_a_file_in_two_rows_and_in_two_groups_is_told(clean, table, findings):
    found = findings(table([*clean, {**clean[0], "patient": "other"}]))
    assert found["same-row"].severity is Severity.WARN
    assert found["file-in-two-groups"].severity is Severity.REFUSE


def test_that_a_patient_with_two_classes_is_only_information(clean, table, findings):
    clean[1]["patient"] = "p0"
    found = findings(table(clean))
    assert found["mixed-groups"].severity is Severity.INFORM
    assert found["mixed-groups"].sentence.startswith("1 of 19 groups has files of more than one class")
