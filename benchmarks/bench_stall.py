"""The longest time the window does not answer: while the model loads, a clip is scored, folders open, plugins hog.

A timer on the GUI thread ticks every 5 ms; a stall is the time between two ticks beyond that. Meanwhile the reader
scrolls through a clip, 30 frames a second, and through the list of what was opened. The window draws on a virtual
screen. The folder holds small pictures, every other one DICOM, and counts as opened once the end of the list is
reached. The plugin computes in pure Python, on the plugins' thread. No frame is scored twice: evidence is not kept.
The longest stall of all rounds counts, and one in which another program had the processor counts as any other.
"""

import dataclasses
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from busy_plugin import install
from measure import CACHE, Figure, arguments, write
from PIL import Image
from screen import drawing

from viewer.io.dicom_writer import write_clip
from viewer.phantoms.lesion import lesion_phantom
from viewer.phantoms.ultrasound import ultrasound_phantom
from viewer.settings import Settings

HERE = Path(__file__).parent
ROUNDS = 5
FILES, SIDE = 2000, 256
SERIES, STUDY = 20, 100
"""DICOM files of one series, and of one study."""

BUSY_S = 10.0
ALONE = ("scoring", "folder", "plugin+scoring")
TOGETHER = "scoring+folder+plugin"
WORDS = {
    "loading": "torch, the plugins and the model are loaded",
    "scoring": "a {frames}-frame clip is scored",
    "folder": "a folder of {files} pictures is opened and their thumbnails appear",
    "plugin+scoring": "a plugin computes for {busy:g} s in pure Python",
    TOGETHER: "all three at once",
}


def folder_of(files: int) -> Path:
    """A folder of so many small pictures, DICOM and PNG in turn; made once."""
    folder = CACHE / f"folder-{files}x{SIDE}"
    if not folder.exists():
        draft = folder.with_suffix(".draft")
        draft.mkdir(parents=True, exist_ok=True)
        _fill(draft, files)
        draft.rename(folder)
    return folder


def _fill(folder: Path, files: int) -> None:
    scans = [frame.pixels for frame in ultrasound_phantom(1, kind="b_lines", frames=20, rows=SIDE, columns=SIDE)]
    photographs = [Image.fromarray(lesion_phantom(seed, kind="nevus", size=SIDE).pixels) for seed in range(20)]
    for number in range(files):
        path = folder / f"{number:05d}"
        if number % 2:
            photographs[number // 2 % len(photographs)].save(path.with_suffix(".png"))
            continue
        place = number // 2
        write_clip(
            path.with_suffix(".dcm"),
            [np.roll(scans[place % len(scans)], place // len(scans), axis=1)],
            patient_id=f"PHANTOM-{place // STUDY}",
            study_uid=f"1.2.3.{1 + place // STUDY}",
            series_uid=f"1.2.3.{1 + place // STUDY}.{1 + place // SERIES}",
            series_description=f"Series {1 + place // SERIES}",
            instance_number=1 + place % SERIES,
        )


def run(environment: dict[str, str], options: dict[str, object], loads: tuple[str, ...]) -> dict[str, Any]:
    """Run the window once under loads, one after the other."""
    command: list[object] = [sys.executable, HERE / "stall_viewer.py"]
    for name, value in options.items():
        command += [f"--{name}", value]
    for load in loads:
        command += ["--load", load]
    words = [str(word) for word in command]
    finished = subprocess.run(words, env=environment, stdout=subprocess.PIPE, check=True)
    stalls: dict[str, Any] = json.loads(finished.stdout)
    return stalls


def main() -> None:
    """Measure each load alone, then all together, several rounds."""
    options = arguments(__doc__)
    quick = options.quick
    frames, files, busy_s, rounds = (24, 40, 0.5, 1) if quick else (300, FILES, BUSY_S, ROUNDS)
    given: dict[str, object] = {"frames": frames, "folder": folder_of(files), "busy": busy_s}
    given |= {"size": [192, 256]} if quick else {}
    given |= {"bundle": options.bundle} if options.bundle else {}
    rows: dict[str, list[dict[str, float]]] = {}
    with drawing(quick=quick) as environment, tempfile.TemporaryDirectory() as home:
        install(Path(home))
        dataclasses.replace(Settings(), evidence_cache_mb=0).save(Path(home) / "viewer" / "settings.toml")
        path = [home, str(HERE), *filter(None, [environment.get("PYTHONPATH")])]
        environment |= {"XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "PYTHONPATH": ":".join(path)}
        for _ in range(rounds):
            for loads in (ALONE, (TOGETHER,)):
                for name, stalls in run(environment, given, loads).items():
                    rows.setdefault(name, []).append(stalls)
    write([figure(name, rows[name], frames, files, busy_s) for name in WORDS], options)


def figure(name: str, rounds: list[dict[str, float]], frames: int, files: int, busy_s: float) -> Figure:
    """The longest stall of all rounds under one load."""
    worst = max(rounds, key=lambda stalls: stalls["longest"])
    return Figure(
        name=f"longest stall of the window while {WORDS[name].format(frames=frames, files=files, busy=busy_s)}",
        value=worst["longest"],
        goal=300 if name == "loading" else 100,
        unit="ms",
        detail={
            "of which it waited for a processor ms": worst["for a processor"],
            "longest of each round ms": ", ".join(f"{stalls['longest']:.0f}" for stalls in rounds),
            "99 of 100 ticks late by at most ms": float(np.median([stalls["p99"] for stalls in rounds])),
            "ticks": str(sum(int(stalls["ticks"]) for stalls in rounds)),
        },
    )


if __name__ == "__main__":
    main()
