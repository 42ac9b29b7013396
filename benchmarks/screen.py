"""A virtual screen whose pixels can be watched from outside, so that no program reports on itself."""

import mmap
import os
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1600, 1000
_POLL_S = 0.002
_STRIDE = 8


@dataclass(frozen=True, slots=True)
class Screen:
    """A running X server.

    Attributes:
        display: Its name, e.g. `:7`.
        pixels: uint8 (rows, columns, 4), blue green red unused; changes as programs draw.
    """

    display: str
    pixels: NDArray[np.uint8]

    @property
    def environment(self) -> dict[str, str]:
        """Environment of a program that shall draw here."""
        return _environment(platform="xcb") | {"DISPLAY": self.display}

    def share_of(self, colour: tuple[int, int, int], tolerance: int = 12) -> float:
        """Share of the screen, [0, 1], that shows `colour` (red, green, blue)."""
        seen = self.pixels[::_STRIDE, ::_STRIDE, :3].astype(np.int16)
        near = np.abs(seen - np.array(colour[::-1], np.int16)).max(axis=-1) <= tolerance
        return float(near.mean())

    def wait_for(self, colour: tuple[int, int, int], share: float, limit_s: float = 60.0) -> float:
        """Wait until `colour` covers `share` of the screen; returns `time.perf_counter()` of that moment.

        Raises:
            TimeoutError: It did not.
        """
        end = time.perf_counter() + limit_s
        while (now := time.perf_counter()) < end:
            if self.share_of(colour) >= share:
                return now
            time.sleep(_POLL_S)
        raise TimeoutError(f"the picture did not appear within {limit_s} s")


@contextmanager
def drawing(*, quick: bool) -> Iterator[dict[str, str]]:
    """Environment of programs that draw: on a virtual screen, or for a quick run on none at all."""
    if quick:
        yield _environment(platform="offscreen")
        return
    with virtual_screen() as screen:
        yield screen.environment


@contextmanager
def virtual_screen() -> Iterator[Screen]:
    """Start Xvfb on a free display, its framebuffer mapped into memory."""
    server = shutil.which("Xvfb")
    if server is None:
        raise FileNotFoundError("Xvfb is not installed (Debian: apt-get install xvfb libgl1-mesa-dri)")
    with tempfile.TemporaryDirectory() as folder:
        reading, writing = os.pipe()
        options = [
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            f"{WIDTH}x{HEIGHT}x24",
            "-fbdir",
            folder,
            "-nolisten",
            "tcp",
        ]
        process = subprocess.Popen([server, *options], pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        try:
            with os.fdopen(reading) as announcement:
                number = announcement.readline().strip()
            yield Screen(f":{number}", _framebuffer(Path(folder) / "Xvfb_screen0"))
        finally:
            process.terminate()
            process.wait()


def _environment(platform: str) -> dict[str, str]:
    """Painting is asked for at once, not after Qt's usual 5 ms of idling, which would hide differences."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    return others | {"QT_QPA_PLATFORM": platform, "QT_QPA_UPDATE_IDLE_TIME": "0"}


def _framebuffer(path: Path) -> NDArray[np.uint8]:
    """Pixels of an XWD file that the server keeps up to date (X11/XWDFile.h)."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    header = struct.unpack(">25I", mapped[:100])
    start, rows, line, colours = header[0], header[5], header[12], header[19]
    flat = np.frombuffer(mapped, np.uint8, count=rows * line, offset=start + colours * 12)
    return flat.reshape(rows, line // 4, 4)
