import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.compare import compare, with_trusts
from viewer.evaluation.table import read_predictions
from viewer.report.comparison_page import Contest, write_comparison
from viewer.report.evaluation_cards import Shown, nothing

QUICK = Bootstrap(draws=60)


def cases(wrong: Callable[[int], bool], trust: Callable[[int], float], count: int = 60) -> str:
    """Rows of class a, some answered b."""
    lines = ["id,file,group,true,final,p_a,p_b,trust,light"]
    for i in range(count):
        answer, p = ("b", 0.3) if wrong(i) else ("a", 0.8)
        light = "green" if trust(i) > 0.5 else "amber"
        lines.append(f"{i},{i}.png,g{i // 2},a,{answer},{p},{1 - p:.1f},{trust(i):.3f},{light}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., tuple[str, dict]]:
    """Writes a report about two tables; gives the page and what `report.json` holds."""

    def write(a: str, b: str, illustrate=nothing) -> tuple[str, dict]:
        for name, text in (("a", a), ("b", b)):
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        tables = [read_predictions(tmp_path / f"{name}.csv") for name in "ab"]
        contest = Contest(comparison=compare(*tables, QUICK), names=("one", "<other>"), illustrate=illustrate)
        write_comparison(contest, tmp_path / "report")
        html = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
        assert not re.search(r"https?:|<script|@import", html)
        assert "<other>" not in html
        return html, json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))

    return write


def often(i: int) -> bool:
    return i % 2 == 0


def seldom(i: int) -> bool:
    return i % 10 == 0


def good(i: int) -> float:
    return 0.2 + i / 1000 if i % 2 == 0 else 0.8 + i / 1000


def test_that_cases_are_divided_by_who_gets_them(page) -> None:
    html, record = page(cases(often, good), cases(lambda i: i % 10 == 1 or seldom(i), good))
    assert (record["both_right"], record["both_wrong"]) == (24, 6)
    assert record["only_a_right"] == [f"{i}.png" for i in (51, 41, 31, 21, 11, 1)]
    assert len(record["only_b_right"]) == 24
    assert "both get 24 right and 6 wrong; 6 are right by one alone, 24 by &lt;other&gt; alone" in html
    assert "Right by one, wrong by &lt;other&gt;" in html


def test_that_the_better_one_is_named_only_where_the_interval_excludes_nothing(page) -> None:
    _, record = page(cases(often, good), cases(seldom, good))
    told = {said.split(":")[0]: said for said in record["summary"]}
    assert told["Share of right answers"].endswith("Here <other> is better.")
    _, record = page(cases(seldom, good), cases(lambda i: i % 10 == 2, good))
    told = {said.split(":")[0]: said for said in record["summary"]}
    assert told["Share of right answers"].endswith("No difference could be shown.")


def test_that_two_trusts_of_the_same_answers_are_told_from_two_models(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(cases(seldom, good).replace("trust,light", "trust,trust_x").replace("green", "0.7"), "utf-8")
    path.write_text(path.read_text("utf-8").replace("amber", "0.6"), "utf-8")
    table = read_predictions(path)
    pair = [with_trusts(table, {"trust_x=trust": name}) for name in ("trust_x", "trust")]
    write_comparison(Contest(comparison=compare(*pair, QUICK), names=("trust_x", "trust")), tmp_path)
    record = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert record["summary"][0] == "The answers to all 60 cases are the same: 54 right, 6 wrong."
    assert not any(said.startswith("Share of right answers") for said in record["summary"])
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert html.count("Are the probabilities true to their word?</h3>") == 1


def test_that_pictures_are_shown(page) -> None:
    html, _ = page(cases(often, good), cases(seldom, good), lambda row: Shown(picture="data:image/jpeg;base64,AA"))
    assert html.count("data:image/jpeg;base64,AA") == 12


def test_that_tables_without_trust_and_probabilities_are_compared(page) -> None:
    plain = "true,predicted\n" + "a,a\n" * 5 + "b,a\n" * 5
    html, record = page(plain, plain.replace("b,a", "b,b"))
    assert "Does the trust find the errors?" not in html
    assert record["only_b_right"] == [f"row {i}" for i in range(7, 12)]
