"""The peer with an overlay: two bare `pyqtgraph.ImageItem`s, a picture and a map of its size over it, in memory."""

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
    frames = [source.decode(index).rgb() for index in range(max(arguments.steps) + 1)]
    maps = [np.dstack([frame, frame[..., 0] // 2]) for frame in frames]
    app = QApplication([])
    view = pyqtgraph.GraphicsView()
    box = pyqtgraph.ViewBox(lockAspect=1.0, invertY=True, enableMenu=False, defaultPadding=0.0)
    view.setCentralItem(box)
    picture, overlay = (pyqtgraph.ImageItem(axisOrder="row-major", levels=(0, 255)) for _ in range(2))
    for item in (picture, overlay):
        box.addItem(item)
    view.resize(*arguments.canvas)
    view.show()
    app.processEvents()
    counter = PaintCounter(view.viewport())

    def show(index: int) -> None:
        picture.setImage(frames[index], autoLevels=False)
        overlay.setImage(maps[index], autoLevels=False)

    def step(index: int) -> float:
        return counter.seconds_until_painted(lambda: show(index))

    for index in arguments.steps[: len(arguments.steps) // 2]:
        step(index)
    print(json.dumps([step(index) for index in arguments.steps]))


if __name__ == "__main__":
    main()
