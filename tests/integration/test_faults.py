"""Faults of the running program: reported without data, told in the window, survived where that can be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.integration,
    pytest.mark.gui,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the folders are named by the environment"),
]

RUN = """
import faulthandler, os, sys, threading
from PySide6.QtCore import QTimer
from viewer import app
from viewer.__main__ import main

build = app.build_window

class Patient:
    def __init__(self, name): self.name = name
    def __repr__(self): return self.name
    def __del__(self): raise ValueError(f"lost {self.name}")

def soon(work): QTimer.singleShot(0, work)

def ends_when(window, done):
    timer = QTimer(window, interval=10)
    timer.timeout.connect(lambda: done() and window.close())
    timer.start()

def fault_told(window):
    return window.fault.isVisible() and print(window.fault.words.text(), flush=True) is None

def watched(args, **more):
    window = build(args, **more)
    run(window)
    return window

app.build_window = watched
sys.argv = ["viewer", "open"]
"""

FAULTS = {
    "on the GUI thread": """
def run(window):
    def slot(patient="Doe^Jane"):
        raise ValueError(f"/data/{patient}.dcm of {patient} cannot be read", patient)
    soon(slot)
    ends_when(window, lambda: fault_told(window))
""",
    "while painting": """
def run(window):
    def paintEvent(event, patient=["Doe^Jane"]):
        return {}[patient[0]]
    window.banner.paintEvent = paintEvent
    ends_when(window, lambda: fault_told(window))
""",
    "in a thread": """
def run(window):
    def work(patient):
        open(f"/data/{patient}")
    soon(lambda: threading.Thread(target=work, args=("Doe^Jane",), name="Doe^Jane").start())
    ends_when(window, lambda: fault_told(window))
""",
    "in a job": """
from viewer.session.jobs import Priority
def run(window):
    def work(token): raise ZeroDivisionError("Doe^Jane")
    soon(lambda: window.desk._jobs.submit(Priority.OTHER, work, lambda answer: None))
    ends_when(window, lambda: fault_told(window))
""",
    "where nobody can be told": """
def run(window):
    soon(lambda: Patient("Doe^Jane") and None)
    ends_when(window, lambda: fault_told(window))
""",
}

WENT_WRONG = "Something went wrong in the viewer. What you confirmed is safe.\n"


def ran(code: str, home: Path) -> "subprocess.CompletedProcess[str]":
    """The window of a program with settings of its own."""
    homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
    environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", f"{RUN}{code}\nsys.exit(main())"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def reports(home: Path) -> list[str]:
    return [path.read_text("utf-8") for path in (home / "viewer" / "faults").iterdir()]


def everything_written(home: Path) -> str:
    return "".join(path.read_text("utf-8") for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize("where", FAULTS)
def test_that_a_fault_is_reported_and_the_window_goes_on(tmp_path: Path, where: str) -> None:
    finished = ran(FAULTS[where], tmp_path)
    assert finished.returncode == 0
    assert finished.stdout == WENT_WRONG
    assert "Traceback" not in finished.stderr
    assert "Doe" not in finished.stderr
    (report,) = reports(tmp_path)
    assert "Doe" not in everything_written(tmp_path)
    assert "/data" not in report
    assert "__main__:" in report


@pytest.mark.parametrize(
    ("end", "kind"), [("faulthandler._sigsegv()", "Segmentation fault"), ("os.abort()", "Aborted")]
)
def test_that_the_next_start_tells_of_a_crash(tmp_path: Path, end: str, kind: str) -> None:
    crashed = ran(f"def run(window):\n    def slot(patient='Doe^Jane'): {end}\n    soon(slot)", tmp_path)
    assert crashed.returncode < 0
    again = ran("def run(window): ends_when(window, lambda: fault_told(window))", tmp_path)
    assert (again.returncode, again.stdout) == (
        0,
        "The viewer ended unexpectedly last time. What you confirmed is safe.\n",
    )
    (report,) = reports(tmp_path)
    assert f"kind: {kind}\n" in report
    assert "viewer.app:" in report
    assert "Doe" not in everything_written(tmp_path)
    third = ran("def run(window): soon(lambda: (print(window.fault.isVisible()), window.close()))", tmp_path)
    assert third.stdout == "False\n"


def test_that_the_reports_are_listed(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}

    def listed(*more: str) -> str:
        command = [sys.executable, "-m", "viewer", "crash-reports", *more]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert listed() == "There are no reports of faults.\n"
    ran("def run(window): soon(os.abort)", tmp_path)
    lines = listed().splitlines()
    assert lines[0].endswith("UTC  Aborted")
    assert Path(lines[1].strip()).is_file()
    assert '"kind": "Aborted"' in listed("--json")
