"""The window's side of the journal: acts go to its thread, and what became of them comes back as a signal."""

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip
from viewer.session.keeping import Drawn
from viewer.session.reviewing import Begin, Make, Reviewing
from viewer.store.acts import AiAnswer, Reveal, Review
from viewer.store.entries import Entry
from viewer.store.journal import Journal
from viewer.ui.bridge import Bridge
from viewer.ui.withholding import Why

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle


class Reviews(QObject):
    """Records what the reader does; every method is called on the GUI thread.

    Attributes:
        reader: Who reads.
        begin: What begins the reading of a clip's study.

    Signals:
        kept: How the journal stands after an attempt to write (Kept).
        recalled: Every answer given to a clip and its frames before (Clip, entries of reviews).
        compared: How the reader's first answers compare with the AI's (Agreement).
        surveyed: What the journal knows of studies and files, or why it cannot be read (Known or ViewerError).
        exported: The journal was written into a file, or why it was not (Path, number of entries or ViewerError).
        drawn: What was drawn and marked on a clip before, or why that cannot be read (Clip, Drawn or ViewerError).
    """

    kept = Signal(object)
    recalled = Signal(object, tuple)
    compared = Signal(object)
    surveyed = Signal(object)
    exported = Signal(object, object)
    drawn = Signal(object, object)

    def __init__(
        self,
        open_journal: Callable[[], Journal],
        executor: Executor,
        reader: str,
        bridge: Bridge,
        begun: Callable[[], bool],
    ) -> None:
        """Prepare; see `Reviewing`. The bridge brings its answers to the GUI thread."""
        super().__init__()
        self.reader = reader
        self._reviewing = Reviewing(open_journal, executor, reader, bridge.relay(self.kept.emit), begun=begun)
        self._bridge = bridge
        self.begin: Callable[[Clip], Begin | None] = lambda clip: None
        self._warned = False
        self._bundle: Bundle | None = None

    def use_bundle(self, bundle: "Bundle") -> None:
        """Another model answers from now on."""
        self._bundle = bundle

    @property
    def model(self) -> tuple[str, str] | None:
        """Name with version, and digest, of the model that answers; None before any did."""
        if self._bundle is None:
            return None
        manifest = self._bundle.manifest
        return f"{manifest.name} {manifest.version}", self._bundle.digest

    def record(self, clip: Clip, make: Make) -> None:
        """Have an act written."""
        self._warned = False
        self._reviewing.record(clip, make, self.begin(clip))

    def record_state(self, make: Begin) -> None:
        """Have the state of a study written."""
        self._warned = False
        self._reviewing.record_state(make)

    def survey(self) -> None:
        """Ask what the journal knows of studies and files, where that has changed."""
        self._reviewing.survey(self._bridge.relay(self.surveyed.emit))

    def reveal(self, clip: Clip, frame: int | None, ai: AiAnswer, why: Why) -> None:
        """A withheld answer was shown all the same; `frame` is None for the clip as a whole."""
        self.record(
            clip,
            lambda reader, subject: Reveal(reader=reader, subject=subject, frame=frame, ai=ai, why=why.value),
        )

    def export(self, out: Path) -> None:
        """Have the journal written into a file."""
        self._reviewing.export(out, self._bridge.relay(lambda told: self.exported.emit(out, told)))

    def recall(self, clip: Clip) -> None:
        """Ask for the answers that were given to a clip before."""

        def told(entries: tuple[Entry[Review], ...]) -> None:
            self._bridge.post(lambda: self.recalled.emit(clip, entries))

        self._reviewing.recall(clip, told)

    def compare(self) -> None:
        """Ask how the reader's first answers compare with the AI's."""
        self._reviewing.agreement(self._bridge.relay(self.compared.emit))

    def recall_drawn(self, clip: Clip) -> None:
        """Ask for what was drawn and marked on a clip before."""

        def told(found: Drawn | ViewerError) -> None:
            self._bridge.post(lambda: self.drawn.emit(clip, found))

        self._reviewing.recall_drawn(clip, told)

    def retry(self) -> None:
        """Try again to write what is not saved."""
        self._reviewing.retry()

    def may_close(self) -> bool:
        """Whether all is on disk; where it is not, the reader is told, and may close all the same the next time."""
        if self._warned or not self._reviewing.finish():
            return True
        self._warned = True
        return False

    def close(self) -> None:
        """Stop the thread once it has written what it was given."""
        self._reviewing.close()
