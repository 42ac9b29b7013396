"""From the start of the process to the first image on the screen: the full window against napari, same clip.

Both draw on one virtual screen whose pixels are watched from outside. napari opens the clip lazily, as the viewer
does. Each program runs once before, so that both find their files in the system's cache; the viewer's first notice
is accepted beforehand, for it would cover the picture.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from clip import MARK, clip
from measure import NAPARI, Figure, arguments, interleaved, median_ms, write
from screen import Screen, virtual_screen

from viewer.resources import memory_file
from viewer.session.remembered import MemoryFile
from viewer.ui.dialogs.first_notice import VERSION

LEAST_SHARE = 0.005
"""Share of the screen the mark covers in a picture of useful size; in a thumbnail it is ten times smaller."""

VIEWER = Path(sys.executable).with_name("viewer")
NAPARI_WINDOW = Path(__file__).with_name("window_napari.py")


def seconds_to_picture(screen: Screen, command: Sequence[str | Path], home: str) -> float:
    """Start a program, wait until the picture is on the screen, stop it."""
    environment = screen.environment | {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        seen = screen.wait_for(MARK, LEAST_SHARE)
    finally:
        process.kill()
        process.wait()
    while screen.share_of(MARK) >= LEAST_SHARE:  # the server clears the window of a program that is gone
        time.sleep(0.05)
    return seen - start


def main() -> None:
    """Measure in turn."""
    options = arguments(__doc__)
    frames, repeats = (20, 1) if options.quick else (300, 7)
    path = clip(frames)
    with virtual_screen() as screen, tempfile.TemporaryDirectory() as home:
        MemoryFile(Path(home, "viewer", memory_file().name)).keep_notice(VERSION)
        seconds: dict[str, list[float]] = {"viewer": [], "napari": []}

        def open_in(name: str, command: Sequence[str | Path]) -> None:
            seconds[name].append(seconds_to_picture(screen, command, home))

        works = {"viewer": lambda: open_in("viewer", [VIEWER, "open", path])}
        if NAPARI.exists():
            works["napari"] = lambda: open_in("napari", [NAPARI, NAPARI_WINDOW, path])
        interleaved(works, 1 + repeats)
    times = {name: median_ms(values[1:]) for name, values in seconds.items() if values}
    ratio = times["viewer"] / times["napari"] if "napari" in times else None
    detail = {f"{name} ms": value for name, value in times.items()}
    figure = Figure(
        name=f"process start to first image painted, full window, against napari ({frames}-frame 768×1024 JPEG clip)",
        value=ratio,
        goal=0.5,
        unit="×",
        detail={**detail, "repetitions": str(repeats), "screen": "Xvfb"},
    )
    write([figure], options)


if __name__ == "__main__":
    main()
