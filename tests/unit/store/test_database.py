"""The file behind the journal is kept, guarded, and refused rather than overwritten."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from viewer.domain.errors import ViewerError
from viewer.store import database
from viewer.store.audit import audit
from viewer.store.journal import Journal


@pytest.fixture
def filled(path, reader):
    """A closed database with a few entries, in one file."""
    with Journal(path) as journal:
        for number in range(60):
            journal.append(reader.review(note=f"{number} " + "x" * 200))
    assert [file.name for file in path.parent.iterdir()] == ["reviews.db"]
    return path


def altered(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def refusal(path: Path, *, create: bool = True) -> str:
    """The one sentence with which a database is refused; it is as it was."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ViewerError) as refused:
        Journal(path, create=create)
    assert (path.read_bytes() if path.is_file() else None) == before
    sentence = str(refused.value)
    assert sentence.startswith(f"{path}: ")
    assert "\n" not in sentence
    return sentence


def test_that_a_commit_waits_for_the_disk_and_readers_do_not_wait_for_it(path):
    with database.Database(path, create=True) as opened, opened.writing() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA fullfsync").fetchone() == (1,)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE entry SET hash = 'x' WHERE sequence = 2", "never changed"),
        ("DELETE FROM entry WHERE sequence = 60", "never removed"),
        ("INSERT INTO entry (sequence, text, hash) VALUES (62, '{}', 'x')", "only added at its end"),
        ("INSERT INTO entry (sequence, text, hash) VALUES (0, '{}', 'x')", "only added at its end"),
        ("INSERT INTO entry (sequence, text, hash) VALUES (61, '{}', NULL)", "NOT NULL"),
        ("REPLACE INTO entry (sequence, text, hash) VALUES (60, '{}', 'x')", "only added at its end"),
    ],
)
def test_that_the_database_itself_refuses_whoever_changes_it(filled, statement, sentence):
    connection = sqlite3.connect(filled)
    with pytest.raises(sqlite3.IntegrityError, match=sentence):
        connection.execute(statement)
    connection.close()


def test_that_the_database_itself_refuses_what_is_no_json(filled):
    connection = sqlite3.connect(filled)
    with pytest.raises(sqlite3.OperationalError, match="malformed JSON"):
        connection.execute("INSERT INTO entry (sequence, text, hash) VALUES (61, 'words', 'x')")
    connection.close()


def test_that_a_missing_database_is_not_made_by_reading(path):
    assert "there is no database of reviews" in refusal(path, create=False)
    assert not path.parent.exists()


def test_that_an_empty_file_begins_a_journal_but_is_none_to_read(path):
    path.parent.mkdir()
    path.touch()
    assert "there is no database of reviews" in refusal(path, create=False)
    Journal(path).close()
    assert path.stat().st_size > 0


def test_that_an_emptied_database_whose_log_is_left_is_refused(filled):
    filled.write_bytes(b"")
    log = filled.with_name("reviews.db-wal")
    log.write_bytes(b"entries")
    assert "empty, but reviews.db-wal is not" in refusal(filled)
    assert log.read_bytes() == b"entries"


@pytest.mark.parametrize("create", [True, False])
def test_that_a_file_that_is_no_database_is_refused(path, create):
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    assert "is damaged or no database of reviews (file is not a database) and is left untouched" in refusal(
        path, create=create
    )


@pytest.mark.parametrize("create", [True, False])
def test_that_a_damaged_page_is_refused(filled, create):
    content = bytearray(filled.read_bytes())
    for place in range(4096, len(content), 4096):
        content[place : place + 64] = b"\xff" * 64
    filled.write_bytes(content)
    assert "is damaged or no database of reviews (" in refusal(filled, create=create)


def test_that_a_database_cut_short_is_refused(filled):
    filled.write_bytes(filled.read_bytes()[: 3 * 4096])
    assert "is damaged or no database of reviews" in refusal(filled)


def test_that_a_database_of_another_program_is_refused(path):
    path.parent.mkdir()
    altered(path, "CREATE TABLE songs (title TEXT)")
    assert "belongs to another program and is left untouched" in refusal(path)


def test_that_a_database_of_a_newer_viewer_is_refused(filled):
    altered(filled, "PRAGMA user_version = 9")
    assert "was written by a newer viewer (form 9; this one knows 2) and is left untouched" in refusal(filled)


def test_that_a_database_of_the_first_form_is_gone_on_with_and_then_of_this_one(filled):
    altered(filled, "PRAGMA user_version = 1")
    with Journal(filled, create=False) as database:
        assert database.rows("PRAGMA user_version") == [(1,)]
    with Journal(filled) as database:
        assert database.rows("PRAGMA user_version") == [(2,)]
        assert len(database.rows("SELECT * FROM entry")) > 0


def test_that_a_folder_in_its_place_is_refused(path):
    path.mkdir(parents=True)
    assert "it cannot be opened" in refusal(path)


def test_that_a_file_in_place_of_its_folder_is_refused(path):
    path.parent.write_bytes(b"")
    assert "cannot be opened (" in refusal(path)


def test_that_a_database_that_stays_busy_is_told_and_records_nothing(filled, reader, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE_S", 0.05)
    monkeypatch.setattr(database, "_ONE_WAIT_S", 0.01)
    with Journal(filled) as journal:
        other = sqlite3.connect(filled, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ViewerError, match="other viewers kept it busy"):
            journal.append(reader.review())
        other.execute("ROLLBACK")
        other.close()
        assert journal.head().sequence == 60
        assert journal.append(reader.review()).sequence == 61


def test_that_a_full_disk_is_told_and_records_nothing(filled, reader):
    with Journal(filled) as journal:
        with journal._database.writing() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(ViewerError, match="the disk is full, nothing was recorded"):
            journal.append(reader.review(note="x" * 1_000_000))
        assert journal.head().sequence == 60
        assert audit(journal).intact


def test_that_an_error_rolls_everything_back_and_the_next_entry_is_recorded(path, reader):
    unwritable = reader.review(note=object())
    with Journal(path) as journal:
        with pytest.raises(ValueError, match="cannot be written as JSON"):
            journal.append_all((reader.review(), unwritable))
        assert journal.head().sequence == 0
        assert journal.append(reader.review()).sequence == 1


def test_that_a_closed_journal_says_so_and_may_be_closed_again(path, reader):
    journal = Journal(path)
    journal.close()
    journal.close()
    with pytest.raises(ViewerError, match="closed database"):
        journal.head()


def test_that_an_old_sqlite_is_refused(path, monkeypatch):
    monkeypatch.setattr(database, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(ViewerError, match=r"the viewer needs SQLite 99\.0\.0 or newer, not "):
        Journal(path)


def test_that_a_log_torn_at_any_byte_leaves_a_whole_chain(path, reader, tmp_path):
    """What a power cut leaves behind: the file as it was, and the first bytes of what was being added."""
    with Journal(path) as journal:
        entries = [journal.append(reader.review(note=str(number))) for number in range(12)]
        log = path.with_name("reviews.db-wal")
        found = []
        for step in range(25):
            torn = tmp_path / f"torn {step}"
            torn.mkdir()
            shutil.copy(path, torn / path.name)
            content = log.read_bytes()
            (torn / log.name).write_bytes(content[: len(content) * step // 24])
            with Journal(torn / path.name) as left:
                assert audit(left).intact
                count = left.head().sequence
                assert list(left.entries()) == entries[:count]
                found.append(count)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 12)
