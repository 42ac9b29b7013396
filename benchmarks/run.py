"""Runs every benchmark, each in a process of its own, and keeps its results; installs the peer napari first."""

import argparse
import subprocess
import sys
import venv
from pathlib import Path

from measure import NAPARI

HERE = Path(__file__).parent
BENCHMARKS = (
    "one_pass",
    "light",
    "gate",
    "faults",
    "verify",
    "lights",
    "drift",
    "certificates",
    "start",
    "step",
    "stall",
    "memory",
    "reviews",
    "cine",
    "clip",
    "report",
    "explorer",
    "search",
    "frame_maps",
    "attention",
    "slow_scores",
    "masks",
    "drawing",
    "ensemble",
)
PEER = ("napari==0.9.2", "PySide6-Essentials==6.11.3", "dask", "pydicom", "imagecodecs")


def install_napari() -> None:
    """Make `.venv-napari` where it is missing."""
    if not NAPARI.exists():
        print("Installing napari into an environment of its own …", flush=True)
        venv.create(NAPARI.parents[1], with_pip=True)
        subprocess.run([NAPARI, "-m", "pip", "install", "--quiet", *PEER], check=True)


def main() -> None:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="repeatable; all by default")
    names = parser.parse_args().only or BENCHMARKS
    install_napari()
    for name in names:
        print(f"{name} …", flush=True)
        out = HERE / "results" / f"{name}.json"
        subprocess.run([sys.executable, HERE / f"bench_{name}.py", "--out", out], check=True)


if __name__ == "__main__":
    main()
