import pytest

from viewer.datasets.checks.finding import Severity
from viewer.datasets.checks.predictions import KnownGroups
from viewer.datasets.query import DataQuery
from viewer.datasets.split import pseudonym
from viewer.domain.errors import ViewerError


@pytest.fixture
def outputs(tmp_path):
    """Writes a table of outputs for four patients, ten each, and returns a query about it."""

    def write(name="values.csv", split=None, **asked):
        lines = ["path,true,predicted,sm0,sm1" + (",split" if split else "")]
        for n in range(40):
            right = n % 5 != 0
            cells = [f"x/{1017 + n // 10}_{n}_0.png", "0", "0" if right else "1", "0.75", "0.25"]
            lines.append(",".join([*cells, *([split] if split else [])]))
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        return DataQuery(data=tmp_path / name, **asked)

    return write


def test_that_outputs_are_recognised_with_their_patients_and_how_often_they_are_right(outputs, findings):
    found = findings(outputs())
    assert found["predictions"].sentence.endswith(
        "values.csv holds no pictures but 40 outputs of a classifier (sm0, sm1), 80.0 % of them right; their names "
        "begin with 4 different words, taken for patients"
    )
    assert found["trained-on-unknown"].severity is Severity.WARN
    assert "training-outputs" not in found


@pytest.mark.parametrize("said", [{"name": "values_train.csv"}, {"split": "train"}], ids=["name", "column"])
def test_that_outputs_on_training_data_are_refused(outputs, findings, said):
    found = findings(outputs(**said))["training-outputs"]
    assert found.severity is Severity.REFUSE
    assert "must not teach a judge of its reliability" in found.sentence


def test_that_trained_is_a_word_and_no_part_of_one(outputs, findings):
    assert "training-outputs" not in findings(outputs(name="strained.csv"))
    assert "training-outputs" in findings(outputs(name="2024-train-set.csv"))


def test_that_patients_of_the_training_among_the_outputs_are_refused(outputs, findings):
    known = KnownGroups("labels.csv", trained={pseudonym("1018"), pseudonym("2000")})
    found = findings(outputs(), trained_on=known)
    assert found["training-outputs"].severity is Severity.REFUSE
    assert found["training-outputs"].sentence.startswith("1 of 4 groups of the outputs are among those of labels.csv")


def test_that_other_patients_are_fine_as_far_as_is_known(outputs, findings):
    found = findings(outputs(), trained_on=KnownGroups("labels.csv", trained={pseudonym("2000")}))
    assert found["held-out-outputs"].severity is Severity.INFORM
    assert set(found) == {"predictions", "held-out-outputs"}
    model = KnownGroups("lung", held_out={pseudonym(str(1017 + n)) for n in range(3)})
    assert findings(outputs(), trained_on=model)["trained-on-unknown"].sentence.startswith("1 of 4 groups")


def test_that_the_patient_may_be_named_by_a_pattern_or_a_column(outputs, findings):
    found = findings(outputs(group_from=r"(\d+)_\d+_0"))
    assert "4 groups are named by" in found["predictions"].sentence
    with pytest.raises(ViewerError, match="no column 'patient'"):
        findings(outputs(group="patient"))
