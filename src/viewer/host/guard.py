"""The one place that catches what plugins raise, and the threads that plugins run on."""

import logging
import math
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.result import Failure

log = logging.getLogger(__name__)

T = TypeVar("T")

FOREVER = math.inf
"""Budget of work that may take as long as it takes."""

LONGEST_SUMMARY = 200
"""Characters of a plugin's own words that a failure repeats."""


class Guard:
    """Calls plugins on threads that can be given up.

    A call that raises becomes a `Failure`. A call that overruns its budget is abandoned together with its thread
    (Python threads cannot be stopped), its plugin is switched off for the rest of the session, and the next call
    gets a fresh thread. Safe to use from several threads at once.
    """

    def __init__(self, budget_s: float) -> None:
        """Guard calls with a default time budget of `budget_s` seconds each."""
        self.budget_s = budget_s
        self._idle: deque[_Runner] = deque()
        self._switched_off: dict[str, str] = {}
        self._last: dict[str, Failure] = {}
        self._closed = False

    def call(
        self,
        plugin: str,
        stage: str,
        work: Callable[[], T],
        *,
        name: str = "",
        budget_s: float | None = None,
        passes: tuple[type[Exception], ...] = (),
    ) -> T | Failure:
        """Run one piece of a plugin's work.

        Args:
            plugin: Entry-point name of the plugin.
            stage: `load`, `score`, `explain`, `fit`, `propose` …
            work: What to do; its answer is handed back as it is.
            name: What is called, e.g. the scorer's name; the failure names it.
            budget_s: Seconds the work may take; the guard's own budget by default, `inf` for no limit.
            passes: Errors that are answers, not faults, and are raised in the caller.

        Raises:
            JobCancelled: The work noticed that nobody waits for it.
        """
        return self.call_each(plugin, stage, {name: work}, budget_s=budget_s, passes=passes)[name]

    def call_each(
        self,
        plugin: str,
        stage: str,
        works: Mapping[str, Callable[[], T]],
        *,
        budget_s: float | None = None,
        passes: tuple[type[Exception], ...] = (),
    ) -> dict[str, T | Failure]:
        """Run several pieces of one plugin's work with a single hand-over between threads.

        Each piece has the whole budget to itself and fails alone; after an overrun the pieces behind it
        fail as well, since the plugin is then switched off.

        Args:
            plugin: Entry-point name of the plugin.
            stage: As for `call`.
            works: By name, in the order they run.
            budget_s: Seconds each piece may take.
            passes: As for `call`.

        Returns:
            The answers by name, in the same order.
        """
        budget = self.budget_s if budget_s is None else budget_s
        batch = _Batch(list(works.values()))
        if plugin not in self._switched_off and not self._closed:
            runner = self._runner()
            runner.tasks.put(batch)
            if batch.wait(budget):
                self._idle.append(runner)
            else:
                self._switch_off(plugin, f"{_overrun(works, batch)} took longer than {budget:g} s")
        done = tuple(batch.outcomes)  # an abandoned runner may still add to them
        outcomes: list[_Outcome[T] | None] = [*done, *[None] * (len(works) - len(done))]
        answers: dict[str, T | Failure] = {}
        for name, outcome in zip(works, outcomes, strict=True):
            answer = self._answer(plugin, stage, name, outcome, passes)
            answers[name] = answer
        return answers

    def report(self, failure: Failure) -> Failure:
        """Remember a fault found in a plugin's answer as its last error, and hand it back."""
        self._last[failure.plugin] = failure
        return failure

    def last_failure(self, plugin: str) -> Failure | None:
        """The plugin's latest failure in this session."""
        return self._last.get(plugin)

    def switched_off(self, plugin: str) -> bool:
        """Whether the plugin overran its budget and is not called any more."""
        return plugin in self._switched_off

    def close(self) -> None:
        """End the idle threads; later calls fail. Abandoned threads are daemons and end with the process."""
        self._closed = True
        while self._idle:
            runner = self._idle.pop()
            runner.tasks.put(None)
            runner.join(timeout=1)

    def _runner(self) -> "_Runner":
        try:
            return self._idle.pop()
        except IndexError:
            runner = _Runner()
            runner.start()
            return runner

    def _switch_off(self, plugin: str, reason: str) -> None:
        self._switched_off[plugin] = reason
        log.warning("plugin %s is switched off for this session: %s", plugin, reason)

    def _answer(
        self, plugin: str, stage: str, name: str, outcome: "_Outcome[T] | None", passes: tuple[type[Exception], ...]
    ) -> "T | Failure":
        if outcome is None:
            reason = self._switched_off.get(plugin, "the viewer is closing")
            summary = f"switched off for this session: {reason}" if plugin in self._switched_off else reason
            return self.report(Failure(plugin=plugin, stage=stage, summary=summary))
        error = outcome.error
        if error is None:
            return outcome.value
        if isinstance(error, (JobCancelled, *passes)):
            raise error
        failure = Failure(plugin=plugin, stage=stage, summary=f"{name} {_words(error)}".lstrip())
        if failure != self._last.get(plugin):  # a clip of a thousand frames fails in the same way a thousand times
            # Where, never what: the words of an error may hold file names, and file names hold patients' names.
            log.warning("plugin %s: %s %s raised %s at %s", plugin, stage, name, type(error).__name__, _place(error))
        return self.report(failure)


@contextmanager
def blamed(who: str, passes: tuple[type[Exception], ...] = (JobCancelled,)) -> Iterator[None]:
    """Let a third party's code run in the caller's own thread; whatever it raises becomes one sentence.

    For training and commands alone, where work is long and meant to be interrupted by its person; training also
    belongs to the thread that keeps the gradients.

    Args:
        who: Begins the sentence, e.g. `the objective of the recipe severity`.
        passes: Errors that are answers, not faults, and are raised as they are.

    Raises:
        ViewerError: The work failed.
    """
    try:
        yield
    except passes:
        raise
    except Exception as error:
        log.warning("%s raised %s at %s", who, type(error).__name__, _place(error))
        raise ViewerError(f"{who} {_words(error)}") from error


class _Outcome(Generic[T]):
    """A value, or the error raised instead."""

    __slots__ = ("_value", "error")

    def __init__(self, value: T | None, error: BaseException | None) -> None:
        self._value = value
        self.error = error

    @property
    def value(self) -> T:
        return self._value  # type: ignore[return-value]  # None only beside an error


class _Batch(Generic[T]):
    """Pieces of work that one runner does in order while one caller waits."""

    def __init__(self, works: list[Callable[[], T]]) -> None:
        self.outcomes: list[_Outcome[T]] = []
        self._works = works
        self.abandoned = False
        self._started = time.monotonic()
        self._busy = threading.Lock()
        self._busy.acquire()

    def run(self) -> None:
        """Do the work, on the runner."""
        for work in self._works:
            self._started = time.monotonic()
            outcome = _outcome(work)
            if self.abandoned:
                return
            self.outcomes.append(outcome)
        self._busy.release()

    def wait(self, budget_s: float) -> bool:
        """Wait, in the caller, until all is done or one piece overruns; False when the runner must be given up."""
        try:
            while True:
                left = self._started + budget_s - time.monotonic()
                # A piece that ran out when the lock came free after all is counted as done.
                if self._busy.acquire(timeout=min(max(left, 0), threading.TIMEOUT_MAX)):
                    return True
                if self._started + budget_s <= time.monotonic():
                    self.abandoned = True
                    return False
        except BaseException:  # the caller was interrupted: nobody will read this batch
            self.abandoned = True
            raise


class _Runner(threading.Thread):
    """A replaceable thread that plugins run on."""

    def __init__(self) -> None:
        super().__init__(name="viewer-plugins", daemon=True)
        self.tasks: SimpleQueue[_Batch[Any] | None] = SimpleQueue()

    def run(self) -> None:
        while (batch := self.tasks.get()) is not None:
            batch.run()
            if batch.abandoned:  # its caller has already taken another runner
                return
            del batch  # the evidence it holds must not outlive the call


def _overrun(works: Mapping[str, object], batch: _Batch[Any]) -> str:
    """Name of the piece a batch was abandoned in."""
    return list(works)[min(len(batch.outcomes), len(works) - 1)] or "a call"


def _outcome(work: Callable[[], T]) -> _Outcome[T]:
    try:
        return _Outcome(work(), None)
    except BaseException as error:
        return _Outcome(None, error)


def _words(error: BaseException) -> str:
    first = next(iter(str(error).splitlines()), "").strip()
    if isinstance(error, ViewerError) and first:
        return f"says: {first}"  # a sentence already
    text = f"raised {type(error).__name__}" + (f": {first}" if first else "")
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1] + "…"


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}:{frames[-1].lineno}" if frames else "an unknown place"
