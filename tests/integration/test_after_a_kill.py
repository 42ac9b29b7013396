"""A viewer that is killed comes back to where the reader was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.io.dicom_writer import write_clip
from viewer.phantoms.lesion import lesion_phantom

pytestmark = [pytest.mark.integration, pytest.mark.gui]

RUN = """
import json, sys
from PySide6.QtCore import QTimer
from viewer import app
from viewer.__main__ import main

build = app.build_window

def watched(args, **more):
    window = build(args, **more)
    timer = QTimer(window, interval=20)
    timer.timeout.connect(lambda: step(window))
    timer.start()
    return window

app.build_window = watched
sys.argv = ["viewer", "open", *sys.argv[1:]]
"""

READS = """
from viewer.resources import memory_file

def step(window):
    if window.desk.clip is not None and window.desk.frame == 0:
        window.desk.seek(2)
    if memory_file().exists() and '"frame": 2' in memory_file().read_text():
        print("kept", flush=True)

sys.exit(main())
"""

COMES_BACK = """
def step(window):
    if window.last_time.isVisible():
        print(window.last_time.words.text(), flush=True)
        window.action("reopen_last").trigger()
    if window.isVisible() and window.desk.clip is not None and window.desk.frame == 2:
        print(window.desk.clip.path.name, flush=True)
        window.close()

sys.exit(main())
"""

OFFSCREEN = "This plugin does not support"


def started(code: str, *words: object, home: Path) -> "subprocess.Popen[str]":
    """The window of a program with settings of its own."""
    homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"), str(home))
    environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", RUN + code, *(str(word) for word in words)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the folders are named by the environment")
def test_that_a_killed_viewer_comes_back_to_its_clip_and_frame_once_asked(tmp_path: Path) -> None:
    clip, home = tmp_path / "lesions.dcm", tmp_path / "home"
    pictures = [lesion_phantom(seed, kind="melanoma", size=64).pixels for seed in range(3)]
    write_clip(clip, pictures, modality="DMS", frame_time_ms=100.0)
    with started(READS, clip, home=home) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "kept\n"
        killed.kill()
    settings = home / "viewer" / "settings.toml"
    settings.write_text('restore_session = "always"\n')
    asked = "Last time: 1 study, lesions.dcm at frame 3.\n"
    for before in (asked, ""):  # what was open may have been the cause of the bad end, so then it is asked about
        with started(COMES_BACK, home=home) as again:
            said, complaint = again.communicate(timeout=120)
        complaints = [line for line in complaint.splitlines() if not line.startswith(OFFSCREEN)]
        assert (again.returncode, said, complaints) == (0, f"{before}lesions.dcm\n", [])
