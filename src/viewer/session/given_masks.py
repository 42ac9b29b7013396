"""The user's own masks: picture files in a folder, called as the pictures they belong to."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.domain.errors import ViewerError
from viewer.domain.naming import stem_of
from viewer.io.masks import read_inside

if TYPE_CHECKING:
    from viewer.domain.image import Clip
    from viewer.engine.picture import Picture

FORMATS = frozenset({".png", ".bmp", ".tif", ".tiff", ".jpg", ".jpeg", ".gif", ".webp"})
"""What a mask's file name may end in."""

_NUMBERED = re.compile(r"(.+)_(\d+)")


class MasksInFolder:
    """Finds and reads masks; called on the worker thread.

    The mask of `a/b/name.jpg` is called `name` (or `name.jpg`) with the ending of any picture format, and lies in the
    folder itself or in a sub folder that mirrors where the picture lies: `b`, or `a/b`; the deepest is taken. That of
    frame n of a clip, counted from 0, is called `name_n`.
    """

    def __init__(self, folder: Path, notify: Callable[[str], None]) -> None:
        """Look for masks.

        Args:
            folder: Of the masks.
            notify: Told once of each mask that is of no use.

        Raises:
            ViewerError: There is no such folder, or no picture in it.
        """
        self._folder = folder
        self._notify = notify
        self._files: dict[str, list[Path]] = {}
        self._owners: dict[Path, Path] = {}
        self._told: set[str] = set()
        if not folder.is_dir():
            raise ViewerError(f"{folder}: there is no such folder of masks")
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in FORMATS:
                for name in _names(path.stem):
                    self._files.setdefault(name, []).append(path)
        if not self._files:
            raise ViewerError(f"{folder}: there is no mask in this folder")

    def read(self, picture: "Picture") -> NDArray[np.bool_] | None:
        """The mask of a picture, bool (rows, columns); None where there is none, or none of use, which is told."""
        clip = picture.clip
        path = None if clip is None else self._file_of(clip, picture.index)
        if clip is None or path is None:
            return None
        try:
            self._claim(path, clip.path)
            return read_inside(path, *picture.rgb.shape[:2])
        except ViewerError as error:
            if str(error) not in self._told:
                self._told.add(str(error))
                self._notify(str(error))
            return None

    def _file_of(self, clip: "Clip", index: int) -> Path | None:
        """The file whose folders mirror most of the picture's."""
        end = "" if clip.frames == 1 else f"_{index}"
        parents = clip.path.absolute().parts[:-1]
        best, depth = None, -1
        for name in (clip.path.name, stem_of(clip.path)):
            for path in self._files.get(name + end, ()):
                folders = path.relative_to(self._folder).parts[:-1]
                mirrors = not folders or parents[-len(folders) :] == folders
                if mirrors and len(folders) > depth and path.absolute() != clip.path.absolute():
                    best, depth = path, len(folders)
        return best

    def _claim(self, path: Path, picture: Path) -> None:
        """A mask belongs to the first picture that it is read for.

        Raises:
            ViewerError: It is another one's.
        """
        owner = self._owners.setdefault(path, picture)
        if owner != picture:
            raise ViewerError(
                f"{path}: this mask could belong to {owner} and to {picture}; lay masks in folders called as theirs"
            )


def _names(stem: str) -> Iterator[str]:
    """What a mask may be asked for by: its name, and with its number written plainly, `clip_7` for `clip_007`."""
    yield stem
    numbered = _NUMBERED.fullmatch(stem)
    if numbered and numbered[2] != str(int(numbered[2])):
        yield f"{numbered[1]}_{int(numbered[2])}"
