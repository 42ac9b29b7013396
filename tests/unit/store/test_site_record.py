import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from viewer.domain.drift import Case
from viewer.domain.errors import ViewerError
from viewer.domain.result import Light
from viewer.store.site_record import SiteRecord

DERM, ECHO = "a" * 64, "b" * 64
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
CASE = Case(predicted="nevus", light=Light.AMBER, trust=0.4, suitability=0.2, fingerprint=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.db"


def test_that_what_was_added_is_read_back_in_order(path):
    with SiteRecord(path, clock=lambda: NOON) as record:
        record.add(DERM, "patient 7", CASE)
        record.start_again(DERM, "reader")
    with SiteRecord(path, create=False) as record:
        first, second = record.entries(DERM)
        assert (first.case, first.day, first.reader) == (CASE, date(2026, 11, 25), "")
        assert (second.case, second.reader) == (None, "reader")
        assert record.entries(DERM, after=first.sequence) == [second]
        assert record.entries(ECHO) == []


def test_that_a_case_counts_once_for_each_model_until_somebody_starts_again(path):
    with SiteRecord(path) as one, SiteRecord(path) as other:
        for _ in range(2):
            one.add(DERM, "patient 7", CASE)
            other.add(DERM, "patient 7", CASE)
            other.add(ECHO, "patient 7", CASE)
        assert len(one.entries(DERM)) == len(one.entries(ECHO)) == 1
        one.start_again(DERM, "reader")
        other.add(DERM, "patient 7", CASE)
        other.add(ECHO, "patient 7", CASE)
        assert [entry.case for entry in one.entries(DERM)] == [CASE, None, CASE]
        assert len(one.entries(ECHO)) == 1


def test_that_nothing_in_the_file_tells_whose_a_case_was(path, tmp_path):
    with SiteRecord(path) as record, SiteRecord(tmp_path / "other.db") as elsewhere:
        record.add(DERM, "patient Doe^Jane 4711", CASE)
        elsewhere.add(DERM, "patient Doe^Jane 4711", CASE)
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Doe" not in content
    assert b"4711" not in content
    pseudonyms = {_pseudonym(path), _pseudonym(tmp_path / "other.db")}
    assert len(pseudonyms) == 2  # each record has a key of its own


def _pseudonym(path: Path) -> str:
    connection = sqlite3.connect(path)
    ((found,),) = connection.execute("SELECT pseudonym FROM entry").fetchall()
    connection.close()
    return str(found)


@pytest.mark.parametrize("statement", ["DELETE FROM entry", "UPDATE entry SET predicted = 'melanoma'"])
def test_that_nothing_is_taken_back(path, statement):
    with SiteRecord(path) as record:
        record.add(DERM, "patient 7", CASE)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        connection.execute(statement)
    connection.close()


def test_that_another_file_is_refused_in_a_sentence_and_left_as_it_is(path):
    path.write_text("these are my notes, and they are long enough to be taken for a file")
    with pytest.raises(ViewerError, match=r"damaged or no record of a site's cases"):
        SiteRecord(path)
    assert path.read_text().startswith("these are my notes")
    with pytest.raises(ViewerError, match="there is no record of a site's cases"):
        SiteRecord(path.with_name("absent.db"), create=False)
