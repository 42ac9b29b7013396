"""The explorer of evaluated cohorts: its map painted beside a bare scatter plot, and laid out beside bare openTSNE.

Both plots are of one size and show the same places; the explorer's tells four classes apart by shape and colour, the
bare `pyqtgraph.ScatterPlotItem` shows discs of one size and colour. Bare openTSNE works with its own defaults.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph
from measure import Figure, arguments, interleaved, median_ms, write
from numpy.typing import NDArray
from openTSNE import TSNE
from PySide6.QtWidgets import QApplication

from viewer.app import make_application
from viewer.evaluation.embedding_map import fit_map
from viewer.present.categories import class_looks
from viewer.ui.canvas.scatter import ScatterMap

CLASSES = ("keratosis", "melanoma", "nevus", "vascular")
SIDE = 700
DISC = 6
"""Diameter of the bare plot's points: what the explorer's have where there are many."""


def clusters(count: int, dimensions: int) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Features in one cloud for each class, and the class of each."""
    random = np.random.default_rng(3)
    kinds = random.integers(0, len(CLASSES), count)
    centres = 2 * random.normal(size=(len(CLASSES), dimensions))
    return (centres[kinds] + random.normal(size=(count, dimensions))).astype(np.float32), kinds


def our_map(places: NDArray[np.float32], kinds: NDArray[np.intp]) -> ScatterMap:
    """The explorer's map."""
    shown = ScatterMap()
    shown.resize(SIDE, SIDE)
    shown.show_positions(places)
    shown.show_kinds(kinds, class_looks(CLASSES, "dark"), np.ones(len(places), np.bool_))
    shown.show()
    return shown


def bare_plot(places: NDArray[np.float32]) -> pyqtgraph.GraphicsView:
    """The peer."""
    shown = pyqtgraph.GraphicsView()
    shown.resize(SIDE, SIDE)
    box = pyqtgraph.ViewBox(lockAspect=1.0)
    shown.setCentralItem(box)
    across, down = places.astype(np.float64).T
    box.addItem(pyqtgraph.ScatterPlotItem(across, down, symbol="o", size=DISC, brush="#56b4e9", pen="#151a20"))
    shown.show()
    return shown


def painting(app: QApplication, count: int, repeats: int) -> Figure:
    """How long painting the map takes."""
    places, kinds = clusters(count, 2)
    ours, bare = our_map(places, kinds), bare_plot(places)
    app.processEvents()
    works: dict[str, Callable[[], object]] = {"ours": ours.viewport().repaint, "bare": bare.viewport().repaint}
    interleaved(works, 3)
    seconds = interleaved(works, repeats)
    ours.close()
    bare.close()
    detail: dict[str, float | str] = {f"{name} p50 ms": median_ms(values) for name, values in seconds.items()}
    return Figure(
        name=f"painting the map of {count} cases against a bare pyqtgraph.ScatterPlotItem",
        value=median_ms(seconds["ours"]) / median_ms(seconds["bare"]),
        goal=2.0,
        unit="×",
        detail=detail | {"repeats": str(repeats), "size": f"{SIDE}×{SIDE}"},
    )


def laying_out(count: int, dimensions: int) -> Figure:
    """How long a map takes to make."""
    features, _ = clusters(count, dimensions)
    works: dict[str, Callable[[], Any]] = {
        "ours": lambda: fit_map(features),
        "bare": lambda: TSNE(random_state=0, n_jobs=1).fit(features),
    }
    seconds = interleaved(works, 1)
    return Figure(
        name=f"laying out {count} cases of {dimensions} features against bare openTSNE",
        value=seconds["ours"][0] / seconds["bare"][0],
        goal=1.25,
        unit="×",
        detail={"ours s": seconds["ours"][0], "bare s": seconds["bare"][0]},
    )


def main() -> None:
    """Paint, then lay out."""
    options = arguments(__doc__)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application("dark")
    sizes, repeats = ((500,), 3) if options.quick else ((10_000, 50_000), 60)
    figures = [painting(app, count, repeats) for count in sizes]
    figures.append(laying_out(200, 16) if options.quick else laying_out(10_000, 128))
    write(figures, options)


if __name__ == "__main__":
    main()
