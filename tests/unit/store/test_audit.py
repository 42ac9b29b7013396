"""The audit finds what was changed, and says what it cannot find."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from viewer.domain.errors import ViewerError
from viewer.store.audit import MOST_FAULTS, ExportedHead, audit, head_text, read_head
from viewer.store.canonical import START, chained
from viewer.store.journal import Head, Journal
from viewer.store.schema import OBJECTS

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GUARDS = ("entry_is_never_changed", "entry_is_never_removed", "entry_comes_last")


@pytest.fixture
def filled(path, reader):
    """A closed database with eight entries."""
    with Journal(path) as journal:
        for number in range(8):
            journal.append(reader.review(note=str(number)))
    return path


def forge(path: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Change the database behind the viewer's back, and put its guards up again."""
    connection = sqlite3.connect(path)
    for name in GUARDS:
        connection.execute(f"DROP TRIGGER {name}")
    for statement, values in statements:
        connection.execute(statement, values)
    for name in GUARDS:
        connection.execute(OBJECTS[name])
    connection.commit()
    connection.close()


def rechain(path: Path, start: int = 1) -> None:
    """Compute every hash from an entry on anew, as somebody who knows the form would."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT sequence, text, hash FROM entry ORDER BY sequence").fetchall()
    connection.close()
    previous = START
    changes = []
    for sequence, text, digest in rows:
        previous = chained(previous, text) if sequence >= start else digest
        changes.append(("UPDATE entry SET hash = ? WHERE sequence = ?", (previous, sequence)))
    forge(path, *changes)


def audited(path: Path, exported: ExportedHead | None = None):
    with Journal(path, create=False) as journal:
        return audit(journal, exported)


def exported(path: Path) -> ExportedHead:
    with Journal(path, create=False) as journal:
        return ExportedHead(head=journal.head(), exported="2026-03-01T12:00:00.000Z")


def changed_note(sequence: int) -> tuple[str, tuple[object, ...]]:
    return (
        """UPDATE entry SET text = replace(text, '"note":"', '"note":"never ') WHERE sequence = ?""",
        (sequence,),
    )


def test_that_a_whole_chain_is_proven_and_what_is_not_is_said(filled):
    found = audited(filled)
    assert found.intact
    assert found.head.sequence == 8
    assert found.proven == ("all 8 entries are chained without a gap",)
    cut, anew = found.unproven
    assert "cut off the end" in cut
    assert "written anew" in anew


def test_that_an_empty_journal_is_intact(path):
    Journal(path).close()
    found = audited(path, ExportedHead(head=Head(0, START), exported="2026-03-01T12:00:00.000Z"))
    assert found.intact
    assert found.proven == ("all 0 entries are chained without a gap",)


def test_that_a_changed_entry_is_named(filled):
    forge(filled, changed_note(3))
    found = audited(filled)
    assert found.faults == ("entry 3 was changed, or the one before it was, after it was recorded",)
    assert found.proven == ()


def test_that_an_entry_changed_together_with_its_hash_is_found_at_the_next(filled):
    with Journal(filled, create=False) as journal:
        rows = list(journal.stored())
    text = rows[2][1].replace('"note":"2"', '"note":"never"')
    forge(
        filled,
        ("UPDATE entry SET text = ?, hash = ? WHERE sequence = 3", (text, chained(rows[1][2], text))),
    )
    assert audited(filled).faults == ("entry 4 was changed, or the one before it was, after it was recorded",)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (1, 1, "entry 1 is missing"),
        (4, 4, "entry 4 is missing"),
        (4, 6, "entries 4 to 6 are missing"),
    ],
)
def test_that_missing_entries_are_named(filled, first, last, sentence):
    forge(filled, ("DELETE FROM entry WHERE sequence BETWEEN ? AND ?", (first, last)))
    assert audited(filled).faults == (sentence,)


def test_that_entries_in_another_order_are_found(filled):
    forge(
        filled,
        ("UPDATE entry SET sequence = 100 WHERE sequence = 3", ()),
        ("UPDATE entry SET sequence = 3 WHERE sequence = 4", ()),
        ("UPDATE entry SET sequence = 4 WHERE sequence = 100", ()),
    )
    faults = audited(filled).faults
    assert [fault.split(" was")[0] for fault in faults] == ["entry 3", "entry 4", "entry 5"]


def test_that_entries_renumbered_over_a_gap_and_chained_anew_do_not_carry_their_own_number(filled):
    forge(
        filled,
        ("DELETE FROM entry WHERE sequence = 3", ()),
        *(("UPDATE entry SET sequence = ? WHERE sequence = ?", (n - 1, n)) for n in range(4, 9)),
    )
    rechain(filled)
    faults = audited(filled).faults
    assert faults[0] == "entry 3 was not written by the viewer"
    assert len(faults) == 5


def test_that_what_is_no_entry_is_found_although_its_hash_fits(filled):
    forge(filled, ("UPDATE entry SET text = '{}' WHERE sequence = 3", ()))
    rechain(filled)
    assert audited(filled).faults == ("entry 3 is no entry of a review",)


def test_that_json_in_another_form_is_found_although_its_hash_fits(filled):
    forge(filled, ("UPDATE entry SET text = replace(text, ',', ', ') WHERE sequence = 3", ()))
    rechain(filled)
    assert audited(filled).faults == ("entry 3 was not written by the viewer",)


def test_that_an_end_cut_off_is_found_only_against_an_exported_head(filled):
    head = exported(filled)
    forge(filled, ("DELETE FROM entry WHERE sequence > 5", ()))
    assert audited(filled).intact
    (fault,) = audited(filled, head).faults
    assert fault.startswith("entry 8, the last when the head was exported, is missing: the end was cut off")


def test_that_a_chain_written_anew_is_found_only_against_an_exported_head(filled):
    head = exported(filled)
    forge(filled, changed_note(3))
    rechain(filled, start=3)
    assert audited(filled).intact
    (fault,) = audited(filled, head).faults
    assert fault.startswith("entry 8 is not the one the head was exported from: the journal was written anew")


def test_that_a_head_proves_what_lies_before_it_and_nothing_behind_it(filled, reader):
    head = exported(filled)
    found = audited(filled, head)
    assert found.proven[1] == "the first 8 are those the head of 2026-03-01T12:00:00.000Z was exported from"
    assert found.unproven == ("that no entries after 8 were cut off",)
    with Journal(filled) as journal:
        journal.append_all((reader.review(), reader.review()))
    (sentence,) = audited(filled, head).unproven
    assert sentence == "that no entries after 8 were cut off, and that entries 9 to 10 were not written anew since"


@pytest.mark.parametrize("name", [*GUARDS, "latest_review", "entry_by_file"])
def test_that_a_part_of_the_database_that_is_gone_is_named(filled, name):
    kind = "TRIGGER" if name in GUARDS else "VIEW" if name.startswith("latest") else "INDEX"
    connection = sqlite3.connect(filled)
    connection.execute(f"DROP {kind} {name}")
    connection.close()
    (fault,) = audited(filled).faults
    assert fault == f"{name} is missing from the database, which guards the journal or reads it"


def test_that_a_part_somebody_added_or_altered_is_named(filled):
    connection = sqlite3.connect(filled)
    connection.execute("DROP TRIGGER entry_is_never_removed")
    connection.execute("CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry BEGIN SELECT 1; END")
    connection.execute("CREATE TABLE more (x)")
    connection.close()
    assert audited(filled).faults == (
        "entry_is_never_removed in the database is not as the viewer made it",
        "more in the database is not as the viewer made it",
    )


def test_that_faults_beyond_the_first_are_counted(filled, reader):
    with Journal(filled) as journal:
        journal.append_all([reader.review(note=str(n)) for n in range(30)])
    forge(filled, ("UPDATE entry SET hash = 'x' || sequence", ()))
    found = audited(filled)
    assert len(found.faults) == MOST_FAULTS
    assert found.more_faults == 38 - MOST_FAULTS


def test_that_an_exported_head_is_read_back(tmp_path):
    file = tmp_path / "head.json"
    file.write_text(head_text(Head(8, "a" * 64), NOON), encoding="utf-8")
    assert read_head(file) == ExportedHead(head=Head(8, "a" * 64), exported="2026-03-01T12:00:00.000Z")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no exported head of a journal"),
        ("[]", "is no exported head of a journal"),
        ("{}", "is no exported head of a journal"),
        (head_text(Head(8, "a" * 64), NOON).replace("8", '"8"', 1), "is no exported head of a journal"),
        (head_text(Head(-8, "a" * 64), NOON), "is no exported head of a journal"),
        (head_text(Head(8, "a" * 64), NOON).replace("Z", ""), "is no exported head of a journal"),
        (head_text(Head(8, "a" * 64), NOON).replace('"format": 1', '"format": 2'), "of form 2; this viewer reads 1"),
    ],
)
def test_that_a_file_that_is_no_head_is_refused_in_one_sentence(tmp_path, text, sentence):
    file = tmp_path / "head.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ViewerError, match=sentence) as refused:
        read_head(file)
    assert str(refused.value).startswith(f"{file}: ")


def test_that_a_missing_head_is_told(tmp_path):
    with pytest.raises(ViewerError, match="cannot be read"):
        read_head(tmp_path / "head.json")
