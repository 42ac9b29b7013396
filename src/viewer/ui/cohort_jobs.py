"""Reads cohorts and makes their maps, on a thread of its own: a map takes up to a minute, and reading goes on."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.evaluation.embedding_map import Floats
from viewer.report.cohort import Cohort
from viewer.session.cohorts import Explored, make_map, open_cohort
from viewer.session.jobs import CancelToken, Job, Jobs, Priority
from viewer.ui.bridge import Bridge


class CohortJobs(QObject):
    """One cohort at a time; asking for another one stops what is done for the one before.

    Signals:
        opened: A cohort was read (Explored), or cannot be (ViewerError).
        progress: How far its map is (done, total).
        made: The map is there (float32 (n, 2)), or will not be (ViewerError; JobCancelled where it was stopped).
    """

    opened = Signal(object)
    progress = Signal(int, int)
    made = Signal(object)

    def __init__(self, jobs: Jobs, bridge: Bridge) -> None:
        """Prepare.

        Args:
            jobs: The queue of the thread.
            bridge: Brings its answers to the GUI thread.
        """
        super().__init__()
        self._jobs = jobs
        self._bridge = bridge
        self._job: Job | None = None

    def open(self, folder: Path) -> None:
        """Read a cohort."""
        self.stop()
        number = self._jobs.next_generation()

        def arrived(answer: Explored | ViewerError) -> None:
            if number == self._jobs.generation and not isinstance(answer, JobCancelled):
                self.opened.emit(answer)

        def work(token: CancelToken) -> Explored:
            return open_cohort(folder)

        self._job = self._jobs.submit(Priority.VIEWED_FRAME, work, self._bridge.relay(arrived), number)

    def make_map(self, cohort: Cohort) -> None:
        """Make the map of a cohort, and keep it."""
        number = self._jobs.generation

        def tell(done: int, total: int) -> None:
            self._bridge.post(lambda: self._told(number, done, total))

        def arrived(answer: Floats | ViewerError) -> None:
            if number == self._jobs.generation:
                self.made.emit(answer)

        def work(token: CancelToken) -> Floats:
            def step(done: int, total: int) -> None:
                token.check()
                tell(done, total)

            return make_map(cohort, step)

        self._job = self._jobs.submit(Priority.CLIP, work, self._bridge.relay(arrived), number)

    def stop(self) -> None:
        """Stop what is being done."""
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """Stop the thread."""
        self._jobs.close()

    def _told(self, number: int, done: int, total: int) -> None:
        if number == self._jobs.generation:
            self.progress.emit(done, total)
