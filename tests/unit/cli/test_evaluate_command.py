import json

import pytest

from viewer.cli import main

TABLE = """\
group,true,predicted,p_a,p_b,trust,light
1,a,a,.9,.1,.9,green
2,b,a,.6,.4,.2,amber
3,b,b,.3,.7,.8,green
4,a,a,.8,.2,.7,grey
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_that_json_is_one_object_and_nothing_else(table, capsys):
    assert main(["evaluate", str(table), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["accuracy"]["value"] == 0.75
    assert record["trust"]["trust"]["auroc_f"]["value"] == 1
    assert record["bootstrap"] == {"draws": 1000, "seed": 0, "level": 0.95}


def test_that_people_get_words_and_the_file_gets_json(table, tmp_path, capsys):
    assert main(["evaluate", str(table), "--draws", "50", "--out", str(tmp_path / "out.json")]) == 0
    assert "Cohen's κ" in capsys.readouterr().out
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["n"] == 4


def test_that_the_same_seed_prints_the_same(table, capsys):
    printed = []
    for seed in ("1", "1", "2"):
        main(["evaluate", str(table), "--json", "--seed", seed, "--draws", "40"])
        printed.append(json.loads(capsys.readouterr().out)["brier"])
    assert printed[0] == printed[1] != printed[2]


def test_that_risks_and_coverages_can_be_asked_for(table, capsys):
    main(["evaluate", str(table), "--json", "--risk", "0.02", ".5", "--coverage", "1", "--trust", "p_a"])
    trust = json.loads(capsys.readouterr().out)["trust"]["p_a"]
    assert list(trust["coverage_at_risk"]) == ["0.02", "0.5"]
    assert trust["risk_at_coverage"]["1"]["value"] == 0.25


def test_that_a_bad_table_ends_with_one_sentence(table, capsys):
    table.write_text("true,predicted,trust\na,a,much\n", encoding="utf-8")
    assert main(["evaluate", str(table)]) == 2
    assert capsys.readouterr().err == f"viewer evaluate: {table}: row 2: 'much' in 'trust' is not a finite number\n"


def test_that_a_file_that_cannot_be_written_ends_with_one_sentence(table, tmp_path, capsys):
    assert main(["evaluate", str(table), "--draws", "0", "--out", str(tmp_path / "no" / "out.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_that_the_table_itself_is_never_written_over(table, capsys):
    assert main(["evaluate", str(table), "--out", str(table)]) == 2
    assert table.read_text(encoding="utf-8") == TABLE
    assert "would be written over" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--risk", "2"], ["--coverage", "0"], ["--draws", "-1"], ["--seed", "x"]])
def test_that_nonsense_is_refused(table, words, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["evaluate", str(table), *words])
    assert leaving.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
