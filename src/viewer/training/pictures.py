"""Labelled files become labelled pictures, as the engine sees them; what cannot be read costs one sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from viewer.datasets.clips import spread_frames
from viewer.datasets.sample import Sample
from viewer.domain.bundle import Manifest
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.engine.picture import Picture
from viewer.engine.preprocess import normalise, resize
from viewer.io.reader import open_source
from viewer.training.saying import Say as Say

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
    """

    frames_per_clip: int
    say: Say
    items: list[Item] = field(default_factory=list, init=False)
    tried: int = field(default=0, init=False)
    failed: int = field(default=0, init=False)

    def read(self, samples: Sequence[Sample]) -> Iterator[tuple[Item, Picture]]:
        """Yield every chosen frame of every readable sample, in order.

        Raises:
            ViewerError: At the end, when too many of `samples` could not be read.
        """
        for sample in samples:
            self.tried += 1
            try:
                for item, picture in _frames(sample, self.frames_per_clip):
                    self.items.append(item)
                    yield item, picture
            except ViewerError as error:
                self.failed += 1
                self.say(f"left out: {error}")
        if self.failed > UNREADABLE_SHARE * self.tried:
            raise ViewerError(
                f"{self.failed} of {self.tried} files cannot be read; are the image root and the file column right?"
            )


def read_item(item: Item) -> Picture:
    """Decode one frame.

    Raises:
        UnreadableFile: With one sentence.
    """
    source = open_source(item.sample.path)
    try:
        frame = source.decode(item.frame)
        return Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect)
    finally:
        source.close()


def _frames(sample: Sample, wanted: int) -> Iterator[tuple[Item, Picture]]:
    source = open_source(sample.path)
    try:
        frames = source.clip.frames
        for index in _indices(sample, frames, wanted):
            frame = source.decode(index)
            of_clip = frames > 1 and sample.frame is None
            yield Item(sample, index, of_clip=of_clip), Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect)
    finally:
        source.close()


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
