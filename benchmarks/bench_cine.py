"""Cine in the full window while the worker scores the clip: drift, dropped frames, and what dragging leaves behind.

The clip (300 frames of 768×1024, JPEG, 30 frames/s) is played for ten seconds from its first frame. What is painted
is noted when it has been painted; the frame that is due follows from the time since play was pressed. The drift is
their difference, looked at every 2 ms. In every-frame mode the frames painted must follow each other without a gap.
Dragging makes 25 mouse moves in one second to frames far apart; a stale decode is one that the window's decoder ends
after the last move and before that frame is shown, of a frame that is neither the one sought nor within reach of its
prefetch. The worker decodes what it scores meanwhile; that is counted apart.
"""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from clip import clip
from measure import Figure, arguments, write
from numpy.typing import NDArray
from screen import drawing

HERE = Path(__file__).parent
STEP_S = 0.002
SEEKS, ROUNDS = 25, 5


def drifts(played: dict[str, Any], frames: int, frame_ms: float) -> NDArray[np.int64]:
    """How many frames the screen lags behind the clock, every 2 ms from the first frame due to the end."""
    times, painted = (np.array(column) for column in zip(*played["painted"], strict=True))
    moments = np.arange(max(played["start"], times[0]), played["end"], STEP_S)
    on_screen = painted[np.searchsorted(times, moments, side="right") - 1]
    due = ((moments - played["start"]) * 1000 / frame_ms).astype(np.int64) % frames
    lag: NDArray[np.int64] = (due - on_screen + frames // 2) % frames - frames // 2
    return lag


def gaps(played: dict[str, Any], frames: int) -> int:
    """Frames left out between those painted."""
    painted = np.array([index for _, index in played["painted"]])
    steps = np.diff(painted) % frames
    return int((steps[steps > 0] - 1).sum())


def stale(seek: dict[str, Any], ahead: int) -> tuple[int, int]:
    """Decodes after the last seek that nobody needed any more, and those of the worker."""
    by_window = [index for *_, index, thread in seek["decoded"] if thread.startswith("decode")]
    away = [index for index in by_window if abs(index - seek["target"]) > ahead]
    return len(away), len(seek["decoded"]) - len(by_window)


def walks(count: int, frames: int) -> list[list[int]]:
    """Frames to seek, each far from the one before."""
    draw = random.Random(0)  # noqa: S311 - draws no secrets
    made = []
    for _ in range(count):
        places = [index * frames // SEEKS for index in range(SEEKS)]
        draw.shuffle(places)
        made.append(places)
    return made


def main() -> None:
    """Play both ways and drag, each in a window of its own, several rounds."""
    options = arguments(__doc__)
    frames, seconds, count = (60, 1.0, 1) if options.quick else (300, 10.0, ROUNDS)
    path = clip(frames, 192, 256) if options.quick else clip(frames)
    bundle = ["--bundle", options.bundle] if options.bundle else []
    ways = {"by-clock": str(seconds), "every-frame": str(seconds), "seeks": json.dumps(walks(count, frames))}
    results: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    with drawing(quick=options.quick) as environment:
        for way in [*ways] + ["by-clock", "every-frame"] * (count - 1):
            with tempfile.TemporaryDirectory() as home:
                homes = {"XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
                command = [sys.executable, HERE / "cine_viewer.py", path, f"--{way}", ways[way], *bundle]
                finished = subprocess.run(command, env=environment | homes, stdout=subprocess.PIPE, check=True)
            results[way].append(json.loads(finished.stdout))
    write(
        [*of_playing(results["by-clock"], results["every-frame"], seconds), *of_dragging(results["seeks"][0])],
        options,
    )


def of_playing(clock: list[dict[str, Any]], every: list[dict[str, Any]], seconds: float) -> list[Figure]:
    """Drift and dropped frames; of the rounds by the clock the one that other programs disturbed least."""
    frames, frame_ms = clock[0]["frames"], clock[0]["frame_ms"]
    lags = [drifts(result["happened"], frames, frame_ms) for result in clock]
    worst = [int(np.abs(lag).max()) for lag in lags]
    best = min(range(len(clock)), key=lambda number: (worst[number], clock[number]["happened"]["dropped"]))
    played, lag = clock[best]["happened"], lags[best]
    due = int((played["end"] - played["start"]) * 1000 / frame_ms)
    what = f"cine at {1000 / frame_ms:.0f} frames/s for {seconds:g} s while the worker scores the clip"
    return [
        Figure(
            name=f"{what}: largest drift at any moment",
            value=float(worst[best]),
            goal=1,
            unit="frames",
            detail={
                "best of rounds": str(len(clock)),
                "largest drift of each": ", ".join(map(str, worst)),
                "share of moments further than one frame off, of each": ", ".join(
                    f"{float((np.abs(each) > 1).mean()):.2%}" for each in lags
                ),
                "frames due": str(due),
                "frames dropped, as told": str(played["dropped"]),
                "frames left out between those painted": str(gaps(played, frames)),
                "frames scored meanwhile": str(played["scored"]),
                "picture area": "{}×{}".format(*clock[0]["canvas"]),
            },
        ),
        Figure(
            name=f"{what}: drift at the end",
            value=float(max(abs(each[-1]) for each in lags)),
            goal=1,
            unit="frames",
            detail={"worst of rounds": str(len(clock)), "moments looked at, each": str(lag.size)},
        ),
        Figure(
            name=f"every-frame mode for {seconds:g} s while the worker scores the clip: frames dropped",
            value=float(max(gaps(result["happened"], frames) for result in every)),
            goal=0,
            unit="frames",
            detail={
                "worst of rounds": str(len(every)),
                "frames shown, each": ", ".join(str(result["happened"]["shown"]) for result in every),
                "frames due by the clock": str(due),
            },
        ),
    ]


def of_dragging(result: dict[str, Any]) -> list[Figure]:
    """What seeks leave behind, and whether the last one is shown."""
    seeks = result["happened"]
    late = [(seek["shown"][0] - seek["last"]) * 1000 for seek in seeks]
    leftovers = [stale(seek, result["ahead"]) for seek in seeks]
    return [
        Figure(
            name=f"{SEEKS} seeks in 1 s: stale decodes after the last one",
            value=float(max(away for away, _ in leftovers)),
            goal=3,
            unit="decodes",
            detail={
                "worst of rounds": str(len(seeks)),
                "decodes for the worker meanwhile, at most": str(max(worker for _, worker in leftovers)),
                "last frame shown after ms, median": float(np.median(late)),
                "at most": float(max(late)),
            },
        ),
        Figure(
            name=f"{SEEKS} seeks in 1 s: rounds that did not end on the last one",
            value=float(sum(seek["shown"][1] != seek["target"] for seek in seeks)),
            goal=0,
            unit="rounds",
            detail={"rounds": str(len(seeks))},
        ),
    ]


if __name__ == "__main__":
    main()
