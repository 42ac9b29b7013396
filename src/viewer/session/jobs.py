"""One worker thread that always does the most urgent thing next.

Every job carries a cancel token and, where it belongs to what is on screen, a generation: opening something else
starts the next generation and answers of the old one are dropped. Nothing is ever killed: work looks at its token
between steps and stops by itself.
"""

import heapq
import itertools
import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Protocol, TypeVar

from viewer.domain.errors import JobCancelled, ViewerError

log = logging.getLogger(__name__)

NICENESS = 10
"""Of worker threads on Linux, 0 to 19: a tenth of the weight of the window's own thread."""

T = TypeVar("T")


class Priority(IntEnum):
    """What is done first: lower numbers before higher ones, equal ones in the order they were asked for."""

    VIEWED_FRAME = 0
    NEIGHBOUR = 1
    CLIP = 2
    OTHER = 3


class CancelToken:
    """Says whether anybody still waits; set from any thread, read by the work."""

    def __init__(self) -> None:
        self._set = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next look."""
        self._set.set()

    def cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._set.is_set()

    def check(self) -> None:
        """Stop here if nobody waits any more.

        Raises:
            JobCancelled: The token was cancelled.
        """
        if self.cancelled():
            raise JobCancelled


Work = Callable[[CancelToken], T]
Done = Callable[[T | ViewerError], None]


@dataclass(order=True, slots=True)
class Job:
    """One piece of work, ordered by urgency.

    Attributes:
        priority: How urgent it is.
        number: Order of asking, which breaks ties.
        work: Called once with the token, on the worker thread.
        done: Called once with the result or the error (`JobCancelled` where nobody waited), on the worker thread.
        generation: Number of the generation it belongs to; None for work that outlives them.
        token: Cancels this job alone.
    """

    priority: Priority
    number: int
    work: Work[Any] = field(compare=False, repr=False)
    done: Done[Any] = field(compare=False, repr=False)
    generation: int | None = field(compare=False, default=None)
    token: CancelToken = field(compare=False, repr=False, default_factory=CancelToken)

    def cancel(self) -> None:
        """Ask this job to stop; harmless once it is done."""
        self.token.cancel()


class Jobs(Protocol):
    """A queue of jobs with one worker."""

    @property
    def generation(self) -> int:
        """The generation that answers must belong to."""
        ...

    @property
    def waiting(self) -> int:
        """Number of jobs asked for and not yet done or dropped."""
        ...

    def submit(self, priority: Priority, work: Work[T], done: Done[T], generation: int | None = None) -> Job:
        """Ask for work; see `Job`. Jobs of an older generation are dropped, as are all after `close`."""
        ...

    def next_generation(self) -> int:
        """Cancel every job that belongs to a generation and start the next one."""
        ...

    def cancel_all(self) -> None:
        """Cancel every job, waiting or running, and start the next generation."""
        ...

    def close(self) -> None:
        """Cancel everything and wait for the running job to stop; further calls are harmless."""
        ...


class _Queue:
    """The queue itself, without a thread: who is next, what is stale."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heap: list[Job] = []
        self._numbers = itertools.count()
        self._generation = 0
        self._running: Job | None = None
        self._closed = False

    @property
    def generation(self) -> int:
        return self._generation

    @property
    def waiting(self) -> int:
        with self._lock:
            return len(self._heap) + (self._running is not None)

    def submit(self, priority: Priority, work: Work[T], done: Done[T], generation: int | None = None) -> Job:
        job = Job(priority, next(self._numbers), work, done, generation)
        with self._lock:
            if self._closed:
                job.cancel()
                return job
            heapq.heappush(self._heap, job)
            self._wake()
        return job

    def next_generation(self) -> int:
        return self._advance(lambda job: job.generation is not None)

    def cancel_all(self) -> None:
        self._advance(lambda job: True)

    def _advance(self, dropped: Callable[[Job], bool]) -> int:
        with self._lock:
            self._generation += 1
            for job in [*self._heap, *([self._running] if self._running else [])]:
                if dropped(job):
                    job.cancel()
            return self._generation

    def _wake(self) -> None:
        """Called with the lock held after a job was added."""

    def _take(self) -> Job | None:
        with self._lock:
            self._running = heapq.heappop(self._heap) if self._heap else None
            return self._running

    def _perform(self, job: Job) -> None:
        """Run one job; only errors meant for people are turned into answers here."""
        stale = job.generation is not None and job.generation != self._generation
        try:
            if stale:
                raise JobCancelled
            job.token.check()
            answer = job.work(job.token)
            job.token.check()
        except ViewerError as error:
            answer = error
        self._settle(job, answer)

    def _settle(self, job: Job, answer: object) -> None:
        with self._lock:
            self._running = None
        job.done(answer)


class ThreadedJobs(_Queue):
    """Jobs on one worker thread of their own."""

    def __init__(self, name: str = "viewer-worker") -> None:
        super().__init__()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name, initializer=stand_back)

    def close(self) -> None:
        """Cancel everything and wait for the running job to stop."""
        with self._lock:
            self._closed = True
        self.cancel_all()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._heap.clear()

    def _wake(self) -> None:
        # One ticket per job: a ticket runs whatever is most urgent when its turn comes.
        self._worker.submit(self._step).add_done_callback(self._after)

    def _step(self) -> None:
        job = self._take()
        if job is not None:
            self._perform(job)

    def _after(self, ticket: "Future[None]") -> None:
        """Turn a fault of the program itself into one sentence, so that the waiting side never hangs."""
        fault = None if ticket.cancelled() else ticket.exception()
        if fault is None:
            return
        log.error("a job failed unexpectedly", exc_info=fault)
        job = self._running
        if job is not None:
            self._settle(job, ViewerError(f"this work ended in a fault of the viewer ({type(fault).__name__})"))


def stand_back() -> None:
    """Let the window go first where both want a processor; threads that are begun from here do so too.

    Only Linux gives threads of one program priorities of their own that way; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):  # a program that is nicer already may not be made less so
            os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))


class ByHand(_Queue):
    """Jobs for tests: nothing runs until `step`, and a fault of the program is raised where it happens."""

    def step(self) -> bool:
        """Run the most urgent job; False when there was none."""
        job = self._take()
        if job is None:
            return False
        self._perform(job)
        return True

    def run_all(self) -> int:
        """Run jobs until none is left, also those asked for meanwhile; returns their number."""
        return sum(1 for _ in iter(self.step, False))

    def close(self) -> None:
        """Drop everything."""
        self._closed = True
        self.cancel_all()
        self._heap.clear()
