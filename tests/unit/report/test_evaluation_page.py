import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.evaluate import evaluate
from viewer.evaluation.table import read_predictions
from viewer.report.cohort import Claimed, CohortRecord
from viewer.report.evaluation_cards import Shown
from viewer.report.evaluation_page import Pace, Subject, write_evaluation

QUICK = Bootstrap(draws=40)
RECORD = CohortRecord(
    bundle="skin",
    version="3",
    digest="ab" * 32,
    modality="dermoscopy",
    critical_classes=("melanoma",),
    claimed=Claimed(
        sentence="at most 10 %", risk=0.1, delta=0.05, critical_risk=0.05, green=True, red=True, missed=False
    ),
    facts=(("Model", "skin <3>"),),
    data="labels.csv",
    notes=("one note",),
    root="/data",
    made="2026-11-25T17:00:00+00:00",
    device="cpu",
)
VOID = {"meta", "img", "br", "path", "use", "rect"}


class Strict(HTMLParser):
    """Checks that every element that is opened is closed, and keeps what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.anchors: set[str] = set()
        self.images: list[dict[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.addresses += [found[name] for name in ("href", "src", "xlink:href", "action") if name in found]
        self.anchors.add(found.get("id", ""))
        if tag == "img":
            self.images.append(found)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., tuple[str, dict]]:
    """Writes a report about these rows; gives the page and what `report.json` holds."""

    def write(text: str, **more: object) -> tuple[str, dict]:
        path = tmp_path / "cases.csv"
        path.write_text(text, encoding="utf-8")
        write_evaluation(Subject(evaluation=evaluate(read_predictions(path), QUICK), **more), tmp_path / "report")
        html = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
        parser = Strict()
        parser.feed(html)
        assert parser.open == []
        assert all(address.startswith(("#", "data:")) for address in parser.addresses)
        assert {address[1:] for address in parser.addresses if address.startswith("#")} <= parser.anchors
        assert all(image.get("alt") for image in parser.images)
        assert not re.search(r"https?:|//[a-z]|<script|@import|url\((?!#)", html)
        return html, json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))

    return write


def cohort(cases: int = 60, **columns: Callable[[int], str]) -> str:
    """Rows of two classes; every fifth answer is wrong."""
    header = ["id", "file", "frame", "group", "true", "final", "p_mole", "p_melanoma", "trust", "light", "reason"]
    lines = [",".join(header)]
    for i in range(cases):
        wrong = i % 5 == 0
        true = "melanoma" if i % 2 else "mole"
        answer = {"mole": "melanoma", "melanoma": "mole"}[true] if wrong else true
        p = 0.6 + 0.39 * ((i * 7) % cases) / cases
        row = {
            "id": str(i),
            "file": f"a/{i}.png",
            "frame": "0",
            "group": f"g{i // 2}",
            "true": true,
            "final": answer,
            "p_mole": f"{p if answer == 'mole' else 1 - p:.4f}",
            "p_melanoma": f"{p if answer == 'melanoma' else 1 - p:.4f}",
            "trust": f"{0.9 * p:.4f}",
            "light": "green" if p > 0.8 else "amber",
            "reason": "because",
        }
        lines.append(",".join({**row, **{name: make(i) for name, make in columns.items()}}.values()))
    return "\n".join(lines) + "\n"


def test_that_the_page_shows_every_part(page) -> None:
    pace = Pace(frames=60, decode_ms=1, assess_ms=30, bare_ms=20, per_second=32, device="cpu")
    html, record = page(cohort(), record=RECORD, pace=pace, unread=[("b.png", "the file is empty")])
    for part in (
        "Wrong among the accepted",
        "Are the probabilities true to their word?",
        "(ROC)",
        "precision and recall",
        "Confusion matrix",
        "macro average",
        "samples average",
        "Loss: negative log-likelihood",
        "Cases that must not be missed",
        "Worst silent failures",
        "Groups, the worst first",
        "1.50 ×",
        "one note",
        "b.png: the file is empty",
    ):
        assert part in html
    assert html.count('role="img"') == html.count("As a table") == 5
    assert record["n"] == 60
    assert record["pace"]["bare_ms"] == 20
    assert record["unread"] == [{"file": "b.png", "why": "the file is empty"}]
    assert record["cohort"]["bundle"] == "skin"
    assert len(record["group_results"]) == 30


def test_that_what_is_told_is_what_was_counted(page) -> None:
    html, record = page(cohort(), record=RECORD)
    assert "80 of 100 answers were right" in html
    lights = record["lights"]["green"]
    assert f"{lights['wrong']} of these {lights['n']} were wrong and trusted" in html
    assert record["claims"][0]["errors"] == lights["wrong"]
    missed = record["missed_critical"]
    assert f"{len(missed)} critical cases were missed under a green light" in html
    assert [line["name"] for line in record["critical"]] == ["melanoma"]
    assert record["critical"][0]["missed"][0] == len(missed)


def test_that_silent_failures_are_wrong_and_the_most_trusted_first(page) -> None:
    _, record = page(cohort())
    rows = [line.split(",") for line in cohort().splitlines()[1:]]
    trusts = {row[1]: float(row[8]) for row in rows if row[4] != row[5]}
    assert record["silent_failures"] == sorted(trusts, key=trusts.__getitem__, reverse=True)


def test_that_groups_with_trusted_errors_come_first(page) -> None:
    _, record = page(cohort())
    silent = [line["silent"] for line in record["group_results"]]
    assert silent == sorted(silent, reverse=True)
    assert silent[0] > 0


def test_that_names_are_shown_as_words_and_never_run(page) -> None:
    evil = "<img src=x onerror=alert(1)>"
    html, _ = page(
        cohort(
            file=lambda i: f"{evil}{i}.png", group=lambda i: f"<b>{i // 2}", reason=lambda i: "<script>x</script>"
        ),
        record=replace(RECORD, notes=("<i>note",), bundle="<u>skin"),
        unread=[("<u>.png", "<broken>")],
    )
    for word in ("<img src=x", "<b>0", "<i>note", "<u>.png", "<broken>"):
        assert word not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_that_pictures_and_what_is_missing_of_them_are_shown(page) -> None:
    def shown(row: int) -> Shown | None:
        if row % 2:
            return Shown(
                picture="data:image/jpeg;base64,AA", overlay="data:image/jpeg;base64,BB", overlay_title="CAM"
            )
        return Shown(picture="", note="cannot be shown: the file is empty")

    html, _ = page(cohort(), illustrate=shown)
    assert "data:image/jpeg;base64,BB" in html
    assert "cannot be shown: the file is empty" in html


def test_that_what_must_not_be_missed_stands_in_the_summary(page) -> None:
    _, record = page(cohort(), record=replace(RECORD, caveats=("these are patients the model knows",)))
    assert record["summary"][1] == "These are patients the model knows."


def test_that_a_model_without_a_certificate_has_no_claim_to_check(page) -> None:
    html, record = page(cohort(), record=replace(RECORD, claimed=None))
    assert "Nothing is certified of this model" in html
    assert record["claims"] == []


@pytest.mark.parametrize("right", [True, False])
def test_that_all_right_and_all_wrong_are_reported(page, right: bool) -> None:
    html, record = page(cohort(final=lambda i: "melanoma" if bool(i % 2) == right else "mole"), record=RECORD)
    assert "(ROC)" not in html
    assert "How well the trust finds errors cannot be told" in html
    assert ("Every answer was right" in html) == right
    assert record["accuracy"]["value"] == float(right)


def test_that_one_row_is_reported(page) -> None:
    html, record = page(cohort(1), record=RECORD)
    assert record["n"] == 1
    assert "only one group: no intervals" in html


def test_that_one_group_is_reported(page) -> None:
    html, record = page(cohort(group=lambda i: "anna"), record=RECORD)
    assert len(record["group_results"]) == 1
    assert "undefined" not in html
    assert "nan" not in re.sub(r"[a-z]+nan[a-z]*|nan[a-z]+", "", html.lower())


def test_that_a_class_without_cases_is_reported(page) -> None:
    html, _ = page(cohort(true=lambda i: "mole"), record=RECORD)
    assert "No case is of such a class" in html


def test_that_a_table_of_answers_alone_is_reported(page) -> None:
    html, record = page("true,predicted\na,a\nb,a\nb,b\n")
    assert "There is no trust that could rank the 1 wrong answers" in html
    assert "Does the trust find the errors?" not in html
    assert record["claims"] == []


def test_that_a_table_without_lights_says_how_the_trusted_half_fares(page) -> None:
    html, _ = page("true,predicted,trust\n" + "a,a,.9\n" * 5 + "a,b,.1\n" * 5)
    assert "Among the half that is trusted most (combined trust), 0\u00a0% were wrong." in html


def test_that_no_green_answer_says_the_commonest_reason(page) -> None:
    html, _ = page(cohort(light=lambda i: "grey", reason=lambda i: "not certified"), record=RECORD)
    assert "No answer was green; the commonest reason: not certified." in html


def test_that_a_better_trust_than_the_largest_probability_is_called_better(page) -> None:
    rng = np.random.default_rng(0)
    lines = ["true,predicted,p_a,p_b,trust"]
    for _ in range(300):
        wrong = rng.random() < 0.3
        p = rng.uniform(0.5, 1)
        answer, low, high = ("b", 1 - p, p) if wrong else ("a", p, 1 - p)
        lines.append(f"a,{answer},{low:.4f},{high:.4f},{0.2 if wrong else 0.9}")
    html, record = page("\n".join(lines))
    assert "It finds errors better than the largest probability alone" in html
    assert record["gain_over_largest_probability"]["low"] > 0
