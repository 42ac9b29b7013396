"""What is remembered comes back; what is damaged does not stop anything."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from viewer.domain.errors import ViewerError
from viewer.session.remembered import MOST_PATHS, MOST_RECENT, MemoryFile, Remembered, Sitting, WindowLayout

LAYOUT = WindowLayout(version=1, width=1200, height=800, geometry=b"\x00\xff", docks=b"\x01", unfolded=("softmax",))
SITTING = Sitting(
    paths=("/a/b", "/c"), studies=2, clip="/a/b/x.dcm", frame=7, bundle="m", modality="xray", more={"panes": [1, 2]}
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "memory.json"


@pytest.fixture
def file(path: Path) -> MemoryFile:
    return MemoryFile(path)


def test_that_no_file_means_nothing_is_remembered(file: MemoryFile) -> None:
    assert file.read() == Remembered()


def test_that_everything_comes_back(file: MemoryFile, path: Path) -> None:
    file.add_recent(["/c", "/d"])
    file.keep_last(SITTING)
    file.keep_layout(LAYOUT)
    file.keep_notice(3)
    assert file.read() == Remembered(recent=(("/c", "/d"),), layout=LAYOUT, last=SITTING, notice=3)
    assert [left.name for left in path.parent.iterdir()] == ["memory.json"]


def test_that_the_latest_comes_first_and_only_once(file: MemoryFile) -> None:
    for name in ("a", "b", "a"):
        recent = file.add_recent([name])
    assert recent == (("a",), ("b",))


def test_that_the_list_keeps_to_its_length(file: MemoryFile) -> None:
    for number in range(MOST_RECENT + 5):
        file.add_recent([f"/{number}"] * (MOST_PATHS + 1))
    recent = file.read().recent
    assert [entry[0] for entry in recent] == [f"/{number}" for number in range(MOST_RECENT + 4, 4, -1)]
    assert {len(entry) for entry in recent} == {MOST_PATHS}


def test_that_forgetting_takes_the_last_sitting_along_and_leaves_the_rest(file: MemoryFile) -> None:
    file.add_recent(["/a"])
    file.keep_last(SITTING)
    file.keep_layout(LAYOUT)
    file.forget_recent()
    assert file.read() == Remembered(layout=LAYOUT)


def test_that_a_name_that_no_encoding_knows_comes_back(file: MemoryFile) -> None:
    name = b"/k\xff".decode("utf-8", "surrogateescape")
    file.add_recent([name])
    assert file.read().recent == ((name,),)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', "\0\0\0", "[" * 100_000, '{"recent": NaN', "ÿ"], ids=lambda text: text[:6]
)
def test_that_a_damaged_file_is_one_sentence_and_is_replaced(file: MemoryFile, path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="latin-1")
    read = file.read()
    assert read == Remembered(fault=read.fault)
    assert read.fault.startswith("memory.json: ")
    file.keep_notice(1)
    assert file.read() == Remembered(notice=1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recent", "x"),
        ("recent", [[]]),
        ("recent", [["a\0b"]]),
        ("recent", [[""]]),
        ("recent", [[1]]),
        ("layout", {"version": 1}),
        ("layout", {"version": 1, "width": 2, "height": 3, "geometry": "äö", "docks": ""}),
        ("layout", {"version": True, "width": 2, "height": 3, "geometry": "", "docks": ""}),
        ("last", {}),
        ("last", {"paths": ["/a"], "frame": -1}),
        ("last", {"paths": ["/a"], "frame": "1"}),
        ("last", {"paths": ["/a"], "more": []}),
        ("last", 7),
        ("notice", "1"),
        ("notice", True),
    ],
)
def test_that_a_value_without_sense_costs_itself_alone(
    file: MemoryFile, path: Path, name: str, value: object
) -> None:
    file.add_recent(["/a"])
    file.keep_last(SITTING)
    file.keep_layout(LAYOUT)
    file.keep_notice(1)
    before = file.read()
    table = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**table, name: value}), "utf-8")
    read = file.read()
    assert read == replace(before, **{name: getattr(Remembered(), name), "fault": read.fault})
    assert read.fault
    file.add_recent(["/new"])
    assert file.read().recent[0] == ("/new",)


def test_that_what_a_newer_viewer_wrote_stays(file: MemoryFile, path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"later": {"x": 1}, "notice": 2}', "utf-8")
    file.add_recent(["/a"])
    assert json.loads(path.read_text("utf-8")) == {"later": {"x": 1}, "notice": 2, "recent": [["/a"]]}


def test_that_a_file_of_an_absurd_size_is_not_read(file: MemoryFile, path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"notice": 1, "x": "y" * (1 << 22)}), "utf-8")
    assert file.read().notice == 0


def test_that_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    with pytest.raises(ViewerError, match=r"^memory.json: what is open cannot be remembered .*\)$"):
        MemoryFile(tmp_path / "data" / "memory.json").keep_notice(1)


def test_that_a_lock_left_by_a_killed_viewer_is_taken_away(file: MemoryFile, path: Path) -> None:
    path.parent.mkdir()
    lock = path.with_suffix(".lock")
    lock.touch()
    os.utime(lock, (1, 1))
    file.keep_notice(1)
    assert file.read().notice == 1
    assert not lock.exists()


@pytest.mark.integration
def test_that_several_viewers_at_once_lose_nothing_of_each_other(file: MemoryFile, path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from viewer.session.remembered import MemoryFile, Sitting\n"
        "file, name = MemoryFile(Path(sys.argv[1])), sys.argv[2]\n"
        "for n in range(60): file.keep_last(Sitting(paths=(name * 2000,), frame=n)); assert not file.read().fault\n"
        "file.add_recent([name])\n"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, path, name]) for name in "abcd"]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    assert sorted(file.read().recent) == [("a",), ("b",), ("c",), ("d",)]
