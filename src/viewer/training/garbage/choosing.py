"""Which families a training is shown: the viewer's own and the person's folders, less those that are left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from viewer.datasets.clips import spread_frames
from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.engine.picture import Picture
from viewer.engine.preprocess import resize
from viewer.io.reader import open_source
from viewer.training.garbage.families import Drawn, Family, Square, families_for
from viewer.training.plan import Garbage
from viewer.training.saying import Say

FRAMES = 8
"""Frames taken of a clip in a folder, spread evenly."""

MOST_OF_A_FOLDER = 2000
"""Pictures kept of a folder; of more files, every second, third … one is read."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """All families at hand.

    Attributes:
        trained: What the network is shown.
        left_out: What it is not shown, to find out what it makes of it.
    """

    trained: tuple[Family, ...]
    left_out: tuple[Family, ...] = ()

    @property
    def all(self) -> tuple[Family, ...]:
        """Trained ones first."""
        return (*self.trained, *self.left_out)


def choose(garbage: Garbage, manifest: Manifest, say: Say) -> Chosen:
    """The families of a training.

    Args:
        garbage: What the person asked for.
        manifest: Of the model.
        say: Told every file that cannot be read.

    Raises:
        ViewerError: A family to be left out is unknown, nothing is left, two families have one name, or a folder
            holds no picture.
    """
    own = families_for(manifest)
    names = [family.name for family in own] + [folder.name for folder in garbage.folders]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ViewerError(f"two families of garbage are called {sorted(twice)[0]}; name the folder otherwise")
    unknown = [name for name in garbage.left_out if name not in names]
    if unknown:
        raise ViewerError(f"there is no family of garbage {unknown[0]!r} to leave out; there are: {', '.join(names)}")
    families = (*own, *(_of_folder(folder, manifest, say) for folder in garbage.folders))
    trained = tuple(family for family in families if family.name not in garbage.left_out)
    if not trained:
        raise ViewerError("all families of garbage are left out, so there is none to train on")
    return Chosen(trained, tuple(family for family in families if family.name in garbage.left_out))


def files_of(folder: Path) -> list[Path]:
    """All files below a folder, in order of their names.

    Raises:
        ViewerError: It is no folder.
    """
    if not folder.is_dir():
        raise ViewerError(f"{folder}: no folder with pictures to be taken for garbage")
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _of_folder(folder: Path, manifest: Manifest, say: Say) -> Family:
    files = files_of(folder)
    squares = list(_squares(files[:: max(1, -(-len(files) // MOST_OF_A_FOLDER))], manifest, say))
    if not squares:
        raise ViewerError(f"{folder}: it holds no picture that can be read")

    def picked(rng: np.random.Generator, _source: Square, manifest: Manifest) -> Drawn:
        return Drawn(squares[int(rng.integers(len(squares)))], manifest)

    return Family(folder.name, f"pictures of the folder {folder.name}", {"picked": picked})


def _squares(files: Sequence[Path], manifest: Manifest, say: Say) -> Iterator[Square]:
    """Every readable picture at the network's size."""
    for path in files:
        try:
            source = open_source(path)
            try:
                for index in spread_frames(source.clip.frames, FRAMES):
                    frame = source.decode(index)
                    yield np.array(resize(Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect), manifest))
            finally:
                source.close()
        except ViewerError as error:
            say(f"left out: {error}")
