"""What readers do goes to the journal, on a thread of its own; what cannot be kept waits, in order, and is counted.

Neither the window's thread nor the worker that scores ever reads a whole file for its digest or waits for a commit.
"""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TypeVar

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, study_of
from viewer.session.exporting import export_reviews
from viewer.session.keeping import Drawn, drawn_on
from viewer.session.worklist import NOTHING, Known, read_known
from viewer.store.acts import Act, Annotation, KeyImage, ReadingState, Review, Stage, StudyState, Subject
from viewer.store.current import Agreement, Comparison, latest_review, reviews, study_state
from viewer.store.entries import Entry
from viewer.store.identity import content_digest
from viewer.store.journal import Journal

log = logging.getLogger(__name__)

T = TypeVar("T")

Make = Callable[[str, Subject], Act]
"""Makes an act of its reader and what was looked at."""

Begin = Callable[[str], StudyState]
"""Makes the act of a reader by which the reading of a study begins."""

BEGINNING = (Review, Annotation, KeyImage)
"""What begins the reading of a study: looking at it does not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How the journal stands after an attempt to write.

    Attributes:
        confirmed: The entries that are on disk now and were not before, in order.
        unsaved: Number of acts that still wait for the disk.
        sentence: Why; `""` where none waits.
    """

    confirmed: tuple[Entry[Act], ...]
    unsaved: int
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class _Deed:
    """What is to be written.

    Attributes:
        make: Makes the act, on the journal's thread.
        file: The clip's; `""` for an act on a study.
        begin: Makes the act that begins the reading of the study; None where this one cannot.
    """

    make: Callable[[], Act]
    file: str = ""
    begin: Begin | None = None


class Reviewing:
    """Writes acts in the order they were done; free of Qt.

    An act that could not be written stays, and is tried again with the next one, on `retry` and in `finish`.
    """

    def __init__(
        self,
        open_journal: Callable[[], Journal],
        executor: Executor,
        reader: str,
        told: Callable[[Kept], None],
        *,
        begun: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare; nothing is opened before the first act.

        Args:
            open_journal: Opens the journal; called on the executor's thread, and again after it failed.
            executor: One thread of its own.
            reader: Who acts.
            told: Called on that thread after every attempt to write.
            begun: Whether there is a journal: looking at a picture begins none.
        """
        self._open_journal = open_journal
        self._executor = executor
        self._reader = reader
        self._comparison = Comparison(reader)
        self._told = told
        self._begun = begun
        self._lock = Lock()
        self._waiting: list[_Deed] = []
        self._journal: Journal | None = None
        self._digests: dict[str, str] = {}
        self._known: Known | None = None

    @property
    def waiting(self) -> int:
        """Number of acts that are not on disk."""
        with self._lock:
            return len(self._waiting)

    def record(self, clip: Clip, make: Make, begin: Begin | None = None) -> None:
        """Have an act on a clip, or on a frame of it, written.

        Args:
            clip: What was looked at.
            make: Makes the act.
            begin: Makes the act that begins the reading of its study, where this is the first thing done to it.
        """
        with self._lock:
            self._waiting.append(_Deed(lambda: make(self._reader, self._subject(clip)), str(clip.path), begin))
        self.retry()

    def record_state(self, make: Begin) -> None:
        """Have the state of a study written."""
        with self._lock:
            self._waiting.append(_Deed(lambda: make(self._reader)))
        self.retry()

    def survey(self, told: Callable[[Known | ViewerError], None]) -> None:
        """Have what the journal knows of studies and files told, on its thread, where it has changed since."""
        self._executor.submit(self._survey, told)

    def retry(self) -> None:
        """Try to write everything that waits."""
        self._executor.submit(self._write)

    def recall(self, clip: Clip, told: Callable[[tuple[Entry[Review], ...]], None]) -> None:
        """Have every answer ever given to a clip and its frames told, in order, on the journal's thread."""
        self._executor.submit(self._recall, clip, told)

    def agreement(self, told: Callable[[Agreement], None]) -> None:
        """Have told how this reader's first answers compare with the AI's, on the journal's thread."""
        self._executor.submit(self._agree, told)

    def export(self, out: Path, told: Callable[[int | ViewerError], None]) -> None:
        """Have the journal written into a file, on its thread; told is the number of entries, or why not."""
        self._executor.submit(self._export, out, told)

    def recall_drawn(self, clip: Clip, told: Callable[[Drawn | ViewerError], None]) -> None:
        """Have what was drawn and marked on a clip told, or why that cannot be read, on the journal's thread."""
        self._executor.submit(self._recall_drawn, clip, told)

    def finish(self) -> int:
        """Wait until everything has been tried once more; returns the number of acts that are still not on disk."""
        if self.waiting:
            self._executor.submit(self._write).result()
        return self.waiting

    def close(self) -> None:
        """Stop the thread after what it still has to do, and close the journal."""
        self._executor.shutdown(wait=True)
        if self._journal is not None:
            self._journal.close()

    def _write(self) -> None:
        with self._lock:
            deeds = deque(self._waiting)
        confirmed: list[Entry[Act]] = []
        sentence, stuck = "", set[str]()
        while deeds:
            deed = deeds.popleft()
            if deed.file in stuck:
                continue  # what was done to one file stays in order: a final answer never precedes the first
            try:
                entry = self._append(deed)
            except ViewerError as error:
                sentence = str(error)
                stuck |= {deed.file} - {""}
            except (ValueError, TypeError, KeyError) as error:
                log.exception("an act cannot be recorded")
                sentence = f"this ended in a fault of the viewer ({type(error).__name__})"
            else:
                confirmed.append(entry)
                begun = self._begun_by(deed, entry)
                deeds.extendleft(begun)
                with self._lock:
                    place = self._waiting.index(deed)
                    self._waiting[place : place + 1] = begun
                continue
            if self._journal is None:  # each of the others would wait for the same disk
                break
        self._told(Kept(tuple(confirmed), self.waiting, sentence))

    def _recall(self, clip: Clip, told: Callable[[tuple[Entry[Review], ...]], None]) -> None:
        given = self._looked_up(lambda journal: reviews(journal, self._subject(clip).digest))
        if given is not None:
            told(given)

    def _agree(self, told: Callable[[Agreement], None]) -> None:
        found = self._looked_up(self._comparison.agreement)
        if found is not None:
            told(found)

    def _looked_up(self, look: Callable[[Journal], T]) -> T | None:
        """What the journal says; None where there is none yet, or it cannot be read."""
        if self._journal is None and not self._begun():
            return None
        try:
            if self._journal is None:
                self._journal = self._open_journal()
            return look(self._journal)
        except ViewerError as error:  # the next act says the same where the reader must know it
            log.warning("earlier answers cannot be read: %s", error.reason)
            return None

    def _recall_drawn(self, clip: Clip, told: Callable[[Drawn | ViewerError], None]) -> None:
        if self._journal is None and not self._begun():
            told(Drawn((), 0))
            return
        try:
            if self._journal is None:
                self._journal = self._open_journal()
            told(drawn_on(self._journal, clip, self._subject(clip).digest))
        except ViewerError as error:
            told(error)

    def _survey(self, told: Callable[[Known | ViewerError], None]) -> None:
        if self._journal is None and not self._begun():
            return
        try:
            if self._journal is None:
                self._journal = self._open_journal()
            before = self._known or NOTHING
            stand = self._journal.head().sequence, len(self._digests)
            if self._known is not None and stand == (before.head, len(before.digests)):
                return
            known = read_known(self._journal, self._digests, before)
        except ViewerError as error:
            told(error)
            return
        self._known = known
        told(known)

    def _export(self, out: Path, told: Callable[[int | ViewerError], None]) -> None:
        try:
            if self._journal is None and not self._begun():
                raise ViewerError("there are no reviews yet: nothing is exported")
            if self._journal is None:
                self._journal = self._open_journal()
            told(export_reviews(self._journal, out))
        except ViewerError as error:
            told(error)

    def _append(self, deed: _Deed) -> Entry[Act]:
        """Write one act: returned means on disk. A final answer follows the reader's first one, if there is one."""
        if self._journal is None:
            self._journal = self._open_journal()
        act = deed.make()
        if isinstance(act, Review) and act.stage is Stage.FINAL:
            digest, name = act.subject.digest, self._reader
            first = latest_review(self._journal, digest, act.frame, reader=name, stage=Stage.FIRST)
            act = replace(act, follows=None if first is None else first.sequence)
        return self._journal.append(act)

    def _begun_by(self, deed: _Deed, entry: Entry[Act]) -> tuple[_Deed, ...]:
        """What is to be written next: that the reading of a study is under way, where it was not."""
        begin, journal = deed.begin, self._journal
        if begin is None or journal is None or not isinstance(entry.act, BEGINNING):
            return ()
        try:
            state = study_state(journal, entry.act.subject.study)
        except ViewerError as error:  # the act itself is on disk, and tells that its study is in review
            log.warning("the state of a study cannot be read: %s", error.reason)
            return ()
        return (_Deed(lambda: begin(self._reader)),) if state in (None, ReadingState.UNREAD) else ()

    def _subject(self, clip: Clip) -> Subject:
        """What was looked at; the file is read once for its digest."""
        path = str(clip.path)
        if path not in self._digests:
            self._digests[path] = content_digest(clip.path)
        return Subject.of_clip(clip, study_of(clip), self._digests[path])
