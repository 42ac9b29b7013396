"""The journal as a table, a page and JSON."""

import csv
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from viewer.store.acts import Subject
from viewer.store.canonical import START, canonical, chained
from viewer.store.export import COLUMNS, csv_text, html_text, json_text, read_for_export

GUIDE = Path(__file__).parents[3] / "docs" / "reviews.md"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def filled(journal, reader):
    """One entry of every kind; the reader changed no mind. Then a change of mind, by another reader."""
    for act in reader.everything():
        journal.append(act)
    journal.append(reader.first("nevus", reader="berta"))
    journal.append(reader.review("melanoma", reader="berta", follows=8))
    return journal


def table(journal, **which):
    text = csv_text(read_for_export(journal, NOON, **which))
    return list(csv.DictReader(io.StringIO(text)))


def test_that_the_table_has_a_row_for_every_entry(filled):
    rows = table(filled)
    assert tuple(rows[0]) == COLUMNS
    assert [row["sequence"] for row in rows] == [str(n) for n in range(1, 10)]
    assert [row["kind"] for row in rows[:7]] == [
        *("study", "review", "review", "override", "reveal", "annotation", "key-image")
    ]


def test_that_a_review_is_one_line_with_the_answers_of_both(filled):
    row = table(filled)[2]
    assert row == {
        "sequence": "3",
        "time": "2026-03-01T09:30:03.000Z",
        "kind": "review",
        "reader": "anna",
        "study": "1.2",
        "series": "1.2.3",
        "file": "scans/a.dcm",
        "digest": "a" * 64,
        "frame": "2",
        "stage": "final",
        "answer": "nevus",
        "first_answer": "nevus",
        "changed_mind": "no",
        "agrees": "yes",
        "ai_seen": "yes",
        "ai_predicted": "nevus",
        "ai_final": "nevus",
        "ai_trust": "0.75",
        "ai_light": "amber",
        "bundle": "skin 1",
        "bundle_digest": "b" * 64,
        "detail": "",
        "note": "sure now",
        "hash": list(filled.entries())[2].hash,
    }


def test_that_a_change_of_mind_and_a_disagreement_are_told(filled):
    row = table(filled)[8]
    assert (row["first_answer"], row["answer"]) == ("nevus", "melanoma")
    assert (row["changed_mind"], row["agrees"]) == ("yes", "no")


def test_that_other_acts_say_their_matter_in_one_cell(filled):
    details = {row["kind"]: row["detail"] for row in table(filled)}
    assert details["override"] == "class: nevus → melanoma"
    assert details["reveal"] == "withheld: the light is red"
    assert details["annotation"] == 'line 1 (form 1): {"ends":[[1,2.5],[3,4]],"text":"µ"}'
    assert details["key-image"] == "marked"
    assert details["study"] == "unread"
    assert table(filled)[3]["note"] == "streaks"


def test_that_removed_things_are_told(journal, reader):
    journal.append(reader.annotation(payload=None))
    journal.append(reader.key_image(marked=False))
    assert [row["detail"] for row in table(journal)] == ["line 1 (form 1): removed", "mark taken away"]


def test_that_no_cell_is_a_formula_to_a_spreadsheet(journal, reader):
    subject = Subject(study="=1", series="+1", file="=cmd.dcm", digest="a" * 64)
    journal.append(reader.review("-nevus", reader="@anna", subject=subject, note="=HYPERLINK(1)"))
    (row,) = table(journal)
    assert not [value for value in row.values() if value.startswith(("=", "+", "-", "@"))]
    assert row["file"] == "./=cmd.dcm"


def test_that_kinds_and_latest_answers_can_be_chosen(filled, reader):
    assert [row["kind"] for row in table(filled, kinds=["reveal", "override"])] == ["override", "reveal"]
    filled.append(reader.review("wart"))
    filled.append(reader.review("clip", frame=None))
    latest = table(filled, kinds=["review"], latest=True)
    assert [(row["reader"], row["frame"], row["answer"]) for row in latest] == [
        ("berta", "2", "melanoma"),
        ("anna", "2", "wart"),
        ("anna", "", "clip"),
    ]
    assert latest[0]["first_answer"] == "nevus"
    assert len(table(filled, latest=True)) == 8


def test_that_json_keeps_the_chain_as_documented(filled):
    record = json.loads(json_text(read_for_export(filled, NOON)))
    previous = START
    for entry in record["entries"]:
        digest = entry.pop("hash")
        assert digest == chained(previous, canonical(entry))
        previous = digest
    assert record["head"] == {"sequence": 9, "hash": previous}
    assert record["exported"] == "2026-03-01T12:00:00.000Z"


def guide_accepts(folder: Path, export: str) -> bool:
    """Whether the program in docs/reviews.md finds nothing wrong."""
    programs = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (program,) = [program for program in programs if "reviews.json" in program]
    (folder / "reviews.json").write_text(export, encoding="utf-8")
    quiet = [sys.executable, "-W", "ignore", "-c", program]
    return subprocess.run(quiet, cwd=folder, capture_output=True, check=False).returncode == 0


def test_that_the_program_of_the_guide_checks_an_export(filled, tmp_path):
    export = json_text(read_for_export(filled, NOON))
    assert guide_accepts(tmp_path, export)
    assert not guide_accepts(tmp_path, export.replace("streaks", "nothing"))


def test_that_the_page_counts_agreement_and_changes_of_mind(filled):
    page = html_text(read_for_export(filled, NOON))
    assert "Research software, not a medical device." in page
    assert "review: 4, override: 1, reveal: 1, annotation: 1, key-image: 1, study: 1" in page
    assert "anna, berta" in page
    assert "agree with the AI</th><td>1 of 2</td>" in page
    assert "changed a first one</th><td>1 of 2</td>" in page
    assert "before the AI was seen: nevus" in page
    assert "frame 3" in page
    assert "first answer" in page
    assert "AI unsure" in page


def test_that_the_page_escapes_what_readers_and_files_say(journal, reader):
    journal.append(reader.review("<b>x</b>", reader="<script>alert(1)</script>", note="<img src=x>"))
    page = html_text(read_for_export(journal, NOON))
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;b&gt;x" in page


def test_that_an_empty_journal_exports_to_empty_tables(journal):
    nothing = read_for_export(journal, NOON)
    assert csv_text(nothing) == ",".join(COLUMNS) + "\n"
    assert json.loads(json_text(nothing))["entries"] == []
    assert '<th scope="row">Entries</th><td>none</td>' in html_text(nothing)
