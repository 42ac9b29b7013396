import argparse
import io
import json
import subprocess
import sys

import numpy as np
import pytest

from viewer.cli.info import add_parser, in_words, run
from viewer.io.dicom_writer import write_clip


@pytest.fixture
def folder(tmp_path):
    write_clip(tmp_path / "a.dcm", [np.zeros((4, 6), np.uint8)] * 2, frame_time_ms=40, spacing_mm=(0.2, 0.2))
    (tmp_path / "b.csv").write_text("x,y\n")
    return tmp_path


def called(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    return run(parser.parse_args(["info", *arguments]))


def test_that_every_file_gets_one_json_line(folder, capsys):
    assert called("--json", str(folder)) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["kind"] for line in lines] == ["dicom", "table"]
    assert (lines[0]["frames"], lines[0]["rows"], lines[0]["columns"]) == (2, 4, 6)


def test_that_a_file_that_cannot_be_read_makes_the_exit_status_one(folder, capsys):
    (folder / "c.dcm").write_bytes(b"")

    assert called(str(folder), str(folder / "none.dcm"), "--json") == 1

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("error") for line in lines] == [None, None, "the file is empty", "there is no such file"]


def test_that_people_get_words(folder, capsys):
    (folder / "c.dcm").write_bytes(b"")
    called(str(folder))

    lines = [line.removeprefix(str(folder))[1:] for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "a.dcm: dicom, 6×4 MONOCHROME2, 2 frames, 40 ms per frame, 0.2×0.2 mm pixels",
        "b.csv: no image (table)",
        "c.dcm: cannot be read: the file is empty",
    ]


def test_that_a_terminal_that_cannot_show_a_name_gets_it_escaped(folder, monkeypatch):
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)

    called(str(folder / "b.csv"), str(folder / "größe.csv"))

    narrow.seek(0)
    assert "gr\\xf6\\xdfe.csv: cannot be read" in narrow.read()


def test_that_words_leave_out_what_the_file_does_not_say():
    record = {"file": "a.png", "kind": "raster", "frames": 1, "rows": 3, "columns": 4, "photometric": "RGB"}

    assert (
        in_words({**record, "frame_time_ms": None, "spacing_mm": None, "regions": []})
        == "a.png: raster, 4×3 RGB, 1 frame"
    )


def test_that_neither_torch_nor_qt_is_loaded(folder):
    script = (
        "import sys, argparse; from viewer.cli.info import run; from pathlib import Path;"
        f"run(argparse.Namespace(paths=[Path({str(folder)!r})], json=True));"
        "sys.exit(bool({'torch', 'PySide6', 'av'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], stdout=subprocess.DEVNULL, timeout=60).returncode == 0


def test_that_what_a_plugin_prints_is_no_record(folder, monkeypatch, capsys):
    def load(_host):
        print("hello")

    monkeypatch.setattr("viewer.cli.info.PluginHost.load", load)

    assert called("--json", str(folder)) == 0

    output = capsys.readouterr()
    assert all(json.loads(line) for line in output.out.splitlines())
    assert output.err == "hello\n"
