"""Opening files and making thumbnails, off the GUI thread."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.image import Clip, FrameSource
from viewer.session.jobs import CancelToken, Jobs, Priority
from viewer.ui.bridge import Bridge
from viewer.ui.texts import tr
from viewer.ui.thumbnails import thumbnail

if TYPE_CHECKING:
    from viewer.io.prefetch import FrameStore
    from viewer.io.reader import Opened
    from viewer.session.session import Session

FILES_AT_ONCE = 8
"""Files opened between two looks at what else is waiting, so that the list fills while a folder is read."""

THUMBNAIL_SIDE = 104

Batch = tuple[list["Opened"], bool]
"""Files that were opened, and whether they were the last."""


@dataclass
class _Walk:
    """One request to open files.

    Attributes:
        paths: What was asked for.
        found: The files, each opened when it is its turn; None until the first step.
        useful: Whether anything was opened, or could not be: then files without an image need no words.
        imageless: Sentences about files that hold no image.
    """

    paths: tuple[Path, ...]
    found: "Iterator[Opened] | None" = None
    useful: bool = False
    imageless: list[str] = field(default_factory=list)


class Opener(QObject):
    """Opens files one batch at a time and keeps their sources; signals arrive on the GUI thread."""

    opened = Signal(tuple)
    problem = Signal(str)
    busy = Signal(bool)
    thumbnail_made = Signal(str, object)

    def __init__(self, session: "Session", store: "FrameStore", files: Jobs, bridge: Bridge) -> None:
        """Prepare.

        Args:
            session: Finds and opens files.
            store: Decodes the frames of thumbnails.
            files: The queue of the thread that does it.
            bridge: Brings answers to the GUI thread.
        """
        super().__init__()
        self._session = session
        self._store = store
        self._files = files
        self._bridge = bridge
        self._sources: dict[str, FrameSource] = {}
        self._opened_with: dict[str, tuple[Path, ...]] = {}
        self._running = 0

    def source_of(self, clip: Clip) -> FrameSource:
        """What decodes an opened clip."""
        return self._sources[str(clip.path)]

    def opened_with(self, clip: Clip) -> tuple[Path, ...]:
        """The files and folders that were asked for together when a clip was opened."""
        return self._opened_with[str(clip.path)]

    def open(self, paths: Iterable[Path]) -> None:
        """Open files and folders in the background; what is open stays open."""
        wanted = tuple(paths)
        walk = _Walk(wanted)

        def arrived(answer: Batch | ViewerError) -> None:
            self._arrived(walk, answer)

        post = self._bridge.relay(arrived)

        def work(token: CancelToken) -> Batch:
            if walk.found is None:
                walk.found = self._session.walk(wanted)
            batch = list(islice(walk.found, FILES_AT_ONCE))
            return batch, len(batch) < FILES_AT_ONCE

        def done(answer: Batch | ViewerError) -> None:
            post(answer)
            if not isinstance(answer, ViewerError) and not answer[1]:
                self._files.submit(Priority.CLIP, work, done)

        if wanted:
            self._running += 1
            self.busy.emit(True)
            self._files.submit(Priority.NEIGHBOUR, work, done)

    def want_thumbnail(self, clip: Clip) -> None:
        """Make a thumbnail of a clip's middle frame."""
        source = self.source_of(clip)

        def work(token: CancelToken) -> NDArray[np.uint8]:
            return thumbnail(self._store.get(source, clip.frames // 2), THUMBNAIL_SIDE)

        def arrived(small: NDArray[np.uint8] | ViewerError) -> None:
            if not isinstance(small, ViewerError):
                self.thumbnail_made.emit(str(clip.path), small)

        self._files.submit(Priority.OTHER, work, self._bridge.relay(arrived))

    def cancel(self) -> None:
        """Stop opening; what is open stays open."""
        self._files.cancel_all()

    def close(self) -> None:
        """Stop the thread and close every source."""
        self._files.close()
        for source in self._sources.values():
            source.close()

    def _arrived(self, walk: _Walk, answer: Batch | ViewerError) -> None:
        if isinstance(answer, ViewerError):
            self._finished()
            if not isinstance(answer, JobCancelled):
                self.problem.emit(str(answer))
            return
        batch, last = answer
        clips = [clip for opened in batch if (clip := self._keep(opened, walk.paths)) is not None]
        for opened in batch:
            if opened.error:
                self.problem.emit(f"{opened.path}: {opened.error}")
            elif opened.kind:
                words = tr("{file}: it holds no image ({kind})")
                walk.imageless.append(words.format(file=opened.path, kind=opened.kind))
        walk.useful = walk.useful or any(opened.source is not None or opened.error for opened in batch)
        if clips:
            self.opened.emit(tuple(clips))
        if last:
            for sentence in () if walk.useful else walk.imageless:
                self.problem.emit(sentence)
            self._finished()

    def _keep(self, opened: "Opened", paths: tuple[Path, ...]) -> Clip | None:
        """Keep the source of a clip that was not open yet."""
        if opened.source is None:
            return None
        if str(opened.path) in self._sources:
            opened.source.close()
            return None
        self._sources[str(opened.path)] = opened.source
        self._opened_with[str(opened.path)] = paths
        return opened.source.clip

    def _finished(self) -> None:
        self._running -= 1
        if self._running == 0:
            self.busy.emit(False)
