"""Plays and drags through a clip in the viewer's own window while it scores the clip, and notes what was painted."""

import argparse
import json
import threading
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from window import Window, until

from viewer.domain.image import Frame, FrameSource
from viewer.io import prefetch

SEEKS, SEEKING_S = 25, 1.0
SETTLING_S = 5.0
"""Longest wait for the last frame sought."""


class Watch:
    """What was painted and decoded, and when, on the clock of `time.perf_counter`."""

    def __init__(self, window: Window) -> None:
        self.painted: list[tuple[float, int]] = []
        self.decoded: list[tuple[float, float, int, str]] = []
        pane = window.main.panes.active
        pane.canvas.painted.connect(lambda: self.painted.append((time.perf_counter(), pane.index)))
        decode = prefetch._decoded

        def watched(source: FrameSource, index: int) -> Frame:
            begun = time.perf_counter()
            frame = decode(source, index)
            self.decoded.append((begun, time.perf_counter(), index, threading.current_thread().name))
            return frame

        prefetch._decoded = watched


def rest(seconds: float) -> None:
    """Let the window live on for a while as it does in use: asleep between events."""
    loop = QEventLoop()
    timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer, interval=round(seconds * 1000))
    timer.timeout.connect(loop.quit)
    timer.start()
    loop.exec()


def waited_s() -> float:
    """Seconds that this thread could have run but for other threads on its processors; only Linux tells."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except OSError:
        return float("nan")


def play(window: Window, watch: Watch, seconds: float) -> dict[str, Any]:
    """Play from the first frame for a while; once the clip is scored it is scored again."""
    before, first = window.assessed, len(watch.painted)
    window.main.action("play").trigger()
    start, waited = time.perf_counter(), waited_s()
    rest(seconds)
    end, waited = time.perf_counter(), waited_s() - waited
    pace = window.main.player.pace
    window.main.action("play").trigger()
    return {
        "start": start,
        "end": end,
        "painted": watch.painted[first - 1 :],
        "decoded": watch.decoded,
        "waited": waited,
        "dropped": pace.dropped,
        "shown": pace.shown,
        "scored": window.assessed - before,
    }


def drag(window: Window, watch: Watch, targets: list[int]) -> dict[str, Any]:
    """Drag along the timeline, and wait until the last frame is shown or nothing more happens."""
    track = window.main.timeline.track
    moments: list[float] = []

    def move(kind: QEvent.Type, frame: int) -> None:
        at = QPointF(track._places.x(frame), track.height() / 2)
        left = Qt.MouseButton.LeftButton
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(kind, at, track.mapToGlobal(at), left, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(track, event)
        moments.append(time.perf_counter())

    move(QEvent.Type.MouseButtonPress, targets[0])
    for target in targets[1:]:
        rest(SEEKING_S / SEEKS)
        move(QEvent.Type.MouseMove, target)
    last = moments[-1]
    move(QEvent.Type.MouseButtonRelease, targets[-1])
    limit = last + SETTLING_S
    while watch.painted[-1][1] != targets[-1] and time.perf_counter() < limit:
        rest(0.01)
    shown = watch.painted[-1]
    rest(0.5)
    return {
        "target": targets[-1],
        "last": last,
        "shown": [shown[0], watch.painted[-1][1]],
        "decoded": [entry for entry in watch.decoded if last < entry[1] <= shown[0]],
    }


def main() -> None:
    """Print what happened as JSON, and what the clip and the window are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--by-clock", type=float, metavar="S", help="play by the clock for so long")
    what.add_argument("--every-frame", type=float, metavar="S", help="play every frame for so long")
    what.add_argument("--seeks", type=json.loads, help="drag through rounds of frame numbers, as JSON")
    parser.add_argument("--bundle")
    arguments = parser.parse_args()
    window = Window(arguments.bundle)
    watch = Watch(window)
    window.main.desk.clip_assessed.connect(lambda _: window.main.assess_again())
    window.open(arguments.clip)
    until(lambda: window.assessed > 0 and bool(watch.painted))
    if arguments.seeks:
        happened: Any = [drag(window, watch, targets) for targets in arguments.seeks]
    else:
        window.main.action("every_frame").setChecked(arguments.every_frame is not None)
        happened = play(window, watch, arguments.every_frame or arguments.by_clock)
    clip = window.main.desk.clip
    result = {
        "happened": happened,
        "ahead": prefetch.AHEAD,
        "frames": clip.frames if clip else 0,
        "frame_ms": clip.frame_time_ms if clip else None,
        "canvas": window.canvas_size(),
    }
    window.close()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
