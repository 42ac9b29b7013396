import io

import pytest

from viewer.cli import progress
from viewer.cli.progress import Telling
from viewer.training.saying import Passing


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_that_on_a_terminal_progress_is_one_line_kept_up_to_date():
    stream = Terminal()
    say = Telling(stream)
    say(Passing("step 1"))
    say(Passing("step 2"))
    say("epoch 1: done")
    assert stream.getvalue() == "\r\x1b[2Kstep 1\r\x1b[2Kstep 2\r\x1b[2Kepoch 1: done\n"


def test_that_what_was_said_last_stays_and_the_next_line_begins_at_its_beginning():
    stream = Terminal()
    say = Telling(stream)
    say(Passing("step 1"))
    say.close()
    say.close()
    assert stream.getvalue().endswith("step 1\n")


@pytest.mark.parametrize(("quiet", "lines"), [(0.0, ["step 1", "step 2", "done"]), (1e9, ["done"])])
def test_that_in_a_file_progress_comes_as_plain_lines_now_and_then(monkeypatch, quiet, lines):
    monkeypatch.setattr(progress, "QUIET_S", quiet)
    stream = io.StringIO()
    say = Telling(stream)
    for sentence in (Passing("step 1"), Passing("step 2"), "done"):
        say(sentence)
    assert stream.getvalue().splitlines() == lines


def test_that_only_one_process_speaks():
    stream = io.StringIO()
    Telling(stream, silent=True)("done")
    assert stream.getvalue() == ""
