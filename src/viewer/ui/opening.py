"""Opening files and making thumbnails, off the GUI thread."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.image import Clip, FrameSource
from viewer.io.reader import open_source
from viewer.session.cohorts import is_cohort
from viewer.session.jobs import CancelToken, Job, Jobs, Priority
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
        tell: Told of files that cannot be opened.
        aside: Whether that is a part of the window and not everybody.
        found: The files, each opened when it is its turn; None until the first step.
        useful: Whether anything was opened, or could not be: then files without an image need no words.
        imageless: Sentences about files that hold no image.
    """

    paths: tuple[Path, ...]
    tell: Callable[[str], None]
    aside: bool = False
    found: "Iterator[Opened] | None" = None
    useful: bool = False
    imageless: list[str] = field(default_factory=list)


class Opener(QObject):
    """Opens files one batch at a time and keeps their sources; signals arrive on the GUI thread.

    Signals:
        opened: Clips that were not open before.
        cohort_found: A folder that was to be opened holds an evaluated cohort (Path).
        problem: Why a file cannot be opened.
        busy: Files are being opened, or no longer.
        thumbnail_made: Of a clip (its file, uint8 (h, w, 3)).
    """

    opened = Signal(tuple)
    cohort_found = Signal(object)
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
        self._aside: set[str] = set()
        self._running = 0
        self._look: Job | None = None

    def source_of(self, clip: Clip) -> FrameSource:
        """What decodes an opened clip."""
        return self._sources[str(clip.path)]

    def opened_with(self, clip: Clip) -> tuple[Path, ...]:
        """The files and folders that were asked for together when a clip was opened."""
        return self._opened_with[str(clip.path)]

    def opened_aside(self, clip: Clip) -> bool:
        """Whether a clip was opened for a part of the window that tells of its problems itself."""
        return str(clip.path) in self._aside

    def open(self, paths: Iterable[Path], tell: Callable[[str], None] | None = None) -> None:
        """Open files and folders in the background; what is open stays open.

        Args:
            paths: What to open. A folder that holds an evaluated cohort is told of, and its pictures are not opened.
            tell: Told in place of everybody why a file cannot be opened.
        """
        wanted = tuple(paths)
        walk = _Walk(wanted, tell or self.problem.emit, aside=tell is not None)
        found = self._bridge.relay(self.cohort_found.emit)

        def arrived(answer: Batch | ViewerError) -> None:
            self._arrived(walk, answer)

        post = self._bridge.relay(arrived)

        def work(token: CancelToken) -> Batch:
            if walk.found is None:
                walk.found = self._session.walk(without_cohorts(wanted, found))
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

    def look_at(
        self, place: tuple[Path, int] | None, show: Callable[[NDArray[np.uint8] | ViewerError], None] = lambda _: None
    ) -> None:
        """Have a small picture of a frame made, in place of the one that was asked for before.

        Args:
            place: A file, which need not be open, and the frame; None for no picture any more.
            show: Given uint8 (h, w, 3), or why there is none, unless something else was asked for meanwhile.
        """
        if self._look is not None:
            self._look.cancel()
        if place is None:
            return
        path, frame = place

        def work(token: CancelToken) -> NDArray[np.uint8]:
            with closing(open_source(path)) as source:
                return thumbnail(source.decode(min(frame, source.clip.frames - 1)), THUMBNAIL_SIDE)

        def arrived(answer: NDArray[np.uint8] | ViewerError) -> None:
            if job is self._look and not isinstance(answer, JobCancelled):
                show(answer)

        job = self._look = self._files.submit(Priority.VIEWED_FRAME, work, self._bridge.relay(arrived))

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
                walk.tell(str(answer))
            return
        batch, last = answer
        clips = [clip for opened in batch if (clip := self._keep(opened, walk.paths)) is not None]
        for opened in batch:
            if opened.error:
                walk.tell(f"{opened.path}: {opened.error}")
            elif opened.kind:
                words = tr("{file}: it holds no image ({kind})")
                walk.imageless.append(words.format(file=opened.path, kind=opened.kind))
        walk.useful = walk.useful or any(opened.source is not None or opened.error for opened in batch)
        if walk.aside:
            self._aside |= {str(clip.path) for clip in clips}
        if clips:
            self.opened.emit(tuple(clips))
        if last:
            for sentence in () if walk.useful else walk.imageless:
                walk.tell(sentence)
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


def without_cohorts(paths: Iterable[Path], found: Callable[[Path], None]) -> list[Path]:
    """Leave out folders of evaluated cohorts and tell of them; it reads the disk, and so belongs on a thread."""
    others: list[Path] = []
    for path in paths:
        if is_cohort(path):
            found(path)
        else:
            others.append(path)
    return others
