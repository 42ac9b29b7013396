"""Frames of the clip on screen, as fast as the decoder gives them and never out of order for long."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.domain.errors import ViewerError
from viewer.domain.image import Frame, FrameSource
from viewer.ui.bridge import Bridge

if TYPE_CHECKING:
    from viewer.io.prefetch import FrameStore

LOOK_AHEAD = 4
"""Frames that should lie ready in the scroll direction; fewer, and neighbours are fetched again."""


class FrameFeed(QObject):
    """Brings the frame that is wanted now; frames that were passed meanwhile may be left out.

    Signals:
        arrived: A frame, or why there is none (index, Frame or ViewerError); at once where it is cached.
    """

    arrived = Signal(int, object)

    def __init__(self, store: "FrameStore", bridge: Bridge) -> None:
        super().__init__()
        self._store = store
        self._bridge = bridge
        self._source: FrameSource | None = None
        self._wanted = 0
        self._direction = 0
        self._shown: int | None = None
        self._fetching: int | None = None

    @property
    def shown(self) -> int | None:
        """The frame that arrived last."""
        return self._shown

    def load(self, source: FrameSource) -> None:
        """Turn to another clip; what was asked for before does not arrive any more."""
        self._store.cancel(self)
        self._source = source
        self._shown = self._fetching = None

    def stop(self) -> None:
        """Bring nothing any more until another clip is loaded."""
        self._store.cancel(self)
        self._source = self._shown = self._fetching = None

    def show(self, index: int, direction: int) -> None:
        """Want a frame.

        Args:
            index: Counted from 0.
            direction: Where the eye goes next, 1 or -1; 0 where neither.
        """
        self._wanted, self._direction = index, direction
        if self._source is None:
            return
        frame = self._store.cached(self._source, index)
        if frame is not None:
            self._arrive(index, frame)
            self._look_ahead(self._source)
        elif self._fetching is None:
            self._fetch(self._source)
        else:
            self._store.hold(self)

    def _look_ahead(self, source: FrameSource) -> None:
        ahead = self._wanted + LOOK_AHEAD * (self._direction or 1)
        inside = 0 <= ahead < source.clip.frames
        if inside and self._fetching is None and self._store.cached(source, ahead) is None:
            self._fetch(source)

    def _fetch(self, source: FrameSource) -> None:
        """One request at a time: a newer one would silence the answer, and a fast hand would see nothing move."""
        self._fetching = self._wanted

        def done(source: FrameSource, index: int, frame: Frame | ViewerError) -> None:
            self._bridge.post(lambda: self._fetched(source, index, frame))

        self._store.request(source, self._wanted, self._direction, done, place=self)

    def _fetched(self, source: FrameSource, index: int, frame: Frame | ViewerError) -> None:
        if source is not self._source:
            return
        self._fetching = None
        shown, wanted = self._shown, self._wanted
        if shown is None or abs(index - wanted) < abs(shown - wanted):  # else the eye would be thrown back
            self._arrive(index, frame)
        if index != self._wanted:
            self.show(self._wanted, self._direction)

    def _arrive(self, index: int, frame: Frame | ViewerError) -> None:
        if self._shown != index:
            self._shown = index
            self.arrived.emit(index, frame)
