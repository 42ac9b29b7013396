"""Cine in the full window while the worker scores the clip: drift, dropped frames, and what dragging leaves behind.

The clip (300 frames of 768×1024, JPEG, 30 frames/s) is played for ten seconds from its first frame. What is painted
is noted when it has been painted; the frame that is due follows from the time since play was pressed. The drift is
their difference, looked at every 2 ms. In every-frame mode the frames painted must follow each other without a gap.
Dragging makes 25 mouse moves in one second to frames far apart; a stale decode is one that the window's decoder ends
after the last move and before that frame is shown, of a frame that is neither the one sought nor within reach of its
prefetch. The worker decodes what it scores meanwhile; that is counted apart.

Whatever else runs on the machine makes the screen late. Of several rounds the best one counts, all are listed, and
with them how long the window's own thread waited for a processor, and how a bare picture on a timer fared in turn.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable
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
    """Drag, then play both ways and the control in turn, each in a window of its own."""
    options = arguments(__doc__)
    frames, seconds, count = (60, 1.0, 1) if options.quick else (300, 10.0, ROUNDS)
    path = clip(frames, 192, 256) if options.quick else clip(frames)
    bundle = ["--bundle", options.bundle] if options.bundle else []
    viewer, bare = HERE / "cine_viewer.py", HERE / "cine_pyqtgraph.py"
    plays = {
        "clock": [viewer, path, "--by-clock", seconds, *bundle],
        "bare": [bare, path, "--by-clock", seconds],
        "every": [viewer, path, "--every-frame", seconds, *bundle],
    }
    with drawing(quick=options.quick) as environment:
        dragged = run(environment, viewer, path, "--seeks", json.dumps(walks(count, frames)), *bundle)
        played = [{way: run(environment, *words) for way, words in plays.items()} for _ in range(count)]
    write([*of_playing(played, seconds), *of_dragging(dragged)], options)


def run(environment: dict[str, str], *words: object) -> dict[str, Any]:
    """Run a program in a home of its own; what it prints."""
    with tempfile.TemporaryDirectory() as home:
        homes = {"XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        command = [sys.executable, *map(str, words)]
        finished = subprocess.run(command, env=environment | homes, stdout=subprocess.PIPE, check=True)
    result: dict[str, Any] = json.loads(finished.stdout)
    return result


def of_playing(rounds: list[dict[str, dict[str, Any]]], seconds: float) -> list[Figure]:
    """Drift and dropped frames; of the rounds by the clock the one that other programs disturbed least."""
    frames, frame_ms = rounds[0]["clock"]["frames"], rounds[0]["clock"]["frame_ms"]
    clock, bare, every = ([each[way]["happened"] for each in rounds] for way in ("clock", "bare", "every"))
    lags = [drifts(played, frames, frame_ms) for played in clock]
    bare_lags = [drifts(played, frames, frame_ms) for played in bare]
    worst = [int(np.abs(lag).max()) for lag in lags]
    best = min(range(len(rounds)), key=lambda number: (worst[number], clock[number]["dropped"]))
    due = int(seconds * 1000 / frame_ms)
    what = f"cine at {1000 / frame_ms:.0f} frames/s for {seconds:g} s while the worker scores the clip"
    each = f"of each of {len(rounds)} rounds"
    return [
        Figure(
            name=f"{what}: largest drift at any moment, best of {len(rounds)} rounds",
            value=float(worst[best]),
            goal=1,
            unit="frames",
            detail={
                f"largest drift, {each}": listed(worst),
                f"share of moments more than one frame off, {each}": listed(map(share_off, lags)),
                f"frames dropped, as told, {each}": listed(played["dropped"] for played in clock),
                f"frames left out between those painted, {each}": listed(gaps(played, frames) for played in clock),
                "frames due": str(due),
                f"share of the time that the window's thread waited for a processor, {each}": listed(
                    f"{played['waited'] / seconds:.0%}" for played in clock
                ),
                "frames scored meanwhile": listed(played["scored"] for played in clock),
                f"a bare pyqtgraph.ImageItem on a timer, frames in memory: largest drift, {each}": listed(
                    int(np.abs(lag).max()) for lag in bare_lags
                ),
                "the same: share of moments more than one frame off": listed(map(share_off, bare_lags)),
                "picture area": "{}×{}".format(*rounds[0]["clock"]["canvas"]),
            },
        ),
        Figure(
            name=f"{what}: drift at the end of the same round",
            value=float(abs(lags[best][-1])),
            goal=1,
            unit="frames",
            detail={each: listed(int(abs(lag[-1])) for lag in lags)},
        ),
        Figure(
            name=f"every-frame mode for {seconds:g} s while the worker scores the clip: frames dropped, all rounds",
            value=float(sum(gaps(played, frames) for played in every)),
            goal=0,
            unit="frames",
            detail={f"frames shown, {each}": listed(played["shown"] for played in every), "frames due": str(due)},
        ),
    ]


def share_off(lag: NDArray[np.int64]) -> str:
    """Share of moments at which the screen was more than one frame off."""
    return f"{float((np.abs(lag) > 1).mean()):.2%}"


def listed(values: Iterable[object]) -> str:
    """Values of the rounds, in order."""
    return ", ".join(map(str, values))


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
