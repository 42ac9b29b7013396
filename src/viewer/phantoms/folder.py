"""Cohorts as folders of files with a table of labels."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.phantoms.faults import FAULTS, Picture
from viewer.phantoms.lesion import LesionPhantom
from viewer.phantoms.ultrasound import ClipPhantom

LESION_COLUMNS = ("file", "class", "group_id", "mask", "ruler", "bubbles")
LEAK_COLUMN = "leak"
"""Column of the mask of the artefact that gives a class away; empty where the picture has none."""

CLIP_COLUMNS = ("file", "class", "group_id", "frames", "severity")
FAULT_COLUMNS = ("file", "fault", "class", "group_id")

ClipWriter = Callable[[Path, ClipPhantom, Iterator[NDArray[np.uint8]]], None]
"""Writes the frames uint8 (rows, columns) of a clip to a path."""

Fault = Callable[[Picture], Picture]
"""What is done to the pixels of a picture, see `viewer.phantoms.faults`."""


def write_lesions(folder: Path, lesions: Iterable[LesionPhantom], leaking: str = "") -> Path:
    """Write lesions as PNG with masks and a table `labels.csv`.

    Args:
        folder: Created when missing; gets `lesions/`, `masks/` and `labels.csv`.
        lesions: Written one at a time.
        leaking: Artefact whose masks are written too, as `leaks/` and the column `leak`; `""` for none.

    Returns:
        The table; its paths are relative to `folder`, `ruler` and `bubbles` are 0 or 1.
    """
    for name in ("lesions", "masks", *(["leaks"] if leaking else [])):
        (folder / name).mkdir(parents=True, exist_ok=True)
    columns = (*LESION_COLUMNS, LEAK_COLUMN) if leaking else LESION_COLUMNS
    return _write_table(folder / "labels.csv", columns, _lesion_rows(folder, lesions, leaking))


def write_clips(folder: Path, clips: Iterable[ClipPhantom], write: ClipWriter) -> Path:
    """Write clips through `write` as `clips/*.dcm` and a table `clips.csv`.

    Returns:
        The table; `severity` is the highest score of the clip's frames.
    """
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    return _write_table(folder / "clips.csv", CLIP_COLUMNS, _clip_rows(folder, clips, write))


def write_faulty_lesions(folder: Path, lesion: LesionPhantom) -> Path:
    """Write a lesion once with every fault, as `faulty-lesions/*.png`, each named after what was done to it.

    Returns:
        The table `faulty-lesions.csv`; its paths are relative to `folder`.
    """

    def save(path: Path, fault: Fault) -> None:
        Image.fromarray(fault(lesion.pixels)).save(path)

    rows = _faulty_rows(folder, "faulty-lesions", ".png", lesion, FAULTS, save)
    return _write_table(folder / "faulty-lesions.csv", FAULT_COLUMNS, rows)


def write_faulty_clips(folder: Path, clip: ClipPhantom, write: ClipWriter) -> Path:
    """Write a clip once with every fault in all of its frames, as `faulty-clips/*.dcm`; see `write_faulty_lesions`.

    Channels are not exchanged: frames are grey.

    Returns:
        The table `faulty-clips.csv`.
    """

    def save(path: Path, fault: Fault) -> None:
        write(path, clip, (_grey(fault, frame.pixels) for frame in clip))

    faults = {name: fault for name, fault in FAULTS.items() if name != "channels_swapped"}
    rows = _faulty_rows(folder, "faulty-clips", ".dcm", clip, faults, save)
    return _write_table(folder / "faulty-clips.csv", FAULT_COLUMNS, rows)


def _faulty_rows(
    folder: Path,
    name: str,
    suffix: str,
    phantom: LesionPhantom | ClipPhantom,
    faults: Mapping[str, Fault],
    save: Callable[[Path, Fault], None],
) -> Iterator[Mapping[str, object]]:
    (folder / name).mkdir(parents=True, exist_ok=True)
    for fault, spoil in faults.items():
        file = f"{name}/{fault.replace('_', '-')}{suffix}"
        save(folder / file, spoil)
        yield {"file": file, "fault": fault, "class": phantom.label, "group_id": phantom.group}


def _grey(fault: Fault, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A fault of uint8 (rows, columns)."""
    return fault(np.repeat(pixels[..., None], 3, axis=2))[..., 0]


def _lesion_rows(folder: Path, lesions: Iterable[LesionPhantom], leaking: str) -> Iterator[Mapping[str, object]]:
    for number, lesion in enumerate(lesions):
        name = f"{lesion.group}_{number:05d}.png"
        Image.fromarray(lesion.pixels).save(folder / "lesions" / name)
        _save_mask(folder / "masks" / name, lesion.mask)
        row: dict[str, object] = {
            "file": f"lesions/{name}",
            "class": lesion.label,
            "group_id": lesion.group,
            "mask": f"masks/{name}",
            "ruler": int("ruler" in lesion.artefacts),
            "bubbles": int("bubbles" in lesion.artefacts),
        }
        if leaking:
            row[LEAK_COLUMN] = ""
        if leaking in lesion.artefacts:
            _save_mask(folder / "leaks" / name, lesion.artefacts[leaking])
            row[LEAK_COLUMN] = f"leaks/{name}"
        yield row


def _save_mask(path: Path, mask: NDArray[np.bool_]) -> None:
    Image.fromarray(mask.astype(np.uint8) * 255).save(path)


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
