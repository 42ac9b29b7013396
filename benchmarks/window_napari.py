"""The peer: napari, opening a multi-frame JPEG DICOM lazily. Runs in `.venv-napari`, not in the viewer's environment.

The reader is the fastest lazy one that could be built: the element is found once, and every frame is a dask chunk
decoded by imagecodecs (libjpeg-turbo) straight from its bytes.
"""

import argparse
import json
import time
from pathlib import Path

import dask
import dask.array
import imagecodecs
import napari
import numpy as np
import pydicom
from pydicom.encaps import get_frame
from qtpy.QtWidgets import QApplication


def lazy_frames(path: Path) -> dask.array.Array:
    """Frames of a JPEG clip as uint8 (frames, rows, columns, 3), each decoded when it is shown."""
    dataset = pydicom.dcmread(path)
    data, count = dataset.PixelData, int(dataset.NumberOfFrames)
    shape = (dataset.Rows, dataset.Columns, 3)

    def decode(index: int) -> np.ndarray:
        coded = get_frame(data, index, number_of_frames=count)
        return imagecodecs.jpeg8_decode(coded, colorspace="YCBCR", outcolorspace="RGB")

    chunks = [dask.array.from_delayed(dask.delayed(decode)(index), shape, np.uint8) for index in range(count)]
    return dask.array.stack(chunks)


class Window:
    """A napari viewer showing the clip, which knows when it has painted."""

    def __init__(self, path: Path, *, in_memory: bool) -> None:
        self.viewer = napari.Viewer()
        frames = lazy_frames(path)
        self.viewer.add_image(frames.compute() if in_memory else frames, rgb=True)
        self.paints = 0
        self._main = self.viewer.window._qt_window
        self._canvas = self.viewer.window._qt_viewer.canvas.native
        self.viewer.window._qt_viewer.canvas._scene_canvas.events.draw.connect(self._painted, position="last")

    def _painted(self, _event: object) -> None:
        self.paints += 1

    def give_canvas(self, width: int, height: int) -> None:
        """Make the canvas this large, in pixels."""
        beside = self._main.size() - self._canvas.size()
        self._main.resize(width + beside.width(), height + beside.height())
        settle(0.5)
        self.viewer.reset_view()
        settle(0.5)

    def step(self, index: int) -> float:
        """Show frame `index`; seconds until it was painted."""
        before, start = self.paints, time.perf_counter()
        self.viewer.dims.set_current_step(0, index)
        while self.paints == before:
            QApplication.processEvents()
        return time.perf_counter() - start


def settle(seconds: float) -> None:
    """Let the window finish what it started."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QApplication.processEvents()


def main() -> None:
    """Open the clip and stay, or step through it and print the seconds of every step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument(
        "--steps", type=json.loads, help="frame numbers to show, as JSON; without it the window stays open"
    )
    parser.add_argument("--canvas", type=json.loads, default=[800, 600], help="width and height in pixels, as JSON")
    parser.add_argument("--in-memory", action="store_true", help="decode the whole clip first")
    arguments = parser.parse_args()
    window = Window(arguments.clip, in_memory=arguments.in_memory)
    if arguments.steps is None:
        napari.run()
        return
    settle(1.0)
    window.give_canvas(*arguments.canvas)
    for index in arguments.steps[: len(arguments.steps) // 2]:
        window.step(index)
    print(json.dumps([window.step(index) for index in arguments.steps]))


if __name__ == "__main__":
    main()
