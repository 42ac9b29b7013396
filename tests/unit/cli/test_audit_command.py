"""`viewer audit` says whether the journal is whole, and what it cannot say."""

import json
import sqlite3
from pathlib import Path

import pytest

from viewer.cli import audit, main
from viewer.settings import Settings
from viewer.store.acts import Review, Subject
from viewer.store.journal import Journal


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.db"
    subject = Subject(study="1.2", file="a.dcm", digest="a" * 64)
    with Journal(path) as journal:
        for answer in ("nevus", "wart", "nevus"):
            journal.append(Review(reader="anna", subject=subject, answer=answer, ai=None, ai_seen=False))
    return path


def vandalised(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    for guard in ("changed", "removed"):
        connection.execute(f"DROP TRIGGER entry_is_never_{guard}")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_that_a_whole_journal_ends_with_zero_and_the_unproven(
    reviews: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "verify", "--database", str(reviews)]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{reviews}: 3 entries, the last with hash ")
    assert others == [
        "INTACT",
        "  proven: all 3 entries are chained without a gap",
        "  not proven: that no entries were cut off the end; an exported head would show it",
        "  not proven: that the chain was not written anew, from its start or later; an exported head would show it",
    ]


def test_that_a_changed_entry_ends_with_one_and_is_named(reviews: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vandalised(reviews, "UPDATE entry SET text = replace(text, 'wart', 'scar')")
    assert main(["audit", "verify", "--json", "--database", str(reviews)]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["intact"] is False
    assert record["head"]["sequence"] == 3
    assert "entry 2 was changed, or the one before it was, after it was recorded" in record["faults"]
    assert main(["audit", "verify", "--database", str(reviews)]) == 1
    assert "\nNOT INTACT\n  wrong: entry_is_never_changed is missing" in capsys.readouterr().out


def test_that_an_end_cut_off_is_found_against_an_exported_head(
    reviews: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = tmp_path / "head.json"
    assert main(["audit", "head", "--out", str(head), "--database", str(reviews)]) == 0
    assert main(["audit", "verify", "--head", str(head), "--database", str(reviews)]) == 0
    out = capsys.readouterr().out
    assert "  proven: the first 3 are those the head of 20" in out
    assert "  not proven: that no entries after 3 were cut off" in out
    vandalised(reviews, "DELETE FROM entry WHERE sequence = 3")
    assert main(["audit", "verify", "--head", str(head), "--database", str(reviews)]) == 1
    assert "entry 3, the last when the head was exported, is missing" in capsys.readouterr().out


def test_that_the_head_is_printed_where_no_file_is_named(reviews: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "head", "--database", str(reviews)]) == 0
    assert json.loads(capsys.readouterr().out)["sequence"] == 3


def test_that_the_database_of_the_settings_is_checked_unasked(
    reviews: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit.Settings, "load", lambda: Settings(reviews_database=str(reviews)))
    assert main(["audit", "verify"]) == 0
    assert capsys.readouterr().out.startswith(f"{reviews}: 3 entries")


def test_that_what_cannot_be_read_ends_with_two_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, torn = tmp_path / "none.db", tmp_path / "torn.db"
    torn.write_bytes(b"torn" * 1000)
    for path, words in ((missing, "there is no database of reviews"), (torn, "is damaged or no database of reviews")):
        assert main(["audit", "verify", "--database", str(path)]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"viewer audit: {path}: {words}")
        assert error.count("\n") == 1
    assert not missing.exists()
    assert torn.read_bytes() == b"torn" * 1000


def test_that_half_a_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["audit"])
    assert capsys.readouterr().err == "viewer: audit needs a word more (see viewer --help)\n"
