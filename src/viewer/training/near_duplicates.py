"""Files and frames that are almost the same to a network, labelled or not."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from viewer.datasets.checks.copies import joined
from viewer.datasets.clips import spread_frames
from viewer.domain.errors import UnreadableFile, ViewerError
from viewer.domain.evidence import Need
from viewer.engine.opening import AnyEngine
from viewer.engine.picture import Picture
from viewer.evaluation.near_duplicates import NearPair, near_pairs
from viewer.io.reader import Opened
from viewer.training.saying import Say

ALIKE = 0.95
"""Least cosine of near-duplicates unless another is asked for; see docs/datasets.md for what it finds."""

_BATCH = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A picture that was compared.

    Attributes:
        file: As the user named it.
        frame: From 0; None where the file holds one picture.
    """

    file: str
    frame: int | None

    def __str__(self) -> str:
        """The file, and of a clip the frame, counted from 1."""
        return self.file if self.frame is None else f"{self.file}, frame {self.frame + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicates:
    """What was found.

    Attributes:
        places: The n pictures that were compared.
        files: Number of files they are of.
        failed: Number of files that could not be read.
        limit: Least cosine of a pair.
        pairs: Most alike first.
        sets: Pictures that pairs join, directly or through others, as indices into `places`.
    """

    places: tuple[Place, ...]
    files: int
    failed: int
    limit: float
    pairs: tuple[NearPair, ...]
    sets: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """What is compared.

    Attributes:
        limit: Least cosine of a pair.
        frames_per_clip: Taken of a clip, spread evenly.
        within: Whether frames of one clip are compared with each other too.
    """

    limit: float = ALIKE
    frames_per_clip: int = 8
    within: bool = False

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if not 0 < self.limit <= 1:
            raise ViewerError(f"a limit of {self.limit:g} is outside 0 to 1")


def find_near_duplicates(engine: AnyEngine, found: Iterable[Opened], asked: Comparing, say: Say) -> NearDuplicates:
    """Compare every picture with every other, by the features of a network.

    Args:
        engine: With the model.
        found: Files, each opened when it is its turn.
        asked: What is compared.
        say: Told every file that cannot be read.

    Raises:
        ViewerError: There is no picture, or there are too many pairs.
    """
    reader = _Reader(asked.frames_per_clip, say)
    features = _features(engine, reader.pictures(found))
    if not len(features):
        raise ViewerError("there is no picture in these files")
    owners = np.arange(len(features)) if asked.within else np.array(reader.owners)
    pairs = near_pairs(features, owners, asked.limit)
    sets = joined((pair.first, pair.second) for pair in pairs)
    return NearDuplicates(
        places=tuple(reader.places),
        files=len(set(reader.owners)),
        failed=reader.failed,
        limit=asked.limit,
        pairs=tuple(pairs),
        sets=tuple(tuple(sorted(one)) for one in sets),
    )


class _Reader:
    """Reads frames, and keeps count of where they come from."""

    def __init__(self, frames_per_clip: int, say: Say) -> None:
        self._wanted = frames_per_clip
        self._say = say
        self.places: list[Place] = []
        self.owners: list[int] = []
        self.failed = 0

    def pictures(self, found: Iterable[Opened]) -> Iterator[Picture]:
        """Chosen frames of every file, in order."""
        for number, opened in enumerate(found):
            if opened.source is None:
                if opened.error:
                    self._tell(f"{opened.path}: {opened.error}")
                continue
            with closing(opened.source) as source:
                frames = source.clip.frames
                for index in spread_frames(frames, self._wanted):
                    try:
                        frame = source.decode(index)
                    except UnreadableFile as error:
                        self._tell(str(error))
                        break
                    self.places.append(Place(str(opened.path), index if frames > 1 else None))
                    self.owners.append(number)
                    yield Picture(rgb=frame.rgb(), pixel_aspect=frame.pixel_aspect)

    def _tell(self, sentence: str) -> None:
        self.failed += 1
        self._say(f"left out: {sentence}")


def _features(engine: AnyEngine, pictures: Iterator[Picture]) -> NDArray[np.float32]:
    """Penultimate features (n, D)."""
    found: Sequence[NDArray[np.float32]] = [
        evidence.features
        for batch in iter(lambda: list(islice(pictures, _BATCH)), [])
        if (evidence := engine.evidence(batch, frozenset({Need.FEATURES}))).features is not None
    ]
    return np.concatenate(found) if found else np.empty((0, 0), np.float32)
