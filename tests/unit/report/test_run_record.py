from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from viewer.domain.errors import ViewerError
from viewer.report.run_record import RunRecord, clips_path, record_path

RECORD = RunRecord(
    table="r.csv",
    bundle="derm 1",
    digest="aa",
    plugins={"p/softmax": "1/1"},
    columns=("file",),
    settings={"head_samples": "50"},
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "r.csv"
    RECORD.begin(path, fresh=False)
    path.write_text("file\nx.png\n")
    return path


def test_that_the_same_run_goes_on(table: Path) -> None:
    RECORD.begin(table, fresh=False)
    assert table.read_text() == "file\nx.png\n"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"bundle": "other 2", "digest": "bb"}, "the model derm 1"),
        ({"digest": "bb"}, "other weights of derm 1"),
        ({"plugins": {"p/softmax": "1/2"}}, "other plugins (p/softmax)"),
        ({"plugins": {}}, "other plugins (p/softmax)"),
        ({"settings": {"head_samples": "10"}}, "other settings (head_samples)"),
        ({"columns": ("file", "frame")}, "other columns"),
        ({"table": "r.jsonl"}, "the table r.csv"),
    ],
)
def test_that_another_run_is_refused_in_one_sentence(table: Path, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ViewerError) as refusal:
        replace(RECORD, **change).begin(table, fresh=False)
    assert f"was begun with {sentence}; choose another file or start over with --fresh" in str(refusal.value)
    assert table.read_text() == "file\nx.png\n"


def test_that_starting_over_replaces_everything(table: Path) -> None:
    clips_path(table).write_text("old")
    replace(RECORD, digest="bb").begin(table, fresh=True)
    assert not table.exists()
    assert not clips_path(table).exists()
    replace(RECORD, digest="bb").begin(table, fresh=False)


def test_that_a_table_of_unknown_origin_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("precious")
    with pytest.raises(ViewerError, match="not from an unfinished run"):
        RECORD.begin(path, fresh=False)
    assert path.read_text() == "precious"


@pytest.mark.parametrize("content", ["", "{", "[]", "\xff"])
def test_that_a_damaged_record_is_refused(table: Path, content: str) -> None:
    record_path(table).write_bytes(content.encode("latin-1"))
    with pytest.raises(ViewerError, match="--fresh"):
        RECORD.begin(table, fresh=False)


def test_that_the_tables_lie_side_by_side() -> None:
    assert clips_path(Path("d/r.jsonl")) == Path("d/r.clips.csv")
    assert record_path(Path("d/r.jsonl")) == Path("d/r.run.json")


def test_that_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ViewerError, match="cannot be written"):
        RECORD.begin(tmp_path / "file" / "r.csv", fresh=False)
