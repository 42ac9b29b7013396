import json

import numpy as np
import pytest

from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.evaluate import as_json, evaluate
from viewer.evaluation.figures import Questions, higher_is_better
from viewer.evaluation.wording import evaluation_text

QUICK = Bootstrap(draws=200)


def record_of(table, **more):
    return as_json(evaluate(table, QUICK, **more))


def test_that_every_figure_of_a_small_table_is_as_computed_by_hand(table, four):
    record = record_of(table(four), questions=Questions(risks=(0.1,), coverages=(0.5,)))
    assert (record["n"], record["groups"], record["classes"]) == (4, 3, ["mole", "melanoma"])
    assert record["accuracy"]["value"] == 0.5
    assert record["balanced_accuracy"]["value"] == 0.5
    assert record["kappa"]["value"] == 0  # pₒ = ½, pₑ = (2·2 + 2·2)/16 = ½
    assert record["brier"]["value"] == pytest.approx(2 * (0.01 + 0.36 + 0.04 + 0.49) / 4)
    # Each row in a bin of its own: |1 − .9|, |0 − .6|, |1 − .8|, |0 − .7|.
    assert record["ece"]["value"] == pytest.approx((0.1 + 0.6 + 0.2 + 0.7) / 4)
    assert {name: figure["value"] for name, figure in record["per_class"]["mole"].items() if name != "support"} == {
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
    }
    assert record["per_class"]["mole"]["support"] == 2
    assert record["confusion"]["mole"]["melanoma"]["n"] == 1
    assert record["confusion"]["mole"]["melanoma"]["value"] == 0.5
    softmax = record["trust"]["trust_softmax"]
    # Right, right, wrong, wrong by falling trust: the best order there is.
    assert softmax["n"] == 4
    assert softmax["auroc_f"]["value"] == 1
    assert softmax["aurc"]["value"] == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)
    assert softmax["e_aurc"]["value"] == pytest.approx(0)
    assert softmax["augrc"]["value"] == pytest.approx(0.5 * 0.5**2)
    assert softmax["fpr_at_95_tpr"]["value"] == 0
    assert softmax["coverage_at_risk"]["0.1"]["value"] == 0.5
    assert softmax["risk_at_coverage"]["0.5"]["value"] == 0
    assert record["trust"]["trust"]["n"] == 3
    green = record["lights"]["green"]
    assert (green["n"], green["correct"], green["wrong"]) == (2, 2, 0)
    assert (green["share"]["value"], green["error"]["value"]) == (0.5, 0)
    assert record["lights"]["red"]["n"] == 0
    assert record["lights"]["red"]["error"]["value"] is None


def leaves(value, path=()):
    if isinstance(value, dict) and "value" in value:
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))


def test_that_every_figure_has_an_interval_around_it_and_json_can_hold_it(table):
    rng = np.random.default_rng(0)
    right, trust = rng.random(300) < 0.7, rng.random(300)
    lines = []
    for i in range(300):
        light = "green" if trust[i] > 0.5 else "amber"
        lines.append(f"{i // 3},{'ab'[i % 2]},{'ab'[(i + (not right[i])) % 2]},{trust[i]:.3f},{light}")
    record = record_of(table("\n".join(["group,true,predicted,trust,light", *lines])))
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    found = dict(leaves(record))
    defined = {path: figure for path, figure in found.items() if figure["value"] is not None}
    assert set(found) - set(defined) == {("lights", "red", "error"), ("lights", "grey", "error")}
    assert all(figure["low"] <= figure["value"] <= figure["high"] for figure in defined.values())
    assert defined["accuracy",]["low"] < defined["accuracy",]["value"] < defined["accuracy",]["high"]


def test_that_missing_columns_are_left_out_and_said(table):
    record = record_of(table("true,predicted\na,a\nb,a\n"))
    assert not {"trust", "ece", "brier", "lights"} & set(record)
    assert record["groups"] is None
    said = " ".join(record["notes"])
    for word in ("'group'", "'p_…'", "'trust…'", "'light'"):
        assert f"no column {word}" in said or f"no columns {word}" in said


def test_that_one_group_has_figures_without_intervals(table):
    record = record_of(table("true,predicted,group\na,a,x\nb,a,x\n"))
    assert record["accuracy"] == {"value": 0.5, "low": None, "high": None}
    assert "only one group: no intervals" in record["notes"]


def test_that_a_trust_without_values_is_left_out(table):
    record = record_of(table("true,predicted,trust,trust_b\na,a,.5,\nb,a,.4,nan\n"))
    assert list(record["trust"]) == ["trust"]
    assert "'trust_b' has no values and is left out" in record["notes"]


def test_that_errors_are_needed_to_say_how_well_they_are_found(table):
    record = record_of(table("true,predicted,trust\na,a,.5\nb,b,.4\n"))
    assert record["trust"]["trust"]["auroc_f"] == {"value": None, "low": None, "high": None}
    assert "every answer is right: AUROC_f and FPR@95TPR are undefined" in record["notes"]


def test_that_answers_that_are_not_the_most_probable_class_are_said(table):
    record = record_of(table("true,predicted,p_a,p_b\na,b,.9,.1\nb,b,.2,.8\n"))
    assert "in 1 rows 'predicted' is not the most probable class, which ECE judges" in record["notes"]
    assert record["accuracy"]["value"] == 0.5
    assert record["ece"]["value"] == pytest.approx((0.1 + 0.2) / 2)


def test_that_rows_without_a_light_are_counted(table):
    record = record_of(table("true,predicted,light\na,a,green\nb,a,\n"))
    assert record["lights"]["green"]["share"]["value"] == 1
    assert "1 of 2 rows have no light; the table of lights leaves them out" in record["notes"]


def test_that_words_name_every_part(table, four):
    words = evaluation_text(evaluate(table(four), QUICK))
    for part in (
        "4 rows in 3 groups",
        "Cohen's κ",
        "melanoma",
        "true \\ answer",
        "AUGRC",
        "coverage@risk 0.1",
        "green",
    ):
        assert part in words
    assert "note: 'trust' has no value in 1 of 4 rows, which its figures leave out" in words
    assert "accuracy           0.5000 (" in words


def test_that_less_risk_and_more_coverage_are_better():
    assert higher_is_better(("trust", "trust", "augrc")) is False
    assert higher_is_better(("trust", "error", "coverage_at_risk", "0.1")) is True
    assert higher_is_better(("lights", "green", "error")) is False
    assert higher_is_better(("lights", "green", "share")) is None
    assert higher_is_better(("confusion", "recall", "recall")) is None


def test_that_averages_over_rows_are_accuracy_and_over_classes_are_not(table):
    average = record_of(table("true,predicted\na,a\na,a\na,a\nb,a\n"))["average"]
    for name in ("micro", "samples"):
        assert {average[name][figure]["value"] for figure in ("precision", "recall", "f1")} == {0.75}
    assert average["macro"]["recall"]["value"] == 0.5
    assert average["weighted"]["precision"]["value"] == pytest.approx(0.75 * 0.75)


def test_that_the_loss_is_the_mean_of_the_logarithms(table, four):
    assert record_of(table(four))["loss"]["value"] == pytest.approx(-np.log(0.9 * 0.4 * 0.8 * 0.3) / 4)
    assert "loss" not in record_of(table("true,predicted\na,a\nb,a\n"))
