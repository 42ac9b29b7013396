"""The frames around a frame as evidence: each is decoded and run through the network once, and never twice.

What a frame is told of those around it depends on the clip alone: not on the order in which its frames are assessed,
nor on how many are assessed at a time.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

import numpy as np

from viewer.domain.errors import JobCancelled, UnreadableFile, ViewerError
from viewer.domain.evidence import CLIP_OFFSETS, FROM_AROUND, SAME, Evidence, Float, Need, joined
from viewer.domain.image import Clip
from viewer.engine.picture import Picture

KEPT_BRIEFS = 3_000
"""Frames whose logits and features are kept, some 15 MB; those seen longest ago go first."""

HELD = 40
"""Frames whose evidence waits for their turn where nobody knows when that will be; those seen first go first.

Thirty lie around a frame, and a batch beside them.
"""


def never() -> bool:
    """Nobody cancels."""
    return False


class Seeing(Protocol):
    """What runs frames through a network: an engine, or two models beside each other."""

    @property
    def batch(self) -> int:
        """Frames of one pass."""
        ...

    def evidence(
        self,
        pictures: Sequence[Picture],
        needs: frozenset[Need],
        targets: Sequence[int] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Evidence:
        """Evidence of B ≥ 1 pictures; see `Engine.evidence`."""
        ...


class Brief(NamedTuple):
    """What the frames around need to know of a frame: logits (K,), and features (D,) where they are asked for."""

    logits: Float
    features: Float | None


class _Shelf:
    """Briefs of many frames in one block: thousands of small arrays between large ones would tear the heap to pieces.

    Args:
        most: Frames there is room for; pages that hold none take no memory.
    """

    def __init__(self, most: int) -> None:
        self._free = list(range(most))
        self._block: Float | None = None
        self._classes = 0

    def put(self, logits: Float, features: Float | None) -> int:
        """Copy what was seen of a frame, logits (K,) and features (D,), into a free row; its number."""
        seen = logits if features is None else np.concatenate([logits, features])
        if self._block is None:
            self._classes = len(logits)
            self._block = np.empty((len(self._free), len(seen)), np.float32)
        row = self._free.pop()
        self._block[row] = seen
        return row

    def get(self, row: int) -> Brief:
        """What lies in a row, until that is given back."""
        assert self._block is not None  # noqa: S101 - a row was put there
        logits, features = np.split(self._block[row], [self._classes])
        return Brief(logits, features if len(features) else None)

    def give_back(self, row: int) -> None:
        """Let a row be filled anew."""
        self._free.append(row)


class Surroundings:
    """The frames of one clip, as far as one network has seen them.

    Args:
        frames: How many the clip has.
        decode: Gives one, or raises `UnreadableFile`.
        planned: Those that will be assessed, ascending, where that is known: then all that is needed for them is read
            on in ascending order. None where the eye decides.
        clip: What the file says; None where there is no file.
    """

    def __init__(
        self,
        frames: int,
        decode: Callable[[int], Picture],
        planned: Iterable[int] | None = None,
        clip: Clip | None = None,
    ) -> None:
        self.frames = frames
        self.clip = clip
        self.decode = decode
        self._waiting = None if planned is None else set(planned)
        self._to_come = deque(sorted({near for index in self._waiting or () for near in self._window(index)}))
        self._shelf = _Shelf(min(frames, KEPT_BRIEFS))
        self._known: dict[int, int | ViewerError] = {}
        """Where on the shelf a frame's brief lies, or why there is none."""
        self._held: dict[int, Evidence] = {}
        self._concluded: set[int] = set()

    def read(self, engine: Seeing, index: int, needs: frozenset[Need], cancelled: Callable[[], bool]) -> int:
        """Run the frames around `index`, and the frame itself, as far as they were not; how many were run.

        Args:
            engine: Always the same.
            index: A frame.
            needs: What is kept of each frame until its own turn comes.
            cancelled: Asked before every pass.

        Raises:
            JobCancelled: Nobody waits any more; what has been run is kept.
        """
        missing = self._missing(index, engine.batch)
        self._remember(self._window(index))
        for first in range(0, len(missing), engine.batch):
            if cancelled():
                raise JobCancelled
            pictures: dict[int, Picture] = {}
            for near in missing[first : first + engine.batch]:
                try:
                    pictures[near] = self.decode(near)
                except UnreadableFile as error:
                    self._make_room()
                    self._known[near] = error
            self._run(engine, pictures, needs, cancelled)
        return len(missing)

    def fault(self, index: int) -> ViewerError | None:
        """Why there is no evidence of a frame that was read; None where there is."""
        known = self._known.get(index)
        return known if isinstance(known, ViewerError) else None

    def held(self, index: int) -> Evidence | None:
        """Evidence of a frame that was run before its turn, as a batch of one; None where it is not, or no longer."""
        return self._held.get(index)

    def conclude(self, index: int) -> None:
        """A frame had its turn: only what the others need to know of it is kept."""
        self._held.pop(index, None)
        self._concluded.add(index)

    def around(self, index: int) -> list[Brief | None]:
        """What is known of the frames at `CLIP_OFFSETS` from `index`; None where there is none."""
        known = [self._known.get(index + offset) for offset in CLIP_OFFSETS]
        return [self._shelf.get(row) if isinstance(row, int) else None for row in known]

    def _window(self, index: int) -> list[int]:
        """The frames around `index` that the clip has, ascending."""
        return [index + offset for offset in CLIP_OFFSETS if 0 <= index + offset < self.frames]

    def _missing(self, index: int, batch: int) -> list[int]:
        """What is to be run for `index`; where the order is known, all to the end of its window, in whole passes."""
        window = self._window(index)
        chosen: list[int] = []
        while self._to_come and (self._to_come[0] <= window[-1] or len(chosen) % batch):
            chosen.append(self._to_come.popleft())
        return sorted(near for near in {*chosen, *window} if near not in self._known)

    def _remember(self, frames: Iterable[int]) -> None:
        """Let these be the last that are forgotten."""
        for index in frames:
            if index in self._known:
                self._known[index] = self._known.pop(index)

    def _run(
        self, engine: Seeing, pictures: dict[int, Picture], needs: frozenset[Need], cancelled: Callable[[], bool]
    ) -> None:
        """One pass; where that fails, one by one, so that a frame costs only itself."""
        if not pictures:
            return
        try:
            evidence = engine.evidence(list(pictures.values()), needs, cancelled=cancelled)
        except JobCancelled:
            raise
        except ViewerError as error:
            if len(pictures) == 1:
                self._make_room()
                self._known[next(iter(pictures))] = error
                return
            for index, picture in pictures.items():
                self._run(engine, {index: picture}, needs, cancelled)
            return
        for row, index in enumerate(pictures):
            self._hold(index, evidence[row])

    def _hold(self, index: int, evidence: Evidence) -> None:
        """Keep what was seen of a frame, in brief for the others and as it is for its own turn."""
        self._make_room()
        features = None if evidence.features is None else evidence.features[0]
        self._known[index] = self._shelf.put(evidence.logits[0], features)
        if index in self._concluded or (self._waiting is not None and index not in self._waiting):
            return
        self._held[index] = evidence
        while self._waiting is None and len(self._held) > HELD:
            del self._held[next(iter(self._held))]

    def _make_room(self) -> None:
        """Forget the frames seen longest ago, so that another one can be known."""
        while len(self._known) >= KEPT_BRIEFS:
            row = self._known.pop(next(iter(self._known)))
            if isinstance(row, int):
                self._shelf.give_back(row)


@dataclass(slots=True, eq=False)
class Place:
    """A frame that is to be assessed, where it stands in its clip.

    Attributes:
        clip: As far as it has been seen.
        index: Of the frame.
    """

    clip: Surroundings
    index: int
    _picture: Picture | None = None

    @classmethod
    def alone(cls, picture: Picture) -> "Place":
        """A still."""
        return cls(Surroundings(1, lambda index: picture), 0, picture)

    @property
    def picture(self) -> Picture:
        """The frame, decoded once.

        Raises:
            UnreadableFile: It cannot be.
        """
        if self._picture is None:
            self._picture = self.clip.decode(self.index)
        return self._picture

    @property
    def stand_in(self) -> Picture:
        """The frame where it is decoded, else a blank one of its size: enough where only the size matters."""
        clip = self.clip.clip
        if self._picture is not None or clip is None:
            return self.picture
        blank = np.broadcast_to(np.uint8(0), (clip.rows, clip.columns, 3))
        return Picture(rgb=blank, pixel_aspect=clip.pixel_aspect)


def make_ready(engine: Seeing, place: Place, needs: frozenset[Need], cancelled: Callable[[], bool] = never) -> int:
    """Have a frame ready for `see`: decoded, or with those around it run where they are asked for.

    Frames that are made ready in ascending order are decoded in ascending order.

    Returns:
        Frames that were run through the network for it.

    Raises:
        UnreadableFile: The frame cannot be decoded.
        JobCancelled: Nobody waits any more.
    """
    if not _asks_around(place, needs):
        _ = place.picture
        return 0
    run = place.clip.read(engine, place.index, needs - FROM_AROUND, cancelled)
    fault = place.clip.fault(place.index)
    if isinstance(fault, UnreadableFile):
        raise fault
    return run


def see(
    engine: Seeing,
    places: Sequence[Place],
    needs: frozenset[Need],
    targets: Sequence[int] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Evidence:
    """Evidence of B ≥ 1 frames, and of the frames around each of them where `needs` say so.

    Args:
        engine: Runs the network.
        places: The frames.
        needs: What the enabled plugins ask for; `REFERENCES` is not filled here, `SECOND` only by
            `BothModels`.
        targets: Class of each frame whose gradients are meant; None for the predicted ones.
        cancelled: Asked before every pass.

    Raises:
        JobCancelled: Nobody waits any more.
        ViewerError: One of the frames cannot be decoded, or the network cannot answer.
    """
    own = needs - FROM_AROUND
    if Need.CLIP not in needs:
        return engine.evidence([place.picture for place in places], own, targets, cancelled)
    windows = [_around(engine, place, needs, cancelled) for place in places]
    if targets is None:
        evidence = _own_evidence(engine, places, own, cancelled)
        for place in places:
            place.clip.conclude(place.index)
    else:
        evidence = engine.evidence([place.picture for place in places], own, targets, cancelled)
    return _with_windows(evidence, windows)


def _asks_around(place: Place, needs: frozenset[Need]) -> bool:
    return Need.CLIP in needs and place.clip.frames > 1


def _around(
    engine: Seeing, place: Place, needs: frozenset[Need], cancelled: Callable[[], bool]
) -> Sequence[Brief | None]:
    """What is known of the frames around one, once they have been run; nothing around a still."""
    if not _asks_around(place, needs):
        return ()
    make_ready(engine, place, needs, cancelled)
    if (fault := place.clip.fault(place.index)) is not None:
        raise fault
    return place.clip.around(place.index)


def _own_evidence(
    engine: Seeing, places: Sequence[Place], needs: frozenset[Need], cancelled: Callable[[], bool]
) -> Evidence:
    """Evidence of the frames themselves: what was run before their turn, and one batch of the others."""
    rows = [place.clip.held(place.index) for place in places]
    unseen = [row for row, evidence in enumerate(rows) if evidence is None]
    if unseen:
        fresh = engine.evidence([places[row].picture for row in unseen], needs, cancelled=cancelled)
        if len(unseen) == len(places):
            return fresh
        for number, row in enumerate(unseen):
            rows[row] = fresh[number]
    return joined([evidence for evidence in rows if evidence is not None])


def _with_windows(evidence: Evidence, windows: Sequence[Sequence[Brief | None]]) -> Evidence:
    """The evidence with the windows of its frames; the middle of each is the frame itself."""
    clip = _windows(evidence.logits)
    features = None if evidence.features is None else _windows(evidence.features)
    for row, window in enumerate(windows):
        for column, brief in enumerate(window):
            if brief is not None:
                clip[row, column] = brief.logits
                if features is not None:
                    features[row, column] = brief.features
    return replace(evidence, clip=clip, clip_features=features)


def _windows(own: Float) -> Float:
    windows = np.full((len(own), len(CLIP_OFFSETS), own.shape[1]), np.nan, np.float32)
    windows[:, SAME] = own
    return windows
