"""Labelled files become labelled pictures, as the engine sees them; what cannot be read costs one sentence."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Self

import numpy as np
import torch

from viewer.datasets.clips import spread_frames
from viewer.datasets.sample import Sample
from viewer.domain.bundle import Manifest
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.image import FrameSource
from viewer.engine.picture import Picture
from viewer.engine.preprocess import normalise, resize
from viewer.engine.surroundings import Place, Surroundings
from viewer.io.reader import open_source
from viewer.training.saying import Say as Say

MakeReady = Callable[[Place], object]

UNREADABLE_SHARE = 0.1
"""Training gives up when more than this share of the files cannot be read."""


@dataclass(frozen=True, slots=True)
class Item:
    """One frame to learn from.

    Attributes:
        sample: The file with its label and group.
        frame: Index of the frame.
        of_clip: Whether the file holds more frames than one, and they share one label.
    """

    sample: Sample
    frame: int
    of_clip: bool = False


@dataclass(slots=True)
class Reader:
    """Reads the pictures of samples, and keeps count of what cannot be read.

    Attributes:
        frames_per_clip: Frames taken from a clip, spread evenly over it.
        say: Told every unreadable file.
        items: What has been read so far, in order.
        tried, failed: Files so far.
        files: Number of every file so far, in order.
    """

    frames_per_clip: int
    say: Say
    items: list[Item] = field(default_factory=list, init=False)
    tried: int = field(default=0, init=False)
    failed: int = field(default=0, init=False)
    files: dict[Path, int] = field(default_factory=dict, init=False)

    def read(self, samples: Sequence[Sample]) -> Iterator[tuple[Item, Picture]]:
        """Yield every chosen frame of every readable sample, in order.

        Raises:
            ViewerError: At the end, when too many of `samples` could not be read.
        """
        for item, place in self.places(samples, _decode):
            yield item, place.picture

    def places(self, samples: Sequence[Sample], make_ready: MakeReady) -> Iterator[tuple[Item, Place]]:
        """Yield every chosen frame of every readable sample, in order; neighbours of one file are read together.

        Args:
            samples: The files.
            make_ready: Does with each frame all that its file must be open for.

        Raises:
            ViewerError: At the end, when too many of `samples` could not be read.
        """
        for path, of_file in groupby(samples, attrgetter("path")):
            self.files.setdefault(path, len(self.files))
            with _File(path) as file:
                yield from self._of_file(file, list(of_file), make_ready)
        if self.failed > UNREADABLE_SHARE * self.tried:
            raise ViewerError(
                f"{self.failed} of {self.tried} files cannot be read; are the image root and the file column right?"
            )

    def _of_file(
        self, file: "_File", samples: Sequence[Sample], make_ready: MakeReady
    ) -> Iterator[tuple[Item, Place]]:
        self.tried += len(samples)
        for sample in samples:
            try:
                around = file.around(samples, self.frames_per_clip)
                for index in _indices(sample, around.frames, self.frames_per_clip):
                    place = Place(around, index)
                    make_ready(place)
                    item = Item(sample, index, of_clip=around.frames > 1 and sample.frame is None)
                    self.items.append(item)
                    yield item, place
            except ViewerError as error:
                self.failed += 1
                self.say(f"left out: {error}")


def read_item(item: Item) -> Picture:
    """Decode one frame.

    Raises:
        UnreadableFile: With one sentence.
    """
    with closing(open_source(item.sample.path)) as source:
        return _picture(source, item.frame)


def _decode(place: Place) -> None:
    """All that a picture's file must be open for where nobody asks for the frames around."""
    _ = place.picture


class _File:
    """A file that is opened when it is needed, and closed in any case."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = ExitStack()
        self._around: Surroundings | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *of_error: object) -> None:
        self._stack.close()

    def around(self, samples: Sequence[Sample], frames_per_clip: int) -> Surroundings:
        """Its frames, opened for all `samples` of it.

        Raises:
            ViewerError: It cannot be opened.
        """
        if self._around is None:
            source = self._stack.enter_context(closing(open_source(self._path)))
            frames = source.clip.frames
            wanted = {i for s in samples if (s.frame or 0) < frames for i in _indices(s, frames, frames_per_clip)}
            self._around = Surroundings(frames, lambda index: _picture(source, index), sorted(wanted))
        return self._around


def _picture(source: FrameSource, index: int) -> Picture:
    frame = source.decode(index)
    return Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect)


def _indices(sample: Sample, frames: int, wanted: int) -> list[int]:
    """The labelled frame, else frames spread over the clip.

    Raises:
        UnreadableFile: The clip is too short to have the labelled frame.
    """
    if sample.frame is None:
        return spread_frames(frames, wanted)
    if sample.frame >= frames:
        raise UnreadableFile(
            sample.path, reason=f"there is a label for frame {sample.frame}, but it has {frames} (counted from 0)"
        )
    return [sample.frame]


def square(picture: Picture, manifest: Manifest) -> torch.Tensor:
    """The part of the picture the network sees, before normalisation, uint8 (3, side, side)."""
    return torch.from_numpy(np.array(resize(picture, manifest))).permute(2, 0, 1)


def network_input(levels: torch.Tensor, manifest: Manifest) -> torch.Tensor:
    """uint8 (3, side, side) → float32 (3, side, side), normalised as the engine normalises."""
    return torch.from_numpy(normalise(levels.permute(1, 2, 0).numpy(), manifest))
