"""Pictures to try a model on: those it is for, those of other kinds, and faults of preparation.

Real pictures come from the folder of real data (VIEWER_DATA); photographs from installed packages.
"""

import csv
import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.clips import spread_frames
from viewer.datasets.split import pseudonym
from viewer.domain.bundle import Manifest
from viewer.engine.bundle import Bundle
from viewer.engine.picture import Picture
from viewer.engine.preprocess import resize
from viewer.io.reader import open_source
from viewer.phantoms.faults import channels_swapped, inverted
from viewer.training.garbage.families import axes_mixed

DATA = Path(os.environ.get("VIEWER_DATA", Path(__file__).parents[2] / "shared" / "data"))
LUMINANCE = np.array([0.299, 0.587, 0.114])
FAINT = "mean and std of BGR (not counted)"
"""Changes a folder less than a single diagnosis does, which no folder is stopped for."""
SEED = 20240501
PHOTOGRAPHS: Mapping[str, Sequence[str]] = {
    "sklearn": ("datasets/images/china.jpg", "datasets/images/flower.jpg"),
    "matplotlib": ("mpl-data/sample_data/grace_hopper.jpg",),
    "skimage": tuple(
        f"data/{name}"
        for name in (
            "astronaut.png", "brick.png", "camera.png", "cell.png", "chelsea.png", "clock_motion.png", "coffee.png",
            "coins.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png", "moon.png",
            "motorcycle_left.png", "retina.jpg", "rocket.jpg",
        )
    ),
}  # fmt: skip
"""Those of packages that are installed are taken, each with cut-outs of half its side; scikit-image adds most."""
CUT_OUTS = 5

Pixels = NDArray[np.uint8]
T = TypeVar("T")


def rows_of(table: str) -> list[dict[str, str]]:
    """Rows of a table of the real data."""
    with (DATA / table).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read(paths: Sequence[Path]) -> list[Picture]:
    """The middle frame of every file."""
    pictures = []
    for path in paths:
        source = open_source(path)
        (middle,) = spread_frames(source.clip.frames, 1)
        frame = source.decode(middle)
        pictures.append(Picture(frame.rgb(), frame.pixel_aspect))
        source.close()
    return pictures


def thinned(things: Sequence[T], most: int) -> list[T]:
    """At most so many of them, spread evenly."""
    return [things[i] for i in np.unique(np.linspace(0, len(things) - 1, min(most, len(things))).round().astype(int))]


def lesions(bundle: Bundle, most: int) -> tuple[list[Picture], list[str], list[str]]:
    """Pictures of the certify groups, with their groups and classes."""
    certify = {row["group"] for row in bundle.predictions("certify")}
    rows = [
        row
        for row in rows_of("derm/labels.csv")
        if row["set"] == "isic9_180" and row["exact_dup"] == "0" and row["class_clean"]
    ]
    kept = thinned([row for row in rows if pseudonym(row["group_id"]) in certify], most)
    pictures = read([DATA / "derm" / row["file"] for row in kept])
    return pictures, [row["group_id"] for row in kept], [row["class_clean"] for row in kept]


def photographs() -> Iterator[Picture]:
    """Photographs that installed packages bring along, and cut-outs of them."""
    random = np.random.default_rng(SEED)
    for package, names in PHOTOGRAPHS.items():
        found = importlib.util.find_spec(package)
        folder = Path(found.origin).parent if found and found.origin else None
        for picture in read([folder / name for name in names] if folder else []):
            yield picture
            rows, columns = (side // 2 for side in picture.rgb.shape[:2])
            for _ in range(CUT_OUTS):
                top, left = random.integers(0, rows), random.integers(0, columns)
                yield Picture(np.ascontiguousarray(picture.rgb[top : top + rows, left : left + columns]))


def grey(pixels: Pixels) -> Pixels:
    """The picture without its colours."""
    return np.repeat((pixels @ LUMINANCE).round().astype(np.uint8)[..., None], 3, axis=2)


def recoloured(pictures: Sequence[Picture], colours: Sequence[Picture]) -> list[Picture]:
    """Every picture in the colours of a lesion: the n-th darkest pixel gets that of the lesion's n-th darkest."""
    random = np.random.default_rng(SEED)
    made = []
    for picture in pictures:
        palette = colours[int(random.integers(len(colours)))].rgb.reshape(-1, 3)
        palette = palette[np.argsort(palette @ LUMINANCE, kind="stable")]
        ranks = np.argsort(np.argsort((picture.rgb @ LUMINANCE).ravel(), kind="stable"))
        chosen = palette[ranks * len(palette) // len(ranks)]
        made.append(Picture(chosen.reshape(picture.rgb.shape)))
    return made


@dataclass(frozen=True, slots=True)
class Fault:
    """A faulty preparation.

    Attributes:
        mean, std: What the network's input is normalised by.
        altered: What happens before to the square of pixels that the network sees.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    altered: Callable[[Pixels], Pixels]

    def of(self, bundle: Bundle) -> Bundle:
        """The bundle with that mean and standard deviation."""
        manifest = replace(bundle.manifest, mean=self.mean, std=self.std)  # type: ignore[arg-type]
        return replace(bundle, manifest=manifest)

    def shown(self, picture: Picture, manifest: Manifest) -> Picture:
        """The altered picture."""
        return Picture(self.altered(resize(picture, manifest)))


def faults(manifest: Manifest) -> dict[str, Fault]:
    """Faulty preparations: a wrong mean and standard deviation of the input, or altered pixels."""
    mean, std = np.array(manifest.mean), np.array(manifest.std)
    half = np.full(3, 0.5)

    def normalised(mean: NDArray[np.float64], std: NDArray[np.float64]) -> Fault:
        return Fault(tuple(mean.tolist()), tuple(std.tolist()), np.ascontiguousarray)

    def altered(how: Callable[[Pixels], Pixels]) -> Fault:
        return Fault(manifest.mean, manifest.std, how)

    return {
        "missing /255": normalised(mean / 255, std / 255),
        "×255": normalised(mean, std / 255),
        "/255 twice": normalised(mean * 255, std * 255),
        "mean and std of .5": normalised(half, half),
        "no mean and std": normalised(np.zeros(3), np.ones(3)),
        FAINT: normalised(mean[::-1], std[::-1]),
        "inverted": altered(inverted),
        "axes exchanged": altered(axes_mixed),
        "channels swapped": altered(channels_swapped),
        "without colour": altered(grey),
    }
