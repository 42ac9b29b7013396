"""The labelled lung-ultrasound clips of the study, decoded once and kept small, so that every fold can read them."""

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.folds import group_folds
from viewer.domain.bundle import Manifest
from viewer.domain.image import Modality
from viewer.engine.picture import Picture
from viewer.engine.preprocess import resize
from viewer.io.reader import open_source

SIDE = 160
STEP = 2
"""Every so many frames of a clip one is kept."""

FOLDS = 5

LABELS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "finding": ("class", ("covid", "pneumonia", "regular")),
    "severity": ("severity_score", ("0", "1", "2", "3")),
}
"""Column and classes of each task; viral is left out of the findings, since three clips teach and judge nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LusClip:
    """One labelled clip or still.

    Attributes:
        file: As in the table.
        label: Index of its class.
        group: Patient or source; clips of one are never separated.
        moving: Whether it is a clip.
        row: Its row of the table.
        frames: What was kept of it, uint8 (n, side, side, 3), or what a trunk sees in it, float16 (n, C, h, w); read
            from disk when used.
        places: Frame numbers in the file (n,).
    """

    file: str
    label: int
    group: str
    moving: bool
    row: Mapping[str, str] = field(repr=False)
    frames: NDArray[Any] = field(repr=False)
    places: NDArray[np.intp] = field(repr=False)

    @property
    def facts(self) -> list[float]:
        """What is known without looking: bytes, frames per second, frames, width, height."""
        return [float(self.row[name] or 0) for name in ("bytes", "fps", "frames", "width", "height")]


def read_clips(data: Path, cache: Path, task: str) -> list[LusClip]:
    """The clips and stills of a task, in the order of the table.

    Args:
        data: Holds lus/labels.csv.
        cache: Folder for decoded frames; filled where they are missing.
        task: One of `LABELS`.
    """
    column, classes = LABELS[task]
    cache.mkdir(parents=True, exist_ok=True)
    with (data / "lus" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[column] in classes]
    return [_clip(row, classes.index(row[column]), data / "lus", cache) for row in rows]


def folds_of(clips: Sequence[LusClip], seed: int) -> NDArray[np.intp]:
    """The fold of every clip, dealt by group."""
    fold_of = group_folds([clip.label for clip in clips], [clip.group for clip in clips], FOLDS, seed)
    return np.array([fold_of[clip.group] for clip in clips])


def _clip(row: Mapping[str, str], label: int, root: Path, cache: Path) -> LusClip:
    kept = cache / f"{Path(row['file']).name}.{SIDE}.npy"
    if not kept.exists():
        print(f"decoding {row['file']}", file=sys.stderr, flush=True)
        draft = kept.with_suffix(".part.npy")
        np.save(draft, np.stack(list(_small(root / row["file"]))))
        draft.replace(kept)
    frames = np.load(kept, mmap_mode="r")
    return LusClip(
        file=row["file"],
        label=label,
        group=row["group_id"],
        moving=row["kind"] == "video",
        row=row,
        frames=frames,
        places=np.arange(len(frames)) * STEP,
    )


def _small(path: Path) -> Iterator[NDArray[np.uint8]]:
    source = open_source(path)
    try:
        for place in range(0, source.clip.frames, STEP):
            frame = source.decode(place)
            yield resize(Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect), MANIFEST)
    finally:
        source.close()


MANIFEST = Manifest(
    name="lung-ultrasound",
    version="1",
    architecture="mobilenet_v2",
    classes=LABELS["finding"][1],
    modality=Modality.ULTRASOUND,
    intended_use="Cross-validation",
    licence="none",
    input_size=SIDE,
)
"""How a frame becomes the network's input."""
