"""One step to a frame that is already decoded: the full window against its peers, idle and while the clip is scored.

A step is timed from the request until the picture has been painted. All draw a picture area of the same size on the
same virtual screen. `pyqtgraph.ImageView` and one napari hold the whole clip in memory; the other napari opened it
lazily and has shown every frame of the walk before. With an overlay, a step puts the next frame and the map over
it on the screen, and what the panels say of it; its peer are two bare `pyqtgraph.ImageItem`s, the map as large as the
picture.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from clip import clip
from measure import NAPARI, Figure, arguments, median_ms, p95_ms, write
from screen import drawing

HERE = Path(__file__).parent
ROUNDS = 3
WALK = 24
"""Frames walked to and fro; they fit every cache."""


def walk(steps: int) -> str:
    """Frame numbers to and fro from the second on, never the same one twice running, as JSON."""
    there_and_back = [*range(1, WALK), *range(WALK - 2, -1, -1)]
    return json.dumps([there_and_back[index % len(there_and_back)] for index in range(steps)])


def run(environment: dict[str, str], *command: object) -> Any:  # noqa: ANN401 - whatever JSON the program prints
    """Run a program that prints JSON."""
    finished = subprocess.run([str(word) for word in command], env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(finished.stdout)


def main() -> None:
    """Measure in turn, several rounds."""
    options = arguments(__doc__)
    path = clip(WALK + 6, 192, 256) if options.quick else clip(300)
    steps = walk(20 if options.quick else 300)
    seconds: dict[str, list[float]] = {}
    with drawing(quick=options.quick) as environment, tempfile.TemporaryDirectory() as home:
        environment |= {"XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        for _ in range(1 if options.quick else ROUNDS):
            bundle = ["--bundle", options.bundle] if options.bundle else []
            ours = run(environment, sys.executable, HERE / "step_viewer.py", path, "--steps", steps, *bundle)
            shape = ["--steps", steps, "--canvas", json.dumps(ours["canvas"])]
            results = {"idle": ours["idle"], "scoring": ours["scoring"], "overlay": ours["overlay"]}
            results["two images"] = run(environment, sys.executable, HERE / "step_two_images.py", path, *shape)
            results["ImageView"] = run(environment, sys.executable, HERE / "step_pyqtgraph.py", path, *shape)
            if NAPARI.exists() and not options.quick:
                napari = [NAPARI, HERE / "window_napari.py", path, *shape]
                results["napari"] = run(environment, *napari)
                results["napari, clip in memory"] = run(environment, *napari, "--in-memory")
            for name, values in results.items():
                seconds.setdefault(name, []).extend(values)
    write(figures(seconds, ours["canvas"]), options)


def figures(seconds: dict[str, list[float]], canvas: list[int]) -> list[Figure]:
    """The lines of the table."""
    p50 = {name: median_ms(values) for name, values in seconds.items() if values}
    p95 = {name: p95_ms(values) for name, values in seconds.items() if values}
    size = {"picture area": f"{canvas[0]}×{canvas[1]}", "steps": str(len(seconds["idle"]))}
    medians = {f"{name} p50 ms": value for name, value in p50.items()}
    return [
        Figure(
            name="cached frame step p50, full window, against pyqtgraph.ImageView with the clip in memory",
            value=p50["idle"] / p50["ImageView"],
            goal=1.0,
            unit="×",
            detail={"viewer p50 ms": p50["idle"], "ImageView p50 ms": p50["ImageView"], **size},
        ),
        Figure(
            name="cached frame step p50, full window, against napari",
            value=p50["idle"] / p50["napari"] if "napari" in p50 else None,
            goal=0.15,
            unit="×",
            detail={key: value for key, value in medians.items() if "napari" in key} | {"viewer p50 ms": p50["idle"]},
        ),
        Figure(
            name="frame step p50 with an overlay, full window, against two bare pyqtgraph.ImageItems with paint",
            value=p50["overlay"] / p50["two images"],
            goal=1.5,
            unit="×",
            detail={"viewer p50 ms": p50["overlay"], "two ImageItems p50 ms": p50["two images"], **size},
        ),
        Figure(
            name="frame step p95 while the worker scores the clip, against idle",
            value=p95["scoring"] / p95["idle"] if "scoring" in p95 else None,
            goal=2.5,
            unit="×",
            detail={
                **{f"{name} p95 ms": p95[name] for name in ("idle", "scoring") if name in p95},
                **{f"{name} p50 ms": p50[name] for name in ("idle", "scoring") if name in p50},
            },
        ),
    ]


if __name__ == "__main__":
    main()
