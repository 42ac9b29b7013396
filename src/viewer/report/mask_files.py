"""Masks as files: an 8-bit picture each, 255 inside and 0 outside, as large as the frame it belongs to."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip
from viewer.domain.naming import stem_of
from viewer.report.rows import writing


class MaskFiles:
    """Masks of a run, in a folder of their own.

    The mask of a picture is called as the picture, `<stem>.png`; that of frame n of a clip, counted from 0,
    `<stem>_n.png`. Sub folders mirror those of the pictures, from the folder that holds all that is assessed. Where
    two files of one folder share a stem, those that come later are called by their whole name, `scan.jpg.png`.
    """

    def __init__(self, folder: Path, paths: Sequence[Path], *, going_on: bool, fresh: bool) -> None:
        """Prepare the folder.

        Args:
            folder: Where masks are written; made where it is missing.
            paths: Files, folders and archives that are assessed.
            going_on: Whether an unfinished run with masks goes on: then there may be some.
            fresh: Whether masks that are there may be replaced.

        Raises:
            ViewerError: The folder lies among the pictures, holds pictures of something else, or cannot be written.
        """
        self._folder = folder
        bases = {path if path.is_dir() else path.parent for path in (path.resolve() for path in paths)}
        self._root = Path(os.path.commonpath(bases)) if len({base.drive for base in bases}) == 1 else None
        self._taken: dict[str, Path] = {}
        self._stems: dict[Path, Path] = {}
        self._refuse_among(paths)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if not going_on and not fresh and next(folder.rglob("*.png"), None) is not None:
                raise ViewerError(f"{folder}: holds pictures already; choose another folder for masks or --fresh")

    def open(self, clip: Clip) -> None:
        """Choose the names of a clip's masks; every clip of a run is told, in order, so that names stay the same."""
        place = self._mirrored(clip.path.parent.resolve())
        for name in (stem_of(clip.path), clip.path.name):
            stem = place / name
            if not any(str(path).casefold() in self._taken for path in _files(stem, clip.frames)):
                break
        self._taken |= {str(path).casefold(): clip.path for path in _files(stem, clip.frames)}
        self._stems[clip.path] = stem

    def write(self, clip: Clip, frame: int, inside: NDArray[np.bool_] | None) -> None:
        """Write the mask of a frame; of one without a mask there is no file.

        Args:
            clip: That was opened.
            frame: Its index.
            inside: bool (rows, columns).

        Raises:
            ViewerError: It cannot be written, with one sentence.
        """
        path = _file(self._stems[clip.path], frame, clip.frames)
        with writing(path):
            if inside is None:
                path.unlink(missing_ok=True)  # an earlier run's
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(path.name + ".new")
            try:
                Image.fromarray(np.where(inside, np.uint8(255), np.uint8(0))).save(draft, "PNG")
                os.replace(draft, path)  # noqa: PTH105 - atomic on every system
            except OSError:
                draft.unlink(missing_ok=True)
                raise

    def _mirrored(self, folder: Path) -> Path:
        """Where masks of pictures in a folder lie."""
        if self._root is not None and folder.is_relative_to(self._root):
            return self._folder / folder.relative_to(self._root)
        return self._folder.joinpath(folder.drive.strip(":\\/"), *folder.parts[1:])

    def _refuse_among(self, paths: Sequence[Path]) -> None:
        """Masks beside the pictures would replace them, or be assessed as such."""
        here = self._folder.resolve()
        for path in (path.resolve() for path in paths):
            if path.is_relative_to(here) or (path.is_dir() and here.is_relative_to(path)):
                raise ViewerError(f"{self._folder}: lies among the pictures; choose a folder of their own for masks")


def _files(stem: Path, frames: int) -> list[Path]:
    return [_file(stem, frame, frames) for frame in range(frames)]


def _file(stem: Path, frame: int, frames: int) -> Path:
    return stem.with_name(stem.name + ("" if frames == 1 else f"_{frame}") + ".png")
