"""Cohorts as folders of files with a table of labels."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.phantoms.lesion import LesionPhantom
from viewer.phantoms.ultrasound import ClipPhantom

LESION_COLUMNS = ("file", "class", "group_id", "mask", "ruler", "bubbles")
CLIP_COLUMNS = ("file", "class", "group_id", "frames", "severity")

ClipWriter = Callable[[Path, ClipPhantom, Iterator[NDArray[np.uint8]]], None]
"""Writes the frames uint8 (rows, columns) of a clip to a path."""


def write_lesions(folder: Path, lesions: Iterable[LesionPhantom]) -> Path:
    """Write lesions as PNG with masks and a table `labels.csv`.

    Args:
        folder: Created when missing; gets `lesions/`, `masks/` and `labels.csv`.
        lesions: Written one at a time.

    Returns:
        The table; its paths are relative to `folder`, `ruler` and `bubbles` are 0 or 1.
    """
    for name in ("lesions", "masks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return _write_table(folder / "labels.csv", LESION_COLUMNS, _lesion_rows(folder, lesions))


def write_clips(folder: Path, clips: Iterable[ClipPhantom], write: ClipWriter) -> Path:
    """Write clips through `write` as `clips/*.dcm` and a table `clips.csv`.

    Returns:
        The table; `severity` is the highest score of the clip's frames.
    """
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    return _write_table(folder / "clips.csv", CLIP_COLUMNS, _clip_rows(folder, clips, write))


def _lesion_rows(folder: Path, lesions: Iterable[LesionPhantom]) -> Iterator[Mapping[str, object]]:
    for number, lesion in enumerate(lesions):
        name = f"{lesion.group}_{number:05d}.png"
        Image.fromarray(lesion.pixels).save(folder / "lesions" / name)
        Image.fromarray(lesion.mask.astype(np.uint8) * 255).save(folder / "masks" / name)
        yield {
            "file": f"lesions/{name}",
            "class": lesion.label,
            "group_id": lesion.group,
            "mask": f"masks/{name}",
            "ruler": int("ruler" in lesion.artefacts),
            "bubbles": int("bubbles" in lesion.artefacts),
        }


def _clip_rows(folder: Path, clips: Iterable[ClipPhantom], write: ClipWriter) -> Iterator[Mapping[str, object]]:
    for number, clip in enumerate(clips):
        name = f"{clip.group}_{number:04d}.dcm"
        severities: list[int] = []
        write(folder / "clips" / name, clip, _pixels(clip, severities))
        yield {
            "file": f"clips/{name}",
            "class": clip.label,
            "group_id": clip.group,
            "frames": clip.frames,
            "severity": max(severities),
        }


def _pixels(clip: ClipPhantom, severities: list[int]) -> Iterator[NDArray[np.uint8]]:
    """Frames one at a time, noting the severity of each, so that no frame is drawn twice."""
    for frame in clip:
        severities.append(frame.severity)
        yield frame.pixels


def _write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, columns)
        table.writeheader()
        table.writerows(rows)
    return path
