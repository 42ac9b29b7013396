import numpy as np
import pytest

from viewer.domain.errors import ViewerError
from viewer.evaluation.table import complete, read_predictions


def test_that_a_table_is_read_as_it_stands(table, four):
    found = table(four)
    assert found.classes == ("mole", "melanoma")
    assert found.true.tolist() == [0, 0, 1, 1]
    assert found.answer.tolist() == [0, 1, 1, 0]
    assert found.groups.tolist() == [0, 0, 1, 2]
    assert found.lights.tolist() == [0, 1, 0, 3]
    assert found.probabilities.tolist() == [[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.7, 0.3]]
    assert found.trusts["trust"].tolist() == pytest.approx([0.8, 0.3, 0.9, np.nan], nan_ok=True)
    assert list(found.trusts) == ["trust", "trust_softmax"]
    assert found.lines.tolist() == [2, 3, 4, 5]


def test_that_truth_and_answer_are_enough(table):
    found = table("true,predicted\nb,a\na,a\n")
    assert found.classes == ("a", "b")
    assert (found.probabilities, found.groups, found.lights, found.trusts) == (None, None, None, {})


def test_that_the_final_class_wins_and_this_is_said(table):
    found = table("true,predicted,final\na,a,b\nb,b,b\n")
    assert found.answer.tolist() == [1, 1]
    assert "'final' is judged, not 'predicted'" in found.notes


def test_that_a_bundles_own_tables_are_read(table):
    found = table("group,label,predicted,p_a,p_b\nx,a,a,.9,.1\ny,b,a,.8,.2\n")
    assert found.true.tolist() == [0, 1]
    assert "'label' is read as the true class" in found.notes


def test_that_other_columns_can_be_named_as_trust(table):
    found = table("true,predicted,trust,energy\na,a,.1,-3.5\nb,a,.2,7\n", "energy")
    assert {name: values.tolist() for name, values in found.trusts.items()} == {"energy": [-3.5, 7]}


def test_that_a_byte_order_mark_spaces_and_blank_lines_do_no_harm(written):
    text = "\ufefftrue , predicted\r\n a,a \r\n\r\nb,a\r\n"
    assert read_predictions(written(text)).true.tolist() == [0, 1]


def test_that_rows_without_truth_or_answer_are_left_out_and_counted(table):
    found = complete(table("true,predicted,group\na,a,x\n,a,y\nb,,z\nb,b,w\n"))
    assert found.true.tolist() == [0, 1]
    assert found.groups.tolist() == [0, 1]
    assert found.notes == ("2 of 4 rows lack 'true' and 'predicted' and are left out",)


def test_that_rows_of_unreadable_files_may_lack_their_probabilities(table):
    found = complete(table("true,predicted,p_a,p_b\na,a,.9,.1\nb,,,\n"))
    assert found.probabilities.tolist() == [[0.9, 0.1]]


def test_that_a_table_without_a_complete_row_is_refused(table):
    with pytest.raises(ViewerError, match="no row has both 'true' and 'predicted'"):
        complete(table("true,predicted\na,\n,b\n"))


REFUSED = {
    "there is no column 'true' or 'label'; columns are truth, predicted": "truth,predicted\na,a\n",
    "there is no column 'final' or 'predicted'; columns are true, p_a": "true,p_a\na,1\n",
    "row 3: 'c' in 'true' is none of the p_ columns (a, b)": "true,predicted,p_a,p_b\na,a,1,0\nc,a,1,0\n",
    "row 2: 'c' in 'predicted' is none of the p_ columns (a, b)": "true,predicted,p_a,p_b\na,c,1,0\n",
    "row 2: 'high' in 'p_a' is not a finite number": "true,predicted,p_a,p_b\na,a,high,0\n",
    "row 2: a probability is missing": "true,predicted,p_a,p_b\na,a,1,\n",
    "row 2: 'inf' in 'trust' is not a finite number": "true,predicted,trust\na,a,inf\n",
    "row 3: '0,5' in 'trust' is not a finite number": 'true,predicted,trust\na,a,1\na,a,"0,5"\n',
    "row 3: the probabilities sum to 0.9, not to 1": "true,predicted,p_a,p_b\na,a,.995,0\na,a,.5,.4\n",
    "row 2: a probability is not between 0 and 1": "true,predicted,p_a,p_b\na,a,1.5,-.5\n",
    "row 2: 'blue' in 'light' is no light (green, amber, red, grey)": "true,predicted,light\na,a,blue\n",
    "row 3: there is no 'group'": "true,predicted,group\na,a,x\na,a,\n",
    "row 1: column 'true' stands there twice": "true,predicted,true\na,a,a\n",
    "row 1: columns are separated by semicolons; commas are needed": "true;predicted\na;a\n",
    "row 1: columns are separated by tabs; commas are needed": "true\tpredicted\na\ta\n",
    "row 3: 3 cells for 2 columns": "true,predicted\na,a\na,a,a\n",
    "row 2: 1 cells for 2 columns": "true,predicted\na\n",
    "the file is empty": "",
    "the table has a header and no rows": "true,predicted\n",
    "the text is not UTF-8; save the table as CSV UTF-8": "true,predicted\nmüde,a\n".encode("latin-1"),
    "the table cannot be read (": 'true,predicted\n"a"b,a\n',
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_that_what_does_not_fit_is_refused_in_one_sentence(written, sentence):
    path = written(REFUSED[sentence])
    with pytest.raises(ViewerError) as refused:
        read_predictions(path)
    assert str(refused.value).startswith(f"{path}: {sentence}")
    assert "\n" not in str(refused.value)


def test_that_a_missing_trust_column_is_refused(table):
    with pytest.raises(ViewerError, match="there is no column 'trust_x'; columns are true, predicted"):
        table("true,predicted\na,a\n", "trust_x")


def test_that_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(ViewerError, match="there is no such file"):
        read_predictions(tmp_path / "none.csv")
    with pytest.raises(ViewerError, match="the table cannot be read"):
        read_predictions(tmp_path)


def test_that_groups_keep_their_names_and_cases_their_words(table):
    found = table("true,predicted,final,group,reason\na,a,a,anna,low\na,b,a,bert,\nb,b,b,anna,high\n")
    assert found.group_names == ("anna", "bert")
    rest = found.take(np.array([1, 2]))
    assert [rest.group_names[number] for number in rest.groups] == ["bert", "anna"]
    assert rest.words["reason"].tolist() == ["", "high"]
    assert rest.words["predicted"].tolist() == ["b", "b"]
