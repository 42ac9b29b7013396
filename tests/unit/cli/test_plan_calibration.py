import json

import pytest

from viewer.assessment.planning import forecast
from viewer.cli import main, plan_calibration


@pytest.fixture(autouse=True)
def few_studies(monkeypatch):
    monkeypatch.setattr(
        plan_calibration, "forecast", lambda model, terms: forecast(model, terms, sizes=(30, 600), studies=20)
    )


def test_that_the_plan_names_the_fewest_groups_and_what_to_expect(capsys):
    assert main(["plan-calibration", "--risk", ".1", "--confidence", ".95", "--auroc", ".85"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "At most 10 % errors among green answers, 95 % confidence:"
    assert lines[1] == "it takes at least 29 green groups, if none of them is wrong."
    assert lines[-2].split()[:3] == ["30", "18", "0%"]
    assert lines[-1].split()[:2] == ["600", "360"]


@pytest.mark.parametrize(("risk", "fewest"), [(".05", 59), (".02", 149)])
def test_that_the_plan_is_one_json_object(capsys, risk, fewest):
    assert main(["plan-calibration", "--risk", risk, "--accuracy", ".9", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["risk"], plan["confidence"], plan["accuracy"], plan["auroc"]) == (float(risk), 0.95, 0.9, 0.8)
    assert plan["fewest_accepted_groups_without_error"] == fewest
    assert [forecast["groups"] for forecast in plan["forecasts"]] == [30, 600]
    assert 0 < plan["largest_coverage"] <= 1


@pytest.mark.parametrize("words", [["--risk", "0"], ["--confidence", "1"], ["--accuracy", "1"], ["--auroc", "2"]])
def test_that_numbers_without_meaning_are_refused(capsys, words):
    assert main(["plan-calibration", *words]) == 2
    assert "between 0 and" in capsys.readouterr().err
