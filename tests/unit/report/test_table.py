import csv
import errno
import io
import json
from pathlib import Path
from typing import Any

import pytest

from viewer.domain.errors import ViewerError
from viewer.report.rows import Table

COLUMNS = ("file", "frame", "p_ä", "trust", "reason")
ROWS: list[dict[str, Any]] = [
    {"file": 'a "quoted", name.png', "frame": 0, "p_ä": 0.25, "trust": 1e-06, "reason": "grün; one, two"},
    {"file": "b.png", "frame": 1, "p_ä": 1.0, "trust": None, "reason": ""},
    {"file": "c.png", "frame": None, "p_ä": None, "trust": None, "reason": "日本"},
]


def write(path: Path, rows: list[dict[str, Any]] = ROWS) -> bytes:
    with Table(path, COLUMNS) as table:
        list(table.recover())
        table.append(rows)
    return path.read_bytes()


@pytest.fixture(params=[".csv", ".jsonl"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"results{request.param}"


def test_that_what_is_written_is_read_back(path: Path) -> None:
    write(path)
    with Table(path, COLUMNS) as table:
        assert list(table.recover()) == ROWS


def test_that_csv_and_json_lines_hold_the_same_cells(tmp_path: Path) -> None:
    write(tmp_path / "r.csv")
    write(tmp_path / "r.jsonl")
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text("utf-8").splitlines()]
    assert cells == [{name: "" if value is None else str(value) for name, value in row.items()} for row in lines]
    assert tuple(lines[0]) == COLUMNS


def test_that_a_table_cut_at_any_byte_is_gone_on_with_as_if_nothing_had_happened(path: Path) -> None:
    whole = write(path)
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        with Table(path, COLUMNS) as table:
            found = list(table.recover())
            assert found == ROWS[: len(found)]
            table.append(ROWS[len(found) :])
        assert path.read_bytes() == whole


def test_that_a_table_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("file,frame\nx,1\n")
    with Table(path, COLUMNS) as table, pytest.raises(ViewerError, match="holds other columns"):
        list(table.recover())
    assert path.read_text() == "file,frame\nx,1\n"


@pytest.mark.parametrize("line", ['{"other": 1}\n', "not json\n", "[1]\n"])
def test_that_foreign_lines_are_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(line)
    with Table(path, COLUMNS) as table, pytest.raises(ViewerError, match="row 1 was not written by this run"):
        list(table.recover())


def test_that_a_row_of_another_length_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    write(path)
    path.write_bytes(path.read_bytes() + b"x,1\n")
    with Table(path, COLUMNS) as table, pytest.raises(ViewerError, match="row 4"):
        list(table.recover())


def test_that_a_name_says_its_format(tmp_path: Path) -> None:
    with pytest.raises(ViewerError, match=r"ends in \.csv or \.jsonl"):
        Table(tmp_path / "r.xlsx", COLUMNS)


def test_that_a_table_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(ViewerError, match="cannot be written"):
        Table(tmp_path / "r.csv", COLUMNS)


def test_that_rows_are_on_disk_before_the_table_is_closed(path: Path) -> None:
    with Table(path, COLUMNS) as table:
        list(table.recover())
        table.append(ROWS[:1])
        assert b"quoted" in path.read_bytes()


def test_that_nothing_is_appended_before_the_table_is_read_back(path: Path) -> None:
    with Table(path, COLUMNS) as table, pytest.raises(RuntimeError):
        table.append(ROWS)


class FullDisk(io.RawIOBase):
    """A file that takes nothing more."""

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def write_to_a_full_disk(path: Path) -> None:
    with Table(path, COLUMNS) as table:
        list(table.recover())
        table._file.close()
        table._file = io.BufferedRandom(FullDisk())  # type: ignore[arg-type]
        table.append(ROWS)


def test_that_a_full_disk_is_told_in_one_sentence_also_when_closing(path: Path) -> None:
    with pytest.raises(ViewerError, match=r"cannot be written \(No space left on device\)"):
        write_to_a_full_disk(path)
