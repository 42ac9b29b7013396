"""The control: a bare `pyqtgraph.ImageItem` on a timer, its frames in memory, and nothing else to do."""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import pyqtgraph
from cine_viewer import rest, waited_s
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from viewer.io.reader import open_source

HELD = 60
"""Frames in memory; a longer clip repeats them."""


class Painted(QObject):
    """Notes when a widget has been asked to paint, and which frame it shows then."""

    def __init__(self) -> None:
        super().__init__()
        self.index = 0
        self.painted: list[tuple[float, int]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note and let pass."""
        if event.type() == QEvent.Type.Paint:
            self.painted.append((time.perf_counter(), self.index))
        return False


def main() -> None:
    """Print what was painted as JSON, as `cine_viewer.py` does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--by-clock", type=float, required=True, metavar="S")
    arguments = parser.parse_args()
    source = open_source(arguments.clip)
    clip, frame_ms = source.clip, source.clip.frame_time_ms or 0.0
    frames = [np.ascontiguousarray(source.decode(index).rgb()) for index in range(min(HELD, clip.frames))]
    app = QApplication([])
    view = pyqtgraph.GraphicsView()
    box = pyqtgraph.ViewBox(lockAspect=True, invertY=True)
    view.setCentralItem(box)
    item = pyqtgraph.ImageItem(frames[0], axisOrder="row-major")
    box.addItem(item)
    watch = Painted()
    view.viewport().installEventFilter(watch)
    view.resize(890, 650)
    view.show()
    app.processEvents()
    timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
    start, waited = time.perf_counter(), waited_s()

    def tick() -> None:
        passed = (time.perf_counter() - start) * 1000
        watch.index = int(passed / frame_ms) % clip.frames
        item.setImage(frames[watch.index % len(frames)], autoLevels=False, levels=(0, 255))
        timer.start(math.ceil(frame_ms - passed % frame_ms))

    timer.timeout.connect(tick)
    tick()
    rest(arguments.by_clock)
    end = time.perf_counter()
    happened = {"start": start, "end": end, "painted": watch.painted, "waited": waited_s() - waited}
    print(json.dumps({"happened": happened, "frames": clip.frames, "frame_ms": frame_ms}))


if __name__ == "__main__":
    main()
