import json

import pytest

from viewer.cli import main

TABLE = """\
id,group,true,predicted,trust,trust_softmax
1,1,a,a,.9,.9
2,2,b,a,.2,.8
3,3,b,b,.8,.7
4,4,a,a,.7,.6
"""


@pytest.fixture
def tables(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(TABLE, encoding="utf-8")
    second.write_text(TABLE.replace("2,2,b,a", "2,2,b,b"), encoding="utf-8")
    return str(first), str(second)


def test_that_two_tables_are_compared_as_json(tables, capsys):
    assert main(["compare", *tables, "--json", "--draws", "50"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["figures"]["accuracy"]["difference"] == 0.25
    assert record["paired_by"] == "id"


def test_that_two_trusts_of_one_table_are_compared(tables, capsys):
    assert main(["compare", tables[0], tables[0], "--json", "--trust", "trust_softmax=trust"]) == 0
    figure = json.loads(capsys.readouterr().out)["figures"]["trust"]["trust_softmax=trust"]["auroc_f"]
    assert (figure["a"], figure["b"]) == pytest.approx((1 / 3, 1))


def test_that_words_name_both_tables(tables, capsys):
    assert main(["compare", *tables, "--draws", "50"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"a = {tables[0]}\nb = {tables[1]}\nboth: 4 rows in 4 groups")


def test_that_tables_that_do_not_match_end_with_one_sentence(tables, tmp_path, capsys):
    other = tmp_path / "c.csv"
    other.write_text("true,predicted\na,a\n", encoding="utf-8")
    assert main(["compare", tables[0], str(other)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("viewer compare: ")
    assert error.count("\n") == 1
