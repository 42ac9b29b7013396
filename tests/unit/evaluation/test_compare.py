import json

import numpy as np
import pytest

from viewer.domain.errors import ViewerError
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.compare import as_json, compare, with_trusts
from viewer.evaluation.wording import comparison_text

QUICK = Bootstrap(draws=300)
HEAD = "id,true,predicted"


def two(table, a, b):
    return table(a, name="a.csv"), table(b, name="b.csv")


def compared(table, a, b):
    return compare(*two(table, a, b), QUICK)


def answers(groups, share_right, seed, head="group,true,predicted"):
    """A table of four rows per group; the share of right answers is the groups' own."""
    right = np.random.default_rng(seed).random(4 * groups) < share_right
    lines = [f"{i // 4},{'ab'[i % 2]},{'ab'[(i + (not right[i])) % 2]}" for i in range(4 * groups)]
    return "\n".join([head, *lines])


def test_that_the_difference_is_b_minus_a(table):
    found = compared(table, f"{HEAD}\n1,x,x\n2,y,x\n", f"{HEAD}\n1,x,x\n2,y,y\n").differences["accuracy",]
    assert (found.a, found.b, found.difference.value) == (0.5, 1.0, 0.5)


def test_that_a_clear_gain_is_claimed_and_names_the_better_table(table):
    worse, better = answers(60, 0.6, 1), answers(60, 0.95, 2)
    assert compared(table, worse, better).differences["accuracy",].better == "b"
    assert compared(table, better, worse).differences["accuracy",].better == "a"


def test_that_no_gain_is_claimed_where_the_interval_holds_zero(table):
    found = compared(table, answers(60, 0.8, 1), answers(60, 0.81, 2)).differences["accuracy",]
    assert found.difference.low < 0 < found.difference.high
    assert found.better is None


def test_that_pairing_makes_equal_tables_equal_beyond_doubt(table):
    text = answers(30, 0.7, 1)
    found = compared(table, text, text)
    assert {(f.difference.low, f.difference.high) for f in found.differences.values()} == {(0, 0)}
    assert all(f.better is None for f in found.differences.values())


def test_that_lower_is_better_for_risk(table):
    rows = [(i, "ab"[i % 2], "a", i // 4) for i in range(200)]  # wrong in every odd row
    good = "\n".join(["id,true,predicted,group,trust", *(f"{i},{t},{p},{g},{0.9 - i % 2}" for i, t, p, g in rows)])
    bad = "\n".join(["id,true,predicted,group,trust", *(f"{i},{t},{p},{g},{0.5}" for i, t, p, g in rows)])
    found = compared(table, bad, good).differences
    assert found["trust", "trust", "augrc"].difference.value < 0
    assert found["trust", "trust", "augrc"].better == "b"
    assert found["trust", "trust", "auroc_f"].better == "b"


def test_that_rows_are_paired_by_id_whatever_their_order(table):
    found = compared(table, f"{HEAD}\n1,x,x\n2,y,x\n", f"{HEAD}\n2,y,y\n1,x,x\n")
    assert found.paired_by == "id"
    assert found.differences["accuracy",].difference.value == 0.5


def test_that_rows_are_paired_by_file_and_frame(table):
    head = "file,frame,true,predicted"
    found = compared(table, f"{head}\nf,0,x,x\nf,1,y,x\n", f"{head}\nf,1,y,y\nf,0,x,x\n")
    assert found.paired_by == "file and frame"
    assert found.differences["accuracy",].b == 1


def test_that_without_a_common_key_rows_are_paired_by_order(table):
    found = compared(table, f"{HEAD}\n1,x,x\n2,y,x\n", "true,predicted\nx,x\ny,y\n")
    assert found.paired_by == "order of the rows"


def test_that_classes_may_stand_in_another_order(table):
    a = f"{HEAD},p_x,p_y\n1,x,x,.9,.1\n2,y,x,.7,.3\n"
    b = f"{HEAD},p_y,p_x\n1,x,x,.1,.9\n2,y,x,.3,.7\n"
    found = compared(table, a, b)
    assert {f.difference.value for f in found.differences.values() if f.a == f.a} == {0}


def test_that_a_class_nobody_answered_in_one_table_is_still_a_class(table):
    found = compared(table, f"{HEAD}\n1,x,x\n2,x,x\n", f"{HEAD}\n1,x,x\n2,x,y\n")
    assert found.differences["accuracy",].difference.value == -0.5


def test_that_rows_missing_an_answer_in_one_table_are_left_out_of_both(table):
    found = compared(table, f"{HEAD}\n1,x,x\n2,y,x\n3,y,y\n", f"{HEAD}\n1,x,x\n2,y,y\n3,y,\n")
    assert found.rows == 2
    assert "b: 1 of 3 rows lack 'true' and 'predicted' and are left out" in found.notes


def test_that_a_trust_is_compared_where_both_have_it(table):
    a = f"{HEAD},trust\n1,x,x,.9\n2,y,x,\n3,y,y,.8\n4,y,x,.1\n"
    b = f"{HEAD},trust\n1,x,x,.9\n2,y,x,.99\n3,y,y,.8\n4,y,x,.1\n"
    assert compared(table, a, b).differences["trust", "trust", "auroc_f"].difference.value == 0


def test_that_two_trusts_of_one_table_can_be_compared(table, four):
    a, b = two(table, four, four)
    found = compare(with_trusts(a, {"x": "trust_softmax"}), with_trusts(b, {"x": "trust"}), QUICK)
    assert {name[1] for name in found.differences if name[0] == "trust"} == {"x"}


def test_that_trusts_of_one_table_alone_are_said(table):
    found = compared(table, f"{HEAD},trust_a\n1,x,x,1\n2,x,y,0\n", f"{HEAD}\n1,x,x\n2,x,y\n")
    assert "a: only here, and left out: trust_a" in found.notes


REFUSED = {
    "has 1 rows and .* 2: they are not about the same cases": (f"{HEAD}\n1,x,x\n", f"{HEAD}\n1,x,x\n2,x,x\n"),
    "row 3: .*b.csv has no row with this id": (f"{HEAD}\n1,x,x\n2,x,x\n", f"{HEAD}\n1,x,x\n3,x,x\n"),
    "b.csv: rows 2 and 3 have the same id": (f"{HEAD}\n1,x,x\n2,x,x\n", f"{HEAD}\n1,x,x\n1,x,x\n"),
    "a.csv: rows 2 and 3 have the same id": (f"{HEAD}\n1,x,x\n1,x,x\n", f"{HEAD}\n1,x,x\n2,x,x\n"),
    "row 3 of .*a.csv and row 2 of .*b.csv have different true": (
        f"{HEAD}\n1,x,x\n2,y,x\n",
        f"{HEAD}\n2,x,x\n1,x,x\n",
    ),
    "b.csv does not know the class 'y' of": (f"{HEAD}\n1,x,x\n2,y,x\n", f"{HEAD},p_x\n1,x,x,1\n2,x,x,1\n"),
    "put the rows into different groups": (
        "true,predicted,group\nx,x,1\nx,x,1\nx,x,2\n",
        "true,predicted,group\nx,x,1\nx,x,2\nx,x,2\n",
    ),
    "no row has a truth and an answer in both": (f"{HEAD}\n1,x,x\n2,x,\n", f"{HEAD}\n1,x,\n2,x,x\n"),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_that_tables_about_other_cases_are_refused_in_one_sentence(table, sentence):
    with pytest.raises(ViewerError, match=sentence) as refused:
        compared(table, *REFUSED[sentence])
    assert "\n" not in str(refused.value)


def test_that_groups_may_have_other_names(table):
    a = "true,predicted,group\nx,x,p\nx,x,q\nx,x,p\n"
    b = "true,predicted,group\nx,x,2\nx,x,1\nx,x,2\n"
    assert compared(table, a, b).groups == 2


def test_that_groups_of_one_table_serve_both(table):
    assert compared(table, "true,predicted\nx,x\nx,x\n", "true,predicted,group\nx,x,2\nx,x,1\n").groups == 2


def test_that_json_and_words_say_the_same(table):
    found = compared(table, answers(60, 0.6, 1), answers(60, 0.95, 2))
    record = json.loads(json.dumps(as_json(found), allow_nan=False))
    leaf = record["figures"]["accuracy"]
    assert leaf["difference"] == pytest.approx(leaf["b"] - leaf["a"])
    assert leaf["better"] == "b"
    assert (record["n"], record["groups"], record["paired_by"]) == (240, 60, "order of the rows")
    line = next(line for line in comparison_text(found).splitlines() if line.startswith("accuracy"))
    assert f"{leaf['difference']:.4f} ({leaf['low']:.4f} to {leaf['high']:.4f})" in line
    assert line.endswith("b")
