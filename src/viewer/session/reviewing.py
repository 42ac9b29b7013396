"""What readers do goes to the journal, on a thread of its own; what cannot be kept waits, in order, and is counted.

Neither the window's thread nor the worker that scores ever reads a whole file for its digest or waits for a commit.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar

from viewer.domain.errors import ViewerError
from viewer.domain.image import Clip, study_of
from viewer.store.acts import Act, Review, Stage, Subject
from viewer.store.current import Agreement, agreement, latest_review, reviews
from viewer.store.entries import Entry
from viewer.store.identity import content_digest
from viewer.store.journal import Journal

log = logging.getLogger(__name__)

T = TypeVar("T")

Make = Callable[[str, Subject], Act]
"""Makes an act of its reader and what was looked at."""


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
    clip: Clip
    make: Make


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
        self._told = told
        self._begun = begun
        self._lock = Lock()
        self._waiting: list[_Deed] = []
        self._journal: Journal | None = None
        self._digests: dict[str, str] = {}

    @property
    def waiting(self) -> int:
        """Number of acts that are not on disk."""
        with self._lock:
            return len(self._waiting)

    def record(self, clip: Clip, make: Make) -> None:
        """Have an act on a clip, or on a frame of it, written."""
        with self._lock:
            self._waiting.append(_Deed(clip, make))
        self.retry()

    def retry(self) -> None:
        """Try to write everything that waits."""
        self._executor.submit(self._write)

    def recall(self, clip: Clip, told: Callable[[tuple[Entry[Review], ...]], None]) -> None:
        """Have every answer ever given to a clip and its frames told, in order, on the journal's thread."""
        self._executor.submit(self._recall, clip, told)

    def agreement(self, told: Callable[[Agreement], None]) -> None:
        """Have told how this reader's first answers compare with the AI's, on the journal's thread."""
        self._executor.submit(self._agree, told)

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
            deeds = tuple(self._waiting)
        confirmed: list[Entry[Act]] = []
        sentence, stuck = "", set[str]()
        for deed in deeds:
            if str(deed.clip.path) in stuck:
                continue  # what was done to one file stays in order: a final answer never precedes the first
            try:
                entry = self._append(deed)
            except ViewerError as error:
                sentence = str(error)
                stuck.add(str(deed.clip.path))
            except (ValueError, TypeError, KeyError) as error:
                log.exception("an act cannot be recorded")
                sentence = f"this ended in a fault of the viewer ({type(error).__name__})"
            else:
                confirmed.append(entry)
                with self._lock:
                    self._waiting.remove(deed)
                continue
            if self._journal is None:  # each of the others would wait for the same disk
                break
        self._told(Kept(tuple(confirmed), self.waiting, sentence))

    def _recall(self, clip: Clip, told: Callable[[tuple[Entry[Review], ...]], None]) -> None:
        given = self._looked_up(lambda journal: reviews(journal, self._subject(clip).digest))
        if given is not None:
            told(given)

    def _agree(self, told: Callable[[Agreement], None]) -> None:
        found = self._looked_up(lambda journal: agreement(journal, self._reader))
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

    def _append(self, deed: _Deed) -> Entry[Act]:
        """Write one act: returned means on disk. A final answer follows the reader's first one, if there is one."""
        if self._journal is None:
            self._journal = self._open_journal()
        act = deed.make(self._reader, self._subject(deed.clip))
        if isinstance(act, Review) and act.stage is Stage.FINAL:
            digest, name = act.subject.digest, self._reader
            first = latest_review(self._journal, digest, act.frame, reader=name, stage=Stage.FIRST)
            act = replace(act, follows=None if first is None else first.sequence)
        return self._journal.append(act)

    def _subject(self, clip: Clip) -> Subject:
        """What was looked at; the file is read once for its digest."""
        path = str(clip.path)
        if path not in self._digests:
            self._digests[path] = content_digest(clip.path)
        return Subject.of_clip(clip, study_of(clip), self._digests[path])
