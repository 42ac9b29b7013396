"""What shapes measure: lengths and areas at once, statistics of the pixels inside a little later."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.domain.annotation import AREAS, Annotation
from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.image import Clip
from viewer.domain.measure import Measurement
from viewer.domain.measured import measurements, statistics
from viewer.domain.roi import Statistics
from viewer.session.jobs import CancelToken, Job, Jobs, Priority
from viewer.ui.bridge import Bridge
from viewer.ui.opening import Opener

if TYPE_CHECKING:
    from viewer.io.prefetch import FrameStore

Key = tuple[str, str]
"""A clip's file and the identifier of a shape on it."""


class Values(QObject):
    """Measures every form of a shape once.

    Pixels are decoded and counted by a worker of their own: a large shape takes a second, and the one that scores may
    be busy.

    Signals:
        counted: The statistics of a shape are there now (the clip's file, the shape's identifier).
    """

    counted = Signal(str, str)

    def __init__(self, opener: Opener, store: "FrameStore", jobs: Jobs, bridge: Bridge) -> None:
        """Prepare.

        Args:
            opener: Knows what decodes a clip.
            store: Decodes.
            jobs: The queue of the thread that counts.
            bridge: Brings its answers to the GUI thread.
        """
        super().__init__()
        self._opener = opener
        self._store = store
        self._jobs = jobs
        self._bridge = bridge
        self._measured: dict[Key, tuple[Annotation, tuple[Measurement, ...]]] = {}
        self._counted: dict[Key, tuple[Annotation, tuple[Statistics, ...]]] = {}
        self._asked: dict[Key, tuple[Annotation, Job]] = {}

    def measured(self, drawn: Annotation, clip: Clip) -> tuple[Measurement, ...]:
        """Lengths, angles and areas."""
        key = str(clip.path), drawn.id
        kept = self._measured.get(key)
        if kept is None or not _same(kept[0], drawn):
            kept = self._measured[key] = drawn, measurements(drawn, clip)
        return kept[1]

    def statistics(self, drawn: Annotation, clip: Clip) -> tuple[Statistics, ...] | None:
        """Statistics of the pixels inside; None while they are counted, `()` where there are none."""
        if drawn.kind not in AREAS:
            return ()
        key = str(clip.path), drawn.id
        kept = self._counted.get(key)
        if kept is not None and _same(kept[0], drawn):
            return kept[1]
        self._ask(key, drawn, clip)
        return None

    def close(self) -> None:
        """Stop the thread."""
        self._jobs.close()

    def _ask(self, key: Key, drawn: Annotation, clip: Clip) -> None:
        """Have a shape counted; a form of it that nobody sees any more is not."""
        if key in self._asked:
            asked, job = self._asked[key]
            if _same(asked, drawn):
                return
            job.cancel()
        source = self._opener.source_of(clip)

        def work(token: CancelToken) -> tuple[Statistics, ...]:
            token.check()
            return statistics(drawn, self._store.get(source, drawn.frame), clip)

        def done(answer: tuple[Statistics, ...] | ViewerError) -> None:
            self._bridge.post(lambda: self._arrived(key, drawn, answer))

        self._asked[key] = drawn, self._jobs.submit(Priority.VIEWED_FRAME, work, done)

    def _arrived(self, key: Key, drawn: Annotation, answer: tuple[Statistics, ...] | ViewerError) -> None:
        asked, _ = self._asked[key]
        if _same(asked, drawn) and not isinstance(answer, JobCancelled):
            # A frame that cannot be decoded has no pixels to count, and says so itself when it is shown.
            self._counted[key] = drawn, () if isinstance(answer, ViewerError) else answer
            self.counted.emit(*key)


def _same(one: Annotation, other: Annotation) -> bool:
    """Whether two forms of a shape enclose the same, whatever their words are."""
    return one.points is other.points or one.points == other.points
