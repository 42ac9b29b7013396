"""The peer: `pyqtgraph.ImageView` with the clip in memory."""

import argparse
import json
from pathlib import Path

import numpy as np
import pyqtgraph
from PySide6.QtWidgets import QApplication
from window import PaintCounter

from viewer.io.reader import open_source


def main() -> None:
    """Print the seconds of every step as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--steps", type=json.loads, required=True, help="frame numbers to show, as JSON")
    parser.add_argument("--canvas", type=json.loads, required=True, help="width and height in pixels, as JSON")
    arguments = parser.parse_args()
    source = open_source(arguments.clip)
    frames = np.stack([source.decode(index).rgb() for index in range(max(arguments.steps) + 1)])
    app = QApplication([])
    view = pyqtgraph.ImageView()
    view.setImage(frames, axes={"t": 0, "y": 1, "x": 2, "c": 3})
    canvas = view.ui.graphicsView.viewport()
    view.resize(1600, 1000)
    view.show()
    app.processEvents()
    beside = view.size() - canvas.size()
    view.resize(arguments.canvas[0] + beside.width(), arguments.canvas[1] + beside.height())
    app.processEvents()
    counter = PaintCounter(canvas)

    def step(index: int) -> float:
        return counter.seconds_until_painted(lambda: view.setCurrentIndex(index))

    for index in arguments.steps[: len(arguments.steps) // 2]:
        step(index)
    print(json.dumps([step(index) for index in arguments.steps]))


if __name__ == "__main__":
    main()
