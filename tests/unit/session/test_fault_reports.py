"""Reports of faults are on disk, few, and free of data."""

import logging
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from viewer.session.fault_reports import (
    ENDED,
    MOST_PER_RUN,
    MOST_REPORTS,
    FaultReport,
    FaultReports,
    Running,
    gather,
    listed,
    write,
)
from viewer.testing.executor import ExecutorByHand

NAME = "Doe^Jane"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "faults"


@pytest.fixture
def reported() -> list[FaultReport]:
    return []


@pytest.fixture
def log(folder: Path, reported: list[FaultReport]) -> logging.Logger:
    made = logging.Logger("viewer.made")
    made.addHandler(FaultReports(folder, reported.append))
    return made


def fail(log: logging.Logger, patient: str = NAME, times: int = 1) -> None:
    for _ in range(times):
        try:
            int(patient)
        except ValueError:
            log.exception("reading %s", patient)


def test_that_a_fault_is_reported_without_data(log, folder, reported):
    log.handlers[0].commands.extend(["open_files", "play"])
    fail(log)
    (report,) = reported
    assert report.path.read_text("utf-8") == report.text
    assert NAME not in report.text
    assert "Doe" not in report.text
    assert "in fail\n  ValueError\n" in report.text
    assert "noticed by viewer.made, GUI thread" in report.text
    assert "commands before it, the latest last: open_files, play" in report.text
    for word in ("viewer: 0.", "python: 3.", "numpy ", "torch ", "PySide6-Essentials 6", "viewer-confidence"):
        assert word in report.text
    (one,) = listed(folder)
    assert (one.path, one.kind) == (report.path, "ValueError")
    assert abs((datetime.now(UTC) - one.time).total_seconds()) < 60


def test_that_a_fault_of_another_thread_says_so(log, reported):
    thread = threading.Thread(target=fail, args=(log,))
    thread.start()
    thread.join()
    assert "noticed by viewer.made, another thread" in reported[0].text


def test_that_the_same_fault_is_reported_once(log, reported):
    fail(log, times=5)
    assert len(reported) == 1


def test_that_one_run_does_not_fill_the_disk(log, reported):
    for number in range(MOST_PER_RUN + 10):
        try:
            exec("\n" * number + "1 / 0", {**globals(), "__name__": __name__})  # noqa: S102
        except ZeroDivisionError as error:
            error.__cause__ = [OSError(code, "") for code in range(1, 40)][number]
            log.exception("x")
    assert len(reported) == MOST_PER_RUN


def test_that_warnings_and_errors_without_an_exception_are_no_faults(log, reported):
    log.error("x")
    log.warning("x", exc_info=ValueError(NAME))
    assert reported == []


def test_that_a_fault_while_it_is_told_does_not_go_round(log, reported):
    def telling(report):
        reported.append(report)
        fail(log, "another")
        try:
            raise KeyError
        except KeyError:
            log.exception("x")

    log.handlers[0].tell = telling
    fail(log)
    assert len(reported) == 1


def test_that_a_disk_that_takes_nothing_still_gives_the_words(tmp_path):
    (tmp_path / "faults").write_text("no folder")
    report = write(tmp_path / "faults", datetime.now(UTC), "1", "words")
    assert report == FaultReport("words", None)


def test_that_only_the_latest_are_kept(folder):
    for number in range(MOST_REPORTS + 5):
        write(folder, datetime(2026, 1, 1, 0, 0, number, tzinfo=UTC), "7", "kind: X\n")
    assert len(list(folder.iterdir())) == MOST_REPORTS
    assert listed(folder)[0].time.second == (MOST_REPORTS + 4)


def test_that_other_files_in_the_folder_are_let_be(folder):
    folder.mkdir()
    for name in ("fault-x.txt", "running-1.txt", "running-20260101-000000-x.txt", "notes.md"):
        (folder / name).write_text("x")
    assert listed(folder) == gather(folder) == ()
    assert len(list(folder.iterdir())) == 4


def test_that_a_viewer_that_was_closed_leaves_nothing(folder):
    running = Running(folder, ExecutorByHand())
    running.note("play")
    assert running.path.exists()
    running.close()
    assert list(folder.iterdir()) == []


def test_that_a_viewer_that_cannot_write_runs_all_the_same(tmp_path):
    (tmp_path / "faults").write_text("no folder")
    running = Running(tmp_path / "faults", ExecutorByHand())
    running.note("play")
    running.close()


ENDS = {
    "faulthandler._sigsegv()": "Segmentation fault",
    "os.abort()": "Aborted",
    "os._exit(3)": ENDED,
    "os.kill(os.getpid(), 9)": ENDED,
}


@pytest.mark.integration
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("end", ENDS)
def test_that_the_next_start_knows_how_a_viewer_ended(folder, tmp_path, end):
    code = (
        "import faulthandler, os, sys; from pathlib import Path\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from viewer.session.fault_reports import Running\n"
        "thread = ThreadPoolExecutor(1)\n"
        "running = Running(Path(sys.argv[1]), thread)\n"
        f"def treat(patient):\n    running.note('open_files'); thread.submit(int).result(); {end}\n"
        f"treat('{NAME}')"
    )
    here = tmp_path / NAME
    here.mkdir()
    (here / "run.py").write_text(code)
    subprocess.run([sys.executable, here / "run.py", folder], check=False, cwd=here)
    (report,) = gather(folder)
    assert listed(folder)[0].kind == ENDS[end]
    assert "Doe" not in report.text
    assert "latest last: open_files\n" in report.text
    assert gather(folder) == ()
    assert [path.name for path in folder.iterdir()] == [report.path.name]


def test_that_a_viewer_that_still_runs_is_let_be(folder):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        folder.mkdir()
        (folder / f"running-20260101-000000-{other.pid}.txt").write_text("command play\n")
        assert gather(folder) == ()
        other.communicate(b"\n")
    (report,) = gather(folder)
    assert "play" in report.text


def test_that_a_damaged_sign_of_life_is_a_report_all_the_same(folder):
    folder.mkdir()
    number = os.getpid()  # of an earlier process with the same number
    (folder / f"running-20260101-000000-{number}.txt").write_bytes(
        b"\xff\0command Doe^Jane\ncommand play\nrubbish Doe\n"
    )
    (report,) = gather(folder)
    assert "latest last: play\n" in report.text
    assert "Doe" not in report.text
