import os
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from viewer.domain.errors import JobCancelled, ViewerError
from viewer.session.jobs import NICENESS, ByHand, CancelToken, Priority, ThreadedJobs


class Answers(list[object]):
    """Collects what jobs answer."""

    def __call__(self, answer: object) -> None:
        self.append(answer)


@pytest.fixture
def threaded() -> Iterator[ThreadedJobs]:
    jobs = ThreadedJobs("test-worker")
    yield jobs
    jobs.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("test-worker")]


def gives(value: object) -> Callable[[CancelToken], object]:
    return lambda token: value


def test_that_the_most_urgent_job_runs_first_and_equals_in_order() -> None:
    jobs, answers = ByHand(), Answers()
    for priority, name in [
        (Priority.CLIP, "rest"),
        (Priority.OTHER, "other"),
        (Priority.VIEWED_FRAME, "shown"),
        (Priority.NEIGHBOUR, "near"),
        (Priority.CLIP, "rest too"),
    ]:
        jobs.submit(priority, gives(name), answers)
    assert jobs.waiting == 5
    assert jobs.run_all() == 5
    assert answers == ["shown", "near", "rest", "rest too", "other"]
    assert jobs.waiting == 0


def test_that_a_new_generation_cancels_the_old_but_not_what_belongs_to_none() -> None:
    jobs, answers = ByHand(), Answers()
    jobs.submit(Priority.CLIP, gives("old"), answers, jobs.generation)
    jobs.submit(Priority.OTHER, gives("thumbnail"), answers)
    new = jobs.next_generation()
    jobs.submit(Priority.CLIP, gives("new"), answers, new)
    jobs.run_all()
    assert isinstance(answers[0], JobCancelled)
    assert answers[1:] == ["new", "thumbnail"]


def test_that_a_job_asked_for_an_old_generation_is_dropped() -> None:
    jobs, answers = ByHand(), Answers()
    old = jobs.generation
    jobs.next_generation()
    jobs.submit(Priority.CLIP, gives("late"), answers, old)
    jobs.run_all()
    assert [type(answer) for answer in answers] == [JobCancelled]


def test_that_cancelling_everything_reaches_also_what_belongs_to_no_generation() -> None:
    jobs, answers = ByHand(), Answers()
    jobs.submit(Priority.OTHER, gives("thumbnail"), answers)
    jobs.cancel_all()
    jobs.run_all()
    assert [type(answer) for answer in answers] == [JobCancelled]


def test_that_work_cancelled_while_it_runs_has_no_answer_but_that() -> None:
    jobs, answers = ByHand(), Answers()

    def work(token: CancelToken) -> str:
        jobs.next_generation()
        assert token.cancelled()
        return "nobody waits for this"

    jobs.submit(Priority.CLIP, work, answers, jobs.generation)
    jobs.step()
    assert [type(answer) for answer in answers] == [JobCancelled]


def test_that_an_error_for_people_is_the_answer() -> None:
    jobs, answers = ByHand(), Answers()

    def work(token: CancelToken) -> None:
        raise ViewerError("no model has been chosen")

    jobs.submit(Priority.CLIP, work, answers)
    jobs.step()
    assert [str(answer) for answer in answers] == ["no model has been chosen"]


def test_that_a_fault_of_the_program_is_raised_where_a_test_steps() -> None:
    jobs = ByHand()

    def work(token: CancelToken) -> None:
        raise ZeroDivisionError

    jobs.submit(Priority.CLIP, work, Answers())
    with pytest.raises(ZeroDivisionError):
        jobs.step()


def test_that_a_fault_of_the_program_becomes_a_sentence_and_the_worker_goes_on(
    threaded: ThreadedJobs, caplog: pytest.LogCaptureFixture
) -> None:
    answers, finished = Answers(), threading.Event()

    def work(token: CancelToken) -> None:
        raise ZeroDivisionError("Smith^John")

    threaded.submit(Priority.CLIP, work, answers)
    threaded.submit(Priority.OTHER, gives("next"), lambda answer: (answers(answer), finished.set())[0])
    assert finished.wait(10)
    assert str(answers[0]) == "this work ended in a fault of the viewer (ZeroDivisionError)"
    assert answers[1] == "next"
    assert "a job failed unexpectedly" in caplog.text


def test_that_jobs_run_on_one_thread_of_their_own(threaded: ThreadedJobs) -> None:
    names: list[str] = []
    finished = threading.Event()
    for last in (False, False, True):
        threaded.submit(
            Priority.CLIP,
            lambda token: names.append(threading.current_thread().name),
            lambda answer, last=last: finished.set() if last else None,
        )
    assert finished.wait(10)
    assert len(set(names)) == 1
    assert names[0].startswith("test-worker")


def test_that_closing_cancels_the_running_job_and_forgets_the_rest() -> None:
    jobs, answers = ThreadedJobs("test-worker"), Answers()
    started = threading.Event()

    def work(token: CancelToken) -> None:
        started.set()
        while not token.cancelled():
            pass
        token.check()

    jobs.submit(Priority.CLIP, work, answers)
    jobs.submit(Priority.CLIP, gives("never"), answers)
    assert started.wait(10)
    jobs.close()
    jobs.close()
    assert [type(answer) for answer in answers] == [JobCancelled]
    assert jobs.submit(Priority.CLIP, gives("late"), answers).token.cancelled()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("test-worker")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no priorities of single threads")
def test_that_the_worker_and_threads_it_begins_stand_back_for_the_window(threaded: ThreadedJobs) -> None:
    found: list[int] = []

    def look(token: CancelToken) -> None:
        def note() -> None:
            found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

        begun = threading.Thread(target=note)
        note()
        begun.start()
        begun.join()

    here = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    done = threading.Event()
    threaded.submit(Priority.OTHER, look, lambda answer: done.set())
    assert done.wait(10)
    assert found == [max(here, NICENESS)] * 2
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == here
