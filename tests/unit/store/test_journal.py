"""The journal adds at its end, chains, and confirms what is on disk."""

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from viewer.domain.errors import ViewerError
from viewer.settings import Settings
from viewer.store import journal as journals
from viewer.store.acts import ReadingState, Stage
from viewer.store.canonical import START, chained
from viewer.store.entries import entry_text
from viewer.store.journal import Head, Journal, database_path


def test_that_an_empty_journal_has_an_empty_end(journal):
    assert journal.head() == Head(0, START)
    assert list(journal.entries()) == []


def test_that_entries_are_numbered_timed_and_chained(journal, reader):
    first = journal.append(reader.review("nevus"))
    second = journal.append(reader.review("melanoma"), at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.time == datetime(2026, 3, 1, 9, 30, 1, tzinfo=UTC)
    assert second.time == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert first.hash == chained(START, entry_text(1, first.time, first.act))
    assert second.hash == chained(first.hash, entry_text(2, second.time, second.act))
    assert journal.head() == Head(2, second.hash)
    assert list(journal.entries()) == [first, second]
    assert list(journal.entries(after=1)) == [second]


def test_that_a_journal_longer_than_a_page_is_read_whole(journal, reader, monkeypatch):
    monkeypatch.setattr(journals, "_PAGE", 2)
    journal.append_all([reader.review(note=str(n)) for n in range(5)])
    assert [entry.act.note for entry in journal.entries()] == ["0", "1", "2", "3", "4"]
    assert [number for number, *_ in journal.stored(after=3)] == [4, 5]


def test_that_what_was_confirmed_is_there_when_the_journal_is_opened_again(opened, reader):
    one = opened()
    entries = tuple(one.append(act) for act in reader.everything())
    one.close()
    assert tuple(opened().entries()) == entries


def test_that_acts_that_belong_together_are_recorded_together_or_not_at_all(journal, reader):
    both = journal.append_all((reader.review(), reader.study(ReadingState.DONE)))
    assert [entry.sequence for entry in both] == [1, 2]
    assert both[0].time == both[1].time
    with pytest.raises(ValueError, match="no first answer"):
        journal.append_all((reader.review(), reader.review(follows=1)))
    assert journal.head().sequence == 2


def test_that_what_another_viewer_records_is_seen_and_gone_on_from(opened, reader):
    one, other = opened(), opened()
    one.append(reader.review())
    assert other.head() == one.head()
    entry = other.append(reader.review("wart"))
    assert entry.sequence == 2
    assert one.head() == Head(2, entry.hash)


def test_that_a_later_answer_names_the_first_one_it_confirms_or_changes(journal, reader):
    first = journal.append(reader.first("nevus"))
    assert first.act.stage is Stage.FIRST
    assert journal.append(reader.review("melanoma", follows=1)).act.follows == 1


@pytest.mark.parametrize(
    "changes",
    [{"reader": "berta"}, {"frame": 3}, {"frame": None}, {"follows": 2}, {"follows": 9}],
    ids=["other reader", "other frame", "whole clip", "final answer", "no entry"],
)
def test_that_an_answer_may_not_follow_anything_but_the_readers_own_first_one(journal, reader, changes):
    journal.append_all((reader.first(), reader.review()))
    with pytest.raises(ValueError, match="is no first answer of this reader to this picture"):
        journal.append(reader.review(**{"follows": 1, **changes}))


def test_that_several_threads_share_one_journal(journal, reader):
    def work(name: str) -> None:
        for number in range(10):
            journal.append(reader.review(reader=name, note=str(number)))
            journal.head()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("anna", "berta", "carl")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(journal.entries())
    assert [entry.sequence for entry in entries] == list(range(1, 31))
    for name in ("anna", "berta", "carl"):
        assert [entry.act.note for entry in entries if entry.act.reader == name] == [str(n) for n in range(10)]


def test_that_reading_does_not_wait_for_an_entry_that_is_being_written(journal, reader, path):
    journal.append(reader.review())
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert journal.head().sequence == 1
    writer.execute("ROLLBACK")
    writer.close()


def test_that_a_journal_opened_for_reading_records_nothing(journal, reader, path):
    journal.append(reader.review())
    with Journal(path, create=False) as other:
        assert other.head().sequence == 1
        with pytest.raises(ViewerError, match="open for reading only"):
            other.append(reader.review())
    assert journal.head().sequence == 1


def test_that_an_entry_damaged_in_its_place_is_told_in_one_sentence(journal, reader, path):
    journal.append(reader.review())
    vandal = sqlite3.connect(path)
    vandal.execute("DROP TRIGGER entry_is_never_changed")
    vandal.execute("UPDATE entry SET text = '{}'")
    vandal.commit()
    vandal.close()
    with pytest.raises(ViewerError, match=r"entry 1 is damaged; viewer audit verify says more$"):
        list(journal.entries())


def test_that_reviews_lie_in_the_users_folder_unless_the_settings_say_where(monkeypatch, tmp_path):
    monkeypatch.setattr(journals, "user_data", lambda: tmp_path)
    assert database_path(Settings()) == tmp_path / "reviews.db"
    assert database_path(Settings(reviews_database="team/r.db")) == tmp_path / "team" / "r.db"
    elsewhere = tmp_path / "elsewhere" / "r.db"
    assert database_path(Settings(reviews_database=str(elsewhere))) == elsewhere
    assert database_path(Settings(reviews_database="~/r.db")) == Path("~/r.db").expanduser()
