import logging
import threading

import pytest

from viewer.domain.errors import JobCancelled, UnreadableFile, ViewerError
from viewer.domain.result import Failure
from viewer.host.guard import FOREVER, Guard


@pytest.fixture
def guard():
    guard = Guard(budget_s=20)
    yield guard
    guard.close()


@pytest.fixture
def gate():
    """Keeps work hanging until the test is over."""
    gate = threading.Event()
    yield gate
    gate.set()


def raising(error):
    def work():
        raise error

    return work


def test_that_an_answer_comes_back_as_it_is(guard):
    answer = object()
    assert guard.call("plugin", "score", lambda: answer) is answer


def test_that_work_runs_on_a_daemon_thread_that_is_used_again(guard):
    first, second = (guard.call("plugin", "score", threading.current_thread) for _ in range(2))
    assert first is second is not threading.current_thread()
    assert first.daemon


def test_that_an_exception_becomes_a_failure_naming_plugin_stage_and_fault(guard):
    failure = guard.call("plugin", "score", raising(ZeroDivisionError("division by zero")), name="odd")
    assert failure == Failure(
        plugin="plugin", stage="score", summary="odd raised ZeroDivisionError: division by zero"
    )
    assert guard.last_failure("plugin") == failure


def test_that_a_plugin_cannot_end_the_program(guard):
    failure = guard.call("plugin", "load", raising(SystemExit(3)), name="plugin")
    assert failure == Failure(plugin="plugin", stage="load", summary="plugin raised SystemExit: 3")


def test_that_what_is_no_fault_of_the_plugin_passes(guard):
    with pytest.raises(JobCancelled):
        guard.call("plugin", "fit", raising(JobCancelled()))
    assert guard.last_failure("plugin") is None


def test_that_a_plugin_cannot_pretend_that_the_user_interrupted(guard):
    failure = guard.call("plugin", "score", raising(KeyboardInterrupt()), name="odd")
    assert failure.summary == "odd raised KeyboardInterrupt"


def test_that_errors_the_caller_asks_for_pass(guard):
    with pytest.raises(UnreadableFile):
        guard.call("plugin", "open", raising(UnreadableFile("a.nii", reason="too short")), passes=(UnreadableFile,))


def test_that_a_plugins_own_sentence_is_shown_without_its_type(guard):
    failure = guard.call("plugin", "load", raising(ViewerError("margin_k should be 2 or more")), name="plugin")
    assert failure.summary == "plugin says: margin_k should be 2 or more"


def test_that_a_long_message_is_cut_to_its_first_line(guard):
    failure = guard.call("plugin", "score", raising(RuntimeError("x" * 500 + "\nmore")), name="odd")
    assert len(failure.summary) < 220
    assert "more" not in failure.summary


def test_that_an_overrun_switches_the_plugin_off_and_the_others_go_on(gate):
    guard = Guard(budget_s=0.3)
    failure = guard.call("slow", "score", gate.wait, name="late")
    assert failure.summary == "switched off for this session: late took longer than 0.3 s"
    assert guard.switched_off("slow")
    assert guard.call("slow", "score", lambda: "never run") == failure
    assert guard.call("quick", "score", lambda: "still here") == "still here"
    guard.close()


def test_that_an_abandoned_thread_ends_once_its_work_does(gate):
    guard = Guard(budget_s=0.3)
    started: list[threading.Thread] = []

    def work():
        started.append(threading.current_thread())
        gate.wait()

    guard.call("slow", "score", work)
    gate.set()
    started[0].join(timeout=10)
    assert not started[0].is_alive()


def test_that_a_call_without_limit_may_take_longer_than_the_budget(gate):
    guard = Guard(budget_s=0.01)
    assert guard.call("plugin", "fit", lambda: gate.wait(0.05), budget_s=FOREVER) is False
    assert not guard.switched_off("plugin")
    guard.close()


def test_that_each_of_several_pieces_fails_alone(guard):
    answers = guard.call_each("plugin", "score", {"a": lambda: 1, "b": raising(ValueError("no")), "c": lambda: 3})
    assert answers == {
        "a": 1,
        "b": Failure(plugin="plugin", stage="score", summary="b raised ValueError: no"),
        "c": 3,
    }


def test_that_each_of_several_pieces_has_the_whole_budget():
    guard = Guard(budget_s=1.0)
    nobody = threading.Event()
    answers = guard.call_each("plugin", "score", {name: lambda: nobody.wait(0.3) for name in "abcd"})
    assert answers == dict.fromkeys("abcd", False)
    guard.close()


def test_that_after_an_overrun_the_pieces_before_it_keep_their_answers(gate):
    guard = Guard(budget_s=0.3)
    answers = guard.call_each("plugin", "score", {"a": lambda: 1, "b": gate.wait, "c": lambda: 3})
    assert answers["a"] == 1
    assert "b took longer" in answers["b"].summary
    assert "b took longer" in answers["c"].summary
    guard.close()


def test_that_several_threads_may_call_at_once(guard):
    meeting = threading.Barrier(2, timeout=10)
    answers: list[object] = []
    callers = [threading.Thread(target=lambda: answers.append(guard.call("p", "open", meeting.wait))) for _ in "ab"]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(answers) == [0, 1]


def test_that_the_log_says_where_a_plugin_failed_but_not_what_it_said(guard, caplog):
    with caplog.at_level(logging.DEBUG):
        guard.call("plugin", "open", raising(OSError("cannot read /home/Jane_Doe.nii")), name="nifti")
    assert "plugin: open nifti raised OSError at work:" in caplog.text
    assert "Jane_Doe" not in caplog.text


def test_that_the_same_failure_is_logged_once(guard, caplog):
    for _ in range(3):
        guard.call("plugin", "score", raising(ValueError("no")), name="odd")
    assert len(caplog.records) == 1


def test_that_closing_ends_the_threads_and_later_calls_fail(guard):
    thread = guard.call("plugin", "score", threading.current_thread)
    guard.close()
    assert not thread.is_alive()
    assert guard.call("plugin", "score", lambda: 1).summary == "the viewer is closing"
